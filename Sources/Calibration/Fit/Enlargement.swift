/// What the points' covariance is multiplied with, and why.
struct Enlargement {
    let factor: Double
    let remark: String?

    /// - Parameters:
    ///   - fit: Of the points that were kept.
    ///   - isKnown: Whether the points' deviations are; if not, their scatter about the line is all
    ///     there is.
    ///   - estimated: Of each point the standard deviation that was estimated from few readings, in
    ///     the unit of the reference, and its degrees of freedom.
    ///   - isPooled: Whether they are one estimate, and err together.
    init(
        _ fit: LeastSquares, isKnown: Bool, estimated: [Double], freedom: [Double], isPooled: Bool,
        of parameters: Int
    ) {
        let n = Double(max(1, fit.freedom))
        let ratio = fit.chiSquare / n
        guard isKnown else {
            let t = Distribution.enlargement(freedom: n)
            factor = ratio * t * t
            remark = "The points' own noise is not known: the uncertainty is from their scatter."
            return
        }
        let tail = Distribution.chiSquareTail(fit.chiSquare, freedom: fit.freedom)
        if fit.freedom > 0, tail < 0.01 {
            let t = Distribution.enlargement(freedom: n)
            factor = ratio * t * t
            remark =
                "The points scatter \(Figure.text(ratio.squareRoot(), 2)) times as much as their noise "
                + "says: the uncertainty is enlarged. Was something unsteady, or does the channel bend?"
            return
        }
        // Welch and Satterthwaite (GUM G.4.1), of the parameter that is known worst.
        var least = Double.infinity
        for k in 0..<parameters {
            let influence = fit.influence(on: k)
            var below = 0.0
            var common = 0.0
            for i in estimated.indices where freedom[i].isFinite {
                let u = influence[i] * influence[i] * estimated[i] * estimated[i]
                common += u
                below += isPooled ? 0 : u * u / freedom[i]
            }
            if isPooled, let together = freedom.first(where: \.isFinite) {
                below = common * common / together
            }
            let variance = fit.covariance[k][k]
            if below > 0 { least = min(least, variance * variance / below) }
        }
        let t = Distribution.enlargement(freedom: least)
        factor = t * t
        remark = nil
    }
}
