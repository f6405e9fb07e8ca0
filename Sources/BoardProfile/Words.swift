extension Section {
    /// One of `words`, kept as text.
    public mutating func choice(
        _ name: String, _ path: Path<Root, String>, of words: [String], _ doc: String,
        _ need: Need = .optional, example: String? = nil
    ) {
        scalar(
            name, .choice(words), path, need, doc, "", example.map { .text($0) },
            get: { $0.text.map { .text($0) } },
            set: { value in
                guard case .text(let word) = value else { return nil }
                return word
            })
    }

    /// The same for a property that may be nil.
    public mutating func choice(
        _ name: String, _ path: Path<Root, String?>, of words: [String], _ doc: String,
        _ need: Need = .optional, example: String? = nil
    ) {
        scalar(
            name, .choice(words), path, need, doc, "", example.map { .text($0) },
            get: { $0.map { .text($0) } },
            set: { value in
                guard case .text(let word) = value else { return nil }
                return .some(word)
            })
    }

    /// Keys of this same section that a file groups below a key of their own: `line:`.
    public mutating func group(
        _ name: String, _ title: String, _ doc: String, _ describe: (inout Section<Root>) -> Void
    ) {
        section(name, \.self, Section(title, of: empty, doc, describe))
    }
}
