/// Turns a parser's events into items, refusing what a settings file has no use for.
///
/// What a plain word means is decided by the key it stands at, so no word is anything but text here.
struct TreeBuilder: ~Copyable {
    private let source: SourceText
    private var parser: YAMLParser
    /// What was refused; the rest of the text was read all the same.
    private(set) var problems = Problems()

    init(_ source: SourceText, _ parser: consuming YAMLParser) {
        self.source = source
        self.parser = parser
    }

    /// The one document of the text; nil where there is none, or its top was refused.
    mutating func document() throws(YAMLFault) -> Item? {
        var event = try parser.next()
        if event.kind == .streamStart { event = try parser.next() }
        guard event.kind == .documentStart else { return nil }
        let root = try item(try parser.next(), depth: 1)
        _ = try parser.next()
        let after = try parser.next()
        guard after.kind == .streamEnd else {
            throw .syntax("another document", after.mark, since: nil)
        }
        return root
    }

    /// The item that begins with `event`; nil where it was refused, and read to its end.
    private mutating func item(_ event: YAMLEvent, depth: Int) throws(YAMLFault) -> Item? {
        guard depth <= Document.depthLimit else { throw .tooDeep(event.mark) }
        guard isPlain(event) else {
            try skip(event, depth: depth)
            return nil
        }
        let content: Item.Content
        switch event.kind {
        case .scalar(let text, let quoted): content = .scalar(text, quoted: quoted)
        case .listStart: content = .list(try items(depth))
        case .mapStart: content = .map(try entries(depth))
        default: return nil
        }
        return Item(content: content, line: event.mark.line, column: event.mark.column)
    }

    private mutating func items(_ depth: Int) throws(YAMLFault) -> [Item] {
        var items: [Item] = []
        while true {
            let event = try parser.next()
            if event.kind == .end { return items }
            if let item = try item(event, depth: depth + 1) { items.append(item) }
        }
    }

    private mutating func entries(_ depth: Int) throws(YAMLFault) -> [Entry] {
        var entries: [Entry] = []
        var first: [String: Mark] = [:]
        var twice: (name: String, second: Mark)?
        while true {
            let key = try parser.next()
            if key.kind == .end { break }
            guard case .scalar(let name, _) = key.kind, isPlain(key) else {
                if key.kind == .listStart || key.kind == .mapStart {
                    refuse(key, "has a list or a section as a key", "write the key as one word")
                } else if key.kind == .alias {
                    _ = isPlain(key)
                }
                try skip(key, depth: depth)
                try skip(try parser.next(), depth: depth + 1)
                continue
            }
            if first[name] == nil {
                first[name] = key.mark
            } else if twice.map({ name < $0.name }) ?? true {
                twice = (name, key.mark)
            }
            guard let value = try item(try parser.next(), depth: depth + 1) else { continue }
            entries.append(
                Entry(key: name, line: key.mark.line, column: key.mark.column, value: value))
        }
        if let twice { throw .twice(twice.name, first: first[twice.name]!, second: twice.second) }
        return entries
    }

    /// Without anchor, alias or tag; what has one is refused.
    private mutating func isPlain(_ event: YAMLEvent) -> Bool {
        if event.hasAnchor {
            refuse(event, "holds a YAML anchor or alias", "write the value out")
        } else if event.kind == .alias {
            refuse(event, "holds a YAML alias", "write the value out")
        } else if event.hasTag {
            refuse(event, "holds a YAML tag", "remove the word that begins with !")
        } else {
            return true
        }
        return false
    }

    private mutating func refuse(_ event: YAMLEvent, _ message: String, _ remedy: String) {
        problems.add(source.problem(event.mark.line, event.mark.column, message, remedy))
    }

    /// Reads on to the end of what begins with `event`.
    private mutating func skip(_ event: YAMLEvent, depth: Int) throws(YAMLFault) {
        var (event, depth, open) = (event, depth, 0)
        while true {
            switch event.kind {
            case .listStart, .mapStart:
                guard depth <= Document.depthLimit else { throw .tooDeep(event.mark) }
                (depth, open) = (depth + 1, open + 1)
            case .end: (depth, open) = (depth - 1, open - 1)
            default: break
            }
            if open == 0 { return }
            event = try parser.next()
        }
    }
}
