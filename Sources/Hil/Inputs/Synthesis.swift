import Blocks
import Control
import Plant

/// What a waveform's converter makes of a quantity: counts, inside its span.
struct Converter: Equatable, Sendable {
    var countsPerUnit: Double
    var zero: Double
    var lowest: Double
    var highest: Double

    /// By the settings of the channel: at or beyond `lowest` and `highest` a count is saturated, and so the
    /// last the converter has.
    init(_ s: ChannelSettings) {
        countsPerUnit = 1 / Double(s.gain)
        zero = Double(s.offset)
        lowest = max(Double(s.lowest) - 0.5, -2_147_483_647)
        highest = min(Double(s.highest) + 0.5, 2_147_483_647)
    }

    /// The nearest count; NaN has the lowest.
    func count(_ value: Double) -> Int32 {
        let raw = value * countsPerUnit + zero
        let clipped = raw >= lowest ? (raw <= highest ? raw : highest) : lowest
        return Int32(clipped.rounded())
    }
}

/// Makes the samples of three phases' sines, one block a tick.
///
/// A sample follows from the two before it, x(k+1) = 2 cos δ · x(k) − x(k−1), begun anew every tick
/// from the phase, which is kept in turns: 20 steps lose less than 1e-13 of the crest.
struct TrioSynthesis: Sendable {
    private let scale: SIMD4<Double>
    private let zero: SIMD4<Double>
    private let lowest: SIMD4<Double>
    private let highest: SIMD4<Double>
    private let samples: Int
    /// Standard deviation of the noise, in steps of `noise`; nil: none.
    private let noiseStep: Double
    private let isNoisy: Bool
    private var lastTurns = SIMD4<Double>(repeating: .nan)
    private var cosine = SIMD4<Double>(repeating: 1)
    private var sine = SIMD4<Double>()
    /// √2 · magnitude, phase at the start in turns, and turns in the tick; lane 3 is idle.
    var crest = SIMD4<Double>()
    var start = SIMD4<Double>()
    var turns = SIMD4<Double>()

    /// - Parameters:
    ///   - converters: of phases a, b and c.
    ///   - samples: in a tick, 1 ... `blockLimit`.
    ///   - noise_counts: standard deviation, 0: none.
    init(_ converters: [Converter], samples: Int, noise_counts: Double) {
        func lanes(_ value: (Converter) -> Double) -> SIMD4<Double> {
            SIMD4(value(converters[0]), value(converters[1]), value(converters[2]), 0)
        }
        scale = lanes(\.countsPerUnit)
        zero = lanes(\.zero)
        lowest = lanes(\.lowest)
        highest = lanes(\.highest)
        self.samples = samples
        // The sum of 10 and of 11 uniform bits: variance (2^20 + 2^22) / 12 of the last place.
        noiseStep = noise_counts / (Double((1 << 20) + (1 << 22)) / 12).squareRoot()
        isNoisy = noise_counts > 0
    }

    /// Writes the block into the three waves from `first` on.
    mutating func write(into sample: inout Sample, first: Int, random: inout Random) {
        if any(turns .!= lastTurns) {
            for p in 0..<3 {
                let step = cosineSine(radians: 2 * Double.pi * (turns[p] / Double(samples)))
                (cosine[p], sine[p]) = step
            }
            lastTurns = turns
        }
        var c = SIMD4<Double>()
        var s = SIMD4<Double>()
        for p in 0..<3 {
            let begin = cosineSine(radians: 2 * Double.pi * start[p].fraction)
            (c[p], s[p]) = begin
        }
        let amplitude = crest * scale
        var older = c * amplitude
        var newer = (c * cosine - s * sine) * amplitude
        let twice = cosine + cosine
        // What is added rounds to a whole number, which then stands in the low bits.
        let magic = SIMD4<Double>(repeating: 6_755_399_441_055_744)  // 1.5 · 2^52
        let halfNoise = -Double((1 << 10) + (1 << 11) - 2) / 2
        for k in 0..<samples {
            var raw = newer + zero
            if isNoisy {
                let bits = random.next()
                let lanes = SIMD4<Double>(
                    Double((bits & 0x3FF) + (bits >> 10 & 0x7FF)),
                    Double((bits >> 21 & 0x3FF) + (bits >> 31 & 0x7FF)),
                    Double((bits >> 42 & 0x3FF) + (bits >> 52 & 0x7FF)), 0)
                raw += (lanes + halfNoise) * noiseStep
            }
            raw.replace(with: lowest, where: raw .< lowest)
            raw.replace(with: highest, where: raw .> highest)
            let whole = unsafeBitCast(raw + magic, to: SIMD4<Int64>.self)
            sample.waves[first].counts[k] = Int32(truncatingIfNeeded: whole[0])
            sample.waves[first + 1].counts[k] = Int32(truncatingIfNeeded: whole[1])
            sample.waves[first + 2].counts[k] = Int32(truncatingIfNeeded: whole[2])
            let next = twice * newer - older
            older = newer
            newer = next
        }
    }
}
