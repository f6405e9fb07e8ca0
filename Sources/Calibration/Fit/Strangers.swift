/// Points that do not lie on the line, or the parabola, of the others.
///
/// The start is least trimmed: of many lines through two points (parabolas through three) the one
/// whose median distance is least (Rousseeuw 1984), and the two thirds of the points nearest to it.
/// From there the points that a fit to those inside expects are let in until none is left that it
/// does; what stays outside is a stranger. A point is expected where its residual, studentised with
/// the uncertainty of the line there, would be passed by one set in a hundred. Never more than a third
/// is left outside.
enum Strangers {
    /// - Parameters:
    ///   - columns: Those of the fit.
    ///   - isKnown: Whether `sigma` is more than relative weights.
    static func find(
        _ columns: [[Double]], _ y: [Double], sigma: [Double], isKnown: Bool
    ) -> [Int] {
        let (n, p) = (y.count, columns.count)
        let least = max(n - n / 3, p + 1)
        guard n > p + 1, least < n else { return [] }
        guard let start = leastMedian(columns, y, sigma) else { return [] }
        let order = y.indices.sorted { (start[$0], $0) < (start[$1], $1) }
        var isIn = [Bool](repeating: false, count: n)
        for k in order[..<least] { isIn[k] = true }
        while true {
            let inside = y.indices.filter { isIn[$0] }
            if inside.count == n { return [] }
            guard let fit = line(columns, y, sigma, inside) else { return [] }
            let freedom = Double(fit.freedom)
            let ratio = fit.chiSquare / max(1, freedom)
            let isWide =
                !isKnown
                || Distribution.chiSquareTail(fit.chiSquare, freedom: fit.freedom) < 0.01
            let tail = 0.01 / Double(n)
            let limit =
                isWide
                ? ratio.squareRoot() / Spread.trimmed(Double(inside.count) / Double(n))
                    * Distribution.studentQuantile(tail: tail, freedom: freedom)
                : Distribution.normalQuantile(tail: tail)
            var grew = false
            for k in y.indices where !isIn[k] {
                let x = columns.map { $0[k] }
                var own = sigma[k] * sigma[k]
                for a in 0..<p { for b in 0..<p { own += x[a] * fit.covariance[a][b] * x[b] } }
                let off = abs((0..<p).reduce(y[k]) { $0 - fit.parameters[$1] * x[$1] })
                // Rounding of the numbers themselves is no distance.
                let rounding = 1e-12 * (abs(y[k]) + columns.reduce(0) { $0 + abs($1[k]) })
                if off <= max(rounding, limit * own.squareRoot()) {
                    isIn[k] = true
                    grew = true
                }
            }
            if !grew { return y.indices.filter { !isIn[$0] } }
        }
    }

    static func line(
        _ columns: [[Double]], _ y: [Double], _ sigma: [Double], _ kept: [Int]
    ) -> LeastSquares? {
        LeastSquares(
            columns.map { column in kept.map { column[$0] } }, kept.map { y[$0] },
            sigma: kept.map { sigma[$0] })
    }

    /// Distance of each point, in its sigma, from the trial line of least median distance.
    private static func leastMedian(
        _ columns: [[Double]], _ y: [Double], _ sigma: [Double]
    ) -> [Double]? {
        let n = y.count
        var best: (median: Double, distance: [Double])?
        // The cost is trials · n: all subsets of few points, an even choice among many.
        for subset in subsets(n, columns.count, most: max(60, 40_000 / n)) {
            guard let fit = line(columns, y, sigma, subset) else { continue }
            let distance = y.indices.map { k in
                abs((0..<columns.count).reduce(y[k]) { $0 - fit.parameters[$1] * columns[$1][k] })
                    / sigma[k]
            }
            let median = Spread.median(distance)
            if median < (best?.median ?? .infinity) { best = (median, distance) }
        }
        return best?.distance
    }

    /// Subsets of `size` of `n`: all where they are `most` or fewer, else an even choice.
    static func subsets(_ n: Int, _ size: Int, most: Int) -> [[Int]] {
        var all = 1.0
        for k in 0..<size { all *= Double(n - k) / Double(k + 1) }
        guard all > Double(most) else { return Self.all(n, size, from: 0) }
        // Steps by parts of the golden ratio: spread over all, the same on every run.
        var place = [0.5, 0.25, 0.75, 0.125].prefix(size).map { $0 }
        let step = [0.618033988749895, 0.414213562373095, 0.732050807568877, 0.236067977499790]
        var out: [[Int]] = []
        for _ in 0..<most {
            for k in place.indices {
                place[k] = (place[k] + step[k]).truncatingRemainder(dividingBy: 1)
            }
            let chosen = Set(place.map { min(n - 1, Int($0 * Double(n))) })
            if chosen.count == size { out.append(chosen.sorted()) }
        }
        return out
    }

    private static func all(_ n: Int, _ size: Int, from: Int) -> [[Int]] {
        if size == 0 { return [[]] }
        guard from < n else { return [] }
        return (from..<n).flatMap { k in all(n, size - 1, from: k + 1).map { [k] + $0 } }
    }
}
