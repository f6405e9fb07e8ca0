/// `--name value` pairs of a command line.
struct Options {
    private let words: [String]
    init(_ words: [String]) { self.words = words }

    func has(_ flag: String) -> Bool { words.contains(flag) }
    /// The word after the last `name`.
    subscript(name: String) -> String? {
        guard let k = words.lastIndex(of: name), k + 1 < words.count else { return nil }
        return words[k + 1]
    }
    /// A number in `range`; nil for anything else, and where there is neither it nor a default.
    func number(
        _ name: String, _ range: ClosedRange<Double>, default standard: Double? = nil
    ) -> Double? {
        guard words.contains(name) else { return standard }
        guard let value = self[name].flatMap(Double.init), range.contains(value) else { return nil }
        return value
    }
}
