/// A DC network as plain values. Parts name each other by index. Currents are positive into a bus.
public struct DCNetworkDescription: Sendable {
    public var buses: [DCBus] = []
    public var cables: [DCCable] = []
    public var sources: [DCSource] = []
    public var panels: [DCPanel] = []
    public var loads: [DCLoad] = []
    public init() {}
}

/// A busbar with its capacitance; the voltage is a state.
public struct DCBus: Sendable {
    public var capacitance_F: Double
    public var start_V: Double
    public init(capacitance_F: Double, start_V: Double = 0) {
        self.capacitance_F = capacitance_F
        self.start_V = start_V
    }
}

/// How far a contactor with a pre-charge resistor beside it lets current through.
public enum DCPath: Equatable, Sendable, BitwiseCopyable {
    case open
    /// Through the pre-charge resistor.
    case precharge
    case closed
}

/// A cable between two buses, with a contactor in it. Opening chops the current.
public struct DCCable: Sendable {
    public var from, to: Int
    public var R_ohm, L_H: Double
    public var precharge_ohm: Double
    public var path: DCPath
    public init(
        from: Int, to: Int, R_ohm: Double, L_H: Double, precharge_ohm: Double = 47,
        path: DCPath = .closed
    ) {
        self.from = from
        self.to = to
        self.R_ohm = R_ohm
        self.L_H = L_H
        self.precharge_ohm = precharge_ohm
        self.path = path
    }
}

/// A voltage source on a cable to a bus, with a contactor in that cable.
public struct DCSource: Sendable {
    public enum Kind: Sendable {
        /// Open-circuit voltage less one R‖C: the fast part of a battery. R0 belongs to the cable.
        case battery(ocv_V: Double, R1_ohm: Double, C1_F: Double)
        /// Averaged converter: `tau de/dt = V0 − droop·i − e`. Blocks reverse current if `oneWay`.
        case droop(V0_V: Double, droop_ohm: Double, tau_s: Double, oneWay: Bool = false)
    }
    public var bus: Int
    public var kind: Kind
    /// Cable and inner resistance together, and inductance.
    public var R_ohm, L_H: Double
    public var precharge_ohm: Double
    public var path: DCPath
    /// Start of the internal voltage of a converter.
    public var start_V: Double
    public init(
        bus: Int, kind: Kind, R_ohm: Double, L_H: Double, precharge_ohm: Double = 47,
        path: DCPath = .closed, start_V: Double = 0
    ) {
        self.bus = bus
        self.kind = kind
        self.R_ohm = R_ohm
        self.L_H = L_H
        self.precharge_ohm = precharge_ohm
        self.path = path
        self.start_V = start_V
    }
}

/// Photovoltaics feeding a bus.
public struct DCPanel: Sendable {
    public enum Kind: Sendable {
        /// A plain current.
        case current(A: Double)
        /// Single-diode string behind a blocking diode:
        /// `i = Iph − I0·(exp((v + i·Rs)/nVt) − 1)`, never below zero.
        case diode(photo_A: Double, saturation_A: Double, nVt_V: Double, Rs_ohm: Double)
    }
    public var bus: Int
    public var kind: Kind
    public init(bus: Int, kind: Kind) {
        self.bus = bus
        self.kind = kind
    }
}

/// A resistance and a constant power, both drawn. Below `floor_V` the power falls with the voltage.
public struct DCLoad: Sendable {
    public var bus: Int
    public var R_ohm: Double
    public var drawing_W: Double
    public var floor_V: Double
    public init(
        bus: Int, R_ohm: Double = .infinity, drawing_W: Double = 0, floor_V: Double = 20
    ) {
        self.bus = bus
        self.R_ohm = R_ohm
        self.drawing_W = drawing_W
        self.floor_V = floor_V
    }
}
