import Testing

@testable import Calibration

@Suite("The last seconds of a channel")
struct WindowTests {
    static let nominal = Nominal(gain: 0.01, resolution: 1, lowest: -100, highest: 100)

    private func window(_ values: [Double], every_s: Double = 0.25, span_s: Double = 5) -> Window {
        var window = Window(span_s: span_s, nominal: Self.nominal)
        window.add(
            values.enumerated().map { RawReading(raw: $1, time_s: Double($0) * every_s) })
        return window
    }
    private func isNear(_ a: Double, _ b: Double, _ off: Double = 1e-9) -> Bool {
        (a - b).magnitude <= off
    }

    /// Worked with NumPy 2: `mean`, `std(ddof=1)`, `polyfit(cov=True)` and the sum of Zhang's eq. 9.
    @Test("Mean, deviation, drift and independence agree with another program")
    func oracle() throws {
        let values = [
            10.0, 10.4, 10.3, 9.9, 9.6, 9.7, 10.1, 10.5, 10.6, 10.2, 9.8, 9.7, 10.0, 10.3, 10.7,
            10.4, 10.1, 9.9, 10.2, 10.6,
        ]
        let figures = try #require(window(values).figures(at: 4.75))
        #expect(isNear(figures.mean, 10.15))
        #expect(isNear(figures.deviation, 0.3252529380101132))
        #expect(isNear(figures.independent, 10.294494238156211))
        #expect(isNear(figures.driftPerSecond, 0.054736842105261224))
        #expect(isNear(figures.driftUncertainty, 0.07000641298253903))
        #expect(isNear(figures.covered_s, 4.75))
        #expect(
            isNear(figures.meanUncertainty, 0.3252529380101132 / 10.294494238156211.squareRoot()))
    }

    @Test("By hand: four readings up a line")
    func line() throws {
        let figures = try #require(window([1, 2, 3, 4], every_s: 0.5).figures(at: 2))
        #expect(isNear(figures.mean, 2.5))
        #expect(isNear(figures.deviation, (5.0 / 3).squareRoot()))
        #expect(isNear(figures.driftPerSecond, 2))
        #expect(isNear(figures.driftUncertainty, 0))
        #expect(isNear(figures.age_s, 0.5))
    }

    @Test("A small noise on a large number keeps its digits")
    func large() throws {
        let values = (0..<20).map { 8e6 + ($0 % 2 == 0 ? 0.001 : -0.001) }
        let figures = try #require(window(values).figures(at: 4.75))
        #expect(isNear(figures.deviation, 0.001 * (20.0 / 19).squareRoot(), 1e-9))
        #expect(figures.independent == 20, "readings that alternate are not fewer than they are")
    }

    @Test("Readings that never change are one reading")
    func stuck() throws {
        let figures = try #require(window(Array(repeating: 7, count: 20)).figures(at: 4.75))
        #expect(figures.deviation == 0 && figures.independent == 1 && figures.driftPerSecond == 0)
    }

    @Test("What is older than the span is gone, and silence leaves nothing")
    func age() throws {
        var window = window(Array(repeating: 1, count: 20))
        window.add((0..<8).map { RawReading(raw: 5, time_s: 7 + Double($0) * 0.25) })
        #expect(window.readings.first?.time_s == 4)
        let figures = try #require(window.figures(at: 11))
        #expect(figures.count == 8 && figures.mean == 5 && isNear(figures.age_s, 2.25))
        #expect(window.figures(at: 20) == nil)
        #expect(Window(nominal: Self.nominal).figures(at: 0) == nil)
    }

    @Test("Bad readings are dropped and counted")
    func dropped() {
        var window = window([1, 2])
        window.add([
            RawReading(raw: .nan, time_s: 1), RawReading(raw: 1, time_s: .infinity),
            RawReading(raw: 1, time_s: 0.25), RawReading(raw: 1, time_s: 0.1),
            RawReading(raw: 3, time_s: 0.5),
        ])
        #expect(window.dropped == 4)
        #expect(window.readings.map(\.raw) == [1, 2, 3])
        var many = Window(span_s: 1e9, nominal: Self.nominal)
        many.add((0..<5000).map { RawReading(raw: 1, time_s: Double($0)) })
        #expect(many.readings.count == Window.most)
    }

    @Test("At or beyond the converter's ends is saturated; of a waveform, its counts are")
    func saturation() throws {
        #expect(window([0, 100, -100, 99]).figures(at: 1)?.saturatedShare == 0.5)
        var nominal = Self.nominal
        nominal.isAlternating = true
        var window = Window(nominal: nominal)
        window.add([
            RawReading(raw: 500, time_s: 0, mean: 2, phase_deg: 179, frequency_Hz: 50),
            RawReading(
                raw: 500, time_s: 1, mean: 4, phase_deg: -179, frequency_Hz: 51, isSaturated: true),
        ])
        let figures = try #require(window.figures(at: 1))
        #expect(figures.saturatedShare == 0.5)
        #expect(figures.waveMean == 3 && figures.frequency_Hz == 50.5)
        #expect(figures.phase_deg?.magnitude == 180, "the mean of 179 and -179 is not nil")
    }
}
