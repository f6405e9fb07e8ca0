import Control
import Link

/// What is known of one controller now.
public struct Seen: Sendable {
    /// How its link stands.
    public enum Connection: Equatable, Sendable {
        /// Nobody to talk to, and why.
        case absent(String)
        /// Connected, and no record for longer than ``Seen/silence_s``.
        case silent
        case connected
    }
    /// A controller that says nothing for this long has stopped: two seconds are twenty records.
    public static let silence_s = 2.0

    public let name: String
    public var connection = Connection.absent("not asked yet")
    /// Names of its protection stages, in order.
    public var stages: [String] = []
    /// Ticks a second; 0 before it was first heard.
    public var rate_Hz: Float = 0
    /// What it will follow; nil before it was first heard.
    public var limits: SetpointLimits?
    /// It lets this program command.
    public var mayCommand = false
    /// The newest; nil before the first. It stays when the controller is gone: look at ``connection`` and
    /// ``age_s`` before you show it.
    public var record: Record?
    /// Since the newest record came, s; infinite before the first.
    public var age_s = Double.infinity
    /// Records that were due and did not come.
    public var lost: UInt64 = 0
    /// Connections made.
    public var connections: UInt64 = 0
    /// What the controller's program says of itself: wake-ups, overruns, its black box. As it words them.
    public var status: [(key: String, value: String)] = []

    public init(name: String) { self.name = name }

    /// The newest record of a controller that is there.
    public var live: Record? { connection == .connected ? record : nil }
}
