/// How fast the clock of a capture runs.
public struct ClockFit: Equatable, Sendable {
    /// Of the sample rate: 1e-6 means that it is 1 ppm fast. It is `Coefficients.scale` too, for a
    /// fast clock finds every frequency too low: true = (1 + rate) · measured.
    public var rate: Double
    /// Standard uncertainty, all parts; and what the points alone say (type A).
    public var uncertainty: Double
    public var scatter: Double
    /// Indices of points that were left out.
    public var outliers: [Int]
    public var rate_ppm: Double { rate * 1e6 }
    public var uncertainty_ppm: Double { uncertainty * 1e6 }

    /// The weighted mean of reference over measured frequency.
    /// - Parameters:
    ///   - points: `raw` is a frequency as this clock finds it, `reference` what it is; Hz. With
    ///     deviations the weights are theirs, without any the points' own scatter tells.
    ///   - reference: Its specification, Hz.
    /// - Throws: `FitRefusal` for no point, one without deviation, frequencies that are none, or a clock
    ///   that is off by 1 % or more, which is another rate and no error.
    public static func fit(
        _ points: [Point], reference: ReferenceMeter
    ) throws(FitRefusal) -> ClockFit {
        try Guard.reference(reference)
        for (k, p) in points.enumerated() {
            guard p.raw > 0, p.reference > 0, Guard.isPlain(p.raw), Guard.isPlain(p.reference),
                Guard.isPlain(p.deviation), p.deviation >= 0, Guard.isPlain(p.referenceDeviation),
                p.referenceDeviation >= 0, p.count >= 1
            else {
                throw FitRefusal(
                    "point \(k + 1) has no frequency: \(p.raw) Hz, reference \(p.reference) Hz",
                    "take it again, or leave it out")
            }
        }
        let sorted = PointGuard.order(points)
        let scatter = PointScatter(sorted.map { points[$0] }, Nominal())
        let rates = sorted.map { points[$0].reference / points[$0].raw - 1 }
        let own = sorted.indices.map { k in
            let p = points[sorted[k]]
            let square =
                scatter.raw[k] * scatter.raw[k] + p.referenceDeviation * p.referenceDeviation
                + reference.readingUncertainty * reference.readingUncertainty
            return square.squareRoot() / p.raw
        }
        let isKnown = own.contains { $0 > 0 }
        guard rates.count >= (isKnown ? 1 : 2) else {
            throw FitRefusal(
                "\(rates.count) frequencies are too few",
                "measure two or more, each for 10 s or longer")
        }
        let sigma = PointScatter.filled(own)
        let ones = rates.map { _ in 1.0 }
        let out = Strangers.find([ones], rates, sigma: sigma, isKnown: isKnown)
        let strangers = Set(out)
        let kept = rates.indices.filter { !strangers.contains($0) }
        guard let mean = Strangers.line([ones], rates, sigma, kept) else {
            throw FitRefusal("the frequencies make no mean", "measure them again")
        }
        let rate = mean.parameters[0]
        guard abs(rate) < 0.01 else {
            throw FitRefusal(
                "the clock is off by \(Figure.text(rate * 100, 3)) %: that is another sample rate",
                "set the rate of the capture in the board file, then calibrate its clock")
        }
        let grown = Enlargement(
            mean, isKnown: isKnown,
            estimated: kept.map { scatter.noise[$0] / points[sorted[$0]].raw },
            freedom: kept.map { scatter.freedom[$0] }, isPooled: scatter.isPooled, of: 1)
        let typeA = mean.covariance[0][0] * grown.factor
        // The same error of the reference's zero weighs more where the frequency is low.
        let zero =
            mean.response(to: kept.map { 1 / points[sorted[$0]].raw })[0]
            * reference.zeroUncertainty
        let scale = reference.scaleUncertainty
        return ClockFit(
            rate: rate, uncertainty: (typeA + zero * zero + scale * scale).squareRoot(),
            scatter: typeA.squareRoot(), outliers: out.map { sorted[$0] }.sorted())
    }
}
