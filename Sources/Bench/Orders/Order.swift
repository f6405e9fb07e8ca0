import SimBoard

/// What somebody can ask of a running bench, one line of words each.
public enum Order: Equatable, Sendable {
    case help, state, quit
    /// Lifts every fault; the plug, the grid, weather and loads stay as they are.
    case clear
    /// Least, most and longest of the truth begin anew.
    case forget
    case acknowledge(address: UInt8, Bool)
    /// A bridge or its bus; nil heals.
    case bus(bridge: Int, CP2112.Fault?)
    case relay(RelayName, RelayFault?)
    case sensor(Signal, SensorFault?)
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
