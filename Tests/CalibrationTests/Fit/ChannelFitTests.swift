import Testing

@testable import Calibration

/// A meter without any error: what is left is the points'.
let perfect = ReferenceMeter(model: "perfect", form: .certificate, ofReading: 0, absolute: 0)

/// Whether `a` is `b` to this ratio.
func isNear(_ a: Double, _ b: Double, _ ratio: Double = 1e-9, _ least: Double = 0) -> Bool {
    abs(a - b) <= ratio * max(abs(a), abs(b)) + least
}

@Suite("Fit of a steady channel")
struct ChannelFitTests {
    private let plain = Nominal(gain: 1)
    private let v = [0.0, 10, 20, 30, 40, 50]
    private let y = [0.31, 10.52, 20.69, 30.95, 41.08, 51.33]
    private let s = [0.02, 0.02, 0.03, 0.03, 0.05, 0.05]
    private var points: [Point] {
        v.indices.map { Point(raw: v[$0], reference: y[$0], referenceDeviation: s[$0]) }
    }

    @Test("Three points on a line give the line")
    func exact() throws {
        // raw 100, 300, 500 · (v = (raw − 100) · 0.5 = 0, 100, 200); y = 2 + 1.01 v = 2, 103, 204.
        let nominal = Nominal(gain: 0.5, offset: 100)
        let points = [(100.0, 2.0), (300, 103), (500, 204)].map {
            Point(raw: $0.0, reference: $0.1)
        }
        let fit = try ChannelFit.fit(points, nominal: nominal, reference: perfect)
        #expect(isNear(fit.coefficients.zero, 2, 1e-12))
        #expect(isNear(fit.coefficients.scale, 0.01, 1e-11))
        #expect(fit.coefficients.curvature == 0 && !fit.isReversed && fit.outliers.isEmpty)
        #expect(fit.range == 0...200 && fit.freedom == 1)
        #expect(fit.residuals.allSatisfy { abs($0) < 1e-11 })
    }

    @Test("A weighted line is NumPy's")
    func line() throws {
        // X = np.vstack([np.ones(6), v]).T; W = np.diag(1/s**2)
        // C = np.linalg.inv(X.T@W@X); b = C@X.T@W@y; chi = ((y-X@b)**2/s**2).sum()
        let fit = try ChannelFit.fit(points, nominal: plain, reference: perfect)
        let c = fit.uncertainty.covariance
        #expect(isNear(fit.coefficients.zero, 0.3115726221278594))
        #expect(isNear(fit.coefficients.scale, 0.0202625897830016))
        #expect(isNear(c[0][0], 2.532914572628692e-04) && isNear(c[1][1], 6.093849788196987e-07))
        #expect(isNear(c[0][1], -8.853806686729417e-06) && c[0][1] == c[1][0])
        #expect(isNear(fit.chiSquare, 2.646196595584134, 1e-8) && fit.freedom == 4)
    }

