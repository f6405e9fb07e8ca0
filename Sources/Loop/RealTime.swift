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
    public static func request(priority: Int32 = 80) -> RealTime {
        // Memory first: to lock it touches every page, which at real-time priority would spend the
        // share of the processor that the kernel leaves to such threads (sched_rt_runtime_us).
        let locked = mlockall(Int32(MCL_CURRENT) | Int32(MCL_FUTURE)) == 0
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
