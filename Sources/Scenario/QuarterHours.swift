/// A recorded series of quarter-hour means, made continuous without moving energy.
///
/// Every value is the mean power of its quarter hour. Between them the curve is straight from the
/// boundary before to a knot in the middle to the boundary after: a boundary is the mean of its two
/// neighbours b, and the middle is 2·m − (b₁ + b₂)/2, so that the area of each quarter hour is the
/// recorded one exactly. Where that would make a power negative the quarter hour is held flat. What
/// happens within a quarter hour is not in the data, and nothing is made up for it.
public struct QuarterHours: Sendable, Equatable {
    public let means: [Double]
    public static let length_s = 900.0

    /// - Parameter means: at least one, none negative.
    public init(_ means: [Double]) {
        precondition(!means.isEmpty)
        self.means = means
    }

    /// The power at a time since the first quarter hour began; the ends are held beyond both ends.
    public func value(at time_s: Double) -> Double {
        let place = max(0, time_s / Self.length_s)
        let k = min(Int(place), means.count - 1)
        let x = min(place - Double(k), 1)
        let mean = means[k]
        let before = k > 0 ? (means[k - 1] + mean) / 2 : mean
        let after = k + 1 < means.count ? (mean + means[k + 1]) / 2 : mean
        let middle = 2 * mean - (before + after) / 2
        guard middle >= 0 else { return mean }
        return x < 0.5
            ? before + (middle - before) * 2 * x : middle + (after - middle) * (2 * x - 1)
    }
}
