import GRDB
import Recorder

/// A store with a year of quarters and a week of seconds of each controller, ending 2027-01-01: what is in
/// the file of a hub that has run for that long.
enum MadeYear {
    private static let end_s: Int64 = 1_798_761_600
    private static let days: Int64 = 365
    private static let daysOfSeconds: Int64 = 7

    static func write(_ path: String, controllers: [String]) throws {
        // Makes the tables.
        _ = try Store(path: path)
        let file = try DatabaseQueue(path: path)
        for (n, name) in controllers.enumerated() {
            try file.write { db in try one(name, Int64(n + 1), db) }
        }
        try file.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }

    private static func one(_ name: String, _ run: Int64, _ db: Database) throws {
        try db.execute(sql: "INSERT INTO controller (name) VALUES (?)", arguments: [name])
        let controller = db.lastInsertedRowID
        try db.execute(
            sql: """
                INSERT INTO run (id, controller, ring, number, rate_Hz, boot, settings)
                VALUES (?, ?, 'made', 1, 1000, '', '')
                """, arguments: [run, controller])
        let start_s = end_s - days * 86_400
        for anchor in 0...days * 24 {
            try db.execute(
                sql: "INSERT INTO anchor VALUES (?, ?, ?)",
                arguments: [
                    run, anchor * 3_600_000, (start_s + anchor * 3600) * 1_000_000_000,
                ])
        }
        let quarter = try columns("quarter", db)
        for row in 0..<days * 96 {
            try put("quarter", quarter, db) { column in
                switch column {
                case "run": run
                case "start_s": start_s + row * 900
                case "readings": 900
                case _ where column.hasSuffix("_mJ"): 900_000 * ((row * 7) % 2000)
                case _ where column.hasSuffix("_count"): 900
                default: value(row)
                }
            }
        }
        let second = try columns("second", db)
        let first = (days - daysOfSeconds) * 86_400
        for row in first..<days * 86_400 {
            try put("second", second, db) { column in
                switch column {
                case "run": run
                case "tick": row * 1000
                case _ where column.hasSuffix("_mJ"): row * 1000
                default: value(row)
                }
            }
        }
        for row in 0..<days * 20 {
            try db.execute(
                sql: "INSERT INTO event VALUES (?, ?, 0, 'transition', ?)",
                arguments: [
                    run, row * 4_320_000,
                    row % 2 == 0 ? "islanding switch: opening" : "islanding switch: grid-tied",
                ])
        }
    }

    private static func value(_ row: Int64) -> Double { Double((row * 31) % 4999) / 7 }

    private static func columns(_ table: String, _ db: Database) throws -> [String] {
        try db.columns(in: table).map(\.name)
    }
    private static func put(
        _ table: String, _ columns: [String], _ db: Database,
        _ value: (String) -> any DatabaseValueConvertible
    ) throws {
        let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        try db.cachedStatement(sql: "INSERT INTO \(table) VALUES (\(marks))")
            .execute(arguments: StatementArguments(columns.map { value($0) }))
    }
}
