/// What a text may look like.
public struct TextForm: Sendable {
    /// Matches the whole text; the same words in POSIX, ICU and ECMA-262: brackets of ASCII, groups,
    /// `|`, `?`, `*`, `+`, `{n,m}`, nothing with a backslash. Empty: any single line.
    public let pattern: String
    /// For people: "a name of letters, digits, - and _".
    public let words: String
    /// The most Unicode scalars.
    public let limit: Int
    private let expression: Expression?

    /// A pattern that does not compile is our bug and traps.
    public init(_ pattern: String, _ words: String, limit: Int = 200) {
        (self.pattern, self.words, self.limit) = (pattern, words, limit)
        expression = pattern.isEmpty ? nil : Expression(pattern)
    }

    public static let line = TextForm("", "one line of text")
    /// What names a thing: `house-1`, `bus_ac`.
    public static let name = TextForm(
        "[A-Za-z0-9][A-Za-z0-9_.-]*", "a name of letters, digits, '-', '_' and '.'", limit: 64)

    func accepts(_ text: String) -> Bool { expression?.matches(text) ?? true }
}
