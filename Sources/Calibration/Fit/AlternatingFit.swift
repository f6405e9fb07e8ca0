/// `ChannelFit.fit` of a waveform.
enum AlternatingFit {
    static func fit(
        _ points: [Point], _ nominal: Nominal, _ reference: ReferenceMeter, _ options: FitOptions
    ) throws(FitRefusal) -> ChannelFit {
        let order = PointGuard.order(points)
        let sorted = order.map { points[$0] }
        let most = sorted.reduce(0) { max($0, abs($1.reference)) }
        // Nil is what reads less than a hundredth of the largest.
        let isNil = sorted.map { abs($0.reference) < 0.01 * most }
        let still = sorted.indices.filter { isNil[$0] }
        let floor =
            still.reduce(0) { $0 + sorted[$1].raw * sorted[$1].raw }
            / Double(max(1, still.count))
        let v = sorted.map {
            max(0, $0.raw * $0.raw - floor).squareRoot() * abs(nominal.gain)
        }
        let y = sorted.map { abs($0.reference) }
        let levels = sorted.indices.filter { !isNil[$0] && v[$0] > 0 }
        try span(levels.map { v[$0] })
        let scatter = PointScatter(sorted, nominal, samples: options.samplesPerCycle)
        let size = levels.reduce(0) { max($0, v[$1]) }
        let slope = levels.reduce(0) { $0 + y[$1] } / levels.reduce(0) { $0 + v[$1] }
        let column = v.map { $0 / size }
        func sigma(_ slope: Double) -> [Double] {
            sorted.indices.map { k in
                // What the noise of nil takes off a small reading, it adds to its deviation.
                let lever = v[k] > 0 ? sorted[k].raw * abs(nominal.gain) / v[k] : 1
                let own = scatter.raw[k] * nominal.gain * slope * lever
                return
                    (own * own + sorted[k].referenceDeviation * sorted[k].referenceDeviation
                    + reference.readingUncertainty * reference.readingUncertainty).squareRoot()
            }
        }
        let own = sigma(slope)
        let isKnown = levels.contains { own[$0] > 0 }
        let deviations = PointScatter.filled(own)
        // A stranger is one for a line of any zero: the reference has its own.
        let wide = levels.count > 3 && reference.zeroUncertainty > 0
        let strangers =
            options.rejectsOutliers
            ? Set(
                Strangers.find(
                    wide
                        ? [levels.map { _ in 1.0 }, levels.map { column[$0] }]
                        : [levels.map { column[$0] }],
                    levels.map { y[$0] }, sigma: levels.map { deviations[$0] }, isKnown: isKnown
                ).map { levels[$0] }) : []
        let kept = levels.filter { !strangers.contains($0) }
        try span(kept.map { v[$0] })
        guard
            let line = origin(
                kept.map { column[$0] }, kept.map { y[$0] }, kept.map { deviations[$0] },
                isKnown ? reference.zeroUncertainty : 0)
        else { throw DirectFit.noSpan }
        let gain = line.parameters[0] / size
        let grown = Enlargement(
            line, isKnown: isKnown,
            estimated: kept.map { scatter.noise[$0] * abs(nominal.gain * gain) },
            freedom: kept.map { scatter.freedom[$0] }, isPooled: scatter.isPooled, of: 1)
        // The reference's zero, the same in all levels, is type B; the rest is the points'.
        let hasZero = isKnown && reference.zeroUncertainty > 0
        let lifted = kept.map { _ in 1.0 } + (hasZero ? [0] : [])
        let lift = line.response(to: lifted)[0] * reference.zeroUncertainty
        let typeA = max(0, line.covariance[0][0] - (hasZero ? lift * lift : 0))

        let isReversed = Polarity(kept.map { sorted[$0] }) == .reversed
        var k = Coefficients(scale: (isReversed ? -gain : gain) - 1)
        k.temperature_degC = Budget.temperature(
            sorted.indices.filter { !strangers.contains($0) }.map { sorted[$0] })
        var remarks: [String] = []
        if isReversed { remarks.append(Diagnosis.reversed.sentence) }
        let outliers = strangers.map { order[$0] }.sorted()
        if !outliers.isEmpty { remarks.append(Figure.leftOut(outliers)) }
        if let remark = grown.remark { remarks.append(remark) }
        var covariance = Uncertainty.none
        covariance[1][1] = typeA / (size * size) * grown.factor
        let usable = sorted.indices.filter { !strangers.contains($0) }
        if let mean = rest(usable.filter { sorted[$0].mean != nil }, sorted, scatter) {
            k.zero = -(1 + k.scale) * (mean.value - nominal.offset) * nominal.gain
            let u = gain * nominal.gain * mean.uncertainty
            covariance[0][0] = u * u
        } else {
            remarks.append("No point tells the mean of its counts: zero was not looked for.")
        }
        var residuals = [Double](repeating: 0, count: points.count)
        for i in sorted.indices { residuals[order[i]] = gain * v[i] - y[i] }
        let range = kept.map { v[$0] }
        return ChannelFit(
            coefficients: k,
            uncertainty: Uncertainty(
                covariance: covariance,
                parts: Budget.parts(
                    k, nominal, reference, options, referenceScale: lift / size, referenceZero: 0,
                    linearity: nil)),
            residuals: residuals, outliers: outliers,
            range: (range.min() ?? 0)...(range.max() ?? 0), chiSquare: line.chiSquare,
            freedom: line.freedom, isReversed: isReversed, remarks: remarks)
    }

    /// A line through the origin as the reference sees it: its own zero is a second parameter, known
    /// to be 0 within its uncertainty, so that it is no scatter of the points.
    private static func origin(
        _ column: [Double], _ y: [Double], _ sigma: [Double], _ zero: Double
    ) -> LeastSquares? {
        guard zero > 0 else {
            return LeastSquares([column], y, sigma: sigma)
        }
        return LeastSquares(
            [column + [0], column.map { _ in 1 } + [1]], y + [0], sigma: sigma + [zero])
    }

    /// Weighted mean of the counts' means, and its standard uncertainty with what they scatter. The
    /// mean of a cycle scatters as its RMS does: white noise has no preference.
    private static func rest(
        _ known: [Int], _ points: [Point], _ scatter: PointScatter
    ) -> (value: Double, uncertainty: Double)? {
        let means = known.map { points[$0].mean ?? 0 }
        let own = known.map { scatter.raw[$0] }
        let sigma = PointScatter.filled(own)
        guard let fit = LeastSquares([means.map { _ in 1 }], means, sigma: sigma) else {
            return nil
        }
        let isKnown = own.contains { $0 > 0 }
        guard isKnown || fit.freedom > 0 else { return (fit.parameters[0], 0) }
        let grown = Enlargement(
            fit, isKnown: isKnown, estimated: known.map { scatter.noise[$0] },
            freedom: known.map { scatter.freedom[$0] }, isPooled: scatter.isPooled, of: 1)
        return (fit.parameters[0], (fit.covariance[0][0] * grown.factor).squareRoot())
    }

    private static func span(_ v: [Double]) throws(FitRefusal) {
        guard v.count >= 2 else {
            throw FitRefusal(
                "\(v.count) levels that are not nil, 2 are needed",
                "take points at a fifth, a half and near full scale")
        }
        let (low, high) = (v.min() ?? 0, v.max() ?? 0)
        guard high > 1.05 * low else {
            throw FitRefusal(
                "the levels have no span: they lie between \(Figure.text(low, 4)) and "
                    + "\(Figure.text(high, 4))",
                "take levels that differ by a twentieth or more, better by half")
        }
    }
}
