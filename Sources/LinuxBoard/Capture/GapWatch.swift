/// Finds missing scans by the time the kernel stamped on each.
struct GapWatch {
    private let period_ns: Double
    private var last_ns: Int64?

    /// - Parameter rate_Hz: scans a second, above 0.
    init(rate_Hz: Double) { period_ns = 1e9 / rate_Hz }

    /// Scans that are missing before the one stamped `stamp_ns`. A clock that was set, or more than a
    /// second: everything.
    mutating func missing(before stamp_ns: Int64) -> UInt64 {
        defer { last_ns = stamp_ns }
        guard let last_ns else { return 0 }
        let passed = stamp_ns - last_ns
        guard passed >= 0, passed < 1_000_000_000 else { return WaveRing.everything }
        let periods = (Double(passed) / period_ns).rounded()
        return periods > 1 ? UInt64(periods) - 1 : 0
    }
}
