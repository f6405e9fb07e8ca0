/// A piece of a YAML document with the place where it stands.
struct Item: Sendable {
    enum Content: Sendable {
        /// `quoted`: written between quotes or as a block, so it can only be text.
        case scalar(String, quoted: Bool)
        case list([Item])
        case map([Entry])
    }
    var content: Content
    var line: Int
    var column: Int

    /// Nothing after the colon, `~` or `null`.
    var isNull: Bool {
        guard case .scalar(let text, quoted: false) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// As written, shortened to 60 characters.
    var written: String {
        switch content {
        case .scalar(let text, let quoted):
            let line = text.putting(" ", for: "\n")
            let short = line.count > 60 ? line.prefix(59) + "…" : line[...]
            return quoted ? "\"\(short)\"" : String(short)
        case .list(let items): return items.count == 1 ? "a list of 1" : "a list of \(items.count)"
        case .map: return "a section"
        }
    }

    /// Characters for the caret to underline.
    var width: Int {
        guard case .scalar(let text, let quoted) = content else { return 1 }
        return max(1, text.unicodeScalars.count + (quoted ? 2 : 0))
    }
}

/// One `key: value` of a section.
struct Entry: Sendable {
    var key: String
    var line: Int
    var column: Int
    var value: Item
}
