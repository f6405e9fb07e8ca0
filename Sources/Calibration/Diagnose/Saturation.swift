/// Points that reach the end of the converter, where it says the same whatever comes.
public enum Saturation {
    /// - Returns: Indices of points of which single readings reach `nominal.lowest` or `highest`: of a
    ///   steady quantity the mean ± 2 deviations, of a waveform the mean of its counts ± √2 of its RMS.
    ///   A sine that is cut off has less of a peak than √2 of its RMS, so that it shows.
    public static func points(_ points: [Point], nominal: Nominal) -> [Int] {
        points.indices.filter {
            let p = points[$0]
            let middle = nominal.isAlternating ? p.mean ?? nominal.offset : p.raw
            let reach = nominal.isAlternating ? 2.0.squareRoot() * p.raw : 2 * p.deviation
            return middle + reach >= nominal.highest || middle - reach <= nominal.lowest
        }
    }
}
