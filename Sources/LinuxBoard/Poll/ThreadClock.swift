#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// CLOCK_MONOTONIC, ns.
func monotonic_ns() -> Int64 {
    var t = timespec()
    clock_gettime(CLOCK_MONOTONIC, &t)
    return Int64(t.tv_sec) * 1_000_000_000 + Int64(t.tv_nsec)
}

func sleep(until_ns: Int64) {
    var at = timespec(
        tv_sec: Int(until_ns / 1_000_000_000), tv_nsec: Int(until_ns % 1_000_000_000))
    while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nil) == EINTR {}
}

/// Bus threads come after the loop (80) and before everything ordinary. Refusal is no error: the
/// loop itself has said so already.
func requestPriority() {
    var parameter = sched_param()
    parameter.sched_priority = 40
    _ = pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter)
}
