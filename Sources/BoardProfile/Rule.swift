/// What a rule across keys found. Rules run on sections whose keys were each in order.
public struct Check<Root: Sendable> {
    struct Finding {
        var key: String?
        var entry: Entry?
        var value: String?
        var message: String
        var remedy: String
        var severity: Problem.Severity
    }
    let keys: [Key<Root>]
    let slots: [Entry?]
    var findings: [Finding] = []

    /// The settings cannot be run with. `path` is the key a person should change.
    public mutating func refuse(
        _ path: PartialKeyPath<Root>, _ message: String, _ remedy: String
    ) { find(path, message, remedy, .error) }

    /// The settings can be run with, but are seldom meant.
    public mutating func warn(
        _ path: PartialKeyPath<Root>, _ message: String, _ remedy: String
    ) { find(path, message, remedy, .warning) }

    /// The key's name; empty for a property no key is bound to.
    public func name(_ path: PartialKeyPath<Root>) -> String {
        keys.first { $0.path == path }?.description.name ?? ""
    }

    /// True where the file itself gives the key.
    public func isWritten(_ path: PartialKeyPath<Root>) -> Bool {
        keys.firstIndex { $0.path == path }.map { slots[$0] != nil } ?? false
    }

    /// The same for a key below a section of this one: `switch.close_s`.
    public mutating func refuse(key: String, _ message: String, _ remedy: String) {
        var steps = key.split(separator: ".")
        let at = keys.firstIndex { $0.description.name == steps[0] }
        precondition(at != nil, "no key \(key)")
        steps.removeFirst()
        let entry = slots[at!].map { Self.entry(below: $0, steps) }
        findings.append(
            Finding(
                key: key, entry: entry, value: entry.flatMap(Self.written), message: message,
                remedy: remedy, severity: .error))
    }

    /// As deep as the file goes: where only `line` of `line.L_mH` is written, that is to blame.
    private static func entry(below entry: Entry, _ steps: [Substring]) -> Entry {
        var entry = entry
        for step in steps {
            let (name, index) = Self.parts(step)
            guard case .map(let entries) = entry.value.content,
                let found = entries.first(where: { $0.key == name })
            else { break }
            entry = found
            guard let index else { continue }
            guard case .list(let items) = found.value.content, items.indices.contains(index) else {
                break
            }
            let item = items[index]
            entry = Entry(key: "", line: item.line, column: item.column, value: item)
        }
        return entry
    }

    /// `stages[2]` is item 2 of the list `stages`.
    private static func parts(_ step: Substring) -> (name: Substring, index: Int?) {
        guard step.hasSuffix("]"), let open = step.firstIndex(of: "[") else { return (step, nil) }
        return (step[..<open], Int(step[step.index(after: open)...].dropLast()))
    }

    private static func written(_ entry: Entry) -> String? {
        guard case .scalar = entry.value.content else { return nil }
        return entry.value.written
    }

    /// The same for a key inside item `n` of a list of sections.
    public mutating func refuse(
        _ path: PartialKeyPath<Root>, item n: Int, key: String, _ message: String,
        _ remedy: String
    ) { find(path, item: n, key: key, message, remedy, .error) }

    /// And the warning.
    public mutating func warn(
        _ path: PartialKeyPath<Root>, item n: Int, key: String, _ message: String,
        _ remedy: String
    ) { find(path, item: n, key: key, message, remedy, .warning) }

    private mutating func find(
        _ path: PartialKeyPath<Root>, item n: Int, key: String, _ message: String,
        _ remedy: String, _ severity: Problem.Severity
    ) {
        guard let at = keys.firstIndex(where: { $0.path == path }), let list = slots[at],
            case .list(let items) = list.value.content, items.indices.contains(n)
        else {
            find(path, message, remedy, severity)
            return
        }
        let item = items[n]
        let entry = Self.entry(
            below: Entry(key: "", line: item.line, column: item.column, value: item),
            key.split(separator: "."))
        let name = "\(keys[at].description.name)[\(n)]"
        findings.append(
            Finding(
                key: key.isEmpty ? name : "\(name).\(key)", entry: entry,
                value: Self.written(entry), message: message, remedy: remedy, severity: severity))
    }

