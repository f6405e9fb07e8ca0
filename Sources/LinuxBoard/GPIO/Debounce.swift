/// A contact's level once it has stood still. Pure; time is passed in, in any unit.
///
///     level   ▁▁▁▁█▁█▁█████████████▁▁▁
///     output  ▁▁▁▁▁▁▁▁▁▁▁▁▁████████████
///                     |←hold→|
///
/// Rising and falling may differ: a weld is called late and a drop-out early, or the other way
/// round, as the contact's use demands. The first level is believed at once.
public struct Debounce: Equatable, Sendable {
    /// How long a new active (rising) or inactive (falling) level must stand.
    public let rising: UInt64
    public let falling: UInt64
    public private(set) var output: Bool?
    /// Since when the level differs from the output.
    private var differsSince: UInt64?

    public init(rising: UInt64, falling: UInt64) {
        self.rising = rising
        self.falling = falling
    }

    public init(hold: UInt64) {
        self.init(rising: hold, falling: hold)
    }

    /// One look at the contact.
    ///
    /// - Parameter now: a time that runs backwards begins the wait anew.
    /// - Returns: the level believed now.
    public mutating func step(_ level: Bool, at now: UInt64) -> Bool {
        guard let believed = output else {
            output = level
            return level
        }
        guard level != believed else {
            differsSince = nil
            return believed
        }
        let since = min(differsSince ?? now, now)
        differsSince = since
        guard now - since >= (level ? rising : falling) else { return believed }
        output = level
        differsSince = nil
        return level
    }
}
