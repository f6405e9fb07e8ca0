/// One value in force, and where it came from.
public struct Setting: Equatable, Sendable {
    public enum Origin: Equatable, Sendable {
        case file(String, line: Int)
        case builtIn
    }
    /// `homes[2].battery.capacity_Ah`
    public var key: String
    /// As it would be written; empty where nothing is set.
    public var value: String
    /// Empty where there is none.
    public var unit: String
    public var origin: Origin
    /// What an operator may choose it from, where a grid code says so.
    public var range: ClosedRange<Double>?

    /// `board.yaml:12` or `default`.
    public var place: String {
        switch origin {
        case .file(let file, let line): "\(file):\(line)"
        case .builtIn: "default"
        }
    }
}

extension [Setting] {
    /// For `skerry check`: one line per value, in columns.
    public var table: String {
        let rows = map { setting in
            let value = setting.value.isEmpty ? "not set" : setting.value
            let choice = setting.range.map { " (\(rangeWords($0)))" } ?? ""
            return (
                setting.key, (setting.unit.isEmpty ? value : "\(value) \(setting.unit)") + choice,
                setting.place
            )
        }
        let first = Swift.min(48, rows.map(\.0.count).max() ?? 0)
        let second = Swift.min(32, rows.map(\.1.count).max() ?? 0)
        func pad(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: Swift.max(0, width - text.count))
        }
        return rows.map { "\(pad($0.0, first))  \(pad($0.1, second))  \($0.2)\n" }.joined()
    }

    /// For machines.
    public var json: JSON {
        .list(
            map {
                .object([
                    ("key", .text($0.key)), ("value", .text($0.value)), ("unit", .text($0.unit)),
                    ("from", .text($0.place)),
                    (
                        "range",
                        $0.range.map { .list([.number($0.lowerBound), .number($0.upperBound)]) }
                            ?? .null
                    ),
                ])
            })
    }
}

extension Reader {
    /// Notes a value the file gives.
    mutating func record(_ key: KeyDescription, _ value: Value, _ entry: Entry) {
        settings.append(
            Setting(
                key: prefix + keyPath(key.name), value: key.shape.written(value),
                unit: key.unit?.symbol ?? "", origin: .file(source.file, line: entry.line)))
    }

    /// A key the file leaves out: inherited, missing, or at its default.
    mutating func absent(_ key: KeyDescription, _ value: Value?, _ need: Need = .optional) {
        let at = prefix + keyPath(key.name)
        if let setting = inherited[at] {
            settings.append(setting)
            return
        }
        if need == .alternative { return }
        if key.isRequired {
            missing(key)
            return
        }
        settings.append(
            Setting(
                key: at, value: value.map(key.shape.written) ?? "",
                unit: value == nil ? "" : key.unit?.symbol ?? "",
                origin: .builtIn))
    }

    /// A list or map the file leaves out; what an extended file said of it holds.
    mutating func absent(list key: KeyDescription, count: Int) {
        let at = prefix + keyPath(key.name)
        let found = inheritedOrder.filter {
            $0.key == at || $0.key.hasPrefix(at + "[") || $0.key.hasPrefix(at + ".")
        }
        if !found.isEmpty {
            settings += found
        } else if key.isRequired {
            missing(key)
        } else {
            settings.append(
                Setting(
                    key: at, value: count == 0 ? "none" : "\(count)", unit: "", origin: .builtIn))
        }
    }

    private mutating func missing(_ key: KeyDescription) {
        if isInheritanceLost { return }
        let what = key.doc.isEmpty ? "" : " (\(key.doc.trimmedSentence))"
        let line: String
        switch key.shape {
        case .section, .list, .map: line = "\(key.name):"
        default:
            let value = key.example ?? key.shape.stand
            line = "\(key.name): \(key.shape.written(value))"
        }
        let place = home
        problems.add(
            Problem(
                file: source.file, line: place?.line ?? 1, column: place?.column ?? 1,
                key: keyPath(key.name), message: "is missing", remedy: "add \(line)\(what)",
                excerpt: source.excerpt(place?.line ?? 1),
                width: max(1, place?.key.unicodeScalars.count ?? 1)))
    }

    /// Places what a rule found.
    mutating func add(_ finding: Check<some Sendable>.Finding, in section: Entry?) {
        let at = keyPath(finding.key ?? "")
        let entry = finding.entry ?? section
        var found =
            entry.map { problem($0, at: at, finding.message, finding.remedy) }
            ?? Problem(
                file: source.file, line: 1, column: 1, key: at, message: finding.message,
                remedy: finding.remedy, excerpt: source.excerpt(1))
        found.value = finding.value
        found.severity = finding.severity
        problems.add(found)
    }
}

extension String {
    /// A doc sentence inside another: without its full stop.
    var trimmedSentence: String { hasSuffix(".") ? String(dropLast()) : self }
}
