/// xoshiro256** (Blackman and Vigna, 2018, public domain), seeded by SplitMix64. The same seed gives
/// the same world for ever, on every processor.
public struct Random: Equatable, Sendable, BitwiseCopyable {
    var s0, s1, s2, s3: UInt64
    /// The second half of a Gaussian pair, if one is waiting.
    var spare = 0.0
    var hasSpare = false

    public init(seed: UInt64) {
        var x = seed
        func split() -> UInt64 {
            x &+= 0x9e37_79b9_7f4a_7c15
            var z = x
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
        s0 = split()
        s1 = split()
        s2 = split()
        s3 = split()
    }

    /// From a raw state, not all zero.
    public init(state: (UInt64, UInt64, UInt64, UInt64)) {
        (s0, s1, s2, s3) = state
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        let m = s1 &* 5
        let answer = ((m << 7) | (m >> 57)) &* 9
        let t = s1 << 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= t
        s3 = (s3 << 45) | (s3 >> 19)
        return answer
    }

    /// Uniform in 0 ..< 1, 53 bits.
    public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform in `low` ..< `high`.
    public mutating func uniform(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * unit()
    }

    /// Standard normal, by Marsaglia's polar method.
    public mutating func gaussian() -> Double {
        if hasSpare {
            hasSpare = false
            return spare
        }
        while true {
            let x = 2 * unit() - 1
            let y = 2 * unit() - 1
            let r = x * x + y * y
            guard r < 1, r > 0 else { continue }
            let k = (-2 * logarithm(r) / r).squareRoot()
            spare = y * k
            hasSpare = true
            return x * k
        }
    }

    /// An independent stream named `label`. Does not disturb this one, so that a new consumer leaves
    /// the others' numbers as they were.
    public func fork(_ label: String) -> Random {
        var h: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a, 64 bits
        for byte in label.utf8 { h = (h ^ UInt64(byte)) &* 0x100_0000_01b3 }
        var mix = self
        return Random(seed: h ^ mix.next())
    }
}
