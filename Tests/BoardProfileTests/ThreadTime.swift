#if canImport(Glibc)
    import Glibc
#endif

/// Processor time that `work` costs this thread, s: what else the machine does is not in it.
func threadTime_s(_ work: () -> Void) -> Double {
    func now() -> Double {
        var t = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t)
        return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9
    }
    let start = now()
    work()
    return now() - start
}
