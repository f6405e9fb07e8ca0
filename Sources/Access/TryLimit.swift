/// How often somebody may try: so many at once, and one more after each pause. Memory is bounded.
public struct TryLimit: Sendable {
    private struct Bucket: Sendable {
        var left: Double
        var at_ns: Int64
    }
    private var buckets: [String: Bucket] = [:]
    private let most: Double
    private let perSecond: Double
    private let mostKeys: Int
    /// Tries refused since start.
    public private(set) var refused: UInt64 = 0

    /// - Parameters:
    ///   - most: tries at once.
    ///   - pause_s: after which there is one more.
    public init(most: Int, pause_s: Double, mostKeys: Int = 4096) {
        self.most = Double(most)
        perSecond = 1 / pause_s
        self.mostKeys = mostKeys
    }

    /// - Parameter key: who tries.
    /// - Returns: nil where the try is granted, else seconds until the next one is.
    public mutating func wait_s(_ key: String, at now_ns: Int64) -> Double? {
        if buckets.count >= mostKeys && buckets[key] == nil {
            // Those that are full again say nothing.
            buckets = buckets.filter {
                $0.value.left + Double(now_ns - $0.value.at_ns) * 1e-9 * perSecond < most
            }
            guard buckets.count < mostKeys else {
                refused += 1
                return 1 / perSecond
            }
        }
        var bucket = buckets[key] ?? Bucket(left: most, at_ns: now_ns)
        bucket.left = min(
            most, bucket.left + Double(max(0, now_ns - bucket.at_ns)) * 1e-9 * perSecond)
        bucket.at_ns = now_ns
        defer { buckets[key] = bucket }
        guard bucket.left >= 1 else {
            refused += 1
            return (1 - bucket.left) / perSecond
        }
        bucket.left -= 1
        return nil
    }

    /// A try that was right is given back.
    public mutating func forgive(_ key: String) {
        guard var bucket = buckets[key] else { return }
        bucket.left = min(most, bucket.left + 1)
        buckets[key] = bucket
    }
}
