import Testing

@testable import Calibration

@Suite("Travel of a switch")
struct TravelFitTests {
    private let close = [0.020, 0.021, 0.019, 0.022, 0.018]
    private let open = [0.010, 0.010, 0.011, 0.009, 0.010, 0.010]

    @Test("Mean and spread, and time-outs by the tolerance factor")
    func plain() throws {
        let fit = try TravelFit.fit(close_s: close, open_s: open)
        // Squares 1 + 1 + 4 + 4 ms² over 4: √2.5 ms.
        #expect(isNear(fit.travel.close_s, 0.020) && isNear(fit.travel.open_s, 0.010))
        #expect(isNear(fit.travel.closeSpread_s, 2.5e-6.squareRoot(), 1e-9))
        #expect(fit.travel.operations == 5 && fit.closings == 5 && fit.openings == 6)
        // √(2.5/5) ms · t(4)/2, t = 2.8693094.
        #expect(isNear(fit.closeUncertainty_s, 5e-7.squareRoot() * 1.4346547, 1e-6))
        #expect(isNear(fit.closeLimit_s, 0.020 + 7.50189 * 2.5e-6.squareRoot(), 1e-3))
    }

    @Test("The tolerance factor is SciPy's")
    func tolerance() {
        // scipy.stats.nct.ppf(.95, n-1, norm.ppf(.999)*sqrt(n))/sqrt(n)
        let exact = [
            (5, 7.5018930), (10, 5.2032995), (20, 4.3181912), (30, 4.0221984), (100, 3.5394843),
        ]
        for (n, k) in exact { #expect(isNear(TravelFit.toleranceFactor(n), k, 1e-5), "\(n)") }
    }

    @Test("A contact that is looked at seldom is seen late by half of that")
    func looks() throws {
        let fit = try TravelFit.fit(close_s: close, open_s: open, resolution_s: 0.001)
        #expect(isNear(fit.travel.close_s, 0.0195) && isNear(fit.travel.open_s, 0.0095))
    }

    @Test("An operation far from the others is named")
    func outlier() throws {
        let fit = try TravelFit.fit(close_s: close + [0.5], open_s: open)
        #expect(fit.closeOutliers == [5] && fit.openOutliers.isEmpty && fit.remarks.count == 1)
        #expect(isNear(fit.travel.close_s, 0.020))
        // All the same: nothing is far, nothing spreads.
        let same = try TravelFit.fit(
            close_s: [Double](repeating: 0.02, count: 9), open_s: open)
        #expect(same.closeOutliers.isEmpty && same.travel.closeSpread_s == 0)
    }

    @Test("Fewer than five, and times that are none, are refused")
    func refused() {
        for times in [
            [], Array(close.prefix(4)), close + [.nan], close + [0], close + [-.infinity],
        ] {
            #expect(throws: FitRefusal.self) { try TravelFit.fit(close_s: times, open_s: open) }
            #expect(throws: FitRefusal.self) { try TravelFit.fit(close_s: close, open_s: times) }
        }
        #expect(throws: FitRefusal.self) {
            try TravelFit.fit(close_s: close, open_s: open, resolution_s: .nan)
        }
    }
}

@Suite("Sample clock")
struct ClockFitTests {
    @Test("A fast clock finds every frequency too low")
    func rate() throws {
        // 50 Hz read as 49.999: 50/49.999 − 1 = 20.0004 ppm. U = 2 ppm of the reference.
        let meter = ReferenceMeter(model: "f", form: .certificate, ofReading: 2e-6, absolute: 0)
        let points = [50.0, 60].map {
            Point(raw: $0 * 49.999 / 50, deviation: 1e-9, reference: $0)
        }
        let fit = try ClockFit.fit(points, reference: meter)
        #expect(isNear(fit.rate_ppm, 20.0004, 1e-9) && isNear(fit.uncertainty_ppm, 1, 1e-4))
        let coefficients = Coefficients(scale: fit.rate)
        #expect(isNear(coefficients.corrected(49.999), 50, 1e-12))
    }

    @Test("Weights are the deviations'; without any the scatter tells")
    func weights() throws {
        // Variances 1 and 4: (4·0 + 1·1e-4/50)/5.
        let two = [
            Point(raw: 50, deviation: 1e-4, reference: 50),
            Point(raw: 50, deviation: 2e-4, reference: 50.0001),
        ]
        let fit = try ClockFit.fit(two, reference: perfect)
        #expect(isNear(fit.rate, 0.2e-4 / 50, 1e-6))
        #expect(isNear(fit.scatter, 1e-4 / 50 / 1.25.squareRoot(), 1e-6))
        let bare = [50.001, 50.0, 49.999].map { Point(raw: 50, reference: $0) }
        // Scatter 20 ppm/√3, t(2)/2 = 2.26327.
        #expect(
            isNear(
                try ClockFit.fit(bare, reference: perfect).uncertainty_ppm,
                20 / 3.0.squareRoot() * 2.2632683, 1e-5))
    }

    @Test("No point, none of noise, another rate, numbers that are none")
    func refused() {
        func p(_ raw: Double, _ reference: Double) -> Point {
            Point(raw: raw, deviation: 1e-3, reference: reference)
        }
        for points in [
            [], [Point(raw: 50, reference: 50)], [p(50, 60)], [p(0, 50)], [p(50, .nan)],
            [p(.infinity, 50)], [p(-50, -50)],
        ] {
            #expect(throws: FitRefusal.self) { try ClockFit.fit(points, reference: perfect) }
        }
    }
}

@Suite("Distributions")
struct DistributionTests {
    @Test("Chi-square, t and the normal one are SciPy's")
    func scipy() {
        // stats.chi2.sf(x, n)
        for (x, n, p) in [
            (1, 1, 0.31731050786291115), (10, 5, 0.07523524614651217),
            (3.2, 8, 0.9211865127702811), (200, 150, 0.003973185970821635),
            (1e-3, 2, 0.9995001249791693),
        ] as [(Double, Int, Double)] {
            #expect(isNear(Distribution.chiSquareTail(x, freedom: n), p, 1e-11), "\(x) \(n)")
        }
        // stats.t.isf(.0455002638963584/2, n)/2
        for (n, t) in [
            (1, 6.983865099622276), (2, 2.263268343715083), (3.5, 1.522652239215856),
            (10, 1.1418391012389648), (100, 1.0126545639517297), (1e9, 1),
        ] {
            #expect(isNear(Distribution.enlargement(freedom: n), t, 1e-9), "\(n)")
        }
        // stats.t.isf(.001/2, n), stats.norm.isf(.01/2)
        let t = Distribution.studentQuantile(tail: 0.001, freedom: 4)
        #expect(isNear(t, 8.610301581379275, 1e-10))
        #expect(isNear(Distribution.normalQuantile(tail: 0.01), 2.575829303548901, 1e-11))
    }

    @Test("Ends of the range are no numbers that are none")
    func ends() {
        #expect(Distribution.chiSquareTail(.infinity, freedom: 3) == 0)
        #expect(Distribution.chiSquareTail(0, freedom: 3) == 1)
        #expect(Distribution.chiSquareTail(5, freedom: 0) == 1)
        #expect(Distribution.chiSquareTail(1e6, freedom: 10) == 0)
        #expect(abs(Distribution.chiSquareTail(10_000, freedom: 10_000) - 0.498) < 0.01)
    }
}
