/// Weighted linear least squares with a few parameters, by Gram and Schmidt with a second pass, so
/// that a narrow span costs no digits.
struct LeastSquares {
    let parameters: [Double]
    /// With the weights taken as 1/σ², σ known.
    let covariance: [[Double]]
    let chiSquare: Double
    let freedom: Int
    private let basis: [[Double]]
    private let triangle: [[Double]]
    private let sigma: [Double]

    /// - Parameters:
    ///   - columns: One for each parameter, each as long as `y`.
    ///   - sigma: Standard deviations of `y`, more than 0.
    /// - Returns: nil where the columns do not tell the parameters apart.
    init?(_ columns: [[Double]], _ y: [Double], sigma: [Double]) {
        let (n, p) = (y.count, columns.count)
        guard n >= p, p > 0 else { return nil }
        var basis: [[Double]] = []
        var triangle = [[Double]](repeating: [Double](repeating: 0, count: p), count: p)
        for k in 0..<p {
            var column = (0..<n).map { columns[k][$0] / sigma[$0] }
            let before = Self.norm(column)
            for _ in 0..<2 {
                for j in basis.indices {
                    let along = Self.dot(basis[j], column)
                    triangle[j][k] += along
                    for i in 0..<n { column[i] -= along * basis[j][i] }
                }
            }
            let left = Self.norm(column)
            guard left.isFinite, left > 1e-10 * before, left > 0 else { return nil }
            triangle[k][k] = left
            basis.append(column.map { $0 / left })
        }
        (self.basis, self.triangle, self.sigma) = (basis, triangle, sigma)
        let found = Self.solve(triangle, basis, zip(y, sigma).map { $0 / $1 })
        parameters = found
        let inverse = Self.inverse(triangle)
        covariance = (0..<p).map { a in
            (0..<p).map { b in (0..<p).reduce(0) { $0 + inverse[a][$1] * inverse[b][$1] } }
        }
        var sum = 0.0
        for i in 0..<n {
            let r = ((0..<p).reduce(y[i]) { $0 - found[$1] * columns[$1][i] }) / sigma[i]
            sum += r * r
        }
        chiSquare = sum
        freedom = n - p
    }

    /// What the parameters change when `y` changes by `change`.
    func response(to change: [Double]) -> [Double] {
        Self.solve(triangle, basis, zip(change, sigma).map { $0 / $1 })
    }

    /// What parameter `k` changes for a change of one in each `y`, one after another.
    func influence(on k: Int) -> [Double] {
        let inverse = Self.inverse(triangle)
        return sigma.indices.map { i in
            (0..<basis.count).reduce(0) { $0 + inverse[k][$1] * basis[$1][i] } / sigma[i]
        }
    }

    private static func solve(_ r: [[Double]], _ q: [[Double]], _ y: [Double]) -> [Double] {
        var rest = y
        var right = [Double](repeating: 0, count: r.count)
        // What one column explains is taken off before the next is asked: the modified order.
        for k in q.indices {
            right[k] = dot(q[k], rest)
            for i in rest.indices { rest[i] -= right[k] * q[k][i] }
        }
        for k in r.indices.reversed() {
            for j in (k + 1)..<max(k + 1, r.count) { right[k] -= r[k][j] * right[j] }
            right[k] /= r[k][k]
        }
        return right
    }

    private static func inverse(_ r: [[Double]]) -> [[Double]] {
        let p = r.count
        var out = [[Double]](repeating: [Double](repeating: 0, count: p), count: p)
        for c in 0..<p {
            for k in (0...c).reversed() {
                var x = k == c ? 1.0 : 0
                for j in (k + 1)..<max(k + 1, c + 1) { x -= r[k][j] * out[j][c] }
                out[k][c] = x / r[k][k]
            }
        }
        return out
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for i in a.indices { sum += a[i] * b[i] }
        return sum
    }
    private static func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
}
