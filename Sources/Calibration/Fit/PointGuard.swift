/// What points a channel cannot be fitted from.
enum PointGuard {
    static func check(
        _ points: [Point], _ nominal: Nominal, _ reference: ReferenceMeter, _ options: FitOptions
    ) throws(FitRefusal) {
        guard Guard.isPlain(nominal.gain), nominal.gain != 0, Guard.isPlain(nominal.offset),
            Guard.isPlain(nominal.resolution), nominal.resolution >= 0
        else {
            throw FitRefusal(
                "the channel's gain is \(nominal.gain), its offset \(nominal.offset), its resolution "
                    + "\(nominal.resolution)",
                "give a gain that is not 0, and a resolution of 0 or more, in the board file")
        }
        try Guard.reference(reference)
        let limits = [
            options.stabilityPerYear, options.interval_years, options.scalePerKelvinLimit,
            options.zeroPerKelvinLimit,
        ]
        let temperatures = options.temperatures_degC ?? 0...0
        guard limits.allSatisfy({ Guard.isPlain($0) && $0 >= 0 }),
            Guard.isPlain(temperatures.lowerBound), Guard.isPlain(temperatures.upperBound)
        else {
            throw FitRefusal(
                "a limit of stability or temperature is no number of 0 or more",
                "give limits as the data sheet states them")
        }
        for (k, p) in points.enumerated() {
            let numbers = [
                p.raw, p.deviation, p.reference, p.referenceDeviation, p.mean ?? 0,
                p.temperature_degC ?? 0, p.raw * nominal.gain,
            ]
            guard numbers.allSatisfy(Guard.isPlain), p.deviation >= 0, p.referenceDeviation >= 0,
                p.count >= 1
            else {
                throw FitRefusal(
                    "point \(k + 1) has a number that is none: reads \(p.raw) ± \(p.deviation) of "
                        + "\(p.count), reference \(p.reference) ± \(p.referenceDeviation)",
                    "take it again, or leave it out")
            }
        }
        let full = Saturation.points(points, nominal: nominal)
        guard full.isEmpty else {
            throw FitRefusal(
                Diagnosis.saturated(full).sentence,
                "take them again at a lower level, or choose a larger range")
        }
    }

    /// An order of the points' own, so that shuffled ones give the same sums.
    static func order(_ points: [Point]) -> [Int] {
        points.indices.sorted {
            let (a, b) = (points[$0], points[$1])
            if a.raw != b.raw { return a.raw < b.raw }
            if a.reference != b.reference { return a.reference < b.reference }
            if a.deviation != b.deviation { return a.deviation < b.deviation }
            return (a.count, $0) < (b.count, $1)
        }
    }
}
