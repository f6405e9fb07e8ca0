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
