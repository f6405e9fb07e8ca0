/// `ChannelFit.fit` of a steady quantity.
enum DirectFit {
    static func fit(
        _ points: [Point], _ nominal: Nominal, _ reference: ReferenceMeter, _ options: FitOptions
    ) throws(FitRefusal) -> ChannelFit {
        let order = PointGuard.order(points)
        let sorted = order.map { points[$0] }
        let v = sorted.map { nominal.reading($0.raw) }
        let y = sorted.map(\.reference)
        let scatter = PointScatter(sorted, nominal)
        try span(v)
        // Columns of size 1, whatever the unit.
        let size = max(abs(v[0]), abs(v[v.count - 1]))
        let columns = [v.map { _ in 1.0 }, v.map { $0 / size }, v.map { $0 * $0 / (size * size) }]
        // Noise of the reading reaches the reference times the slope, which two passes tell.
        let slope = (y[y.count - 1] - y[0]) / (v[v.count - 1] - v[0])
        func sigma(_ slope: Double) -> [Double] {
            sorted.indices.map { k in
                let own = scatter.raw[k] * nominal.gain * slope
                return
                    (own * own + sorted[k].referenceDeviation * sorted[k].referenceDeviation
                    + reference.readingUncertainty * reference.readingUncertainty).squareRoot()
            }
        }
        var deviations = sigma(slope)
        let isKnown = deviations.contains { $0 > 0 }
        deviations = PointScatter.filled(deviations)
        let bends = options.allowsCurvature && v.count >= 6
        let out =
            options.rejectsOutliers
            ? Strangers.find(
                bends ? columns : Array(columns.prefix(2)), y, sigma: deviations, isKnown: isKnown)
            : []
        let strangers = Set(out)
        let kept = v.indices.filter { !strangers.contains($0) }
        try span(kept.map { v[$0] })
        guard let first = Strangers.line(Array(columns.prefix(2)), y, deviations, kept) else {
            throw noSpan
        }
        deviations = PointScatter.filled(sigma(first.parameters[1] / size))
        let choice = try Curvature.choose(
            columns, y, deviations, kept, isAllowed: options.allowsCurvature, isKnown: isKnown)
        let best = choice.fit
        let gain = best.parameters[1] / size
        let grown = Enlargement(
            best, isKnown: isKnown,
            estimated: kept.map { scatter.noise[$0] * abs(nominal.gain * gain) },
            freedom: kept.map { scatter.freedom[$0] }, isPooled: scatter.isPooled,
            of: best.parameters.count)

        var k = Coefficients(
            zero: best.parameters[0], scale: gain - 1,
            curvature: best.parameters.count > 2 ? best.parameters[2] / (size * size) : 0)
        k.temperature_degC = Budget.temperature(kept.map { sorted[$0] })
        let unit = [1, 1 / size, 1 / (size * size)]
        var covariance = Uncertainty.none
        for a in best.parameters.indices {
            for b in best.parameters.indices {
                covariance[a][b] = best.covariance[a][b] * unit[a] * unit[b] * grown.factor
            }
        }
        let linearity = choice.leverage.map {
            Uncertainty.Part("linearity", .B, zero: abs($0[0]), scale: abs($0[1]) / size)
        }
        let isReversed = gain < 0
        var remarks: [String] = []
        if isReversed { remarks.append(Diagnosis.reversed.sentence) }
        let outliers = out.map { order[$0] }.sorted()
        if !outliers.isEmpty { remarks.append(Figure.leftOut(outliers)) }
        remarks += [grown.remark, choice.remark].compactMap { $0 }
        var residuals = [Double](repeating: 0, count: points.count)
        for i in points.indices {
            residuals[i] = k.corrected(nominal.reading(points[i].raw)) - points[i].reference
        }
        let range = kept.map { v[$0] }
        return ChannelFit(
            coefficients: k,
            uncertainty: Uncertainty(
                covariance: covariance,
                parts: Budget.parts(
                    k, nominal, reference, options, referenceScale: 0,
                    referenceZero: reference.zeroUncertainty, linearity: linearity)),
            residuals: residuals, outliers: outliers,
            range: (range.min() ?? 0)...(range.max() ?? 0), chiSquare: best.chiSquare,
            freedom: best.freedom, isReversed: isReversed,
            curvatureNotTaken: choice.notTaken / (size * size), remarks: remarks)
    }

    static let noSpan = FitRefusal(
        "the points have no span: they all read the same",
        "take points at nil, in the middle and near full scale")

    private static func span(_ v: [Double]) throws(FitRefusal) {
        guard v.count >= 3 else {
            throw FitRefusal(
                "\(v.count) points, 3 are needed",
                "take \(3 - v.count) more: nil, the middle and near full scale")
        }
        let (low, high) = (v.min() ?? 0, v.max() ?? 0)
        let size = max(abs(low), abs(high))
        guard high - low > 1e-9 * size, size > 0 else { throw noSpan }
        guard low <= 0, high >= 0 else {
            // A zero seen from so far is a guess.
            guard min(abs(low), abs(high)) <= 0.8 * size else {
                throw FitRefusal(
                    "all points lie between \(Figure.text(low, 4)) and \(Figure.text(high, 4)), far "
                        + "from nil: zero and scale cannot be told apart",
                    "take a point near nil, or of the other sign")
            }
            return
        }
    }
}
