import Foundation
import Testing

@testable import Calibration

@Suite("Skew between channels")
struct SkewFitTests {
    private func tone(_ f: Double, _ phase: Double, _ deviation: Double = 0) -> SkewFit.Tone {
        SkewFit.Tone(frequency_Hz: f, phase_deg: phase, deviation_deg: deviation)
    }

    @Test("Two frequencies tell a time from a phase")
    func two() throws {
        // 100 µs later: 1.8° at 50 Hz, 5.4° at 150 Hz; and 2° besides.
        let fit = try SkewFit.fit([tone(50, 3.8, 0.01), tone(150, 7.4, 0.01)])
        #expect(isNear(fit.skew_s, 100e-6, 1e-9) && isNear(fit.phase_deg, -2, 1e-9))
        // √2 · 0.01° over 360° · 100 Hz.
        #expect(isNear(fit.uncertainty_s, 0.01 * 2.0.squareRoot() / 36_000, 1e-9))
        // φ = (3·p₁ − p₂)/2: √10/2 · 0.01°.
        #expect(isNear(fit.uncertainty_deg, 0.005 * 10.0.squareRoot(), 1e-9))
    }

    @Test("One frequency does where there is no phase")
    func one() throws {
        let fit = try SkewFit.fit([tone(50, -0.9, 0.018)], assumesNoPhase: true)
        #expect(isNear(fit.skew_s, -50e-6, 1e-9) && fit.phase_deg == 0)
        #expect(isNear(fit.uncertainty_s, 1e-6, 1e-9) && fit.uncertainty_deg == 0)
    }

    @Test("Phases of more than a turn are unrolled")
    func unrolled() throws {
        // 2 ms later: 36° at 50, 108° at 150, 252° = −108° at 350, 468° = 108° at 650 Hz.
        let fit = try SkewFit.fit([tone(650, 108), tone(50, 36), tone(350, -108), tone(150, 108)])
        #expect(isNear(fit.skew_s, 2e-3, 1e-9) && abs(fit.phase_deg) < 1e-9)
    }

    @Test("What does not tell is refused")
    func hostile() {
        for tones in [
            [], [tone(50, 1)], [tone(50, 1), tone(51, 1)], [tone(0, 1), tone(50, 1)],
            [tone(50, .nan), tone(150, 1)], [tone(50, 1, -1), tone(150, 1)],
            [tone(.infinity, 1), tone(50, 1)],
        ] {
            #expect(throws: FitRefusal.self) { try SkewFit.fit(tones) }
        }
        #expect(throws: FitRefusal.self) { try SkewFit.fit([], assumesNoPhase: true) }
    }
}

@Suite("Temperature coefficients")
struct TemperatureFitTests {
    private func point(_ raw: Double, _ reference: Double, _ t: Double?) -> Point {
        Point(raw: raw, reference: reference, referenceDeviation: 0.01, temperature_degC: t)
    }
    private let six = [
        (0.0, 0.1, 10.0), (5, 5.16, 10), (10, 10.19, 10), (0.1, 0.26, 40), (5.1, 5.29, 40),
        (10.1, 10.37, 40),
    ]

    @Test("Zero, scale and what they move are NumPy's")
    func oracle() throws {
        // d = T - 25; X = np.vstack([ones, v, d, d*v]).T; b = lstsq(X, y); C = inv(X.T@X) * .01**2
        let fit = try TemperatureFit.fit(
            six.map { point($0.0, $0.1, $0.2) }, nominal: Nominal(), reference: perfect)
        let k = fit.coefficients
        #expect(k.temperature_degC == 25 && isNear(k.zero, 0.12778333333334396, 1e-8))
        #expect(isNear(k.scale, 0.01, 1e-8) && isNear(k.zeroPerKelvin, 1.5188888888890324e-3, 1e-8))
        #expect(isNear(k.scalePerKelvin, 6.66666666665e-5, 1e-8))
        #expect(isNear(fit.uncertaintyOfZeroPerKelvin, 4.3293143756214966e-04, 1e-8))
        #expect(isNear(fit.uncertaintyOfScalePerKelvin, 6.666666666666666e-05, 1e-8))
        #expect(isNear(fit.covariance[0][0].squareRoot(), 6.4939715634322473e-03, 1e-8))
        #expect(isNear(fit.uncertaintyOfScale, 1e-3, 1e-8))
    }

    @Test("Less than ten kelvin, no temperature, one level, a waveform: refused")
    func refused() {
        let close = six.map { point($0.0, $0.1, 20 + $0.2 / 5) }
        let unknown = six.map { point($0.0, $0.1, $0.2 == 10 ? nil : $0.2) }
        let level = six.map { point(5, $0.1, $0.2) }
        for points in [[], close, unknown, level, Array(close.prefix(3))] {
            #expect(throws: FitRefusal.self) {
                try TemperatureFit.fit(points, nominal: Nominal(), reference: perfect)
            }
        }
        #expect(throws: FitRefusal.self) {
            try TemperatureFit.fit(
                six.map { point($0.0, $0.1, $0.2) }, nominal: Nominal(isAlternating: true),
                reference: perfect)
        }
    }
}

@Suite("Thermistor")
struct ThermistorFitTests {
    private let table = [(32_500.0, 0.0), (19_950, 10), (9990, 25), (5330, 40), (1755, 70)]

