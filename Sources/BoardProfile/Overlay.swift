/// Values that stand over those of a board's files, by their key paths: what a person changes for a time
/// without touching a file. The reader checks them as it checks the files.
public struct Overlay: Sendable {
    enum Step: Equatable, Sendable {
        case key(String)
        /// An item of a list by its number from 0, or by what its name says.
        case index(Int)
        case name(String)
    }
    private var changes: [(key: String, steps: [Step], value: JSON)] = []

    public init() {}

    /// The paths in the order they were first set.
    public var keys: [String] { changes.map(\.key) }
    public var isEmpty: Bool { changes.isEmpty }

    /// Sets a value: a number, a flag, a text, or a list of them; nil takes it back.
    ///
    /// - Parameter key: as `skerry check --all` prints it: `grid_code.stages[1].pickup_pu`; an item also by
    ///   its name: `grid_code.stages[UV1].pickup_pu`. A name that the list does not have is added to it.
    /// - Returns: false where `key` is no path.
    public mutating func set(_ key: String, _ value: JSON?) -> Bool {
        guard let steps = Self.steps(key) else { return false }
        let old = changes.firstIndex { $0.key == key }
        switch (value, old) {
        case (let value?, let old?): changes[old].value = value
        case (let value?, nil): changes.append((key, steps, value))
        case (nil, let old?): changes.remove(at: old)
        case (nil, nil): break
        }
        return true
    }

    /// `a.b[2].c` in its steps; nil where it is none.
    static func steps(_ key: String) -> [Step]? {
        var steps: [Step] = []
        var rest = Substring(key)
        guard key.utf8.count <= 256 else { return nil }
        while !rest.isEmpty {
            let name = rest.prefix { $0 != "." && $0 != "[" }
            guard !name.isEmpty, !name.contains("]") else { return nil }
            steps.append(.key(String(name)))
            rest = rest.dropFirst(name.count)
            while rest.first == "[" {
                let inside = rest.dropFirst().prefix { $0 != "]" }
                guard !inside.isEmpty, rest.count > inside.count + 1 else { return nil }
                let isNumber = inside.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
                if isNumber {
                    guard let index = Int(inside), index < 10_000 else { return nil }
                    steps.append(.index(index))
                } else {
                    steps.append(.name(String(inside)))
                }
                rest = rest.dropFirst(inside.count + 2)
            }
            if rest.isEmpty { break }
            guard rest.first == "." else { return nil }
            rest = rest.dropFirst()
            if rest.isEmpty { return nil }
        }
        return steps.isEmpty ? nil : steps
    }

    /// The top of a document with what is set over it.
    ///
    /// - Parameter prefix: the path of the key that names the file, empty for the first.
    func applied(
        to top: Entry?, _ section: SectionDescription, prefix: String, of source: SourceText,
        _ problems: inout Problems
    ) -> Entry? {
        let inside = Self.steps(prefix) ?? []
        var item = top?.value
        for change in changes {
            guard change.steps.starts(with: inside), change.steps.count > inside.count else {
                continue
            }
            var at = Place(section: section, key: change.key, value: Item(change.value))
            at.put(into: &item, change.steps[inside.count...])
            if let (message, remedy) = at.refusal {
                problems.add(
                    Problem(
                        file: source.file, line: 0, column: 0, key: change.key, message: message,
                        remedy: remedy))
            }
        }
        return item.map { Entry(key: "", line: $0.line, column: $0.column, value: $0) }
    }
}

/// One value on its way to its place in a document.
private struct Place {
    /// What may stand where the next step leads; nil where nobody knows.
    var section: SectionDescription?
    let key: String
    let value: Item
    var refusal: (message: String, remedy: String)?

    mutating func put(into item: inout Item?, _ steps: ArraySlice<Overlay.Step>) {
        guard let step = steps.first else {
            item = value.over(item)
            return
        }
        switch step {
        case .key(let name): put(into: &item, key: name, steps.dropFirst())
        case .index, .name: put(into: &item, step, steps.dropFirst())
        }
    }

