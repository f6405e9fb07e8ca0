/// A three-phase, three-wire network at one voltage level, as plain values. Parts name each other
/// by their index in these arrays.
public struct ACNetworkDescription: Sendable {
    public var nominalFrequency_Hz: Double
    /// Phase to neutral, RMS.
    public var nominalPhaseVoltage_V: Double
    public var nodes: [ACNode] = []
    public var branches: [ACBranch] = []
    public var formers: [GridFormer] = []
    public var followers: [GridFollower] = []
    public var loads: [ACLoad] = []
    public var grid: ACGrid?

    public init(nominalFrequency_Hz: Double, nominalPhaseVoltage_V: Double) {
        self.nominalFrequency_Hz = nominalFrequency_Hz
        self.nominalPhaseVoltage_V = nominalPhaseVoltage_V
    }
}

/// A busbar. With a capacitance its voltage is a state; without one it is algebraic, the sum of the
/// currents through `R_ohm`, and a resistance to ground is then compulsory.
///
/// A fixed step bounds what can be a state: where the conductance at a node exceeds what RK4 can
/// follow (h·G/C > 1.5) the node is treated as algebraic for as long as that lasts.
public struct ACNode: Sendable {
    public var capacitance_F: Double
    /// Resistance to ground; infinite where there is none.
    public var R_ohm: Double
    public init(capacitance_F: Double = 0, R_ohm: Double = .infinity) {
        self.capacitance_F = capacitance_F
        self.R_ohm = R_ohm
    }
}

/// A series R–L between two nodes, or from a node to ground (`to` nil), with a three-pole switch.
///
/// Opening chops the current to zero at once. A real breaker opens each pole at its own zero of
/// current, up to 10 ms later; the energy ½·L·i² that vanishes here is the error made.
public struct ACBranch: Sendable {
    public var from: Int
    public var to: Int?
    public var R_ohm: Double
    public var L_H: Double
    public var isClosed: Bool
    public init(from: Int, to: Int?, R_ohm: Double, L_H: Double, isClosed: Bool = true) {
        self.from = from
        self.to = to
        self.R_ohm = R_ohm
        self.L_H = L_H
        self.isClosed = isClosed
    }
}

/// A load as a polynomial in voltage: `(Z·|u|² + I·|u| + P) · S`, u in per unit.
///
/// The constant-impedance active part is a conductance. Everything else is a current that answers
/// within `lag_s`, and below 0.7 pu it falls as an impedance would. With `speedLag_s` the whole load
/// is instead a machine seen from far away: a constant admittance at every instant that creeps with
/// that time constant towards constant power. It has no inrush, no slip and feeds nothing back.
public struct ACLoad: Sendable {
    public var node: Int
    /// Drawn at nominal voltage.
    public var drawing_W: Double
    public var drawing_var: Double
    /// Fractions of constant impedance and current; the rest is constant power.
    public var impedance: Double
    public var current: Double
    public var lag_s: Double
    public var speedLag_s: Double?
    public init(
        node: Int, drawing_W: Double, drawing_var: Double = 0, impedance: Double = 1,
        current: Double = 0, lag_s: Double = 1e-3, speedLag_s: Double? = nil
    ) {
        self.node = node
        self.drawing_W = drawing_W
        self.drawing_var = drawing_var
        self.impedance = impedance
        self.current = current
        self.lag_s = lag_s
        self.speedLag_s = speedLag_s
    }
}

/// A current source with a voltage filter and a current lag: PV, wind, charger, rectifier.
///
/// Stands still below `cutOut_pu`, above `cutOutHigh_pu` and while disabled; returns along `ramp_s` (zero to full).
public struct GridFollower: Sendable {
    public var node: Int
    public var rating_VA: Double
    public var voltageFilter_s: Double
    public var currentLag_s: Double
    public var cutOut_pu: Double
    public var cutOutHigh_pu: Double
    public var ramp_s: Double
    /// Largest current, times the rated current.
    public var overload: Double
    public init(
        node: Int, rating_VA: Double, voltageFilter_s: Double = 5e-3, currentLag_s: Double = 2e-3,
        cutOut_pu: Double = 0.45, cutOutHigh_pu: Double = 1.3, ramp_s: Double = 0.5,
        overload: Double = 1.1
    ) {
        self.node = node
        self.rating_VA = rating_VA
        self.voltageFilter_s = voltageFilter_s
        self.currentLag_s = currentLag_s
        self.cutOut_pu = cutOut_pu
        self.cutOutHigh_pu = cutOutHigh_pu
        self.ramp_s = ramp_s
        self.overload = overload
    }
}

/// The utility seen from a stub node: a Thevenin source behind an upstream breaker, and other
/// customers on the stub who stay when that breaker opens.
public struct ACGrid: Sendable {
    public var node: Int
    public var R_ohm: Double
    public var L_H: Double
    /// Constant-impedance load of the others at nominal voltage; W and var.
    public var others_W: Double
    public var others_var: Double
    public var isPresent: Bool
    /// Angle of the source at the start; drawn from the seed where nil.
    public var phase_deg: Double?
    public init(
        node: Int, R_ohm: Double, L_H: Double, others_W: Double = 0, others_var: Double = 0,
        isPresent: Bool = true, phase_deg: Double? = nil
    ) {
        self.node = node
        self.R_ohm = R_ohm
        self.L_H = L_H
        self.others_W = others_W
        self.others_var = others_var
        self.isPresent = isPresent
        self.phase_deg = phase_deg
    }
}

/// What can happen to the utility while it runs.
public enum GridChange: Sendable {
    /// A step of frequency; ends a ramp.
    case frequency_Hz(Double)
    /// A ramp of so many Hz/s, up or down, that stops at `until_Hz`.
    case ramp_Hz_per_s(Double, until_Hz: Double)
    /// Positive-sequence magnitude with a jump of phase.
    case voltage_pu(Double, jump_deg: Double = 0)
    /// Negative-sequence voltage. Waveform fidelity only.
    case negativeSequence_pu(Double, phase_deg: Double = 0)
    /// Each phase's own magnitude, 120° apart: as behind a transformer whose winding has no neutral,
    /// which lets no zero sequence through. A single phase at 0.5 is 0.67, 0.93 and 0.93 pu there.
    /// Waveform fidelity only.
    case phases_pu(Double, Double, Double)
    /// The 5th, 7th or 11th harmonic with its usual sequence. Waveform fidelity only.
    case harmonic(order: Int, pu: Double, phase_deg: Double = 0)
    /// The upstream breaker opens. The source turns on behind it.
    case loss
    /// The upstream breaker closes; at `phase_deg` of the frame, or where the source has turned to.
    case restoration(phase_deg: Double? = nil)
    /// Three-phase short circuit at the stub, and its end.
    case fault(R_ohm: Double)
    case clearance
    /// New source impedance: a stiff or a weak grid.
    case impedance(R_ohm: Double, L_H: Double)
    /// New constant-impedance load of the others on the stub.
    case others(drawing_W: Double, drawing_var: Double)
}

/// How finely time and the network are resolved.
public enum Fidelity: Sendable, Equatable {
    /// Every inductor and capacitor is a state; RK4. 50 µs suits LV networks.
    case waveform(step_s: Double = 50e-6)
    /// Quasi-static network, inverters as voltages behind their coupling impedance; 1 to 20 ms.
    /// Blind to what needs the network's own dynamics: line-current and filter resonances, harmonics,
    /// the negative sequence. A droop that is stable here may not be in `waveform`.
    case phasor(step_s: Double = 10e-3)

    public var step_s: Double {
        switch self {
        case .waveform(let h), .phasor(let h): h
        }
    }
}
