/// What the bridge did since its start.
public struct BridgeCounters: Equatable, Sendable {
    /// Connections that the broker took.
    public var connects: UInt64 = 0
    /// Tries that came to nothing, and connections that broke.
    public var failures: UInt64 = 0
    /// Messages sent; those the broker took, and those it refused (a PUBACK of 0x80 and more).
    public var published: UInt64 = 0
    public var acked: UInt64 = 0
    public var refusedByBroker: UInt64 = 0
    /// Subscriptions that the broker refused.
    public var refusedSubscriptions: UInt64 = 0
    /// Messages that could not be sent at all: larger than the broker takes.
    public var unsendable: UInt64 = 0
    /// Commands passed on, whatever the controller said to them; and those that were not, for what they
    /// were or for too many of them.
    public var commandsTaken: UInt64 = 0
    public var commandsRefused: UInt64 = 0
    /// Of the refused: with the retain flag. The broker would say them again at each start.
    public var commandsRetained: UInt64 = 0
    public init() {}
}
