/// How long a switch takes, from operations somebody timed.
public struct TravelFit: Equatable, Sendable {
    public var travel: Travel
    /// Standard uncertainties of the two mean times, seconds; enlarged for few operations.
    public var closeUncertainty_s: Double
    public var openUncertainty_s: Double
    /// Indices of operations that were left out.
    public var closeOutliers: [Int]
    public var openOutliers: [Int]
    /// Operations kept of each kind.
    public var closings: Int
    public var openings: Int
    /// What a person should know, a sentence each.
    public var remarks: [String]

    /// Fewest operations of each kind.
    public static let leastOperations = 5

    /// - Parameters:
    ///   - close_s: From the coil's order to the auxiliary contact, closing; seconds, more than 0.
    ///   - open_s: The same, opening.
    ///   - resolution_s: How often the contact is looked at. Its change is seen half of that late in
    ///     the mean, which is taken off.
    /// - Throws: `FitRefusal` for fewer than five good operations of a kind, or times that are none.
    public static func fit(
        close_s: [Double], open_s: [Double], resolution_s: Double = 0
    ) throws(FitRefusal) -> TravelFit {
        guard resolution_s >= 0, resolution_s.isFinite else {
            throw FitRefusal(
                "the interval at which the contact is looked at is \(resolution_s) s",
                "give it in seconds, 0 or more")
        }
        let close = try times(close_s, "closing", resolution_s)
        let open = try times(open_s, "opening", resolution_s)
        var remarks: [String] = []
        for (kind, found) in [("closing", close), ("opening", open)] where !found.out.isEmpty {
            let list = found.out.map { "\($0 + 1)" }.joined(separator: ", ")
            remarks.append("Left out of \(kind): operation \(list), far from the others.")
        }
        return TravelFit(
            travel: Travel(
                close_s: close.mean, open_s: open.mean, closeSpread_s: close.spread,
                openSpread_s: open.spread, operations: min(close.kept, open.kept)),
            closeUncertainty_s: close.uncertainty, openUncertainty_s: open.uncertainty,
            closeOutliers: close.out, openOutliers: open.out, closings: close.kept,
            openings: open.kept, remarks: remarks)
    }

    /// Time-outs: an operation that takes longer is none. They lie above 99.9 % of operations with a
    /// confidence of 95 %.
    public var closeLimit_s: Double {
        travel.close_s + Self.toleranceFactor(closings) * travel.closeSpread_s
    }
    public var openLimit_s: Double {
        travel.open_s + Self.toleranceFactor(openings) * travel.openSpread_s
    }

    /// One-sided tolerance factor of a normal distribution: mean + factor · standard deviation of
    /// `n` observations lies above the part `content` of all with this confidence (ISO 16269-6:2014,
    /// annex on one-sided intervals, σ unknown): 7.50 at n = 5, 5.20 at 10, 4.02 at 30, 3.54 at 100.
    ///
    /// It is the k for which Φ(√n · (k·s − z)) has the mean `confidence` over s, the deviation found
    /// over the true one, s² = χ²/(n − 1).
    public static func toleranceFactor(
        _ n: Int, content: Double = 0.999, confidence: Double = 0.95
    ) -> Double {
        let n = Double(max(n, leastOperations))
        let z = Distribution.normalQuantile(below: content)
        let spreads = Distribution.deviations(freedom: n - 1)
        func held(_ k: Double) -> Double {
            spreads.reduce(0) { sum, s in
                sum + s.weight * Distribution.normal(n.squareRoot() * (k * s.ratio - z))
            }
        }
        var (low, high) = (z, 20 * z)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if held(middle) < confidence { low = middle } else { high = middle }
        }
        return high
    }

    private typealias Times = (
        mean: Double, spread: Double, uncertainty: Double, out: [Int], kept: Int
    )
    private static func times(
        _ all: [Double], _ kind: String, _ resolution_s: Double
    ) throws(FitRefusal) -> Times {
        if let k = all.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
            throw FitRefusal(
                "\(kind) operation \(k + 1) took \(all[k]) s", "leave it out, or time it again")
        }
        let out = Spread.outliers(all, least: leastOperations)
        let left = Set(out)
        let kept = all.indices.filter { !left.contains($0) }.map { all[$0] }.sorted()
        guard kept.count >= leastOperations else {
            throw FitRefusal(
                "\(kept.count) good \(kind) operations, \(leastOperations) are needed",
                "operate the switch \(leastOperations - kept.count) more times")
        }
        let (mean, deviation) = Spread.meanDeviation(kept)
        let n = Double(kept.count)
        // Rounded up to a look at the contact: half a look late in the mean, uniform over one.
        let look = resolution_s / (12 * n).squareRoot()
        let scatter = deviation / n.squareRoot() * Distribution.enlargement(freedom: n - 1)
        return (
            mean - resolution_s / 2, deviation, (scatter * scatter + look * look).squareRoot(), out,
            kept.count
        )
    }
}
