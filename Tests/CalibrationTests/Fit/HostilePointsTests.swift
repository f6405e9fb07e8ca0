import Testing

@testable import Calibration

@Suite("Points that are none")
struct HostilePointsTests {
    private let good = [0.0, 10, 20, 30].map {
        Point(raw: $0, deviation: 0.1, count: 9, reference: $0)
    }

    /// The refusal's message; nil where there was a fit.
    private func refusal(
        _ points: [Point], _ nominal: Nominal = Nominal(), _ meter: ReferenceMeter = perfect,
        _ options: FitOptions = FitOptions()
    ) -> String? {
        do throws(FitRefusal) {
            _ = try ChannelFit.fit(points, nominal: nominal, reference: meter, options: options)
            return nil
        } catch {
            #expect(!error.message.isEmpty && !error.remedy.isEmpty)
            return error.message
        }
    }

    @Test("Too few points, steady and of a waveform")
    func few() {
        #expect(refusal([])?.contains("3 are needed") == true)
        #expect(refusal(Array(good.prefix(1)))?.contains("3 are needed") == true)
        #expect(refusal(Array(good.prefix(2)))?.contains("3 are needed") == true)
        let wave = Nominal(isAlternating: true)
        #expect(refusal([], wave)?.contains("2 are needed") == true)
        #expect(refusal(Array(good.prefix(2)), wave)?.contains("2 are needed") == true)
        #expect(refusal(Array(good.prefix(3)), wave) == nil)
    }

    @Test("Points without a span")
    func span() {
        let same = [Point](repeating: good[2], count: 10_000)
        #expect(refusal(same)?.contains("no span") == true)
        #expect(refusal(same, Nominal(isAlternating: true))?.contains("no span") == true)
        let zeros = [Point](repeating: Point(raw: 0, reference: 0), count: 5)
        #expect(refusal(zeros)?.contains("no span") == true)
    }

    @Test("Points far from nil do not tell zero from scale")
    func oneSide() {
        let far = [230.0, 231, 232, 233].map { Point(raw: $0, reference: $0) }
        #expect(refusal(far)?.contains("far from nil") == true)
        let below = far.map { Point(raw: -$0.raw, reference: -$0.reference) }
        #expect(refusal(below)?.contains("far from nil") == true)
        #expect(refusal(far + [Point(raw: 10, reference: 10)]) == nil)
    }

    @Test(
        "Numbers that are none are refused wherever they stand",
        arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e200])
    func numbers(x: Double) {
        var missed: [String] = []
        let places: [(String, WritableKeyPath<Point, Double>)] = [
            ("raw", \.raw), ("deviation", \.deviation), ("reference", \.reference),
            ("referenceDeviation", \.referenceDeviation),
        ]
        for (name, path) in places {
            var points = good
            points[1][keyPath: path] = x
            if refusal(points) == nil { missed.append(name) }
        }
        for path in [\Nominal.gain, \Nominal.offset, \Nominal.resolution] {
            var nominal = Nominal()
            nominal[keyPath: path] = x
            if refusal(good, nominal) == nil { missed.append("nominal") }
        }
        for path in [
            \ReferenceMeter.ofReading, \ReferenceMeter.absolute, \ReferenceMeter.resolution,
        ] {
            var meter = perfect
            meter[keyPath: path] = x
            if refusal(good, Nominal(), meter) == nil { missed.append("meter") }
        }
        for path in [
            \FitOptions.stabilityPerYear, \FitOptions.interval_years,
            \FitOptions.scalePerKelvinLimit, \FitOptions.zeroPerKelvinLimit,
        ] {
            var options = FitOptions()
            options[keyPath: path] = x
            if refusal(good, Nominal(), perfect, options) == nil { missed.append("options") }
        }
        var points = good
        points[1].mean = x
        if refusal(points) == nil { missed.append("mean") }
        points = good
        points[1].temperature_degC = x
        if refusal(points) == nil { missed.append("temperature") }
        #expect(missed.isEmpty, "\(missed)")
    }

    @Test("No gain, a negative deviation, no reading, a negative meter")
    func signs() {
        #expect(refusal(good, Nominal(gain: 0))?.contains("gain is 0") == true)
        var points = good
        points[0].deviation = -1
        #expect(refusal(points) != nil)
        points = good
        points[0].count = 0
        #expect(refusal(points) != nil)
        var meter = perfect
        meter.ofReading = -0.1
        #expect(refusal(good, Nominal(), meter) != nil)
    }

    @Test("A saturated point is named")
    func saturated() {
        let nominal = Nominal(lowest: -1, highest: 30.1)
        #expect(refusal(good, nominal)?.contains("point 4") == true)
        #expect(refusal(good, Nominal(lowest: 0.1, highest: 99))?.contains("point 1") == true)
        #expect(refusal(good, Nominal(lowest: -1, highest: 99)) == nil)
    }

    @Test("Ten thousand points are as well as ten")
    func many() throws {
        let points = (0..<10_000).map { k -> Point in
            let v = Double(k % 100)
            // Off by ±0.01 in turn; every hundredth is misread.
            let off = k % 2 == 0 ? 0.01 : -0.01
            return Point(
                raw: v, deviation: 0.03, count: 9,
                reference: 1 + 1.02 * v + off + (k % 100 == 50 ? 9 : 0))
        }
        let fit = try ChannelFit.fit(points, nominal: Nominal(), reference: perfect)
        #expect(fit.outliers == (0..<100).map { $0 * 100 + 50 })
        #expect(abs(fit.coefficients.zero - 1) < 0.002 && abs(fit.coefficients.scale - 0.02) < 2e-5)
        #expect(fit.uncertainty.covariance[0][0].squareRoot() < 3e-4)
    }

    @Test("A quiet converter's rounding is not averaged away; a noisy one's is")
    func rounding() throws {
        func uncertainty(_ deviation: Double) throws -> Double {
            let points = [0.0, 50, 100].map {
                Point(raw: $0, deviation: deviation, count: 10_000, reference: $0)
            }
            return try ChannelFit.fit(
                points, nominal: Nominal(resolution: 1), reference: perfect
            ).uncertainty.covariance[1][1].squareRoot()
        }
        // σ of a slope: σ/√5000; 1/√12 of a count where nothing moves, 1/100 of the noise else.
        #expect(isNear(try uncertainty(0), 1 / 60_000.0.squareRoot(), 1e-4))
        #expect(isNear(try uncertainty(0.6), 0.006 / 5000.0.squareRoot(), 0.01))
        // Between: noise of 0.3 counts scatters by √(0.09 + 1/12 − B), B ≈ e^(−4π²·0.09)/2π² = 0.00145.
        let between = (0.09 + 1.0 / 12 - 0.00145).squareRoot()
        #expect(isNear(PointScatter.rounding(between * between), 0.00145.squareRoot(), 0.01))
    }
}
