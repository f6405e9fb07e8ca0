/// Finds missing scans by the time the kernel stamped on each, and whether the rate is what it should
/// be: a converter at another rate reads another frequency, and nothing else would show it.
struct GapWatch {
    private let period_ns: Double
    private var last_ns: Int64?
    private var start_ns: Int64 = 0
    private var scans: UInt64 = 0
    /// The mean rate over the last whole window is within a thousandth, 50 mHz at 50 Hz; nil until
    /// there was one.
    private(set) var isAtRate: Bool?

    /// Half a second: stamps that are 50 µs early or late are a ten-thousandth of it.
    static let window_ns: Int64 = 500_000_000

    /// - Parameter rate_Hz: scans a second, above 0.
    init(rate_Hz: Double) { period_ns = 1e9 / rate_Hz }

    /// Scans that are missing before the one stamped `stamp_ns`. A clock that was set, or more than a
    /// second: everything.
    mutating func missing(before stamp_ns: Int64) -> UInt64 {
        defer { last_ns = stamp_ns }
        guard let last_ns else {
            begin(stamp_ns)
            return 0
        }
        let passed = stamp_ns - last_ns
        guard passed >= 0, passed < 1_000_000_000 else {
            begin(stamp_ns)
            return WaveRing.everything
        }
        let periods = (Double(passed) / period_ns).rounded()
        let missing = periods > 1 ? UInt64(periods) - 1 : 0
        scans += 1 + missing
        if stamp_ns - start_ns >= Self.window_ns {
            let expected = Double(stamp_ns - start_ns) / period_ns
            isAtRate = (Double(scans) - expected).magnitude <= 1e-3 * expected
            begin(stamp_ns)
        }
        return missing
    }

    private mutating func begin(_ stamp_ns: Int64) { (start_ns, scans) = (stamp_ns, 0) }
}
