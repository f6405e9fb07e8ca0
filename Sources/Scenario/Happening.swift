import Control
import Plant
import SimBoard

/// Something that happens to a site at a moment of a scenario.
public enum Happening: Sendable {
    case grid(GridChange)
    /// A sensor's fault, or its end.
    case sensor(board: String, FaultPlace, SensorFault?)
    case relay(board: String, Contact, RelayFault?)
    /// The board's driver fails every call, or works again.
    case driver(board: String, fails: Bool)
    /// The talk between the point of common coupling and the homes.
    case link(isUp: Bool)
    /// A person or a plan.
    case wish(island: Bool?, connect: Bool?, acknowledge: Bool)
    /// Irradiance, wind, demand: a factor on what the scenario else would give, for one home or all.
    case irradiance(home: String?, Wm2: Double)
    case wind(home: String?, mps: Double)
    case demand(home: String?, factor: Double)
    case charging(home: String?, isPlugged: Bool)
    /// A short circuit on the village bus, or its end.
    case busFault(ohm: Double?)
}

/// A happening with its moment and the words a report shows.
public struct ScheduledHappening: Sendable {
    public var at_s: Double
    public var text: String
    public var happening: Happening
    public init(at_s: Double, text: String, _ happening: Happening) {
        self.at_s = at_s
        self.text = text
        self.happening = happening
    }
}
