import Calibration
import Foundation
import Plant
import SimBoard

/// Waveforms: RMS, mean, phase and skew of a voltage and a current channel, sample by sample.
extension CalibrationBoard {
    static let samples = 512
    static let nominal_Hz = 50.0
    /// sin and cos of a turn in `samples` steps.
    private static let sine = (0..<samples).map { sin(2 * .pi * Double($0) / Double(samples)) }
    private static let cosine = (0..<samples).map { cos(2 * .pi * Double($0) / Double(samples)) }

    mutating func wave(full: Double) -> Channel {
        // 16 bits, both signs; full is RMS, and a peak of 1.15 times √2 of it fits.
        let gain = full * 2.0.squareRoot() * 2 * 1.2 / 65_536
        let model = SensorModel(
            gain: gain, zero: 32_768, bits: 16, gainError: random.uniform(-0.05, 0.05),
            offsetError: random.uniform(-300, 300), noise: decades(0.4, 20), latency: whole(0...3),
            skew: random.unit())
        let nominal = Nominal(
            gain: gain, offset: 32_768, resolution: 1, lowest: 0, highest: 65_535,
            isAlternating: true)
        return Channel(model: model, nominal: nominal, full: full, isBipolar: true)
    }

    /// What a sensor's delay does to a harmonic: a size, and a phase in degrees. Its skew lies
    /// between two samples on a straight line: 1 − f + f·e^(−jω).
    static func delay(_ model: SensorModel, harmonic: Int = 1) -> (size: Double, phase_deg: Double)
    {
        let w = 2 * .pi * Double(harmonic) / Double(samples)
        let (x, y) = (1 - model.skew + model.skew * cos(w), -model.skew * sin(w))
        return (hypot(x, y), (atan2(y, x) - w * Double(model.latency)) * 180 / .pi)
    }

    /// A cycle at a time: mean, RMS about it, and phasors of the harmonics that were asked for.
    struct Cycle {
        var mean = 0.0
        var rms = 0.0
        var phase_deg: [Double] = []
    }
    /// - Parameter tones: Harmonic, RMS and phase of each in the true signal.
    mutating func capture(
        _ sensor: inout Sensor, _ tones: [(harmonic: Int, rms: Double, phase_deg: Double)],
        cycles: Int
    ) -> [Cycle] {
        let n = Self.samples
        let root2 = 2.0.squareRoot()
        var truth = [Double](repeating: 0, count: n)
        for tone in tones {
            let (c, s) = (cos(tone.phase_deg * .pi / 180), sin(tone.phase_deg * .pi / 180))
            for k in 0..<n {
                let j = k * tone.harmonic % n
                truth[k] += root2 * tone.rms * (Self.cosine[j] * c - Self.sine[j] * s)
            }
        }
        for k in (n - 20)..<n { _ = sensor.read(truth[k], dt_s: 1e-5, random: &random) }
        var raw = [Double](repeating: 0, count: n)
        return (0..<cycles).map { _ in
            var cycle = Cycle()
            for k in 0..<n {
                raw[k] = sensor.read(truth[k], dt_s: 1e-5, random: &random)
                cycle.mean += raw[k]
            }
            cycle.mean /= Double(n)
            for k in 0..<n { cycle.rms += (raw[k] - cycle.mean) * (raw[k] - cycle.mean) }
            cycle.rms = (cycle.rms / Double(n)).squareRoot()
            for tone in tones {
                var (x, y) = (0.0, 0.0)
                for k in 0..<n {
                    let j = k * tone.harmonic % n
                    x += raw[k] * Self.cosine[j]
                    y -= raw[k] * Self.sine[j]
                }
                cycle.phase_deg.append(atan2(y, x) * 180 / .pi)
            }
            return cycle
        }
    }

    static func turn(_ angle_deg: Double) -> Double {
        angle_deg - 360 * ((angle_deg + 180) / 360).rounded(.down)
    }
    /// Mean and standard deviation.
    static func mean(_ x: [Double]) -> (Double, Double) {
        let m = x.reduce(0, +) / Double(x.count)
        let squares = x.reduce(0) { $0 + ($1 - m) * ($1 - m) }
        return (m, (squares / Double(max(1, x.count - 1))).squareRoot())
    }

