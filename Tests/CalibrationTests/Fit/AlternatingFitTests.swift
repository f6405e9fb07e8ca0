import Testing

@testable import Calibration

@Suite("Fit of a waveform")
struct AlternatingFitTests {
    private let nominal = Nominal(gain: 0.01, offset: 2048, resolution: 1, isAlternating: true)
    private func point(
        _ raw: Double, _ reference: Double, mean: Double? = 2058, phase: Double? = nil,
        truth: Double? = nil
    ) -> Point {
        Point(
            raw: raw, deviation: 0.1, count: 10, reference: reference, mean: mean,
            phase_deg: phase, referencePhase_deg: truth)
    }

    @Test("Scale is from RMS through the origin, zero from the mean of the counts")
    func exact() throws {
        // v = 1, 5, 10 A; the reference says 2 % more. Mean 10 counts high: 0.1 A there, 0.102 true.
        let points = [point(100, 1.02), point(500, 5.1), point(1000, 10.2)]
        let fit = try ChannelFit.fit(points, nominal: nominal, reference: perfect)
        let k = fit.coefficients
        #expect(isNear(k.scale, 0.02, 1e-9) && isNear(k.zero, -0.102, 1e-9))
        // The instantaneous value of the mean is nil.
        #expect(abs(k.corrected((2058 - 2048) * 0.01)) < 1e-12)
        #expect(isNear(fit.range.lowerBound, 1) && isNear(fit.range.upperBound, 10))
        #expect(fit.freedom == 2 && !fit.isReversed)
    }

    @Test("A point at nil takes its noise off the others, in squares")
    func floor() throws {
        // √(3² + 4²) = 5 counts for 4 true ones; √(3² + 40²) = 40.1123.
        let points = [
            point(3, 0), point(5, 0.04), point((9.0 + 1600).squareRoot(), 0.4),
        ]
        let fit = try ChannelFit.fit(points, nominal: nominal, reference: perfect)
        #expect(abs(fit.coefficients.scale) < 1e-9)
        #expect(fit.residuals.allSatisfy { abs($0) < 1e-9 })
    }

    @Test("Half a turn of phase is a sensor the wrong way round; RMS alone cannot tell")
    func reversed() throws {
        let silent = [point(100, 1), point(1000, 10)]
        #expect(try !ChannelFit.fit(silent, nominal: nominal, reference: perfect).isReversed)
        let told = silent.map {
            point($0.raw, $0.reference, phase: 150.5, truth: -30)
        }
        let fit = try ChannelFit.fit(told, nominal: nominal, reference: perfect)
        #expect(fit.isReversed && isNear(fit.coefficients.scale, -2))
        // −(1 + scale) · 10 counts · 0.01 = +0.1.
        #expect(isNear(fit.coefficients.zero, 0.1))
    }

    @Test("The reference's own zero is its part of the scale, and no scatter of the points")
    func referenceZero() throws {
        let meter = ReferenceMeter(model: "m", form: .certificate, ofReading: 0, absolute: 0.1)
        // The reference is 0.05 A high at every level.
        let points = [point(200, 2.05), point(500, 5.05), point(1000, 10.05)]
        let fit = try ChannelFit.fit(points, nominal: nominal, reference: meter)
        #expect(!fit.remarks.contains { $0.contains("scatter") } && fit.outliers.isEmpty)
        #expect(abs(fit.coefficients.scale) <= 2 * fit.uncertaintyOfScale)
        let plain = try ChannelFit.fit(points, nominal: nominal, reference: perfect)
        #expect(plain.remarks.contains { $0.contains("scatter") })
    }

    @Test("No mean: no zero, and a remark")
    func noMean() throws {
        let points = [point(100, 1, mean: nil), point(1000, 10, mean: nil)]
        let fit = try ChannelFit.fit(points, nominal: nominal, reference: perfect)
        #expect(fit.coefficients.zero == 0)
        #expect(fit.remarks.contains { $0.contains("mean of its counts") })
    }

    @Test("A gain that turns polarity, and a reference with a direction")
    func signs() throws {
        var turned = nominal
        turned.gain = -0.01
        let points = [point(100, -1.02), point(500, -5.1), point(1000, -10.2)]
        let fit = try ChannelFit.fit(points, nominal: turned, reference: perfect)
        #expect(isNear(fit.coefficients.scale, 0.02))
        // v of the mean is −0.1: 1.02 · 0.1 makes it nil.
        #expect(isNear(fit.coefficients.zero, 0.102))
    }
}