    @Test("A parabola that earns its place is NumPy's; one that does not is not taken")
    func parabola() throws {
        // The same with X = np.vstack([np.ones(6), v, v*v]).T, and 0.001 v² added to y, which adds
        // 0.001 to the curvature and nothing to the covariance.
        let bent = points.map { p in
            var p = p
            p.reference += 0.001 * p.raw * p.raw
            return p
        }
        let options = FitOptions(allowsCurvature: true)
        let fit = try ChannelFit.fit(bent, nominal: plain, reference: perfect, options: options)
        let c = fit.uncertainty.covariance
        #expect(isNear(fit.coefficients.zero, 0.31078689318751396, 1e-8))
        #expect(isNear(fit.coefficients.scale, 0.0204342271932205, 1e-7))
        #expect(isNear(fit.coefficients.curvature, 0.001 - 4.109230717287693e-06, 1e-8))
        #expect(isNear(c[2][2], 2.6463413060354181e-09, 1e-8))
        #expect(isNear(c[0][2], 5.06008811202418e-07, 1e-8))
        #expect(fit.uncertainty.parts.allSatisfy { $0.name != "linearity" })

        let straight = try ChannelFit.fit(
            points, nominal: plain, reference: perfect, options: options)
        #expect(straight.coefficients.curvature == 0)
        let linearity = try #require(
            straight.uncertainty.parts.first { $0.name == "linearity" })
        // Not taken: its root mean square √(4.1092e-6² + 2.6463e-9) = 5.1606e-5.
        #expect(isNear(straight.curvatureNotTaken, 5.160607e-05, 1e-5))
        // Line less parabola is what curvature −4.1092307e-6 does to them: zero 7.857289403e-4.
        let lever = 7.857289403454e-4 / 4.1092307172876930e-06
        #expect(isNear(linearity.zero, 5.160607e-05 * lever, 1e-5))
        #expect(linearity.scale > 0 && linearity.kind == .B)
    }

    @Test("A bend that is not allowed is told, and its size is uncertainty")
    func refusedBend() throws {
        let bent = points.map { p in
            var p = p
            p.reference += 0.001 * p.raw * p.raw
            return p
        }
        let options = FitOptions(rejectsOutliers: false)
        let fit = try ChannelFit.fit(bent, nominal: plain, reference: perfect, options: options)
        #expect(fit.coefficients.curvature == 0)
        #expect(fit.remarks.contains { $0.hasPrefix("The channel bends") })
        #expect(fit.uncertainty.parts.contains { $0.name == "linearity" && $0.scale > 0.03 })
    }

    @Test("The reference's own uncertainty is a part, whole, whatever the number of points")
    func reference() throws {
        let meter = ReferenceMeter(
            model: "m", form: .certificate, ofReading: 0.001, absolute: 0.02)
        let many = (0..<500).map {
            Point(raw: Double($0), deviation: 0.1, count: 10, reference: Double($0))
        }
        let fit = try ChannelFit.fit(many, nominal: plain, reference: meter)
        let part = try #require(fit.uncertainty.parts.first { $0.name == "reference" })
        #expect(isNear(part.scale, 0.0005) && isNear(part.zero, 0.01))
        // 0.1/√10 over 500 points is far less.
        #expect(isNear(fit.uncertaintyOfScale, 0.0005, 1e-3))
        // A transformer of twice the ratio: what is 0.05 % of the truth is 0.1 % of the reading.
        let twice = many.map { Point(raw: $0.raw, reference: 2 * $0.reference) }
        let double = try ChannelFit.fit(twice, nominal: plain, reference: meter)
        #expect(
            isNear(double.uncertainty.parts.first { $0.name == "reference" }?.scale ?? 0, 0.001))
    }

    @Test("Limits of resolution, stability and temperature are rectangular")
    func limits() throws {
        var options = FitOptions(stabilityPerYear: 0.0003, interval_years: 2)
        (options.scalePerKelvinLimit, options.zeroPerKelvinLimit) = (1e-5, 2e-4)
        options.temperatures_degC = -10...40
        let warm = points.map { p in
            var p = p
            p.temperature_degC = 20
            return p
        }
        let nominal = Nominal(gain: 1, resolution: 0.003)
        let fit = try ChannelFit.fit(
            warm, nominal: nominal, reference: perfect, options: options)
        func part(_ name: String) -> Uncertainty.Part? {
            fit.uncertainty.parts.first { $0.name == name }
        }
        let gain = 1 + fit.coefficients.scale
        let root3 = 3.0.squareRoot()
        #expect(fit.coefficients.temperature_degC == 20)
        // 0.0003 · 2 years; 30 K is the far end of −10 ... 40 from 20.
        #expect(isNear(part("stability")?.scale ?? 0, 0.0006 / root3 * gain))
        #expect(isNear(part("temperature")?.scale ?? 0, 1e-5 * 30 / root3 * gain))
        #expect(isNear(part("temperature")?.zero ?? 0, 2e-4 * 30 / root3))
        #expect(isNear(part("resolution")?.zero ?? 0, 0.003 * gain / 12.0.squareRoot()))
        // The count of a later reading is none of zero's.
        let zero = (fit.uncertainty.covariance[0][0] + 0.006 * 0.006 / 3).squareRoot()
        #expect(isNear(fit.uncertaintyOfZero, zero, 1e-6))
    }

    @Test("A point that was misread is left out, and named")
    func outlier() throws {
        for k in points.indices {
            var wrong = points
            wrong[k].reference += 3
            let fit = try ChannelFit.fit(wrong, nominal: plain, reference: perfect)
            #expect(fit.outliers == [k], "point \(k)")
            #expect(fit.remarks.contains { $0.hasPrefix("Left out: point \(k + 1),") })
            #expect(isNear(fit.coefficients.scale, 0.0202625897830016, 0.1))
            #expect(abs(abs(fit.residuals[k]) - 3) < 0.2)
        }
    }

    @Test("Never more than a third is left out")
    func third() throws {
        var wild = points
        for (k, off) in [(0, 9.0), (2, -7), (3, 11), (5, -20)] { wild[k].reference += off }
        let fit = try ChannelFit.fit(wild, nominal: plain, reference: perfect)
        #expect(fit.outliers.count <= 2)
        #expect(fit.remarks.contains { $0.contains("scatter") })
    }

    @Test("Scatter far above the noise enlarges the uncertainty; less than that does not")
    func chiSquare() throws {
        let quiet = points.map {
            Point(
                raw: $0.raw, reference: $0.reference, referenceDeviation: $0.referenceDeviation / 10
            )
        }
        let options = FitOptions(rejectsOutliers: false)
        let fit = try ChannelFit.fit(quiet, nominal: plain, reference: perfect, options: options)
        // χ² 264.6 of 4: covariance · 264.6/4 · (t(4)/2)², t of 95.45 % and 4 degrees is 2.8693094.
        let factor = 264.6196595584134 / 4 * (2.8693094 / 2) * (2.8693094 / 2)
        #expect(isNear(fit.uncertainty.covariance[0][0], 2.532914572628692e-06 * factor, 1e-5))
        #expect(fit.remarks.count == 1)
    }

    @Test("Few readings of unknown noise are paid for with Student's factor")
    func fewReadings() throws {
        // Three points of two readings each, pooled: three degrees, t = 3.3068; σ of a mean 0.1/√2.
        let points = [0.0, 50, 100].map {
            Point(raw: $0, deviation: 0.1, count: 2, reference: $0)
        }
        let fit = try ChannelFit.fit(points, nominal: plain, reference: perfect)
        // Variance of the slope: σ²/Σ(v − 50)² = 0.005/5000.
        let t = 3.3068 / 2
        #expect(isNear(fit.uncertainty.covariance[1][1], 1e-6 * t * t, 1e-4))
    }

    @Test("A negative slope is a sensor the wrong way round")
    func reversed() throws {
        let points = [-40.0, -10, 15, 40].map { Point(raw: $0, reference: -1.02 * $0 + 0.1) }
        let fit = try ChannelFit.fit(points, nominal: plain, reference: perfect)
        #expect(fit.isReversed && isNear(fit.coefficients.scale, -2.02))
        #expect(fit.remarks.contains(Diagnosis.reversed.sentence))
        #expect(isNear(fit.coefficients.corrected(10), -10.1))
    }

    @Test("The order of the points is nothing to the fit")
    func permutation() throws {
        var points = points
        points[2].reference += 2
        let fit = try ChannelFit.fit(points, nominal: plain, reference: perfect)
        for turn in 1..<6 {
            let order = points.indices.map { ($0 * 5 + turn) % 6 }
            let other = try ChannelFit.fit(
                order.map { points[$0] }, nominal: plain, reference: perfect)
            #expect(other.coefficients == fit.coefficients)
            #expect(other.uncertainty == fit.uncertainty && other.chiSquare == fit.chiSquare)
            #expect(other.residuals == order.map { fit.residuals[$0] })
            #expect(other.outliers.map { order[$0] } == fit.outliers)
        }
    }

    @Test("Millivolts give what volts give", arguments: [1e-6, 1e-3, 1024, 1e9])
    func units(size: Double) throws {
        let meter = ReferenceMeter(
            model: "m", form: .limits, ofReading: 0.0005, absolute: 0.03, resolution: 0.001)
        var scaled = meter
        scaled.absolute *= size
        scaled.resolution *= size
        let options = FitOptions(allowsCurvature: true)
        let a = try ChannelFit.fit(points, nominal: plain, reference: meter, options: options)
        let b = try ChannelFit.fit(
            points.map {
                Point(
                    raw: $0.raw, reference: $0.reference * size,
                    referenceDeviation: $0.referenceDeviation * size)
            }, nominal: Nominal(gain: size), reference: scaled, options: options)
        #expect(isNear(b.coefficients.zero, a.coefficients.zero * size, 1e-10))
        #expect(isNear(b.coefficients.scale, a.coefficients.scale, 1e-9))
        #expect(isNear(b.uncertaintyOfZero, a.uncertaintyOfZero * size, 1e-9))
        #expect(isNear(b.uncertaintyOfScale, a.uncertaintyOfScale, 1e-9))
        #expect(isNear(b.chiSquare, a.chiSquare, 1e-8) && a.outliers == b.outliers)
    }
}
