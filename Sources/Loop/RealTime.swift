import Threads

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What the operating system granted of real-time scheduling.
public struct RealTime: Equatable, Sendable {
    /// SCHED_FIFO at this priority; nil where it was refused.
    public var priority: Int32?
    /// All memory is locked, so that no tick waits for a page.
    public var isLocked: Bool

    /// Asks for SCHED_FIFO and locked memory for the calling thread's process. Refusal is an answer,
    /// not an error: the loop runs without, only less evenly.
    ///
    /// Pages are locked as they are touched (MCL_ONFAULT, Linux 4.4), not all at once: stacks, heaps of
    /// the C library and this program's rarer parts would else be resident without being used. That no
    /// page is missing in the loop afterwards follows from this:
    ///
    /// - Its stack is touched here, `stack_B` deep, which is more than a turn needs.
    /// - Its data are written before the first turn: board, controller, rings and histograms are
    ///   initialised where they stay. A turn allocates nothing.
    /// - Its code is touched by turning. The first turns, in which a controller still measures and holds
    ///   everything open, go through sample, measure, protect, decide, act and record. A branch first taken
    ///   later, a trip say, is in the page cache as part of the program that is running: a minor fault of
    ///   some µs, no disk, unless memory was so short that the kernel dropped it.
    /// - What is locked stays: none of it is swapped out, nor its code dropped.
    ///
    /// - Parameter stack_B: bytes of the calling thread's stack; it must have more left.
    public static func request(priority: Int32 = 80, stack_B: Int = 128 << 10) -> RealTime {
        // Memory first: to touch it at real-time priority would spend the share of the processor that
        // the kernel leaves to such threads (sched_rt_runtime_us).
        let locked = mlockall(Int32(MCL_CURRENT) | Int32(MCL_FUTURE) | Int32(MCL_ONFAULT)) == 0
        SystemThread.touchStack(stack_B)
        var parameter = sched_param()
        parameter.sched_priority = priority
        let granted = sched_setscheduler(0, SCHED_FIFO, &parameter) == 0
        return RealTime(priority: granted ? priority : nil, isLocked: locked)
    }

    /// Gives real-time scheduling back; for the end of a run inside a longer process.
    public static func release() {
        var parameter = sched_param()
        parameter.sched_priority = 0
        _ = sched_setscheduler(0, SCHED_OTHER, &parameter)
        _ = munlockall()
    }

    /// One sentence for people: what is missing and how to get it; nil where nothing is.
    public var advice: String? {
        if priority != nil && isLocked { return nil }
        var lacking: [String] = []
        if priority == nil { lacking.append("real-time priority (SCHED_FIFO)") }
        if !isLocked { lacking.append("locked memory") }
        return "running without \(lacking.joined(separator: " and ")); ticks may come late under "
            + "load. Run as root, or grant rtprio and memlock in /etc/security/limits.d."
    }
}
