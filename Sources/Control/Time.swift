import Quantities

/// A point in the controller's time: a count of ticks since start, passed in, never read.
public struct Tick: Equatable, Comparable, Hashable, Sendable, BitwiseCopyable {
    public var count: UInt64
    @inlinable public init(_ count: UInt64) { self.count = count }
    @inlinable public static func < (a: Tick, b: Tick) -> Bool { a.count < b.count }
    @inlinable public static func + (a: Tick, ticks: UInt32) -> Tick {
        Tick(a.count &+ UInt64(ticks))
    }
    /// Ticks from `earlier` to here; 0 where `earlier` is later.
    @inlinable public func since(_ earlier: Tick) -> UInt64 {
        count >= earlier.count ? count - earlier.count : 0
    }
}

/// A timer that has run for `ticks` and runs `elapsed` longer; it stops at the end, never wraps.
func longer(_ ticks: UInt32, by elapsed: UInt32) -> UInt32 {
    ticks &+ min(elapsed, .max &- ticks)
}

/// How many ticks pass in a second, 1 ... 100 000. Durations become whole ticks here and only here.
public struct TickRate: Equatable, Sendable, BitwiseCopyable {
    public let perSecond: Float
    /// Microseconds of one tick, for integer energy.
    public let microseconds: Int64
    public init(perSecond: Float) {
        precondition(
            perSecond >= 1 && perSecond <= 100_000, "tick rate must be 1 ... 100 000 per s")
        self.perSecond = perSecond
        microseconds = Int64((1_000_000 / perSecond).rounded())
    }
    /// The duration of one tick.
    public var period: Seconds { Seconds(1 / perSecond) }

    /// The least whole number of ticks that is not shorter than `duration`, within 1e-3 of a tick:
    /// a clearing time is never cut short. Negative or NaN is 0; the longest is 2^31 ticks.
    public func ticks(_ duration: Seconds) -> UInt32 {
        let exact = duration.value * perSecond
        guard exact > 0 else { return 0 }
        return exact < 2_147_483_648 ? UInt32((exact - 1e-3).rounded(.up)) : 2_147_483_648
    }
}
