/// Which channel follows a reference that was meant for another.
public enum Swap {
    /// - Parameters:
    ///   - asked: Index of the channel that was asked for.
    ///   - responses: Of each channel its nominal readings at the points, in its unit; all as long as
    ///     `reference`.
    ///   - reference: What the reference said.
    /// - Returns: The channel that followed it instead; nil where the one that was asked for followed,
    ///   or none did, or it cannot be told (fewer than three points, no span).
    ///
    /// A channel follows where a straight line explains 90 % of what it did, whatever its sign, and its
    /// slope is a tenth of what is nominal or more: crosstalk follows too, but is small. One that
    /// follows beside the channel that was asked for (a common load) is no swap. Few points may follow
    /// a little by chance: the one that was asked for does not where another's slope is three times
    /// its own and leaves a tenth of what its own leaves.
    public static func found(asked: Int, responses: [[Double]], reference: [Double]) -> Int? {
        guard responses.indices.contains(asked), reference.count >= 3,
            reference.allSatisfy(Guard.isPlain)
        else { return nil }
        let all = responses.map { follows($0, reference) }
        var best: (index: Int, left: Double)?
        for (k, other) in all.enumerated() where k != asked {
            guard let other else { continue }
            if let own = all[asked], other.slope < 3 * own.slope || other.left >= 0.1 * own.left {
                continue
            }
            if other.left < (best?.left ?? .infinity) { best = (k, other.left) }
        }
        return best?.index
    }

    /// The slope of a line over the reference, and what part of `v` it does not explain; nil where it
    /// does not follow.
    private static func follows(
        _ v: [Double], _ reference: [Double]
    ) -> (slope: Double, left: Double)? {
        guard v.count == reference.count, v.allSatisfy(Guard.isPlain) else { return nil }
        let n = Double(v.count)
        let (mx, my) = (reference.reduce(0, +) / n, v.reduce(0, +) / n)
        var (xx, xy, yy) = (0.0, 0.0, 0.0)
        for (x, y) in zip(reference, v) {
            xx += (x - mx) * (x - mx)
            xy += (x - mx) * (y - my)
            yy += (y - my) * (y - my)
        }
        guard xx > 0, yy > 0 else { return nil }
        let (slope, left) = (abs(xy / xx), 1 - xy * xy / (xx * yy))
        return left <= 0.1 && slope >= 0.1 ? (slope, max(0, left)) : nil
    }
}
