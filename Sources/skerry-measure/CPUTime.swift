import Foundation

/// CPU seconds this process has used. Not wall time: other programs share the processor.
func cpuTime_s() -> Double {
    var t = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t)
    return Double(t.tv_sec) + 1e-9 * Double(t.tv_nsec)
}

/// CPU seconds of `body`.
func cpuTime_s(of body: () -> Void) -> Double {
    let start = cpuTime_s()
    body()
    return cpuTime_s() - start
}

/// The middle one, or the mean of the two middle ones.
func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let n = sorted.count
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2
}