    mutating func waves() {
        let voltage = wave(full: 300)
        var current = wave(full: decades(5, 200))
        let isReversed = happens(0.1)
        let a = (1 + current.model.gainError) * (isReversed ? -1 : 1)
        current.model.gainError = a - 1
        let sensorPhase = random.uniform(-3, 3)
        let meter = meter(full: current.full, ofReading: 5e-5...2e-3)
        let referenceU_deg = decades(0.0005, 0.05)
        let referenceOff = referenceU_deg * random.gaussian()
        var (v, i) = (Sensor(voltage.model), Sensor(current.model))
        let cycles = whole(4...10)
        var points: [Point] = []
        let angle = random.uniform(-60, 60)
        // The voltage of another phase.
        let third = happens(0.05) ? sign() * 120 : 0
        for level in [0.1, 0.25, 0.5, 0.75, 1].prefix(whole(3...5)) {
            let rms = current.full * level
            let vs = capture(&v, [(1, 230, 0)], cycles: cycles)
            let cs = capture(&i, [(1, rms, angle + sensorPhase + third)], cycles: cycles)
            let (raw, deviation) = Self.mean(cs.map(\.rms))
            let first = Self.turn(cs[0].phase_deg[0] - vs[0].phase_deg[0])
            let phases = zip(vs, cs).map {
                Self.turn($1.phase_deg[0] - $0.phase_deg[0] - first)
            }
            let (reference, noise) = meter.read(rms, count: 4, &random)
            points.append(
                Point(
                    raw: raw, deviation: deviation, count: cycles, reference: reference,
                    referenceDeviation: noise, mean: Self.mean(cs.map(\.mean)).0,
                    phase_deg: first + Self.mean(phases).0,
                    referencePhase_deg: angle + referenceOff))
        }
        let polarity = Polarity(points)
        let isOther = polarity == .otherPhase(isReversed: isReversed)
        tally.name("other_phase", isThere: third != 0, isNamed: isOther)
        guard third == 0 else { return }
        let options = FitOptions(samplesPerCycle: Self.samples)
        let fits = attempt("waveform") { () throws(FitRefusal) in
            (
                try ChannelFit.fit(
                    points, nominal: current.nominal, reference: meter.specification,
                    options: options),
                try PhaseFit.fit(points, referenceUncertainty_deg: referenceU_deg)
            )
        }
        guard let (fit, phase) = fits else { return }
        let delay = (Self.delay(voltage.model), Self.delay(current.model))
        let slope = a * delay.1.size
        tally.compare(
            "scale_waveform", found: fit.coefficients.scale, truth: 1 / slope - 1,
            uncertainty: fit.uncertaintyOfScale)
        tally.compare(
            "zero_waveform", found: fit.coefficients.zero,
            truth: -current.model.offsetError * current.model.gain / slope,
            uncertainty: fit.uncertaintyOfZero)
        let off = sensorPhase + delay.1.phase_deg - delay.0.phase_deg
        tally.compare(
            "phase", found: phase.phase_deg, truth: -off, uncertainty: phase.uncertainty_deg)
        tally.name("reversed", isThere: isReversed, isNamed: fit.isReversed)
        if phase.isReversed != fit.isReversed { tally.fail("phase and scale differ in polarity") }
        guard !isReversed else { return }
        loads(
            &v, &i, scale: ((1 + voltage.model.gainError) * delay.0.size, slope),
            full: current, phase_deg: sensorPhase, off: off)
    }

