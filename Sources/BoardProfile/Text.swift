extension StringProtocol {
    /// The same with every `old` written as `new`.
    package func putting(_ new: String, for old: Character) -> String {
        reduce(into: "") { text, character in
            if character == old { text += new } else { text.append(character) }
        }
    }

    /// Whether `part` stands in it, byte by byte; nothing stands everywhere.
    func holds(_ part: String) -> Bool {
        let part = Array(part.utf8)
        var rest = Array(utf8)[...]
        while rest.count >= part.count {
            if rest.starts(with: part) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
