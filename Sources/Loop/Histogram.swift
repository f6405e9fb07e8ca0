/// A histogram of microseconds: exact below 128 µs, then 64 steps an octave up to 134 s, so a
/// quantile is at most 1.6 % high. Fixed storage; counting neither allocates nor locks.
public struct Histogram: Sendable {
    /// 64 bits: at 10 kHz 32 would wrap in five days.
    private var buckets: InlineArray<1408, UInt64>
    public private(set) var count: UInt64 = 0
    public private(set) var highest_us: UInt32 = 0

    public init() { buckets = InlineArray(repeating: 0) }

    public mutating func add(_ microseconds: UInt32) {
        let k = Self.bucket(microseconds)
        buckets[k] &+= 1
        count &+= 1
        highest_us = max(highest_us, microseconds)
    }

    /// The value that `share` (0 ... 1, NaN is 0) of all counts do not exceed; 0 where nothing was
    /// counted. Beyond 133 s the highest stands for all.
    public func quantile_us(_ share: Double) -> UInt32 {
        let part = share > 0 ? min(share, 1) : 0
        let wanted = UInt64((Double(count) * part).rounded(.up))
        var seen: UInt64 = 0
        for k in 0..<1408 {
            seen += buckets[k]
            if seen >= wanted && seen > 0 {
                return k == 1407 ? highest_us : min(Self.top(k), highest_us)
            }
        }
        return highest_us
    }

    private static func bucket(_ us: UInt32) -> Int {
        guard us >= 128 else { return Int(us) }
        let octave = 31 - us.leadingZeroBitCount  // 7 ... 31
        let fine = Int(us >> UInt32(octave - 6)) - 64  // 0 ..< 64
        return min(128 + (octave - 7) * 64 + fine, 1407)
    }
    private static func top(_ k: Int) -> UInt32 {
        guard k >= 128 else { return UInt32(k) }
        let octave = (k - 128) / 64 + 7, fine = (k - 128) % 64
        return UInt32(truncatingIfNeeded: (UInt64(64 + fine + 1) << UInt64(octave - 6)) - 1)
    }
}
