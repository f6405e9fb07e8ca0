import Calibration
import Foundation
import Plant
import SimBoard

/// Steady quantities: a voltage or a shunt's current, with curvature, ageing and temperature.
extension CalibrationBoard {
    /// A channel as its board file has it and as it is.
    struct Channel {
        var model: SensorModel
        var nominal: Nominal
        let full: Double
        let isBipolar: Bool

        /// Zero, scale and curvature of the sensor's inverse, to the third power of its bend (which is
        /// a thousandth of full scale or less: what is left out is below 1e-8 of it).
        var truth: (zero: Double, scale: Double, curvature: Double) {
            let (a, c) = (1 + model.gainError, model.curvature)
            let b = model.offsetError * model.gain / a
            // The sensor sees t + c t² = v/a − b = u, so that t = u − c u² + 2 c² u³ ...
            return (
                -b - c * b * b - 2 * c * c * b * b * b,
                1 / a * (1 + 2 * c * b + 6 * c * c * b * b) - 1,
                -(c + 6 * c * c * b) / (a * a)
            )
        }
    }

    mutating func channel(bends: Bool, isBipolar: Bool) -> Channel {
        let bits = happens(0.5) ? 12 : 16
        let full = decades(5, 500)
        let counts = Double(1 << bits)
        // Up to 5 % of gain and 1 % of offset fit into the range.
        let gain = full * (isBipolar ? 2 : 1) * 1.15 / counts
        let middle = isBipolar ? counts / 2 : counts * 0.04
        let model = SensorModel(
            gain: gain, zero: middle, bits: bits, gainError: random.uniform(-0.05, 0.05),
            offsetError: random.uniform(-0.01, 0.01) * counts, noise: decades(0.05, 3),
            curvature: bends ? sign() * random.uniform(4e-4, 1e-3) / full : 0)
        let nominal = Nominal(
            gain: gain, offset: middle, resolution: 1, lowest: 0, highest: counts - 1)
        return Channel(model: model, nominal: nominal, full: full, isBipolar: isBipolar)
    }

    /// `count` readings of a steady truth, sample by sample.
    mutating func take(
        _ sensor: inout Sensor, _ truth: Double, _ count: Int, meter: Meter, at t: Double? = nil
    ) -> Point {
        _ = sensor.read(truth, dt_s: 0.001, random: &random)
        let raw = (0..<count).map { _ in sensor.read(truth, dt_s: 0.001, random: &random) }
        let mean = raw.reduce(0, +) / Double(count)
        let squares = raw.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let (reference, deviation) = meter.read(truth, count: 4, &random)
        return Point(
            raw: mean, deviation: (squares / Double(count - 1)).squareRoot(), count: count,
            reference: reference, referenceDeviation: deviation, temperature_degC: t)
    }

    mutating func levels(_ channel: Channel, _ count: Int) -> [Double] {
        (0..<count).map { k in
            let even = Double(k) / Double(count - 1)
            let x = even * 0.96 + random.uniform(0, 0.04)
            return channel.full * (channel.isBipolar ? 2 * x - 1 : x)
        }
    }

    mutating func steady() {
        let isBipolar = happens(0.5)
        let bends = happens(0.5)
        var channel = channel(bends: bends, isBipolar: isBipolar)
        let isReversed = isBipolar && happens(0.1)
        let ratio = !isReversed && happens(0.05) ? 0.5 : 1
        let a = (1 + channel.model.gainError) * (isReversed ? -1 : 1) * ratio
        channel.model.gainError = a - 1
        let meter = meter(full: channel.full, ofReading: 2e-5...2e-3)
        let isBad = happens(0.15)

        var sensor = Sensor(channel.model)
        let count = whole(5...60)
        var points: [Point] = []
        for level in levels(channel, whole(bends ? 7...10 : 5...10)) {
            points.append(take(&sensor, level, count, meter: meter, at: 22))
        }
        if isBad {
            // A digit misread.
            let k = whole(0...(points.count - 1))
            points[k].reference += sign() * channel.full * random.uniform(0.02, 0.2)
        }
        var options = FitOptions(allowsCurvature: bends)
        let u = meter.specification.scaleUncertainty
        if happens(0.5) {
            (options.stabilityPerYear, options.interval_years) = (u * 0.4, 2)
            (options.scalePerKelvinLimit, options.temperatures_degC) = (u * 0.02, 0...45)
        }
        guard
            let fit = attempt(
                "steady",
                { () throws(FitRefusal) in
                    try ChannelFit.fit(
                        points, nominal: channel.nominal, reference: meter.specification,
                        options: options)
                })
        else { return }
        // Later, and elsewhere in the range.
        let drift =
            options.stabilityPerYear * options.interval_years * random.uniform(-1, 1)
            + options.scalePerKelvinLimit * random.uniform(-1, 1) * 23
        channel.model.gainError = a * (1 + drift) - 1
        let truth = channel.truth
        let k = fit.coefficients
        tally.compare(
            "zero", found: k.zero, truth: truth.zero, uncertainty: fit.uncertaintyOfZero)
        tally.compare(
            "scale", found: k.scale, truth: truth.scale, uncertainty: fit.uncertaintyOfScale)
        if bends {
            tally.compare(
                "curvature", found: k.curvature, truth: truth.curvature,
                uncertainty: fit.uncertaintyOfCurvature)
        }
        tally.name("reversed", isThere: isReversed, isNamed: fit.isReversed)
        tally.name(
            "ratio", isThere: ratio != 1,
            isNamed: RatioMistake.find(1 + k.scale)?.factor == 1 / ratio)

        channel.model.noise = 0
        var later = Sensor(channel.model)
        let x = channel.full * random.uniform(0.2, 0.8) * (isBipolar ? sign() : 1)
        _ = later.read(x, dt_s: 0.001, random: &random)
        let v = channel.nominal.reading(later.read(x, dt_s: 0.001, random: &random))
        tally.compare(
            "corrected_mid_range", found: k.corrected(v), truth: x,
            uncertainty: fit.uncertainty.standard(at: v))
    }

