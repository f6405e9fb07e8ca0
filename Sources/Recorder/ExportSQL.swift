/// Tables of PostgreSQL, for who outgrows a file: a script for psql that makes the table where there is none, and
/// may be run again with times that were exported before, for a row that is there is replaced.
extension Export {
    private var table: String { "skerry_\(what.rawValue)" }
    /// What makes a row the same one.
    private var key: [String] {
        switch what {
        case .seconds: ["time", "controller"]
        case .quarters: ["start", "controller"]
        case .events: ["time", "controller", "kind", "text"]
        }
    }
    private static func quoted(_ names: [String]) -> String {
        names.map { "\"\($0)\"" }.joined(separator: ", ")
    }
    private static func type(_ column: String) -> String {
        switch column {
        case "time", "start": "timestamptz NOT NULL"
        case "controller", "kind", "text": "text NOT NULL"
        case "readings": "bigint NOT NULL"
        // An hour of a megawatt is 3.6e12 mJ: 64 bits hold centuries of it.
        case _ where column.hasSuffix("_mJ"): "bigint NOT NULL"
        default: "double precision"
        }
    }

    /// Before the rows, which follow as CSV.
    var sqlHead: [String] {
        let fields = columns.map { "\"\($0)\" \(Self.type($0))" }.joined(separator: ", ")
        return [
            "BEGIN;",
            "CREATE TABLE IF NOT EXISTS \(table) (\(fields), PRIMARY KEY (\(Self.quoted(key))));",
            "CREATE TEMPORARY TABLE taken (LIKE \(table)) ON COMMIT DROP;",
            "COPY taken (\(Self.quoted(columns))) FROM STDIN (FORMAT csv);",
        ]
    }
    /// Behind them.
    var sqlTail: [String] {
        let others = columns.filter { !key.contains($0) }
        let sets = others.map { "\"\($0)\" = EXCLUDED.\"\($0)\"" }.joined(separator: ", ")
        return [
            "\\.",
            "INSERT INTO \(table) SELECT DISTINCT ON (\(Self.quoted(key))) * FROM taken "
                + "ON CONFLICT (\(Self.quoted(key))) DO "
                + (others.isEmpty ? "NOTHING;" : "UPDATE SET \(sets);"),
            "COMMIT;",
        ]
    }
    /// Always in quotes: then it is neither NULL nor the end of the rows.
    static func sql(_ cell: Cell) -> String {
        switch cell {
        case .number(let number): number ?? ""
        case .text(let text): "\"" + text.replacing("\"", with: "\"\"") + "\""
        }
    }
}
