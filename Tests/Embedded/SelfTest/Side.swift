/// One side of the islanding switch as integers: the same on every processor.
struct Side {
    var voltage_mV: Int64 = 0
    var frequency_mHz: Int64 = 50_000
    /// 2^32 is a turn.
    private(set) var phase: UInt32 = 0

    /// `samples_Hz`: samples a second.
    mutating func advance(samples_Hz: Int64) {
        let turn = frequency_mHz * 4_294_967_296 / (1000 * samples_Hz)
        phase &+= UInt32(truncatingIfNeeded: turn)
    }

    /// A sine of `rms` thousandths, in counts of `perCount` thousandths, `lag` behind the phase.
    func counts(rms: Int64, perCount: Int64, lag: UInt32) -> Int32 {
        let peak = rms * 1_414_214 / (1_000_000 * perCount)
        return Int32(truncatingIfNeeded: (peak * sine(phase &- lag)) >> 30)
    }
}

/// A third of a turn.
let third: UInt32 = 1_431_655_765

/// 2^30 times the sine of a binary angle, within 4e-4 of it: x (π/2 − (π − 5/2) x² + (π/2 − 3/2) x⁴) for
/// x quarters of a turn, which is one and flat at the crest.
func sine(_ angle: UInt32) -> Int64 {
    let half = Int64(angle & 0x7FFF_FFFF)
    // 0 ... 2^30, up the quarter and down again.
    let x = half <= 0x4000_0000 ? half : 0x8000_0000 - half
    let z = (x * x) >> 30
    let bend: Int64 = 688_904_866 - ((76_016_977 * z) >> 30)
    let series: Int64 = 1_686_629_713 - ((bend * z) >> 30)
    let value = (x * series) >> 30
    return angle < 0x8000_0000 ? value : -value
}

/// Small numbers at random, the same for ever (SplitMix64; Steele, Lea and Flood 2014).
struct Dice {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
    /// −2 ... 2: the least bits of a converter.
    mutating func noise() -> Int32 { Int32(truncatingIfNeeded: next() % 5) - 2 }
}
