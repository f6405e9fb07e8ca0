#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Type A of each point: how far its own reading, and the reference's, may be from their means.
struct PointScatter {
    /// Standard deviation of the mean of `raw`, noise and the count's rounding; in the unit of raw.
    let raw: [Double]
    /// The part of it that was estimated from the point's readings, and its degrees of freedom.
    let noise: [Double]
    let freedom: [Double]
    /// Whether the points share one estimate.
    let isPooled: Bool

    /// The same noise is in all points of a channel, as a rule: where Bartlett's test agrees
    /// (p ≥ 0.001) their deviations are pooled, or a point that was quiet by chance would weigh too
    /// much (ISO 5725-2, 7.4).
    ///
    /// A steady voltage between two counts is rounded the same way each time: its mean is wrong by a
    /// bias that averaging does not touch until noise of half a count dithers it. That of points with
    /// a deviation of half a count or less is judged from all such points together, for one alone
    /// may sit on the edge of a count, or between two.
    init(_ points: [Point], _ nominal: Nominal, samples: Int = 32) {
        let variances = points.map { $0.deviation * $0.deviation }
        let freedoms = points.map { Double(max(0, $0.count - 1)) }
        let told = points.indices.filter { freedoms[$0] > 0 }
        let together = told.reduce(0) { $0 + freedoms[$1] }
        let mean = told.reduce(0) { $0 + freedoms[$1] * variances[$1] } / max(1, together)
        let isPooled = Self.isAlike(told.map { variances[$0] }, told.map { freedoms[$0] }, mean)
        self.isPooled = isPooled
        noise = points.indices.map {
            let variance = isPooled && freedoms[$0] > 0 ? mean : variances[$0]
            return (variance / Double(max(1, points[$0].count))).squareRoot()
        }
        freedom = points.indices.map {
            // A deviation with one reading comes from elsewhere: it is believed.
            isPooled && freedoms[$0] > 0 ? together : freedoms[$0] > 0 ? freedoms[$0] : .infinity
        }
        let bias = Self.roundingBias(points, nominal, variances, max(1, samples))
        raw = zip(noise, bias).map { ($0 * $0 + $1 * $1).squareRoot() }
    }

    /// Bartlett's test: one variance in all.
    private static func isAlike(_ variances: [Double], _ freedoms: [Double], _ mean: Double)
        -> Bool
    {
        let k = variances.count
        guard k > 1 else { return false }
        guard variances.allSatisfy({ $0 > 0 }), mean > 0 else { return false }
        let total = freedoms.reduce(0, +)
        let m = zip(variances, freedoms).reduce(total * log(mean)) { $0 - $1.1 * log($1.0) }
        let c = 1 + (freedoms.reduce(0) { $0 + 1 / $1 } - 1 / total) / (3 * Double(k - 1))
        return Distribution.chiSquareTail(m / c, freedom: k - 1) >= 0.001
    }

    /// Standard deviation of the mean's rounding, which averaging leaves; in the unit of raw.
    private static func roundingBias(
        _ points: [Point], _ nominal: Nominal, _ variances: [Double], _ samples: Int
    ) -> [Double] {
        let step = nominal.resolution
        guard step > 0 else { return points.map { _ in 0 } }
        if nominal.isAlternating {
            // A wave crosses many counts: its samples dither one another; but a cycle in step with
            // them is rounded alike each time. A cycle's RMS scatters by a sample's over √n.
            let n = Double(samples)
            return variances.map { rounding($0 * n / (step * step)) * step / n.squareRoot() }
        }
        let quiet = points.indices.filter { variances[$0] <= step * step / 4 }
        let mean = quiet.reduce(0) { $0 + variances[$1] } / Double(max(1, quiet.count))
        return points.indices.map {
            rounding(variances[$0] <= step * step / 4 ? mean / (step * step) : 1) * step
        }
    }

    /// What remains of the rounding of a mean, in counts, where single readings have `variance`
    /// (counts², rounding included): 1/√12 without noise, next to nothing from half a count on.
    ///
    /// The rounding error of a mean is Σ (−1)ᵏ/(πk) · sin 2πkx · e^(−2π²k²σ²) over the place x in the
    /// count (Widrow and Kollár, Quantization Noise, 2008, 4 and appendix G): its variance B over all
    /// places is Σ e^(−4π²k²σ²)/(2π²k²), and readings scatter by σ² + 1/12 − B.
    static func rounding(_ variance: Double) -> Double {
        func bias(_ noise: Double) -> Double {
            var sum = 0.0
            for k in 1...40 {
                let k2 = Double(k * k)
                sum += exp(-4 * .pi * .pi * k2 * noise) / (2 * .pi * .pi * k2)
            }
            // What is left out of the sum at no noise: Σ from 41 on, about 1/40.5.
            return sum + exp(-4 * .pi * .pi * 1640 * noise) / (2 * .pi * .pi * 40.5)
        }
        guard variance > 0 else { return bias(0).squareRoot() }
        guard variance < 1 else { return 0 }
        var (low, high) = (0.0, 1.0)
        for _ in 0..<50 {
            let middle = (low + high) / 2
            if middle + 1.0 / 12 - bias(middle) > variance { high = middle } else { low = middle }
        }
        return bias(high).squareRoot()
    }

    /// Deviations for weighing: those that are 0 get the mean square of the others, or all get 1.
    static func filled(_ sigma: [Double]) -> [Double] {
        let known = sigma.filter { $0 > 0 }
        guard !known.isEmpty else { return sigma.map { _ in 1 } }
        let scale = known.max() ?? 1
        let mean = known.reduce(0) { $0 + ($1 / scale) * ($1 / scale) } / Double(known.count)
        return sigma.map { $0 > 0 ? $0 : mean.squareRoot() * scale }
    }
}
