import Control

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Absolute deadlines on CLOCK_MONOTONIC. A tick that comes late is not caught up with: the tick
/// count jumps over what was missed and the controller is told, so its timers keep real time and
/// its filters coast (`Controller.tick`).
public struct Pacer: Sendable {
    public let period_ns: Int64
    /// How late each wake-up was.
    public private(set) var lateness = Histogram()
    /// Wake-ups that found the next deadline already past, and ticks skipped by them.
    public private(set) var overruns: UInt64 = 0
    public private(set) var skipped: UInt64 = 0
    private(set) var deadline_ns: Int64
    private var tick: Tick

    /// - Parameter perSecond: 1 ... 100 000.
    public init(perSecond: Double, from tick: Tick = Tick(0)) {
        precondition(perSecond >= 1 && perSecond <= 100_000)
        period_ns = Int64((1e9 / perSecond).rounded())
        deadline_ns = Self.now_ns()
        self.tick = tick
    }

    /// Sleeps to the next deadline and answers its tick.
    public mutating func next() -> Tick {
        deadline_ns += period_ns
        let slept = sleep(until: deadline_ns)
        return account(now_ns: slept)
    }

    /// The arithmetic of `next`, apart from the clock: what a wake-up at `now_ns` means.
    mutating func account(now_ns: Int64) -> Tick {
        let late = max(0, now_ns - deadline_ns)
        lateness.add(UInt32(truncatingIfNeeded: min(late / 1000, 4_000_000_000)))
        let missed = late / period_ns
        if missed > 0 {
            overruns &+= 1
            skipped &+= UInt64(missed)
            deadline_ns += missed * period_ns
        }
        tick = Tick(tick.count &+ 1 &+ UInt64(missed))
        return tick
    }

    private func sleep(until deadline: Int64) -> Int64 {
        var at = timespec(
            tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nil) == EINTR {}
        return Self.now_ns()
    }

    /// CLOCK_MONOTONIC in nanoseconds.
    public static func now_ns() -> Int64 {
        var t = timespec()
        clock_gettime(CLOCK_MONOTONIC, &t)
        return Int64(t.tv_sec) * 1_000_000_000 + Int64(t.tv_nsec)
    }
}