    /// A heater and a motor: powers from both channels, calibrated, against a meter of power.
    private mutating func loads(
        _ v: inout Sensor, _ i: inout Sensor, scale: (Double, Double), full current: Channel,
        phase_deg: Double, off: Double
    ) {
        let rms = current.full * 0.5
        let meter = meter(full: 230 * rms, ofReading: 1e-4...4e-3)
        let u_deg = decades(0.001, 0.05)
        let own = u_deg * random.gaussian()
        var loads: [PhaseFit.Load] = []
        for angle in [0.0, -60, -30].prefix(whole(2...3)) {
            let vs = capture(&v, [(1, 230, 0)], cycles: 8)
            let cs = capture(&i, [(1, rms, angle + phase_deg)], cycles: 8)
            let powers = zip(vs, cs).map { (v, i) -> (Double, Double) in
                let s =
                    v.rms * i.rms * current.nominal.gain / scale.1 / scale.0
                    * (300 * 2.0.squareRoot() * 2 * 1.2 / 65_536)
                let phi = (v.phase_deg[0] - i.phase_deg[0]) * .pi / 180
                return (s * cos(phi), s * sin(phi))
            }
            let (p, dp) = Self.mean(powers.map(\.0))
            let (q, dq) = Self.mean(powers.map(\.1))
            // The meter has an angle of its own between its voltage and its current.
            let seen = 230 * rms * cos((angle + own) * .pi / 180)
            let (reference, deviation) = meter.read(seen, count: 4, &random)
            loads.append(
                PhaseFit.Load(
                    active_W: p, reactive_var: q, deviation_W: max(dp, dq) / 8.0.squareRoot(),
                    referenceActive_W: reference, referenceDeviation_W: deviation))
        }
        let fit = attempt("loads") { () throws(FitRefusal) in
            try PhaseFit.fromLoads(
                loads, reference: meter.specification, referenceUncertainty_deg: u_deg)
        }
        guard let fit else { return }
        tally.compare(
            "phase_from_loads", found: fit.phase_deg, truth: -off, uncertainty: fit.uncertainty_deg)
        tally.compare(
            "gain_from_loads", found: fit.gain, truth: 1, uncertainty: fit.gainUncertainty)
    }

    /// One signal with a third harmonic on two channels.
    mutating func skew() {
        let (a, b) = (wave(full: 300), wave(full: 300))
        let constant = random.uniform(-2, 2)
        var (first, other) = (Sensor(a.model), Sensor(b.model))
        let cycles = whole(5...12)
        let one = capture(&first, [(1, 200, 10), (3, 60, 40)], cycles: cycles)
        let two = capture(
            &other, [(1, 200, 10 + constant), (3, 60, 40 + constant)], cycles: cycles)
        let tones = [0, 1].map { k -> SkewFit.Tone in
            let base = Self.turn(two[0].phase_deg[k] - one[0].phase_deg[k])
            let (mean, deviation) = Self.mean(
                zip(one, two).map { Self.turn($1.phase_deg[k] - $0.phase_deg[k] - base) })
            return SkewFit.Tone(
                frequency_Hz: Self.nominal_Hz * (k == 0 ? 1 : 3), phase_deg: base + mean,
                deviation_deg: deviation, count: cycles)
        }
        guard let fit = attempt("skew", { () throws(FitRefusal) in try SkewFit.fit(tones) }) else {
            return
        }
        let late = Double(a.model.latency - b.model.latency) + a.model.skew - b.model.skew
        tally.compare(
            "skew", found: fit.skew_s, truth: late / (Self.nominal_Hz * Double(Self.samples)),
            uncertainty: fit.uncertainty_s)
    }

    /// One phase of three is driven; two may be exchanged.
    mutating func phases() {
        let isSwapped = happens(0.1)
        let order = isSwapped ? [1, 0, 2] : [0, 1, 2]
        let channels = (0..<3).map { _ in wave(full: 300) }
        var sensors = channels.map { Sensor($0.model) }
        var responses = [[Double]](repeating: [], count: 3)
        var reference: [Double] = []
        for level in [180.0, 210, 240, 270] {
            for c in 0..<3 {
                let rms = order[c] == 0 ? level : 230 * random.uniform(0.98, 1.02)
                let got = capture(&sensors[c], [(1, rms, 0)], cycles: 1)
                responses[c].append(channels[c].nominal.reading(got[0].rms))
            }
            reference.append(level * random.uniform(0.999, 1.001))
        }
        let found = Swap.found(asked: 0, responses: responses, reference: reference)
        tally.name("swapped", isThere: isSwapped, isNamed: found != nil)
        if isSwapped && found != 1 { tally.fail("swapped with channel 2, not \(found ?? -1)") }
    }
}