    private mutating func put(
        into item: inout Item?, key name: String, _ rest: ArraySlice<Overlay.Step>
    ) {
        let description = section?.keys.first { $0.name == name }
        if case .include? = description?.shape, !rest.isEmpty {
            // It is for the file that is named there.
            return
        }
        section = description?.inner
        var entries: [Entry] = []
        var (line, column) = (0, 0)
        switch item?.content {
        case .map(let found): (entries, line, column) = (found, item!.line, item!.column)
        case nil: break
        case .list, .scalar:
            if let item, !item.isNull {
                refusal = ("has no keys below it", "set the key above it, or one of the keys there")
                return
            }
        }
        let n = entries.firstIndex { $0.key == name }
        var inner = n.map { entries[$0].value }
        put(into: &inner, rest)
        guard refusal == nil, let inner else { return }
        if let n {
            entries[n].value = inner
            // No line of the file says it any more.
            if rest.isEmpty { (entries[n].line, entries[n].column) = (0, 0) }
        } else {
            entries.append(Entry(key: name, line: 0, column: 0, value: inner))
        }
        item = Item(content: .map(entries), line: line, column: column)
    }

    private mutating func put(
        into item: inout Item?, _ step: Overlay.Step, _ rest: ArraySlice<Overlay.Step>
    ) {
        var items: [Item] = []
        switch item?.content {
        case .list(let found): items = found
        case nil: break
        case .map, .scalar:
            if let item, !item.isNull {
                refusal = ("is no list", "write the key without the brackets")
                return
            }
        }
        let n: Int
        switch step {
        case .index(let index):
            guard index <= items.count else {
                refusal = (
                    "has no item \(index)",
                    items.isEmpty ? "it has none in this file" : "it has 0 to \(items.count - 1)"
                )
                return
            }
            n = index
        case .name(let name): n = items.firstIndex { $0.isNamed(name) } ?? items.count
        case .key: return
        }
        var inner = n < items.count ? items[n] : nil
        if inner == nil, case .name(let name) = step {
            let named = Item(content: .scalar(name, quoted: false), line: 0, column: 0)
            inner = Item(
                content: .map([Entry(key: "name", line: 0, column: 0, value: named)]), line: 0,
                column: 0)
        }
        put(into: &inner, rest)
        guard refusal == nil, let inner else { return }
        if n < items.count { items[n] = inner } else { items.append(inner) }
        item = Item(content: .list(items), line: item?.line ?? 0, column: item?.column ?? 0)
    }
}

extension Item {
    /// A value that no file wrote.
    init(_ value: JSON) {
        switch value {
        case .null: content = .scalar("", quoted: false)
        case .flag(let flag): content = .scalar(flag ? "true" : "false", quoted: false)
        case .number(let number): content = .scalar(plain(number), quoted: false)
        case .text(let text): content = .scalar(text, quoted: true)
        case .list(let items): content = .list(items.map { Item($0) })
        case .object(let pairs):
            content = .map(
                pairs.map { Entry(key: $0.0, line: 0, column: 0, value: Item($0.1)) })
        }
        (line, column) = (0, 0)
    }

    /// This value in the place of another: of an adjustable one of a grid code the range stays.
    fileprivate func over(_ old: Item?) -> Item {
        guard case .scalar = content, case .map(var entries)? = old?.content,
            let n = entries.firstIndex(where: { $0.key == "default" })
        else { return self }
        entries[n].value = self
        return Item(content: .map(entries), line: 0, column: 0)
    }

    /// A section of a list that is called so.
    fileprivate func isNamed(_ name: String) -> Bool {
        guard case .map(let entries) = content else { return false }
        return entries.contains { entry in
            guard entry.key == "name" || entry.key == "channel" else { return false }
            guard case .scalar(let text, _) = entry.value.content else { return false }
            return text == name
        }
    }
}

extension SectionDescription {
    /// The key at a path as settings name it, through the files that are named; nil where there is none.
    public func key(at path: String) -> KeyDescription? {
        guard let steps = Overlay.steps(path) else { return nil }
        var section: SectionDescription? = self
        var found: KeyDescription?
        for step in steps {
            switch step {
            case .key(let name):
                if case .map(let inner, _)? = found?.shape {
                    // The name of a section, not of a key.
                    section = inner
                    found = nil
                    continue
                }
                guard let key = section?.keys.first(where: { $0.name == name }) else { return nil }
                found = key
                if case .include(_, let inner) = key.shape {
                    section = inner
                } else {
                    section = key.inner
                }
            case .index, .name: continue
            }
        }
        return found
    }
}

extension KeyDescription {
    /// What may be written there, in words: `0.5 to 1`, `true or false`.
    public var rangeWords: String { shape.words.filter { $0 != "`" } }
}