    private mutating func find(
        _ path: PartialKeyPath<Root>, _ message: String, _ remedy: String,
        _ severity: Problem.Severity
    ) {
        let n = keys.firstIndex { $0.path == path }
        findings.append(
            Finding(
                key: n.map { keys[$0].description.name }, entry: n.flatMap { slots[$0] },
                value: n.flatMap { slots[$0]?.value.written }, message: message, remedy: remedy,
                severity: severity))
    }
}

extension Section {
    /// A rule across keys; it runs when every key of the section was in order.
    public mutating func rule(_ rule: @escaping @Sendable (Root, inout Check<Root>) -> Void) {
        rules.append(rule)
    }

    /// What follows from several keys, worked out once they are read and before the rules run.
    public mutating func completion(_ complete: @escaping @Sendable (inout Root) -> Void) {
        completions.append(complete)
    }

    /// Exactly one of the keys `names`, each an `.alternative`, must be written. `what` they say
    /// is for messages: "pickup". `fitting` names the key to add for the settings at hand.
    public mutating func oneOf(
        _ names: [String], _ what: String,
        fitting: @escaping @Sendable (Root) -> String? = { _ in nil }
    ) {
        description.alternatives.append(names)
        rules.append { root, check in
            let written = check.keys.indices.filter {
                check.slots[$0] != nil && names.contains(check.keys[$0].description.name)
            }.sorted { check.slots[$0]!.line < check.slots[$1]!.line }
            guard written.count != 1 else { return }
            var finding = Check<Root>.Finding(
                key: nil, entry: nil, value: nil, message: "has no \(what)",
                remedy: "add \(fitting(root) ?? BoardProfile.oneOf(names))", severity: .error)
            if written.count > 1 {
                let (first, second) = (check.keys[written[0]], check.keys[written[1]])
                finding.key = second.description.name
                finding.entry = check.slots[written[1]]
                finding.message = "stands beside \(first.description.name)"
                finding.remedy = "keep one of them"
            }
            check.findings.append(finding)
        }
    }

    /// `low` must be less than `high`; with `orEqual`, at most. An optional that is nil passes.
    public mutating func ascending<V: NumberValue>(
        _ low: Path<Root, V>, _ high: Path<Root, V>, orEqual: Bool = false
    ) {
        rules.append { root, check in
            guard let a = root[keyPath: low].number, let b = root[keyPath: high].number,
                !(orEqual ? a <= b : a < b)
            else { return }
            // Blame the key the file gives; of two, the lower.
            let culprit: PartialKeyPath<Root> =
                check.isWritten(low) || !check.isWritten(high) ? low : high
            let (lowName, highName) = (check.name(low), check.name(high))
            let (lowText, highText) = (check.text(low, root), check.text(high, root))
            let below = orEqual ? "at most" : "less than"
            let above = orEqual ? "at least" : "more than"
            let remedy =
                culprit == low
                ? "make it \(below) \(highName) (\(highText))"
                : "make it \(above) \(lowName) (\(lowText))"
            check.refuse(
                culprit,
                culprit == low ? "is not below \(highName)" : "is not above \(lowName)", remedy)
        }
    }
}

extension Check {
    /// The value at `path` in the unit of its key, for messages: `253 V`.
    public func text(_ path: PartialKeyPath<Root>, _ root: Root) -> String {
        guard let key = keys.first(where: { $0.path == path }), let value = key.value(root) else {
            return "not set"
        }
        let unit = key.description.unit.map { " " + $0.symbol } ?? ""
        return key.description.shape.written(value) + unit
    }
}
