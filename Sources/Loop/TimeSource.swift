#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a pacer asks of time: two clocks that neither people nor servers set, and sleep.
/// CLOCK_REALTIME is not among them, so a step of it can change nothing.
protocol TimeSource {
    /// CLOCK_MONOTONIC, ns: stands still while the machine is suspended.
    mutating func monotonic_ns() -> Int64
    /// CLOCK_BOOTTIME, ns: the same, and goes on in suspension.
    mutating func boottime_ns() -> Int64
    /// Returns once CLOCK_MONOTONIC has reached `deadline_ns`.
    mutating func sleep(until deadline_ns: Int64)
}

/// The kernel's clocks. Both are read without a system call wherever the one is: in the vDSO since
/// Linux 5.3.
struct KernelTime: TimeSource {
    func monotonic_ns() -> Int64 { Self.read(CLOCK_MONOTONIC) }
    func boottime_ns() -> Int64 { Self.read(CLOCK_BOOTTIME) }

    func sleep(until deadline_ns: Int64) {
        var at = timespec(
            tv_sec: Int(deadline_ns / 1_000_000_000), tv_nsec: Int(deadline_ns % 1_000_000_000))
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nil) == EINTR {}
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var t = timespec()
        clock_gettime(clock, &t)
        return Int64(t.tv_sec) * 1_000_000_000 + Int64(t.tv_nsec)
    }
}
