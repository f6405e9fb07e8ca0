import Calibration
import Foundation
import Plant
import SimBoard

/// The sample clock, thermistors and travels.
extension CalibrationBoard {
    /// A known frequency, timed by the board's own clock: the phase over a second.
    mutating func clock() {
        let rate = random.uniform(-1e-4, 1e-4)
        let channel = wave(full: 300)
        let n = 128
        let meter = meter(full: 50, ofReading: 1e-8...2e-6, isAbsolute: false)
        var sensor = Sensor(channel.model)
        /// Phase, turns, of four cycles of `truth_Hz` that begin at `from_s` of true time.
        func phase(_ truth_Hz: Double, _ from_s: Double, _ board: inout CalibrationBoard) -> Double
        {
            let dt = 1 / (50 * Double(n) * (1 + rate))
            var (x, y) = (0.0, 0.0)
            for k in -20..<(4 * n) {
                let t = from_s + Double(k) * dt
                let raw = sensor.read(
                    300 * 2.0.squareRoot() * cos(2 * .pi * truth_Hz * t), dt_s: dt,
                    random: &board.random)
                guard k >= 0 else { continue }
                let w = 2 * .pi * Double(k) / Double(n)
                x += raw * cos(w)
                y -= raw * sin(w)
            }
            return atan2(y, x) / (2 * .pi)
        }
        var points: [Point] = []
        for truth_Hz in [49.98, 50, 50.01] {
            let found = (0..<5).map { _ -> Double in
                // A second of the board's clock is 1/(1 + rate) of the world's.
                let start = random.unit()
                let one = phase(truth_Hz, start, &self)
                let two = phase(truth_Hz, start + 1 / (1 + rate), &self)
                let turns = two - one
                return 50 + turns - turns.rounded()
            }
            let (mean, deviation) = Self.mean(found)
            let (reference, noise) = meter.read(truth_Hz, count: 4, &random)
            points.append(
                Point(
                    raw: mean, deviation: deviation, count: 5, reference: reference,
                    referenceDeviation: noise))
        }
        let fit = attempt("clock") { () throws(FitRefusal) in
            try ClockFit.fit(points, reference: meter.specification)
        }
        guard let fit else { return }
        tally.compare("clock", found: fit.rate, truth: rate, uncertainty: fit.uncertainty)
    }

    /// An NTC under a pull-up, in baths.
    mutating func thermistor() {
        let (r25, beta) = (decades(2000, 50_000), random.uniform(3300, 4300))
        let divider = ThermistorFit.Divider(pullUp_Ohm: 10_000, tolerance: decades(5e-4, 2e-3))
        let pullUp = 10_000 * (1 + divider.tolerance * random.uniform(-1, 1))
        func ratio(_ t: Double) -> Double {
            let r = r25 * exp(beta * (1 / (t + 273.15) - 1 / 298.15))
            return r / (r + pullUp)
        }
        let bits = happens(0.5) ? 12 : 16
        let step = 1 / Double(1 << bits)
        var sensor = Sensor(
            SensorModel(gain: step, bits: bits, noise: decades(0.3, 3)))
        let u = decades(0.02, 0.2)
        let meter = Meter(
            specification: ReferenceMeter(
                model: "thermometer", form: .certificate, ofReading: 5e-4, absolute: u,
                resolution: 0.01),
            scaleError: 2.5e-4 * random.gaussian(), zeroError: u / 2 * random.gaussian(), noise: 0)
        let count = whole(5...40)
        let baths = [0.0, 10, 25, 40, 55, 70].suffix(whole(3...6)).map {
            $0 + random.uniform(-2, 2)
        }
        var points: [Point] = []
        for t in baths {
            let raw = (0...count).map { _ in
                sensor.read(ratio(t), dt_s: 0.001, random: &random) * step
            }.dropFirst()
            let (mean, deviation) = Self.mean(Array(raw))
            let (reference, _) = meter.read(t, &random)
            points.append(
                Point(raw: mean, deviation: deviation, count: count, reference: reference))
        }
        let fit = attempt("thermistor") { () throws(FitRefusal) in
            try ThermistorFit.fit(
                points, reading: .ratio(divider), reference: meter.specification, resolution: step)
        }
        guard let fit else { return }
        tally.compare(
            "r25", found: fit.r25_Ohm, truth: r25, uncertainty: fit.uncertaintyOfR25_Ohm)
        tally.compare(
            "beta", found: fit.beta_K, truth: beta, uncertainty: fit.uncertaintyOfBeta_K)
        // A later temperature through the same divider.
        let t = random.uniform(20, 50)
        let r = divider.resistance_Ohm(ratio: ratio(t))
        tally.compare(
            "thermistor_mid_range",
            found: r.flatMap { fit.temperature_degC(resistance_Ohm: $0) } ?? .nan, truth: t,
            uncertainty: fit.uncertainty_K(temperature_degC: t, throughDivider: true))
    }

    /// A contactor that travels a little differently every time, looked at every 200 µs.
    mutating func travel() {
        let (close_s, open_s) = (random.uniform(0.015, 0.08), random.uniform(0.008, 0.04))
        let look_s = 2e-4
        func time(_ closes: Bool, _ board: inout CalibrationBoard) -> Double {
            // ±10 %, uniform, by the relay's own stream.
            var relay = Relay(
                close_s: close_s, open_s: open_s, random: Random(seed: board.random.next()),
                isClosed: !closes)
            relay.coil = closes
            var looks = 0
            while relay.auxiliary != closes, looks < 10_000 {
                relay.step(dt_s: look_s)
                looks += 1
            }
            return Double(looks) * look_s
        }
        let n = whole(6...20)
        let closings = (0..<n).map { _ in time(true, &self) }
        let openings = (0..<n).map { _ in time(false, &self) }
        let fit = attempt("travel") { () throws(FitRefusal) in
            try TravelFit.fit(close_s: closings, open_s: openings, resolution_s: look_s)
        }
        guard let fit else { return }
        tally.compare(
            "close", found: fit.travel.close_s, truth: close_s, uncertainty: fit.closeUncertainty_s)
        tally.compare(
            "open", found: fit.travel.open_s, truth: open_s, uncertainty: fit.openUncertainty_s)
        // The slowest a relay of this kind can be.
        tally.count("close_limit", isInside: fit.closeLimit_s >= 1.1 * close_s)
        tally.count("open_limit", isInside: fit.openLimit_s >= 1.1 * open_s)
    }
}