    @Test("R25 and beta are NumPy's, before the scatter enlarges them")
    func oracle() throws {
        // x = 1/(t+273.15) - 1/298.15; X = np.vstack([ones, x]).T; W = np.eye(5)/.002**2; y = log(R)
        let points = table.map { Point(raw: $0.0, deviation: $0.0 * 0.002, reference: $0.1) }
        let fit = try ThermistorFit.fit(points, reading: .resistance, reference: perfect)
        #expect(isNear(fit.r25_Ohm, 9904.667504151608) && isNear(fit.beta_K, 3911.8732042332517))
        // χ² 109.01 of 3, t(3)/2 = 1.6534.
        let factor = 109.01261355017553 / 3 * 1.65341 * 1.65341
        #expect(isNear(fit.scatter[0][0], 8.06270842802977e-07 * factor, 1e-4))
        #expect(isNear(fit.scatter[1][1], 11.682580310988826 * factor, 1e-4))
        #expect(fit.remarks.contains { $0.contains("scatter") })
    }

    @Test("A divider's ratio gives the same as its resistance, with the pull-up's part")
    func divider() throws {
        let divider = ThermistorFit.Divider(pullUp_Ohm: 10_000, tolerance: 0.01)
        let points = [0.0, 20, 45, 70].map { t -> Point in
            let r = 10_000 * exp(3950 * (1 / (t + 273.15) - 1 / 298.15))
            return Point(
                raw: divider.ratio(resistance_Ohm: r) ?? .nan, deviation: 1e-5, reference: t)
        }
        let fit = try ThermistorFit.fit(points, reading: .ratio(divider), reference: perfect)
        #expect(isNear(fit.r25_Ohm, 10_000) && isNear(fit.beta_K, 3950))
        // 1 % rectangular: 57.7 Ω; beta does not feel it.
        #expect(isNear(fit.uncertaintyOfR25_Ohm, 57.735, 1e-3) && fit.uncertaintyOfBeta_K < 1)
        // Its own divider's error falls out of a temperature; at 25 °C 1 % is 0.13 K else.
        #expect(fit.uncertainty_K(temperature_degC: 25, throughDivider: true) < 0.005)
        #expect(
            isNear(
                fit.uncertainty_K(temperature_degC: 25), 298.15 * 298.15 / 3950 * 0.0057735, 1e-3))
    }

    @Test("Conversions are one another's inverse, and nil for what is none")
    func conversions() throws {
        let points = table.map { Point(raw: $0.0, reference: $0.1) }
        let fit = try ThermistorFit.fit(points, reading: .resistance, reference: perfect)
        for t in [-40.0, 0, 25, 85] {
            let r = try #require(fit.resistance_Ohm(temperature_degC: t))
            #expect(isNear(fit.temperature_degC(resistance_Ohm: r) ?? .nan, t, 1e-9, 1e-9))
        }
        #expect(fit.temperature_degC(resistance_Ohm: 0) == nil)
        #expect(fit.temperature_degC(resistance_Ohm: .nan) == nil)
        #expect(fit.resistance_Ohm(temperature_degC: -300) == nil)
        let divider = ThermistorFit.Divider(pullUp_Ohm: 1000)
        #expect(divider.resistance_Ohm(ratio: 0.5) == 1000)
        #expect(divider.resistance_Ohm(ratio: 1) == nil && divider.resistance_Ohm(ratio: 0) == nil)
        #expect(divider.ratio(resistance_Ohm: 3000) == 0.75)
    }

    @Test("The thermometer's zero is an uncertainty of R25")
    func thermometer() throws {
        let meter = ReferenceMeter(model: "t", form: .certificate, ofReading: 0, absolute: 0.2)
        let points = table.map { Point(raw: $0.0, deviation: 0.1, reference: $0.1) }
        let fit = try ThermistorFit.fit(points, reading: .resistance, reference: meter)
        let own = fit.covariance[0][0] - fit.scatter[0][0]
        // About β/T² · 0.1 K = 0.0044.
        #expect(isNear(own.squareRoot(), 3912 / (298.15 * 298.15) * 0.1, 0.1))
    }

    @Test("Shorts, open wires, a PTC and too few points are refused")
    func refused() {
        let divider = ThermistorFit.Reading.ratio(ThermistorFit.Divider(pullUp_Ohm: 1000))
        func points(_ raw: [Double], _ t: [Double] = [0, 30, 60]) -> [Point] {
            zip(raw, t).map { Point(raw: $0, reference: $1) }
        }
        let rows: [([Point], ThermistorFit.Reading)] = [
            ([], .resistance), (points([3, 2]), .resistance), (points([0, 2, 1]), .resistance),
            (points([100, 110, 120]), .resistance),
            (points([3, 2, 1], [20, 21, 22]), .resistance),
            (points([.nan, 2, 1]), .resistance), (points([3, 2, 1], [-300, 0, 30]), .resistance),
            (points([0.5, 0.3, 1]), divider), (points([0.5, 0, 0.2]), divider),
            (
                points([0.5, 0.3, 0.2]),
                .ratio(ThermistorFit.Divider(pullUp_Ohm: 0))
            ),
        ]
        for (points, reading) in rows {
            #expect(throws: FitRefusal.self) {
                try ThermistorFit.fit(points, reading: reading, reference: perfect)
            }
        }
    }
}
