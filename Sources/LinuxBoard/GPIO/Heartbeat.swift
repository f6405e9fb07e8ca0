/// The pulse that keeps an external watchdog relay up. Pure; time is passed in, in any one unit.
///
/// It toggles as long as the controller lately said that it believes in itself, and else stands
/// still, at whichever level: a watchdog relay must want edges, not a level. A controller that comes
/// back makes it beat again; whether the relay then closes by itself is for the relay to decide.
///
///     believed  |  |  |  |  |                    |  |  |
///     level     █▁█▁█▁█▁█▁█▁████████████████████▁█▁█▁█
///                          |←patience→|
public struct Heartbeat: Equatable, Sendable {
    /// Time between two edges.
    public let halfPeriod: UInt64
    /// How old the last belief may be.
    public let patience: UInt64
    public private(set) var level = false
    private var lastEdge: UInt64?

    /// - Parameters:
    ///   - halfPeriod: 1 or more. A caller that comes less often makes edges as often as it comes.
    ///   - patience: well above the controller's tick, well below the relay's own time-out.
    public init(halfPeriod: UInt64, patience: UInt64) {
        precondition(halfPeriod > 0, "a beat has a period")
        self.halfPeriod = halfPeriod
        self.patience = patience
    }

    /// - Parameters:
    ///   - now: a time that runs backwards stops the beat until it has caught up.
    ///   - believed: when the controller last believed in itself; nil: never. Later than `now`: not
    ///     to be believed.
    /// - Returns: whether `level` changed, and is to be driven.
    public mutating func beats(at now: UInt64, believed: UInt64?) -> Bool {
        guard let believed, believed <= now, now - believed <= patience else { return false }
        if let lastEdge {
            guard now >= lastEdge, now - lastEdge >= halfPeriod else { return false }
        }
        level.toggle()
        lastEdge = now
        return true
    }
}
