#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `ThermistorFit.fit`: ln R over 1/T.
enum ThermistorPoints {
    static func fit(
        _ points: [Point], _ reading: ThermistorFit.Reading, _ reference: ReferenceMeter,
        _ resolution: Double
    ) throws(FitRefusal) -> ThermistorFit {
        try Guard.reference(reference)
        guard resolution >= 0, Guard.isPlain(resolution) else {
            throw FitRefusal(
                "the converter's resolution is \(resolution)", "give it as 0 or more")
        }
        if case .ratio(let divider) = reading {
            guard divider.pullUp_Ohm > 0, Guard.isPlain(divider.pullUp_Ohm), divider.tolerance >= 0,
                divider.tolerance < 1
            else {
                throw FitRefusal(
                    "the pull-up has \(divider.pullUp_Ohm) Ω ± \(divider.tolerance)",
                    "give its resistance and tolerance in the board file")
            }
        }
        let order = PointGuard.order(points)
        let sorted = order.map { points[$0] }
        let scatter = PointScatter(sorted, Nominal(resolution: resolution))
        var logs: [Double] = []
        var reach: [Double] = []
        for (k, p) in sorted.enumerated() {
            let (r, lever) = try resistance(p, reading, order[k])
            logs.append(log(r))
            reach.append(lever)
        }
        let warm = sorted.map { $0.reference + ThermistorFit.kelvin }
        try span(warm)
        let x = warm.map { 1 / $0 - 1 / ThermistorFit.t25 }
        let top = x.reduce(0) { max($0, abs($1)) }
        let columns = [x.map { _ in 1.0 }, x.map { $0 / top }]
        // A temperature that is off by 1 K moves ln R by β/T²: two passes tell β.
        var beta = 3500.0
        var sigma: [Double] = []
        var isKnown = false
        var kept = Array(x.indices)
        var out: [Int] = []
        var found: LeastSquares?
        for _ in 0..<2 {
            let own = sorted.indices.map { k in
                let a = scatter.raw[k] * reach[k]
                let lever = beta / (warm[k] * warm[k])
                let b = sorted[k].referenceDeviation * lever
                let c = reference.readingUncertainty * lever
                return (a * a + b * b + c * c).squareRoot()
            }
            isKnown = own.contains { $0 > 0 }
            sigma = PointScatter.filled(own)
            out = Strangers.find(columns, logs, sigma: sigma, isKnown: isKnown)
            let strangers = Set(out)
            kept = x.indices.filter { !strangers.contains($0) }
            found = Strangers.line(columns, logs, sigma, kept)
            beta = (found?.parameters[1] ?? 0) / top
        }
        guard let fit = found else { throw tooClose }
        guard beta > 500, beta < 20_000 else {
            throw FitRefusal(
                "the points make a β of \(Figure.text(beta, 3)) K, which no NTC has",
                "see that resistance and temperature are of the same point, and how the divider is "
                    + "wired")
        }
        let grown = Enlargement(
            fit, isKnown: isKnown, estimated: kept.map { scatter.noise[$0] * reach[$0] },
            freedom: kept.map { scatter.freedom[$0] }, isPooled: scatter.isPooled, of: 2)
        let unit = [1, 1 / top]
        let typeA = (0..<2).map { a in
            (0..<2).map { fit.covariance[a][$0] * unit[a] * unit[$0] * grown.factor }
        }
        // What errors of the thermometer do: it reads T + δ, and ln R seems off by β δ/T².
        func moved(_ off: (Int) -> Double) -> [Double] {
            let change = fit.response(
                to: kept.map { beta / (warm[$0] * warm[$0]) * off($0) })
            return [change[0], change[1] / top]
        }
        let zero = moved { _ in reference.zeroUncertainty }
        let scale = moved { sorted[$0].reference * reference.scaleUncertainty }
        var pullUp = 0.0
        if case .ratio(let divider) = reading { pullUp = divider.tolerance / 3.0.squareRoot() }
        var covariance = typeA
        for a in 0..<2 {
            for b in 0..<2 { covariance[a][b] += zero[a] * zero[b] + scale[a] * scale[b] }
        }
        covariance[0][0] += pullUp * pullUp
        let r25 = exp(fit.parameters[0])
        let outliers = out.map { order[$0] }.sorted()
        var answer = ThermistorFit(
            r25_Ohm: r25, beta_K: beta,
            uncertaintyOfR25_Ohm: r25 * covariance[0][0].squareRoot(),
            uncertaintyOfBeta_K: covariance[1][1].squareRoot(), covariance: covariance,
            scatter: typeA, pullUp: pullUp,
            residuals_K: [Double](repeating: 0, count: points.count), outliers: outliers,
            remarks: [
                outliers.isEmpty ? nil : Figure.leftOut(outliers), grown.remark,
            ].compactMap { $0 })
        for k in sorted.indices {
            let says = answer.temperature_degC(resistance_Ohm: exp(logs[k]))
            answer.residuals_K[order[k]] = (says ?? .nan) - sorted[k].reference
        }
        return answer
    }

    /// Ω, and what one unit of the reading moves of ln R.
    private static func resistance(
        _ p: Point, _ reading: ThermistorFit.Reading, _ index: Int
    ) throws(FitRefusal) -> (Double, Double) {
        guard Guard.isPlain(p.raw), Guard.isPlain(p.deviation), p.deviation >= 0, p.count >= 1,
            Guard.isPlain(p.referenceDeviation), p.referenceDeviation >= 0,
            p.reference > -ThermistorFit.kelvin, Guard.isPlain(p.reference)
        else {
            throw FitRefusal(
                "point \(index + 1) has a number that is none: reads \(p.raw) at \(p.reference) °C",
                "take it again, or leave it out")
        }
        switch reading {
        case .resistance:
            if p.raw > 0 { return (p.raw, 1 / p.raw) }
            throw FitRefusal("point \(index + 1) has \(p.raw) Ω", "see that nothing is shorted")
        case .ratio(let divider):
            if let r = divider.resistance_Ohm(ratio: p.raw) {
                return (r, 1 / (p.raw * (1 - p.raw)))
            }
            throw FitRefusal(
                "point \(index + 1) reads \(p.raw) of the supply: the thermistor is shorted or open",
                "see to its wires, and give the voltage as a part of the supply's")
        }
    }

    private static let tooClose = FitRefusal(
        "the temperatures are too close to tell β", "take points 10 K apart or more")

    private static func span(_ warm: [Double]) throws(FitRefusal) {
        guard warm.count >= 3 else {
            throw FitRefusal(
                "\(warm.count) points, 3 are needed",
                "take \(3 - warm.count) more: ice water, the room, a warm bath")
        }
        guard (warm.max() ?? 0) - (warm.min() ?? 0) >= 10 else { throw tooClose }
    }
}
