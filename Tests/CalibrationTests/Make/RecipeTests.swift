import BoardProfile
import Foundation
import Testing

@testable import Calibration

@Suite("From points to a record")
struct RecipeTests {
    private static let meter = ReferenceMeter(
        model: "thermometer", form: .certificate, ofReading: 0, absolute: 0.02)
    private func recipe(_ rule: CalibrationProfile = CalibrationProfile()) -> Recipe {
        Recipe(
            board: "bench", serial: "b-1", meter: Self.meter, person: "T. Ester", software: "test",
            rule: rule)
    }

    @Test("A thermistor's own constants are found from degrees that the nominal ones made")
    func thermistor() throws {
        let nominal = ThermistorConstants(R25_ohm: 10_000, beta_K: 3435)
        let own = ThermistorConstants(R25_ohm: 10_300, beta_K: 3380)
        let channel = Calibrated.scalar(.batteryTemperature)
        let wired = Nominal(from: "adc.ain1", thermistor: nominal)
        let points = [0.0, 10, 25, 40, 55].map { t in
            Point(
                raw: nominal.temperature_degC(of: own.resistance_ohm(at: t)), deviation: 0.02,
                count: 100, reference: t, at_s: 1_800_000_000)
        }
        // Nominal constants make 0 °C of 0.06 K off, 55 °C of 2 K.
        #expect(abs(points[4].raw - 55) > 1)
        let fit = try recipe().fit(channel, points, wired)
        let found = try #require(fit.thermistor)
        #expect(abs(found.R25_ohm - 10_300) < 3 && abs(found.beta_K - 3380) < 2, "\(found)")
        #expect(fit.coefficients == Coefficients())
        let record = recipe().record(channel, points, wired, fit, at_s: 1_800_000_000)
        #expect(record.points.allSatisfy { abs(record.reading(of: $0) - $0.reference) < 0.02 })
        // The thermometer is known to 10 mK, which is most of it.
        #expect(record.expanded(at: 25) > 0.01 && record.expanded(at: 25) < 0.1)

        // It lies on disk, comes back the same, and is refused beside another thermistor.
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("skerry-recipe-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = CalibrationStore(root: folder.path, serial: "b-1")
        let kept = try store.add(record)
        let back = store.current(channel)
        #expect(back.value == kept && back.problems.isEmpty, "\(back.problems)")
        var other = wired
        other.thermistor?.beta_K = 3950
        let problems = kept.check(
            against: other, board: "bench", serial: "b-1", at_s: 1_800_000_100,
            rule: CalibrationProfile())
        #expect(problems.contains { $0.key == "nominal.thermistor" && $0.message.contains("3950") })
        #expect(Verification(kept, points, meter: Self.meter).passes)
    }

    @Test("Phases at 40 and 60 Hz tell a skew of 50 µs from a phase error of 1°")
    func skew() throws {
        let wired = Nominal(from: "adc.voltage1", gain: 0.02, resolution: 1, isAlternating: true)
        let points = [40.0, 50, 60].flatMap { f in
            [115.0, 230].map { v in
                Point(
                    raw: v / 0.02, deviation: 1, count: 100, reference: v,
                    // What must be added is 1°: it reads 1° early less, and 360° · f · 50 µs early.
                    phase_deg: -1 + 360 * f * 50e-6, referencePhase_deg: 0, frequency_Hz: f)
            }
        }
        let fit = try recipe().fit(.wave(.busA), points, wired)
        #expect(abs(fit.coefficients.skew_s - 50e-6) < 1e-9, "\(fit.coefficients)")
        #expect(abs(fit.coefficients.phase_deg - 1) < 1e-6)
        #expect(fit.uncertainty.phase_deg >= 0)
        // The wrong way round: the same, and a negative gain.
        let turned = points.map { point in
            var p = point
            p.phase_deg! += 180
            return p
        }
        let reversed = try recipe().fit(.wave(.currentA), turned, wired)
        #expect(reversed.isReversed && reversed.coefficients.scale < -1)
        #expect(abs(reversed.coefficients.skew_s - 50e-6) < 1e-9)
        #expect(abs(reversed.coefficients.phase_deg - 1) < 1e-6, "\(reversed.coefficients)")
        // One frequency: the same correction there, all of it a phase.
        let one = try recipe().fit(.wave(.busA), Array(points[2...3]), wired)
        #expect(one.coefficients.skew_s == 0)
        #expect(abs(one.coefficients.phase_deg - (1 - 360 * 50 * 50e-6)) < 1e-6)
    }

    @Test("Two temperatures give the coefficients, and their part of the budget goes")
    func temperatures() throws {
        var rule = CalibrationProfile()
        var known = ChannelAccuracy()
        known.channel = "battery_voltage"
        known.scale_ppmPerK = 100
        rule.channels = [known]
        let wired = Nominal(from: "adc.ain0", gain: 2, resolution: 1e-4)
        func points(_ t: Double) -> [Point] {
            [0.0, 12, 24, 36, 48].map { v in
                // 1 % and 40 ppm/K from 15 °C.
                Point(
                    raw: v / 2 / (1.01 + 40e-6 * (t - 15)), deviation: 1e-4, count: 100,
                    reference: v, temperature_degC: t)
            }
        }
        let cold = try recipe(rule).fit(.scalar(.batteryVoltage), points(15), wired)
        #expect(cold.uncertainty.parts.contains { $0.name == "temperature" && $0.scale > 1e-4 })
        let both = try recipe(rule).fit(.scalar(.batteryVoltage), points(5) + points(35), wired)
        #expect(abs(both.coefficients.scalePerKelvin - 40e-6) < 1e-6)
        #expect(abs(both.coefficients.corrected(48 / 1.01, at: 15) - 48) < 1e-3)
        let part = both.uncertainty.parts.first { $0.name == "temperature" }
        #expect((part?.scale ?? 1) < 1e-4 && part?.kind == .A)
    }

    @Test("The clock: 20 ppm, and a travel has no points")
    func clock() throws {
        let points = [50.0, 50.1].map {
            Point(raw: $0 / 1.00002, deviation: 1e-4, count: 50, reference: $0)
        }
        let counter = Recipe(
            board: "bench", serial: "b-1",
            meter: ReferenceMeter(model: "counter", form: .limits, ofReading: 1e-6, absolute: 0),
            person: "T. Ester", software: "test", rule: CalibrationProfile())
        let fit = try counter.fit(.clock, points, Nominal(from: "adc"))
        #expect(abs(fit.coefficients.scale - 20e-6) < 1e-6)
        #expect(fit.uncertainty.expanded(at: 50) < 50 * 5e-6)
        #expect(throws: FitRefusal.self) {
            try counter.fit(.travel(.mainContactor), points, Nominal())
        }
    }
}
