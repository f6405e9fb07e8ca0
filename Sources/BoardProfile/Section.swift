/// A key path that may cross threads, as key path literals may.
public typealias Path<Root, Value> = WritableKeyPath<Root, Value> & Sendable

/// May a key be left out?
public enum Need: Sendable {
    /// The property's value in the section's `empty` is the default.
    case optional
    case required
    /// One of several keys of which a person writes one; left out, nothing is said of it. See
    /// `Section.oneOf`.
    case alternative
}

/// A section of a file and the settings it becomes, described once.
///
/// ```swift
/// struct Battery: Sendable { var capacity_Ah = 100.0; var ceiling = Volts(58.4) }
/// extension Battery {
///     static let section = Section("Battery", of: Battery(), "A bank behind one contactor.") { s in
///         s.number("capacity_Ah", \.capacity_Ah, 1...10_000, "Rated capacity.", .required)
///         s.number("ceiling_V", \.ceiling, 10...1000, "Charging stops here.", source: "Data sheet")
///         s.rule { battery, check in … }
///     }
/// }
/// ```
/// From this come reading, "did you mean", the JSON Schema, the reference table and the print of
/// effective settings. Defaults are the values of `empty`.
public struct Section<Root: Sendable>: Sendable {
    public internal(set) var description: SectionDescription
    /// The settings of a file that says nothing.
    public let empty: Root
    var keys: [Key<Root>] = []
    var rules: [@Sendable (Root, inout Check<Root>) -> Void] = []
    var completions: [@Sendable (inout Root) -> Void] = []
    /// Keys of a grid code that a board may set; see `adjustable`.
    var adjustables: [Choice<Root>] = []
    private var index: [String: Int] = [:]

    public init(
        _ title: String, of empty: Root, _ doc: String, _ describe: (inout Section<Root>) -> Void
    ) {
        description = SectionDescription(title: title, doc: doc)
        self.empty = empty
        describe(&self)
    }

    /// Adds a key. Two keys of one name are our bug.
    mutating func add(_ key: Key<Root>) {
        precondition(
            index.updateValue(keys.count, forKey: key.description.name) == nil,
            "\(description.title) has two keys \(key.description.name)")
        keys.append(key)
        description.keys.append(key.description)
    }

    /// A key of an earlier version: refused with `remedy`.
    public mutating func retired(_ name: String, _ remedy: String) {
        description.retired[name] = remedy
    }

    /// Reads the section at `entry` (nil: left out) into `root`, key by key.
    func read(_ entry: Entry?, into root: inout Root, _ reader: inout Reader) {
        var entries: [Entry] = []
        if let entry {
            guard case .map(let found) = entry.value.content else {
                let empty = entry.value.isNull
                reader.refuse(
                    entry, empty ? "has no keys below it" : "is not a section",
                    empty
                        ? "indent its keys below it, or remove the line"
                        : "write its keys on lines of their own, indented below it")
                return
            }
            entries = found
        }
        var slots = [Entry?](repeating: nil, count: keys.count)
        var unknown: [Entry] = []
        for entry in entries {
            if let n = index[entry.key] { slots[n] = entry } else { unknown.append(entry) }
        }
        let before = reader.problems.errors
        reader.extend(self, slots, &root)
        let meant = Set(unknown.compactMap { reader.refuseUnknown($0, in: description) })
        let home = reader.home
        reader.home = entry ?? home
        for (n, key) in keys.enumerated() {
            // A misspelt required key is reported as misspelt, not as missing too.
            if slots[n] == nil, meant.contains(key.description.name) { continue }
            key.read(slots[n], &root, &reader)
        }
        reader.home = home
        guard reader.problems.errors == before else { return }
        for complete in completions { complete(&root) }
        var check = Check(keys: keys, slots: slots)
        for rule in rules { rule(root, &check) }
        for finding in check.findings { reader.add(finding, in: entry) }
    }
}

/// One key of a section, bound to a property.
struct Key<Root: Sendable>: Sendable {
    let description: KeyDescription
    let path: PartialKeyPath<Root> & Sendable
    /// The property as it would be written; nil where it is not set, or holds sections.
    let value: @Sendable (Root) -> Value?
    /// Reads the entry, or what its absence means.
    let read: @Sendable (Entry?, inout Root, inout Reader) -> Void
}
