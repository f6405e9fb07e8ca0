/// What of the store is written out, and how.
public struct Export: Sendable {
    public enum What: String, CaseIterable, Sendable { case seconds, quarters, events }
    public enum Format: String, CaseIterable, Sendable {
        /// With a line of column names first.
        case csv
        /// One object a line.
        case json
        /// A script for psql.
        case postgresql
    }
    public var what: What
    public var format: Format
    /// Seconds since 1970, UTC: `from_s ..< to_s`.
    public var from_s: Int64, to_s: Int64

    public init(_ what: What, _ format: Format, from_s: Int64, to_s: Int64) {
        (self.what, self.format, self.from_s, self.to_s) = (what, format, from_s, to_s)
    }

    /// Column names; times are UTC as ISO 8601 has them, energies in millijoules.
    public var columns: [String] {
        switch what {
        case .seconds:
            ["time", "controller"] + Figure.all.map(\.column) + ["energy_in_mJ", "energy_out_mJ"]
        case .quarters:
            ["start", "controller", "readings"]
                + Figure.all.flatMap { f in ["_min", "_mean", "_max"].map { f.column + $0 } }
                + ["energy_in_mJ", "energy_out_mJ"] + Figure.all.flatMap(\.energyColumns)
        case .events: ["time", "controller", "kind", "text"]
        }
    }

    /// Writes line by line.
    public func write(
        _ store: Store, controllers: [String], to give: (String) throws -> Void
    ) throws {
        if format == .csv { try give(columns.joined(separator: ",")) }
        if format == .postgresql { for text in sqlHead { try give(text) } }
        try writeRows(store, controllers: controllers, to: give)
        if format == .postgresql { for text in sqlTail { try give(text) } }
    }

    private func writeRows(
        _ store: Store, controllers: [String], to give: (String) throws -> Void
    ) throws {
        for name in controllers {
            switch what {
            case .seconds:
                try store.seconds(of: name, from_s: from_s, to_s: to_s) { dated in
                    let r = dated.reading
                    try give(
                        line(
                            [.text(UTC.text(ns: dated.wall_ns)), .text(name)]
                                + r.values.map { .number($0.isFinite ? "\($0)" : nil) }
                                + [.number("\(r.energyIn_mJ)"), .number("\(r.energyOut_mJ)")]))
                }
            case .quarters:
                for q in try store.quarters(of: name, from_s: from_s, to_s: to_s) {
                    let spans = q.spans.flatMap { [$0.least, $0.mean, $0.most] }
                    try give(
                        line(
                            [
                                .text(UTC.text(ns: q.start_s * 1_000_000_000)), .text(name),
                                .number("\(q.readings)"),
                            ] + spans.map { .number($0.isFinite ? "\($0)" : nil) }
                                + [.number("\(q.energyIn_mJ)"), .number("\(q.energyOut_mJ)")]
                                + q.energies_mJ.map { .number("\($0)") }))
                }
            case .events:
                for event in try store.events(of: name, from_s: from_s, to_s: to_s) {
                    try give(
                        line([
                            .text(UTC.text(ns: event.wall_ns)), .text(name), .text(event.kind),
                            .text(event.text),
                        ]))
                }
            }
        }
    }

    enum Cell {
        case text(String)
        /// Nil: nothing was measured.
        case number(String?)
    }
    private func line(_ cells: [Cell]) -> String {
        switch format {
        case .csv: cells.map(Self.csv).joined(separator: ",")
        case .postgresql: cells.map(Self.sql).joined(separator: ",")
        case .json:
            "{" + zip(columns, cells).map { "\"\($0)\":\(Self.json($1))" }.joined(separator: ",")
                + "}"
        }
    }
    /// RFC 4180; a text that a spreadsheet would take for a formula begins with an apostrophe.
    static func csv(_ cell: Cell) -> String {
        switch cell {
        case .number(let number): return number ?? ""
        case .text(var text):
            if let first = text.first, "=+-@\t\r".contains(first) { text = "'" + text }
            guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else {
                return text
            }
            return "\"" + text.replacing("\"", with: "\"\"") + "\""
        }
    }
    static func json(_ cell: Cell) -> String {
        switch cell {
        case .number(let number): return number ?? "null"
        case .text(let text):
            var out = "\""
            for scalar in text.unicodeScalars {
                switch scalar {
                case "\"": out += "\\\""
                case "\\": out += "\\\\"
                case _ where scalar.value < 0x20:
                    let hex = String(scalar.value, radix: 16)
                    out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                default: out.unicodeScalars.append(scalar)
                }
            }
            return out + "\""
        }
    }
}
