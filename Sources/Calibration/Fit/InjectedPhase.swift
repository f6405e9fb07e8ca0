#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `PhaseFit.fit`: angles that were measured and angles that are believed.
enum InjectedPhase {
    private struct Angle {
        let index: Int
        /// Reference less measured, about the common direction, degrees.
        var off: Double
        /// Standard deviation as the noise of the level says, degrees; 0 where it says nothing.
        let sigma: Double
        var weight: Double
    }

    static func fit(_ points: [Point], _ reference_deg: Double) throws(FitRefusal) -> PhaseFit {
        guard reference_deg >= 0, reference_deg.isFinite else {
            throw FitRefusal(
                "the uncertainty of the reference's angle is \(reference_deg)°",
                "give it in degrees, 0 or more")
        }
        var angles: [Angle] = []
        for (k, p) in points.enumerated() {
            guard let measured = p.phase_deg, let truth = p.referencePhase_deg else { continue }
            guard measured.isFinite, truth.isFinite, abs(measured) < 1e6, abs(truth) < 1e6 else {
                throw FitRefusal(
                    "point \(k + 1) has the angles \(measured)° and \(truth)°",
                    "leave it out, or take it again")
            }
            let arrow = abs(p.deviation / p.raw) * 180 / .pi
            let sigma = arrow.isFinite ? arrow / Double(max(1, p.count)).squareRoot() : 0
            angles.append(
                Angle(
                    index: k, off: PhaseFit.wrapped(truth - measured), sigma: sigma, weight: 1))
        }
        guard !angles.isEmpty else {
            throw FitRefusal(
                "no point has a phase of its own and one of the reference",
                "take points with a reference that shows the angle, or use two loads")
        }
        // Sums in an order of their own: shuffled points give the same answer.
        angles.sort { ($0.off, $0.sigma, $0.index) < ($1.off, $1.sigma, $1.index) }
        if angles.allSatisfy({ $0.sigma > 0 }) {
            let least = angles.reduce(Double.infinity) { min($0, $1.sigma) }
            for k in angles.indices {
                let ratio = least / angles[k].sigma
                angles[k].weight = ratio * ratio
            }
        }
        let (x, y) = angles.reduce(into: (0.0, 0.0)) {
            $0.0 += $1.weight * cos($1.off * .pi / 180)
            $0.1 += $1.weight * sin($1.off * .pi / 180)
        }
        let total = angles.reduce(0) { $0 + $1.weight }
        guard (x * x + y * y).squareRoot() > 0.5 * total else {
            throw FitRefusal(
                "the points' phase errors have no common direction",
                "see that all were taken with the same wiring and the same reference direction")
        }
        return try mean(of: angles, about: atan2(y, x) * 180 / .pi, reference_deg, points.count)
    }

    private static func mean(
        of all: [Angle], about centre: Double, _ reference_deg: Double, _ count: Int
    ) throws(FitRefusal) -> PhaseFit {
        let about = all.map { angle in
            var angle = angle
            angle.off = PhaseFit.wrapped(angle.off - centre)
            return angle
        }
        // Each about the middle in units of its own spread.
        let middle = Spread.median(about.map(\.off))
        let out = Set(
            Spread.outliers(about.map { ($0.off - middle) * $0.weight.squareRoot() }))
        let kept = about.indices.filter { !out.contains($0) }.map { about[$0] }
        let total = kept.reduce(0) { $0 + $1.weight }
        let mean = kept.reduce(0) { $0 + $1.weight * $1.off } / total
        let freedom = Double(kept.count - 1)
        var u: Double
        var remarks: [String] = []
        if kept.count >= 3 {
            let squares = kept.reduce(0) {
                $0 + $1.weight * ($1.off - mean) * ($1.off - mean)
            }
            u = (squares / (freedom * total)).squareRoot()
            u *= Distribution.enlargement(freedom: freedom)
        } else {
            let variance = kept.reduce(0) { $0 + $1.weight * $1.weight * $1.sigma * $1.sigma }
            u = variance.squareRoot() / total
            if u == 0 {
                remarks.append(
                    "Nobody knows the noise of the phases, and too few tell: none is counted.")
            }
        }
        var phase = PhaseFit.wrapped(centre + mean)
        let polarity = Polarity(error_deg: phase)
        try polarity.check(phase)
        let isReversed = polarity == .reversed
        if isReversed { phase = PhaseFit.wrapped(phase - 180) }
        if isReversed { remarks.append(Diagnosis.reversed.sentence) }
        if abs(phase) > 20 {
            remarks.append(
                "A phase error of \(Figure.text(phase, 3))° is more than a sensor has: see that the "
                    + "voltage is the one of this current.")
        }
        var residuals = [Double](repeating: .nan, count: count)
        for angle in about { residuals[angle.index] = mean - angle.off }
        let outliers = out.map { about[$0].index }.sorted()
        if !outliers.isEmpty { remarks.append(Figure.leftOut(outliers)) }
        return PhaseFit(
            phase_deg: phase, gain: 1,
            uncertainty_deg: (u * u + reference_deg * reference_deg).squareRoot(),
            gainUncertainty: 0, covariance: [[0, 0], [0, u * u]], residuals: residuals,
            outliers: outliers, isReversed: isReversed, remarks: remarks)
    }
}
