/// A mistake of wiring or of settings that points give away.
public enum Diagnosis: Equatable, Sendable {
    /// The sensor is the wrong way round.
    case reversed
    /// The channel of this index, not the one that was asked for, follows the reference.
    case swapped(with: Int)
    /// The gain is off by a ratio people mistake.
    case ratio(RatioMistake)
    /// These points reach the end of the converter.
    case saturated([Int])

    /// For people.
    public var sentence: String {
        switch self {
        case .reversed:
            "The sensor is the wrong way round: turn it, or exchange its two wires."
        case .swapped(let other): "Channel \(other + 1) follows the reference instead."
        case .ratio(let mistake): mistake.sentence
        case .saturated(let points):
            "The converter is at its end at point "
                + points.map { "\($0 + 1)" }.joined(separator: ", ") + "."
        }
    }
}
