/// Whether a parabola earns its place before a line.
///
/// Akaike's criterion with the correction for few points (Hurvich and Tsai 1989), the points'
/// deviations known: AICc = χ² + 2k + 2k(k + 1)/(n − k − 1), k parameters, n points. Where even the
/// parabola leaves significantly too much (p < 0.01), or nobody knows the deviations, χ² counts in
/// units of the parabola's χ² over its freedom. The parabola is taken where its AICc is less.
struct Curvature {
    let fit: LeastSquares
    /// What a curvature that was not taken may do to zero and scale (scaled units); nil: nothing.
    let leverage: [Double]?
    /// Its standard uncertainty; 0 where none was tested, or it was taken.
    let notTaken: Double
    let remark: String?

    static func choose(
        _ columns: [[Double]], _ y: [Double], _ sigma: [Double], _ kept: [Int], isAllowed: Bool,
        isKnown: Bool
    ) throws(FitRefusal) -> Curvature {
        guard let line = Strangers.line(Array(columns.prefix(2)), y, sigma, kept) else {
            throw DirectFit.noSpan
        }
        let n = kept.count
        guard n >= 5, let parabola = Strangers.line(columns, y, sigma, kept) else {
            let wish =
                "A curvature needs five points at three levels or more: it was not looked for."
            return Curvature(fit: line, leverage: nil, notTaken: 0, remark: isAllowed ? wish : nil)
        }
        let ratio = parabola.chiSquare / Double(parabola.freedom)
        let tail = Distribution.chiSquareTail(parabola.chiSquare, freedom: parabola.freedom)
        let unitOfChi = !isKnown || tail < 0.01 ? ratio : 1
        func criterion(_ fit: LeastSquares) -> Double {
            let (k, n) = (Double(fit.parameters.count), Double(n))
            let chi = unitOfChi > 0 ? fit.chiSquare / unitOfChi : fit.chiSquare
            return chi + 2 * k + 2 * k * (k + 1) / (n - k - 1)
        }
        // A line that leaves no more than rounding needs no curve.
        let rounding = kept.reduce(0.0) {
            let r = 1e-13 * abs(y[$1]) / sigma[$1]
            return $0 + r * r
        }
        let earns = line.chiSquare > rounding && criterion(parabola) < criterion(line)
        if earns && isAllowed {
            return Curvature(fit: parabola, leverage: nil, notTaken: 0, remark: nil)
        }
        guard isAllowed || earns else {
            return Curvature(fit: line, leverage: nil, notTaken: 0, remark: nil)
        }
        // An estimate that is there and not used is as good as an uncertainty more (GUM F.2.4.5).
        let size = parabola.parameters[2]
        let own = parabola.covariance[2][2] * unitOfChi
        let whole = (size * size + own).squareRoot()
        // Where the parabola's zero and scale go when its curvature moves by one.
        let along = line.response(to: kept.map { columns[2][$0] })
        return Curvature(
            fit: line, leverage: along.map { $0 * whole }, notTaken: whole,
            remark: earns
                ? "The channel bends: a curvature would earn its place, and is not allowed." : nil)
    }
}
