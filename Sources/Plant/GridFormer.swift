import Blocks

/// An inverter that can hold a voltage: bridge, LC filter, coupling impedance, AC disconnect.
public struct GridFormer: Sendable {
    public var node: Int
    /// Filter inductance with its resistance, and capacitance.
    public var Lf_H = 3e-3
    public var Rf_ohm = 0.05
    public var Cf_F = 20e-6
    /// From the capacitor to the node: coupling choke and cable together.
    public var Rc_ohm = 0.1
    public var Lc_H = 1e-3
    /// Bandwidths of the voltage and the current loop; the gains follow as
    /// kpv = √2·ωv·Cf, kiv = ωv²·Cf, kpi = ωi·Lf, kii = ωi·Rf.
    public var voltageLoop_rad_s = 1500.0
    public var currentLoop_rad_s = 8000.0
    public var feedForward = 0.7
    /// Impedance that only its control law has. Without one, inverters a few hundred metres apart
    /// fall out of step at droops above about 1 % per rating, even at a tick of 1 ms: the line
    /// currents answer later than a quasi-static network says. Costs 1 to 2 % of voltage.
    public var virtual = VirtualImpedance(R_ohm: 0.2, L_H: 2e-3)
    /// Computation and PWM as one lag: 1.5 periods of 20 kHz.
    public var delay_rad_s = 20e3 / 1.5
    /// Low-pass of the measured powers.
    public var powerFilter_rad_s = 100.0
    /// Continuous and short-time current, peak. The second holds for `shortTime_s`, counted as
    /// i²t above the first, and returns when half of that has been given back.
    public var rated_A = 60.0
    public var shortTime_A = 120.0
    public var shortTime_s = 3.0
    /// DC link at the start, and the least it runs on.
    public var link_V = 800.0
    public var linkMinimum_V = 400.0
    /// Fastest change of its voltage and power references, as nominal values per second.
    public var slew_pu_s = 20.0
    public var primary: Primary

    public enum Primary: Sendable {
        /// Runs by itself from the first instant.
        case virtualSynchronous(VirtualSynchronous)
        /// Waits for commands; off until the first.
        case commanded
    }

    public init(node: Int, primary: Primary) {
        self.node = node
        self.primary = primary
    }
}

/// Swing and droop of a virtual synchronous machine:
/// `J dω/dt = (Pref − P)/ω − D(ω − ωn)`, `dE/dt = ωq (Eset + Dq (Qref − Q) − E)`.
public struct VirtualSynchronous: Sendable, BitwiseCopyable {
    public var J_kgm2: Double
    public var D_Nms: Double
    public var reference_W: Double
    public var reference_var: Double
    public var Dq_V_per_var: Double
    public var wq_rad_s: Double
    /// Peak phase voltage.
    public var Eset_V: Double
    public init(
        J_kgm2: Double, D_Nms: Double, reference_W: Double, reference_var: Double = 0,
        Dq_V_per_var: Double, wq_rad_s: Double, Eset_V: Double
    ) {
        self.J_kgm2 = J_kgm2
        self.D_Nms = D_Nms
        self.reference_W = reference_W
        self.reference_var = reference_var
        self.Dq_V_per_var = Dq_V_per_var
        self.wq_rad_s = wq_rad_s
        self.Eset_V = Eset_V
    }
}

/// What a controller tells a commanded inverter, tick by tick.
public struct FormerCommand: Equatable, Sendable, BitwiseCopyable {
    public enum Mode: UInt8, Sendable, BitwiseCopyable {
        /// Gates blocked, AC disconnect open.
        case off
        /// Follows the node's voltage by a phase-locked loop and injects P and Q.
        case follow
        /// Turns its own phase at `frequency_Hz` and holds `voltage_V` at its capacitor.
        case form
    }
    public var mode: Mode
    public var frequency_Hz: Double
    /// Phase to neutral, RMS.
    public var voltage_V: Double
    /// Into the node; used while following.
    public var activePower_W: Double
    public var reactivePower_var: Double
    public init(
        mode: Mode, frequency_Hz: Double = 50, voltage_V: Double = 230,
        activePower_W: Double = 0, reactivePower_var: Double = 0
    ) {
        self.mode = mode
        self.frequency_Hz = frequency_Hz
        self.voltage_V = voltage_V
        self.activePower_W = activePower_W
        self.reactivePower_var = reactivePower_var
    }
}
