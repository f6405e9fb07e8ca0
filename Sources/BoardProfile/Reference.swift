extension SectionDescription {
    /// All keys as Markdown: one table per section, outer sections first.
    public var markdown: String {
        var text = ""
        write(into: &text, path: "", level: 2)
        return text
    }

    private func write(into text: inout String, path: String, level: Int) {
        let marks = String(repeating: "#", count: min(level, 6))
        text += "\(marks) \(title)\(path.isEmpty ? "" : " (`\(path)`)")\n\n"
        if !doc.isEmpty { text += "\(doc)\n\n" }
        text += "| key | what | unit | default | meaning | source |\n|---|---|---|---|---|---|\n"
        for key in keys { text += key.row }
        text += "\n"
        for key in keys {
            let step = path.isEmpty ? key.name : "\(path).\(key.name)"
            switch key.shape {
            case .section(let inner): inner.write(into: &text, path: step, level: level + 1)
            case .list(let inner, _): inner.write(into: &text, path: step + "[]", level: level + 1)
            case .map(let inner, _):
                inner.write(into: &text, path: step + ".<name>", level: level + 1)
            default: continue
            }
        }
    }

    /// Every key, but of alternatives the first.
    var exampleKeys: [KeyDescription] {
        let others = Set(alternatives.flatMap { $0.dropFirst() })
        return keys.filter { !others.contains($0.name) }
    }

    /// A whole file with every key, at its example, its default or the low end of its range; what
    /// must name a file or a thing names `name`. A start for a person, and for tests.
    public var exampleYAML: String {
        var text = ""
        for key in exampleKeys { key.write(into: &text, indent: "") }
        return text
    }
}

extension KeyDescription {
    fileprivate var row: String {
        let standard =
            isRequired
            ? "required" : defaultValue.map { "`\(shape.written($0))`" } ?? absence
        let cells = [
            "`\(name)`", shape.words, unit?.symbol ?? "", standard, doc, source,
        ]
        return "| " + cells.map { $0.putting("\\|", for: "|") }.joined(separator: " | ") + " |\n"
    }

    private var absence: String {
        switch shape {
        case .section, .list, .map: ""
        default: "not set"
        }
    }

    fileprivate func write(into text: inout String, indent: String) {
        switch shape {
        case .extends: return
        case .section(let inner):
            text += "\(indent)\(name):\(inner.keys.isEmpty ? " {}" : "")\n"
            for key in inner.exampleKeys { key.write(into: &text, indent: indent + "  ") }
        case .map(let inner, _):
            text += "\(indent)\(name):\n\(indent)  name:\(inner.keys.isEmpty ? " {}" : "")\n"
            for key in inner.exampleKeys { key.write(into: &text, indent: indent + "    ") }
        case .list(let inner, _):
            var body = ""
            for key in inner.exampleKeys { key.write(into: &body, indent: indent + "    ") }
            let mark = "\(indent)  - "
            text += "\(indent)\(name):\n\(mark)\(body.dropFirst(mark.count))"
        default:
            let value = example ?? defaultValue ?? shape.stand
            text += "\(indent)\(name): \(shape.yaml(value))\n"
        }
    }
}

extension Shape {
    /// For the table: "1 to 10000", "`lfp` or `nmc`".
    var words: String {
        switch self {
        case .number(let range): "\(plain(range.lowerBound)) to \(plain(range.upperBound))"
        case .adjustable(let range):
            "\(plain(range.lowerBound)) to \(plain(range.upperBound)), alone or as `default` with a `range`"
        case .integer(let range): "whole, \(range.lowerBound) to \(range.upperBound)"
        case .hexadecimal(let range): "\(hex(range.lowerBound)) to \(hex(range.upperBound))"
        case .flag: "`true` or `false`"
        case .text(let form): "\(form.words), at most \(form.limit)"
        case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .reference(let kind): "name of a \(kind)"
        case .file: "path of a file"
        case .include(let folder, _): "name of a file in `\(folder)`"
        case .extends: "path of a file of this kind"
        case .several(let count, let each): "list of \(span(count)): \(each.words)"
        case .section: "section"
        case .list(_, let count): "list of \(span(count)) sections"
        case .map(_, let count): "\(span(count)) named sections"
        }
    }

    private func span(_ count: ClosedRange<Int>) -> String {
        count.count == 1 ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
    }

    /// A value as it must stand in a file: text in quotes where YAML would read another thing.
    func yaml(_ value: Value) -> String {
        switch value {
        case .text(let text): Self.needsQuotes(text) ? JSON.text(text).compact : text
        case .list(let items):
            "["
                + items.map { item in
                    guard case .several(_, let each) = self else { return item.written }
                    return each.yaml(item)
                }.joined(separator: ", ") + "]"
        default: written(value)
        }
    }

    private static func needsQuotes(_ text: String) -> Bool {
        if readsAsOther(text) || ["", "~", "null"].contains(text.lowercased()) { return true }
        guard let first = text.first, first.isLetter || first.isNumber || first == "." else {
            return true
        }
        return text.contains { ":#,[]{}\"'\\".contains($0) } || text.last == " "
    }
}