    /// One level too many for the converter.
    mutating func saturated() {
        let channel = channel(bends: false, isBipolar: happens(0.5))
        let meter = meter(full: channel.full, ofReading: 1e-4...2e-3)
        let isFull = happens(0.2)
        var sensor = Sensor(channel.model)
        var points: [Point] = []
        for level in levels(channel, 5) + (isFull ? [channel.full * 1.35] : []) {
            points.append(take(&sensor, level, 20, meter: meter))
        }
        let found = Saturation.points(points, nominal: channel.nominal)
        tally.name("saturated", isThere: isFull, isNamed: !found.isEmpty)
        if isFull && found != [5] { tally.fail("saturated: point 6 alone is, not \(found)") }
        var isRefused = false
        do throws(FitRefusal) {
            _ = try ChannelFit.fit(
                points, nominal: channel.nominal, reference: meter.specification)
        } catch { isRefused = true }
        if isRefused != isFull { tally.fail("saturated: refused \(isRefused), is \(isFull)") }
    }

    /// Three levels at three temperatures.
    mutating func temperature() {
        let channel = channel(bends: false, isBipolar: happens(0.5))
        let meter = meter(full: channel.full, ofReading: 2e-5...1e-3)
        let perKelvin = random.uniform(-5e-5, 5e-5)
        let countsPerKelvin = random.uniform(-2e-5, 2e-5) * channel.nominal.highest
        let middle = 25.0
        func model(_ t: Double) -> SensorModel {
            var m = channel.model
            m.gainError = (1 + m.gainError) * (1 + perKelvin * (t - middle)) - 1
            m.offsetError += countsPerKelvin * (t - middle)
            return m
        }
        let levels = levels(channel, 3)
        let count = whole(5...40)
        var points: [Point] = []
        for t in [10.0, 25, 40].map({ $0 + random.uniform(-2, 2) }) {
            var sensor = Sensor(model(t))
            for level in levels {
                points.append(take(&sensor, level, count, meter: meter, at: t))
            }
        }
        guard
            let fit = attempt(
                "temperature",
                { () throws(FitRefusal) in
                    try TemperatureFit.fit(
                        points, nominal: channel.nominal, reference: meter.specification)
                })
        else { return }
        // The inverse of v = a(t)·x + b(t) is x = v/a − b/a: its slopes over temperature.
        func inverse(_ t: Double) -> (zero: Double, scale: Double) {
            let m = model(t)
            return (-m.offsetError * m.gain / (1 + m.gainError), 1 / (1 + m.gainError) - 1)
        }
        let t = fit.coefficients.temperature_degC ?? .nan
        let (low, high) = (inverse(t - 0.5), inverse(t + 0.5))
        tally.compare(
            "zero_per_kelvin", found: fit.coefficients.zeroPerKelvin, truth: high.zero - low.zero,
            uncertainty: fit.uncertaintyOfZeroPerKelvin)
        tally.compare(
            "scale_per_kelvin", found: fit.coefficients.scalePerKelvin,
            truth: high.scale - low.scale, uncertainty: fit.uncertaintyOfScalePerKelvin)
    }
}
