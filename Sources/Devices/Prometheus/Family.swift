/// All series of one name: what they are, and what people read beside them.
public struct Family: Equatable, Sendable {
    /// The types of the text format 0.0.4 that are written here.
    public enum Kind: String, Sendable {
        case counter, gauge, histogram
        /// Gauges with a label `quantile`, which somebody else works out; without a sum and a count.
        case summary
    }
    public let name: String
    public let kind: Kind
    public let help: String
    /// Upper bounds of a histogram's buckets, ascending, without the one that is infinite; in the unit of
    /// the name.
    public let buckets: [Double]

    /// - Parameters:
    ///   - name: `[a-zA-Z_][a-zA-Z0-9_]*` with its base unit in the plural, `_total` at the end of a
    ///     counter's; anything else in it becomes `_`.
    ///   - buckets: of a histogram; sorted here, and what is not finite is left out.
    public init(_ name: String, _ kind: Kind, _ help: String, buckets: [Double] = Self.latencies) {
        self.name = TextFormat.name(name)
        self.kind = kind
        self.help = help
        self.buckets =
            kind == .histogram ? Set(buckets.filter(\.isFinite)).sorted() : []
    }

    /// A millisecond to ten seconds: what answers to people and programs take, s.
    public static let latencies: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    /// The names its samples have; no other family may have one of them.
    var samples: [String] {
        switch kind {
        case .counter, .gauge: [name]
        case .summary: [name, "\(name)_sum", "\(name)_count"]
        case .histogram: [name, "\(name)_bucket", "\(name)_sum", "\(name)_count"]
        }
    }
}
