import SimBoard

/// What somebody can ask of a running bench, one line of words each.
public enum Order: Equatable, Sendable {
    case help, state, quit
    /// Lifts every fault and takes applied sources off; the plug, the grid, weather, loads and how
    /// front ends were made stay as they are.
    case clear
    /// Least, most and longest of the truth begin anew.
    case forget
    case acknowledge(address: UInt8, Bool)
    /// A bridge or its bus; nil heals.
    case bus(bridge: Int, CP2112.Fault?)
    case relay(RelayName, RelayFault?)
    case sensor(Signal, SensorFault?)
    /// A source on the terminals of a front end, in the signal's unit, instead of the plant; nil: off.
    case apply(Signal, Double?)
    /// How a front end was made: what it gives is value · (1 + ratio) + offset.
    case error(Signal, ratio: Double, offset: Double)
    case identity(address: UInt8, UInt16?)
    case flip(address: UInt8, register: UInt8, mask: UInt16)
    case freeze(address: UInt8, Bool)
    case plug(bridge: Int, Bool)
    case grid(Bool)
    /// nil: the critical load.
    case load(group: Int?, W: Double)
    case sun(Wm2: Double)
    case short(ohm: Double?)
}

/// Relays of the bench.
public enum RelayName: Equatable, Sendable {
    case preCharge, main
    case load(Int)

    static let all: [(name: String, relay: RelayName)] =
        [("pre_charge", .preCharge), ("main_contactor", .main)]
        + (0..<4).map { ("load\($0)", .load($0)) }
    /// Travel of closing as made, s.
    var closing_s: Double { self == .main ? 0.05 : 0.02 }
}

/// Why a line is no order, in words for the person who wrote it.
public struct OrderProblem: Error, Equatable, Sendable {
    public var words: String
    init(_ words: String) { self.words = words }
}
