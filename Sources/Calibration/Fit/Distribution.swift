#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The distributions a fit asks: chi-square, Student's t and the normal one.
enum Distribution {
    /// Probability that a chi-square of `freedom` degrees is `x` or more.
    /// Series and continued fraction of the incomplete gamma function (Abramowitz and Stegun 6.5.29
    /// and 6.5.31, the latter by Lentz).
    static func chiSquareTail(_ x: Double, freedom: Int) -> Double {
        guard freedom > 0 else { return 1 }
        guard x > 0 else { return 1 }
        guard x.isFinite else { return 0 }
        let (a, y) = (Double(freedom) / 2, x / 2)
        let front = exp(a * log(y) - y - lgamma(a))
        if y < a + 1 {
            var (term, sum, n) = (1 / a, 1 / a, a)
            for _ in 0..<100_000 where term > sum * 1e-16 {
                n += 1
                term *= y / n
                sum += term
            }
            return min(1, max(0, 1 - front * sum))
        }
        var b = y + 1 - a
        var (c, d) = (1e300, 1 / b)
        var h = d
        for i in 1..<100_000 {
            let an = -Double(i) * (Double(i) - a)
            b += 2
            d = 1 / (an * d + b)
            c = b + an / c
            h *= d * c
            if abs(d * c - 1) < 1e-15 { break }
        }
        return min(1, max(0, front * h))
    }

    /// Probability that |t| of `freedom` degrees (not whole ones too) is `t` or more, by the
    /// incomplete beta function's continued fraction (Abramowitz and Stegun 26.5.8, by Lentz).
    static func studentTail(_ t: Double, freedom: Double) -> Double {
        let x = freedom / (freedom + t * t)
        return incompleteBeta(x, freedom / 2, 0.5)
    }

    private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
        let front = exp(
            lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
        var (c, d) = (1.0, 1 / (1 - (a + b) * x / (a + 1)))
        var h = d
        for m in 1..<10_000 {
            let k = Double(m)
            let even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
            d = 1 / (1 + even * d)
            c = 1 + even / c
            h *= d * c
            let odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
            d = 1 / (1 + odd * d)
            c = 1 + odd / c
            h *= d * c
            if abs(d * c - 1) < 1e-15 { break }
        }
        return front * h / a
    }

    /// The t of `freedom` degrees that |t| passes with probability `tail`; 0 < tail < 1.
    static func studentQuantile(tail: Double, freedom: Double) -> Double {
        if freedom > 1e7 { return normalQuantile(tail: tail) }
        return root { studentTail($0, freedom: freedom) - tail }
    }

    /// The z that |z| passes with probability `tail`.
    static func normalQuantile(tail: Double) -> Double {
        root { erfc($0 / 2.0.squareRoot()) - tail }
    }

    /// The z below which a normal number lies with this probability, 0.5 ..< 1.
    static func normalQuantile(below: Double) -> Double { normalQuantile(tail: 2 * (1 - below)) }

    /// Probability that a normal number is `x` or less.
    static func normal(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

    /// The standard deviation of a sample over the true one, √(χ²/ν), in small steps, and the
    /// probability of each.
    static func deviations(freedom: Double) -> [(ratio: Double, weight: Double)] {
        // Its own deviation is about 1/√(2ν): eight of them, and never below nil.
        let width = 8 / (2 * freedom).squareRoot()
        let (low, high) = (max(0, 1 - width), 1 + width)
        let steps = 400
        let points = (0..<steps).map { k -> (ratio: Double, weight: Double) in
            let s = low + (high - low) * (Double(k) + 0.5) / Double(steps)
            return (s, exp((freedom - 1) * log(s) - freedom * (s * s - 1) / 2))
        }
        let whole = points.reduce(0) { $0 + $1.weight }
        return points.map { ($0.ratio, $0.weight / whole) }
    }

    /// Of a falling function that is above 0 at 0.
    private static func root(_ f: (Double) -> Double) -> Double {
        var (low, high) = (0.0, 1.0)
        while f(high) > 0, high < 1e12 { (low, high) = (high, high * 2) }
        for _ in 0..<100 where high - low > 1e-13 * high {
            let middle = (low + high) / 2
            if f(middle) > 0 { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// What a standard uncertainty of `freedom` degrees is multiplied with, so that twice it is an
    /// interval of 95.45 % (GUM G.3.2 and table G.2: t₉₅.₄₅(ν) / 2).
    static func enlargement(freedom: Double) -> Double {
        guard freedom >= 1 else { return enlargement(freedom: 1) }
        guard freedom < 100_000 else { return 1 }
        return studentQuantile(tail: 0.0455002638963584, freedom: freedom) / 2
    }
}
