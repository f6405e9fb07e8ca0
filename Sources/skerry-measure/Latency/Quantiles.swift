/// Exact quantiles of counted values: the least value that so many do not exceed.
struct Quantiles {
    /// Values in order, and how many there are up to each.
    private let values: [UInt32]
    private let upTo: [Int]

    init(_ values: [UInt32]) {
        self.init(counts: values.sorted().map { ($0, 1) })
    }
    /// - Parameter counts: values in order, and how often each was seen.
    init(counts: [(value: UInt32, times: Int)]) {
        values = counts.map(\.value)
        var sum = 0
        upTo = counts.map {
            sum += $0.times
            return sum
        }
    }
    var count: Int { upTo.last ?? 0 }

    /// The quantile of `share` (0 ... 1); NaN of nothing.
    subscript(share: Double) -> Double {
        let wanted = Int((Double(count) * share).rounded(.up))
        guard let k = upTo.firstIndex(where: { $0 >= wanted }) else { return .nan }
        return Double(values[k])
    }
}
