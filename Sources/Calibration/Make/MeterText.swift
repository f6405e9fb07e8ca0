/// A meter's specification as people write it: `0.05%+0.02`, `0.1 % + 3 mV`, `0.02`.
public struct MeterText: Equatable, Sendable {
    /// The unit it is of, where it begins with one: `V=0.05%+0.02`.
    public var unit: String?
    /// Of the reading, a ratio, and in the channel's unit.
    public var ofReading = 0.0
    public var absolute = 0.0

    /// What is wrong with a text.
    public struct Refusal: Error, Equatable, Sendable {
        public var message: String
    }

    public init(_ text: String) throws(Refusal) {
        var rest = text.filter { !$0.isWhitespace }
        if let equals = rest.firstIndex(of: "=") {
            unit = String(rest[..<equals])
            rest = String(rest[rest.index(after: equals)...])
        }
        var hasShare = false, hasFixed = false
        for part in rest.split(separator: "+", omittingEmptySubsequences: false) {
            if part.hasSuffix("%") || part.hasSuffix("ppm") {
                let scale = part.hasSuffix("%") ? 100.0 : 1e6
                let number = part.hasSuffix("%") ? part.dropLast() : part.dropLast(3)
                guard !hasShare, let value = Double(number), value.isFinite, value >= 0,
                    value / scale < 0.5
                else { throw Refusal(message: "\(part) is no share of a reading") }
                (ofReading, hasShare) = (value / scale, true)
            } else {
                let (number, factor) = Self.prefixed(part)
                guard !hasFixed, let value = Double(number), value.isFinite, value >= 0 else {
                    throw Refusal(
                        message: "\(part.isEmpty ? "nothing" : part) is no limit of error")
                }
                (absolute, hasFixed) = (value * factor, true)
            }
        }
        guard ofReading > 0 || absolute > 0 else {
            throw Refusal(message: "a meter without any error is none")
        }
    }

    /// The number in front of a unit, and what its prefix means: `3mV` is 3, 0.001.
    private static func prefixed(_ part: Substring) -> (Substring, Double) {
        let number = part.prefix { $0.isNumber || ".-eE".contains($0) }
        switch part.dropFirst(number.count).first {
        case "m" where part.count > number.count + 1: return (number, 1e-3)
        case "u", "µ": return (number, 1e-6)
        case "k": return (number, 1e3)
        default: return (number, 1)
        }
    }
}
