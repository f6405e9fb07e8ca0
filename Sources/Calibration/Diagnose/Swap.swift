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
    /// follows beside the channel that was asked for (a common load) is no swap.
    public static func found(asked: Int, responses: [[Double]], reference: [Double]) -> Int? {
        guard responses.indices.contains(asked), reference.count >= 3,
            reference.allSatisfy(Guard.isPlain)
        else { return nil }
        let strength = responses.map { follows($0, reference) }
        guard strength[asked] == nil else { return nil }
        let others = strength.indices.filter { strength[$0] != nil }
        return others.max { (strength[$0] ?? 0, $1) < (strength[$1] ?? 0, $0) }
    }

    /// How much of `v` a line over the reference explains; nil where it does not follow.
    private static func follows(_ v: [Double], _ reference: [Double]) -> Double? {
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
        let explained = xy * xy / (xx * yy)
        return explained >= 0.9 && abs(xy / xx) >= 0.1 ? explained : nil
    }
}
