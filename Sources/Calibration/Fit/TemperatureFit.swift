/// How zero and scale move with temperature.
public struct TemperatureFit: Equatable, Sendable {
    /// Zero and scale at the mean temperature of the points, and what they move a kelvin.
    public var coefficients: Coefficients
    /// Type A of zero, scale, zeroPerKelvin and scalePerKelvin, in this order.
    public var covariance: [[Double]]
    /// Standard uncertainties, all parts: of zero and scale the reference's are most.
    public var uncertaintyOfZero: Double
    public var uncertaintyOfScale: Double
    /// The channel's unit a kelvin.
    public var uncertaintyOfZeroPerKelvin: Double
    /// Ratio a kelvin.
    public var uncertaintyOfScalePerKelvin: Double
    /// What the calibrated channel reads less the reference, of each point.
    public var residuals: [Double]
    /// Indices of points that were left out.
    public var outliers: [Int]
    /// What a person should know, a sentence each.
    public var remarks: [String]

    /// Least difference of the temperatures, K.
    public static let leastSpan_K = 10.0

    /// Weighted least squares of true = zero + zeroPerKelvin · d + (1 + scale + scalePerKelvin · d) · v,
    /// d the distance from the mean temperature.
    ///
    /// The reference is supposed to stay at its own temperature, so that its errors of zero and scale
    /// are the same in all points.
    /// - Parameters:
    ///   - points: Six or more, each with a temperature, of two temperatures 10 K apart or more, at
    ///     two levels or more in each. Of a steady quantity: a waveform's zero moves with its RMS not.
    ///   - temperatureUncertainty_K: Standard uncertainty of the thermometer's slope over the span: it
    ///     reaches the coefficients as its part of the span.
    /// - Throws: `FitRefusal` for a span less than 10 K, or levels that were not taken at both ends.
    public static func fit(
        _ points: [Point], nominal: Nominal, reference: ReferenceMeter,
        options: FitOptions = FitOptions(), temperatureUncertainty_K: Double = 0
    ) throws(FitRefusal) -> TemperatureFit {
        try PointGuard.check(points, nominal, reference, options)
        try check(points, nominal, temperatureUncertainty_K)
        let order = PointGuard.order(points)
        let sorted = order.map { points[$0] }
        let warm = sorted.map { $0.temperature_degC ?? 0 }
        let centre = warm.reduce(0, +) / Double(warm.count)
        let (low, high) = (warm.min() ?? 0, warm.max() ?? 0)
        let span = high - low
        let v = sorted.map { nominal.reading($0.raw) }
        let size = v.reduce(0) { max($0, abs($1)) }
        let d = warm.map { ($0 - centre) / span }
        let x = v.map { $0 / size }
        let columns = [
            x.map { _ in 1.0 }, x, d, zip(x, d).map { $0 * $1 },
        ]
        let scatter = PointScatter(sorted, nominal)
        let y = sorted.map(\.reference)
        let guess = Strangers.line(
            Array(columns.prefix(2)), y, y.map { _ in 1 }, Array(y.indices))
        let slope = (guess?.parameters[1] ?? size) / size
        let own = sorted.indices.map { k in
            let a = scatter.raw[k] * nominal.gain * slope
            let b = sorted[k].referenceDeviation
            let c = reference.readingUncertainty
            return (a * a + b * b + c * c).squareRoot()
        }
        let isKnown = own.contains { $0 > 0 }
        let sigma = PointScatter.filled(own)
        let out =
            options.rejectsOutliers
            ? Strangers.find(columns, y, sigma: sigma, isKnown: isKnown) : []
        let strangers = Set(out)
        let kept = y.indices.filter { !strangers.contains($0) }
        guard let fit = Strangers.line(columns, y, sigma, kept) else { throw untold }
        let grown = Enlargement(
            fit, isKnown: isKnown,
            estimated: kept.map { scatter.noise[$0] * abs(nominal.gain * slope) },
            freedom: kept.map { scatter.freedom[$0] }, isPooled: scatter.isPooled, of: 4)

        let unit = [1, 1 / size, 1 / span, 1 / (size * span)]
        let p = zip(fit.parameters, unit).map { $0 * $1 }
        var k = Coefficients(
            zero: p[0], scale: p[1] - 1, zeroPerKelvin: p[2], scalePerKelvin: p[3])
        k.temperature_degC = centre
        let covariance = (0..<4).map { a in
            (0..<4).map { fit.covariance[a][$0] * unit[a] * unit[$0] * grown.factor }
        }
        let meter = reference.scaleUncertainty
        let slip = temperatureUncertainty_K / span
        func root(_ parts: Double...) -> Double {
            parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
        }
        let a = (0..<4).map { covariance[$0][$0].squareRoot() }
        let outliers = out.map { order[$0] }.sorted()
        return TemperatureFit(
            coefficients: k, covariance: covariance,
            uncertaintyOfZero: root(a[0], reference.zeroUncertainty, meter * p[0]),
            uncertaintyOfScale: root(a[1], meter * p[1]),
            uncertaintyOfZeroPerKelvin: root(a[2], (meter + slip) * p[2]),
            uncertaintyOfScalePerKelvin: root(a[3], (meter + slip) * p[3]),
            residuals: points.map {
                k.corrected(nominal.reading($0.raw), at: $0.temperature_degC) - $0.reference
            }, outliers: outliers,
            remarks: [
                outliers.isEmpty ? nil : Figure.leftOut(outliers), grown.remark,
            ].compactMap { $0 })
    }

    private static let untold = FitRefusal(
        "the points do not tell what temperature does to zero from what it does to scale",
        "take the same two levels or more at each temperature")

    private static func check(
        _ points: [Point], _ nominal: Nominal, _ slip_K: Double
    ) throws(FitRefusal) {
        guard slip_K >= 0, slip_K.isFinite else {
            throw FitRefusal(
                "the uncertainty of the temperature is \(slip_K) K", "give it in kelvin, 0 or more")
        }
        guard !nominal.isAlternating else {
            throw FitRefusal(
                "a waveform's zero is not in its RMS",
                "calibrate it by `ChannelFit` at each temperature")
        }
        guard points.count >= 6 else {
            throw FitRefusal(
                "\(points.count) points, 6 are needed",
                "take three levels at each of two temperatures")
        }
        let known = points.compactMap(\.temperature_degC)
        guard known.count == points.count else {
            throw FitRefusal(
                "\(points.count - known.count) points have no temperature",
                "give each point the board's temperature in °C")
        }
        let span = (known.max() ?? 0) - (known.min() ?? 0)
        guard span >= leastSpan_K else {
            throw FitRefusal(
                "the temperatures differ by \(Figure.text(span, 3)) K, 10 K are needed",
                "warm or cool the board, wait until it is steady, and take the points again")
        }
    }
}
