/// The state of reading one document and the documents it names.
struct Reader {
    let folder: BoardFolder
    var problems = Problems()
    var settings: [Setting] = []
    var names: Names
    /// The file being read: its text, and its path inside the folder.
    var source: SourceText
    var file: String
    /// The key path in that file.
    var path = ""
    /// What stands before the key path in the settings: `grid_code.`
    var prefix = ""
    /// The section being read, where a missing key is reported; nil at the top.
    var home: Entry?
    /// The top section's description, in which misplaced keys are looked for.
    var top: SectionDescription
    /// The files being read, outermost first.
    var chain: [String]
    var references: [Reference] = []
    /// What an extended file said, by key path.
    var inherited: [String: Setting] = [:]
    var inheritedOrder: [Setting] = []
    /// The extended file could not be had: what is missing here may stand there.
    var isInheritanceLost = false

    struct Reference {
        var kind: String
        var name: String
        var problem: Problem
    }

    /// The deepest chain of files naming files: scenario, board, grid code, and some to spare.
    static let chainLimit = 8

    mutating func within(_ step: String, _ body: (inout Reader) -> Void) {
        let outer = path
        path = path.isEmpty ? step : path + "." + step
        body(&self)
        path = outer
    }

    func keyPath(_ name: String) -> String {
        if name.isEmpty { return path }
        return path.isEmpty ? name : path + "." + name
    }

    /// A problem with the value of `entry`.
    func problem(
        _ entry: Entry, at key: String, _ message: String, _ remedy: String
    ) -> Problem {
        let item = entry.value
        // Where there is no value, the place of the key is clearer.
        let atKey = item.isNull && !entry.key.isEmpty
        var isScalar = false
        if case .scalar = item.content { isScalar = !item.isNull }
        return Problem(
            file: source.file, line: atKey ? entry.line : item.line,
            column: atKey ? entry.column : item.column, key: key,
            value: isScalar ? item.written : nil, message: message, remedy: remedy,
            excerpt: source.excerpt(atKey ? entry.line : item.line),
            width: atKey ? entry.key.unicodeScalars.count : item.width)
    }

    /// Refuses what stands at the section being read.
    mutating func refuse(_ entry: Entry, _ message: String, _ remedy: String) {
        problems.add(problem(entry, at: path, message, remedy))
    }

    /// A problem with a key rather than its value.
    func problem(key entry: Entry, at key: String, _ message: String, _ remedy: String) -> Problem {
        Problem(
            file: source.file, line: entry.line, column: entry.column, key: key,
            message: message, remedy: remedy, excerpt: source.excerpt(entry.line),
            width: max(1, entry.key.unicodeScalars.count))
    }

    /// Reads the scalar, or list of scalars, at a key; nil where it was refused.
    mutating func scalar(_ entry: Entry, _ key: KeyDescription) -> Value? {
        let at = keyPath(key.name)
        if case .several(let count, let each) = key.shape {
            return several(entry, key, count, each)
        }
        switch key.shape.read(entry.value, unit: key.unit, example: key.example ?? key.defaultValue)
        {
        case .success(let value): return resolved(value, key.shape, entry, at)
        case .failure(let refusal):
            problems.add(problem(entry, at: at, refusal.message, refusal.remedy))
            return nil
        }
    }

    private mutating func several(
        _ entry: Entry, _ key: KeyDescription, _ count: ClosedRange<Int>, _ each: Shape
    ) -> Value? {
        var items: [Item]?
        within(key.name) { items = $0.items(entry, count, named: false) }
        guard let items else { return nil }
        var values: [Value] = []
        for (n, item) in items.enumerated() {
            let element = Entry(key: "", line: item.line, column: item.column, value: item)
            let at = keyPath("\(key.name)[\(n)]")
            switch each.read(item, unit: key.unit, example: nil) {
            case .success(let value):
                if let value = resolved(value, each, element, at) { values.append(value) }
            case .failure(let refusal):
                problems.add(problem(element, at: at, refusal.message, refusal.remedy))
            }
        }
        return values.count == items.count ? .list(values) : nil
    }

    /// Notes a reference for later, and finds a file now.
    private mutating func resolved(
        _ value: Value, _ shape: Shape, _ entry: Entry, _ at: String
    ) -> Value? {
        guard case .text(let text) = value else { return value }
        switch shape {
        case .reference(let kind):
            references.append(
                Reference(kind: kind, name: text, problem: problem(entry, at: at, "", "")))
            return value
        case .file, .include:
            return path(of: text, shape, entry, at).map { .text($0) }
        default: return value
        }
    }

    /// The items of a list, if it is one and as long as it must be.
    mutating func items(_ entry: Entry, _ count: ClosedRange<Int>, named: Bool = true) -> [Item]? {
        let at = named ? keyPath(entry.key) : path
        guard case .list(let items) = entry.value.content else {
            let message = entry.value.isNull ? "has no items" : "is not a list"
            problems.add(
                problem(
                    entry, at: at, message,
                    count.lowerBound == 0
                        ? "write each item after a - below the key, or [] for none"
                        : "write each item after a - below the key"))
            return nil
        }
        return counted(items.count, count, entry, at) ? items : nil
    }

    /// The entries of a map of sections, if it is one and as long as it must be.
    mutating func entries(_ entry: Entry, _ count: ClosedRange<Int>) -> [Entry]? {
        let at = keyPath(entry.key)
        guard case .map(let entries) = entry.value.content else {
            problems.add(
                problem(
                    entry, at: at, entry.value.isNull ? "has no entries" : "is not a section",
                    "write each entry as name: below the key, with its own keys below that"))
            return nil
        }
        return counted(entries.count, count, entry, at) ? entries : nil
    }

    private mutating func counted(
        _ n: Int, _ count: ClosedRange<Int>, _ entry: Entry, _ at: String
    ) -> Bool {
        if count.contains(n) { return true }
        let span =
            count.lowerBound == count.upperBound
            ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
        problems.add(
            problem(entry, at: at, n == 1 ? "has 1 entry" : "has \(n) entries", "give it \(span)"))
        return false
    }
}
