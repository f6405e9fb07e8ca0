#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Mean, deviation and strangers of plain numbers.
enum Spread {
    /// Mean and standard deviation (n − 1); the deviation of fewer than two is 0.
    static func meanDeviation(_ x: [Double]) -> (mean: Double, deviation: Double) {
        guard !x.isEmpty else { return (0, 0) }
        // About the first one: numbers that are all the same have no deviation at all.
        let base = x[0]
        let n = Double(x.count)
        let mean = x.reduce(0) { $0 + ($1 - base) } / n
        guard x.count > 1 else { return (base, 0) }
        let squares = x.reduce(0) { $0 + ($1 - base - mean) * ($1 - base - mean) }
        return (base + mean, (squares / (n - 1)).squareRoot())
    }

    static func median(_ x: [Double]) -> Double {
        let sorted = x.sorted()
        let n = sorted.count
        guard n > 0 else { return 0 }
        return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2
    }

    /// Standard deviation of the part `inner` of normal numbers that lies nearest to their mean, over
    /// that of all: √(1 − 2zφ(z)/inner), z the end of that part. Those left in are the quiet ones.
    static func trimmed(_ inner: Double) -> Double {
        guard inner < 1 else { return 1 }
        let z = Distribution.normalQuantile(tail: 1 - inner)
        let density = exp(-z * z / 2) / (2 * .pi).squareRoot()
        return max(0, 1 - 2 * z * density / inner).squareRoot()
    }

    /// Indices of numbers that do not belong to the others: Hampel's identifier (distance from the
    /// median over 1.4826 · the median distance) names the suspects, never more than a third, and `least` always stay; each
    /// is taken back that Student's t of those kept would expect once in a hundred sets.
    static func outliers(_ x: [Double], least: Int = 3) -> [Int] {
        let n = x.count
        guard n >= 4, n > least else { return [] }
        let middle = median(x)
        let distance = x.map { abs($0 - middle) }
        let order = x.indices.sorted { (distance[$0], $0) < (distance[$1], $1) }
        var kept = max(n - n / 3, least)
        let far = 3 * 1.4826 * median(distance)
        while kept < n, distance[order[kept]] <= far { kept += 1 }
        while kept < n {
            let (mean, deviation) = meanDeviation(order[..<kept].map { x[$0] }.sorted())
            let m = Double(kept)
            let whole = deviation / trimmed(m / Double(n))
            let limit = Distribution.studentQuantile(tail: 0.01 / Double(n), freedom: m - 1)
            let next = abs(x[order[kept]] - mean)
            // Rounding of the numbers themselves is no distance.
            let least = 1e-12 * max(abs(mean), abs(x[order[kept]]))
            guard next <= max(least, limit * whole * (1 + 1 / m).squareRoot()) else { break }
            kept += 1
        }
        return order[kept...].sorted()
    }
}
