import Control

/// Absolute deadlines on CLOCK_MONOTONIC. A tick that comes late is not caught up with: the tick
/// count jumps over what was missed and the controller is told, so its timers keep real time and
/// its filters coast (`Controller.tick`). Time in which the machine was suspended is missed like any
/// other. What every disturbance of time does is decided in <doc:0002-Overload-is-defined>.
public struct Pacer: Sendable {
    public let period_ns: Int64
    /// How late each wake-up was.
    public private(set) var lateness = Histogram()
    /// How late the newest was, ns, 0 or more: read as soon as the sleep returned.
    public private(set) var late_ns: Int64 = 0
    /// Wake-ups that found the next deadline already past.
    public private(set) var overruns: UInt64 = 0
    /// Ticks skipped, by wake-ups that came late and by suspensions.
    public private(set) var skipped: UInt64 = 0
    /// How often the machine was suspended since the start, and for how long in all.
    public private(set) var suspensions: UInt64 = 0
    public private(set) var suspended_ns: Int64 = 0
    /// Readings of a clock that were earlier than the one before: a fault of kernel or machine. No
    /// tick is counted for them and none taken back.
    public private(set) var clockFaults: UInt64 = 0
    private var deadline_ns: Int64
    private var newest_ns: Int64
    private var tick: Tick
    private var suspension: SuspensionWatch

    /// - Parameter perSecond: 1 ... 100 000.
    public init(perSecond: Double, from tick: Tick = Tick(0)) {
        var time = KernelTime()
        self.init(perSecond: perSecond, from: tick, by: &time)
    }

    init(perSecond: Double, from tick: Tick = Tick(0), by time: inout some TimeSource) {
        precondition(perSecond >= 1 && perSecond <= 100_000)
        period_ns = Int64((1e9 / perSecond).rounded())
        deadline_ns = time.monotonic_ns()
        newest_ns = deadline_ns
        suspension = SuspensionWatch(after: deadline_ns, by: &time)
        self.tick = tick
    }

    /// Sleeps to the next deadline and answers its tick.
    public mutating func next() -> Tick {
        var time = KernelTime()
        return next(by: &time)
    }

    mutating func next(by time: inout some TimeSource) -> Tick {
        deadline_ns += period_ns
        time.sleep(until: deadline_ns)
        let now_ns = reading(by: &time)
        late_ns = max(0, now_ns - deadline_ns)
        lateness.add(UInt32(truncatingIfNeeded: min(late_ns / 1000, 4_000_000_000)))
        if late_ns >= period_ns { overruns &+= 1 }
        switch suspension.look(after: now_ns, by: &time) {
        case .nothing: break
        case .ranBack: clockFaults &+= 1
        case .suspended(let ns):
            suspensions &+= 1
            suspended_ns += ns
            // The deadlines stay where they were in real time.
            deadline_ns -= ns
        }
        let missed = max(0, now_ns - deadline_ns) / period_ns
        skipped &+= UInt64(missed)
        deadline_ns += missed * period_ns
        tick = Tick(tick.count &+ 1 &+ UInt64(missed))
        return tick
    }

    /// CLOCK_MONOTONIC. One reading that ran back is read again; a clock that stays back has been
    /// set, and the deadlines are laid anew from where it is, or the loop would sleep until it is
    /// where it was.
    private mutating func reading(by time: inout some TimeSource) -> Int64 {
        var now_ns = time.monotonic_ns()
        if now_ns < newest_ns {
            clockFaults &+= 1
            now_ns = time.monotonic_ns()
            if now_ns < newest_ns {
                deadline_ns = now_ns
                suspension = SuspensionWatch(after: now_ns, by: &time)
            }
        }
        newest_ns = now_ns
        return now_ns
    }

    /// CLOCK_MONOTONIC in nanoseconds.
    public static func now_ns() -> Int64 { KernelTime().monotonic_ns() }

    /// CLOCK_BOOTTIME in nanoseconds: the same, and goes on while the machine is suspended.
    public static func boottime_ns() -> Int64 { KernelTime().boottime_ns() }
}
