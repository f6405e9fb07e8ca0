import Control
import Testing

@testable import Calibration

@Suite("Plans, digits and verdicts")
struct PlanTests {
    @Test("Levels: zero, several, both polarities where there are two")
    func levels() {
        let cases: [(ClosedRange<Double>, String, [Double])] = [
            (0...60, "V", [0, 15, 30, 45, 60]), (-100...100, "A", [0, 50, 100, -50, -100]),
            (-50...200, "A", [0, 100, 200, -25, -50]), (-1...58.7, "V", [0, 14, 29, 44, 58]),
            (0...0.075, "V", [0, 0.018, 0.037, 0.056, 0.075]),
            (-200 ... -0.0, "A", [0, -50, -100, -150, -200]),
            (-20...60, "°C", [-20, 20, 60]), (45...55, "Hz", [45, 48.3, 51.6, 55]),
        ]
        for (span, unit, levels) in cases {
            let found = ChannelPlan.levels(over: span, unit: unit)
            #expect(found == levels, "\(span): \(found)")
        }
    }

    @Test("The span is the converter's where nobody says; no level saturates it; nonsense is none")
    func span() {
        func made(
            _ nominal: Nominal, _ span: ClosedRange<Double>? = nil
        ) -> ChannelPlan? {
            ChannelPlan(
                channel: volts, nominal: nominal,
                required: RequiredAccuracy(ratio: 0.01, absolute: 0), span: span)
        }
        let nominal = Nominal(gain: -0.1, offset: 500, resolution: 1, lowest: 0, highest: 1000)
        let own = made(nominal)
        #expect(own?.span == -45...45 && own?.levels == [0, 22, 45, -22, -45])
        #expect(made(nominal, 0...60)?.levels == [0, 11, 22, 33, 45])
        #expect(made(Nominal()) == nil)
        #expect(made(Nominal(gain: 0), 0...1) == nil)
        #expect(made(Nominal(gain: .nan), 0...1) == nil)
        #expect(made(Nominal(), 1...1) == nil)
        var wave = nominal
        wave.isAlternating = true
        #expect(made(wave)?.span == 0...(45 / 2.0.squareRoot()))
    }

    @Test("Numbers as people write them")
    func digits() {
        let cases = [
            (Digits.fixed(-12.06, 1), "−12.1"), (Digits.fixed(-0.001, 2), "0.00"),
            (Digits.fixed(0.05, 2), "0.05"), (Digits.fixed(.nan, 2), "–"),
            (Digits.significant(0.09996, 3), "0.100"), (Digits.significant(1234.5, 2), "1235"),
            (Digits.plain(45, "V"), "45 V"), (Digits.plain(100, "A"), "100 A"),
            (Digits.plain(0.5, "%"), "0.5 %"), (Digits.plain(0), "0"),
            (Digits.matched(48.21345, to: 0.0123), "48.213"),
            (Digits.matched(48213.45, to: 123), "48213"),
            (Digits.quantity(0.00123, "V"), "1.2 mV"), (Digits.quantity(0.9996, "V", 3), "1.00 V"),
            (Digits.quantity(-0.0000045, "A"), "−4.5 µA"), (Digits.quantity(12345, "W"), "12 kW"),
            (Digits.quantity(2.5e-9, "V"), "2.5 nV"), (Digits.quantity(0.00123, "°C"), "0.0012 °C"),
            (Digits.quantity(0, "V"), "0 V"), (Digits.quantity(0.5, ""), "0.50"),
        ]
        for (text, wanted) in cases { #expect(text == wanted) }
        #expect(
            RequiredAccuracy(ratio: 0.005, absolute: 0.1).words(unit: "V") == "0.5 % + 0.1 V")
        #expect(RequiredAccuracy(ratio: 0.01, absolute: 0).words(unit: "V") == "1 %")
    }

    @Test("Errors before and after, and by how much it passes or fails, from what")
    func summary() {
        let points = [
            Point(raw: 0, reference: 0.3), Point(raw: 3000, reference: 30.9),
            Point(raw: 6000, reference: 99),
        ]
        func fit(_ part: Uncertainty.Part) -> ChannelFit {
            ChannelFit(
                coefficients: Coefficients(zero: 0.3, scale: 0.02),
                uncertainty: Uncertainty(parts: [part]), residuals: [0.003, -0.004, 7],
                outliers: [2], range: 0...30, chiSquare: 0, freedom: 1)
        }
        let good = SessionSummary(
            plan: plan(), points: points, fit: fit(.init("reference", .B, zero: 0.02)))
        #expect((good.before.most - 0.9).magnitude < 1e-12)
        #expect((good.before.rms - 0.45.squareRoot()).magnitude < 1e-12)
        #expect(good.after.most == 0.004, "an outlier is neither before nor after")
        #expect((good.after.rms - 0.00003535533905932738 * 100).magnitude < 1e-9)
        #expect(good.passes && good.worst.value == 0 && good.dominant == "reference")
        #expect(
            good.verdict
                == "passes: ±40 mV at 0 V, ±100 mV is allowed; most of it from the reference")

        let bad = SessionSummary(
            plan: plan(), points: points, fit: fit(.init("temperature", .B, scale: 0.01)))
        #expect(!bad.passes && bad.worst.value == 60)
        // 2 · 0.01 · (60 − 0.3) / 1.02 = 1.1706 against 0.4.
        #expect((bad.worst.expanded - 1.170588).magnitude < 1e-6)
        #expect(
            bad.verdict
                == "fails by 771 mV: ±1.2 V at 60 V is 2.9 times the ±400 mV allowed; most of it from the temperature"
        )
    }
}
