import Foundation

/// A synthetic network with its truth: three voltages and currents in `Double`, seeded.
///
/// Everything is in per unit of nominal RMS until `next` scales and quantises it. Truth is kept
/// for the instant of the newest sample.
public struct Waveform {
    /// What the network does. Times are in seconds from the first sample.
    public struct Course: Sendable {
        /// Frequency less nominal, before anything happens.
        public var offset_Hz = 0.0
        /// When the event happens, whatever it is.
        public var event_s = 1.0
        public var step_deg = 0.0
        public var step_Hz = 0.0
        /// Slope from the event on, until the frequency has moved by `span_Hz`.
        public var ramp_Hz_s = 0.0
        public var span_Hz = 0.0
        public var levelBefore = 1.0
        public var levelAfter = 1.0
        /// From the event on all three voltages fall to 1 − `notch` for 1 ms in every 100 ms.
        public var notch = 0.0
        /// From the event on one sample in every 100 ms has this much of nominal RMS added.
        public var glitch = 0.0
        public init() {}
    }

    /// What is wrong with the waves and with the instrument.
    public struct Dirt: Sendable {
        /// 5th, 7th, 11th and 13th, as parts of the fundamental, in voltage and current.
        public var harmonics = [0.0, 0.0, 0.0, 0.0]
        public var noise = 0.0
        public var offset = 0.0
        public var negative = 0.0
        /// Bits of the converter over ±2.5 times nominal peak; 0 is no converter.
        public var bits = 0
        public init() {}

        public static var none: Dirt { Dirt() }
        /// THD 8.0 % (√(6² + 4² + 3² + 2.0²) = 8.06), 1 % noise and offset, 3 % negative, 12 bits.
        public static var all: Dirt {
            var dirt = Dirt()
            dirt.harmonics = [0.06, 0.04, 0.03, 0.02]
            dirt.noise = 0.01
            dirt.offset = 0.01
            dirt.negative = 0.03
            dirt.bits = 12
            return dirt
        }
    }

    public struct Truth: Sendable {
        public var frequency_Hz = 0.0
        /// Angle of the positive sequence as a part of a turn, any size.
        public var turns = 0.0
        /// RMS in per unit.
        public var phases = [0.0, 0.0, 0.0]
        public var positive = 0.0
        public var negative = 0.0
        public var current = 0.0
        /// Fundamental, per unit of the nominal apparent power of all phases.
        public var active = 0.0
        public var reactive = 0.0
    }

    public let nominal_Hz: Double
    public let phases: Int
    public let rate_Hz: Double
    public let course: Course
    public let dirt: Dirt
    public private(set) var truth = Truth()
    public private(set) var time_s = 0.0
    /// Power factor 0.9 lagging.
    private let lag = 0.451026811796262
    private var turns: Double
    private var random: UInt64
    private var count = 0
    private var stepped = false

    public init(
        nominal_Hz: Double, phases: Int, rate_Hz: Double, course: Course, dirt: Dirt, seed: UInt64
    ) {
        self.nominal_Hz = nominal_Hz
        self.phases = phases
        self.rate_Hz = rate_Hz
        self.course = course
        self.dirt = dirt
        random = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        turns = Double(seed % 97) / 97
    }

    /// Voltages and currents of the next sample in per unit of nominal RMS.
    public mutating func next() -> (v: SIMD3<Double>, i: SIMD3<Double>) {
        time_s = Double(count) / rate_Hz
        count += 1
        let since = time_s - course.event_s
        let happened = count > Int((course.event_s * rate_Hz).rounded())
        var f = nominal_Hz + course.offset_Hz
        if happened {
            f += course.step_Hz
            if course.ramp_Hz_s != 0 {
                let end = course.span_Hz / course.ramp_Hz_s.magnitude
                f += course.ramp_Hz_s * min(since, end)
            }
        }
        if happened && !stepped {
            turns += course.step_deg / 360
            stepped = true
        }
        turns += f / rate_Hz
        let steady = happened ? course.levelAfter : course.levelBefore
        var level = steady
        let sinceEvent = count - 1 - Int((course.event_s * rate_Hz).rounded())
        let intoTenth = sinceEvent % Int(rate_Hz / 10)
        if happened && intoTenth < Int(rate_Hz / 1000) { level *= 1 - course.notch }
        let glitch = happened && intoTenth == 0 ? course.glitch : 0

        var v = SIMD3<Double>.zero
        var i = SIMD3<Double>.zero
        for p in 0..<phases {
            let angle = 2 * Double.pi * (turns - Double(p) / 3)
            let back = 2 * Double.pi * (turns + Double(p) / 3) + 0.7
            var x = cos(angle)
            if phases == 3 { x += dirt.negative * cos(back) }
            var y = cos(angle - lag)
            if dirt.harmonics[0] > 0 {
                for (h, n) in zip(dirt.harmonics, [5.0, 7.0, 11.0, 13.0]) {
                    x += h * cos(n * angle + n)
                    y += h * cos(n * angle - 1 - n)
                }
            }
            let root2 = 2.0.squareRoot()
            let a = level * x * root2 + dirt.offset + dirt.noise * gauss() + glitch
            let b = y * root2 + dirt.offset + dirt.noise * gauss()
            v[p] = quantise(a)
            i[p] = quantise(b)
        }
        describe(f, steady)
        return (v, i)
    }

    private mutating func describe(_ f: Double, _ level: Double) {
        truth.frequency_Hz = f
        truth.turns = turns
        let crest = 1 + dirt.harmonics.reduce(0) { $0 + $1 * $1 }
        truth.positive = level
        truth.negative = phases == 3 ? level * dirt.negative : 0
        for p in 0..<3 {
            let n = phases == 3 ? dirt.negative : 0
            let q = phases == 3 ? Double(p) : 0
            // |1 + n e^{jψ}| with the two sequences' angle between them.
            let psi = 2 * Double.pi * (2 * q / 3) + 0.7
            let square = 1 + n * n + 2 * n * cos(psi)
            truth.phases[p] = level * (square + crest - 1).squareRoot()
        }
        truth.current = crest.squareRoot()
        truth.active = level * cos(lag)
        truth.reactive = level * sin(lag)
    }

    private func quantise(_ x: Double) -> Double {
        guard dirt.bits > 0 else { return x }
        let range = 2.5 * 2.0.squareRoot()
        let lsb = 2 * range / Double(1 << dirt.bits)
        return (min(max(x, -range), range - lsb) / lsb).rounded() * lsb
    }

    /// SplitMix64 (Steele, Lea and Flood 2014).
    private mutating func uniform() -> Double {
        random &+= 0x9E37_79B9_7F4A_7C15
        var z = random
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }

    private mutating func gauss() -> Double {
        guard dirt.noise > 0 else { return 0 }
        return (-2 * log(1 - uniform())).squareRoot() * cos(2 * Double.pi * uniform())
    }
}
