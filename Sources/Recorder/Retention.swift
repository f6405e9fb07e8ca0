import GRDB

/// How many rows are kept of each controller, newest first: counted, not dated, for a clock that is wrong
/// must remove nothing.
public struct Retention: Equatable, Sendable {
    /// Seconds that were lived: seven days. 86 400 rows of some 130 bytes are 11 MB a day.
    public var seconds = 7 * 86_400
    /// Quarters: ten years. 35 040 rows of some 700 bytes are 25 MB a year.
    public var quarters = 10 * 366 * 96
    /// Events; some 100 bytes each.
    public var events = 200_000
    public init() {}
}

extension Store {
    /// Removes what is older than the rule has it; SQLite uses the room again.
    ///
    /// - Returns: rows removed.
    @discardableResult
    public func retire(_ rule: Retention) throws -> Int {
        try pool.write { db in
            var removed = 0
            for controller in try Int64.fetchAll(db, sql: "SELECT id FROM controller") {
                let runs = try Int64.fetchAll(
                    db, sql: "SELECT id FROM run WHERE controller = ? ORDER BY id DESC",
                    arguments: [controller])
                for (table, key, most) in [
                    ("second", "tick", rule.seconds), ("quarter", "start_s", rule.quarters),
                    ("event", "tick", rule.events),
                ] {
                    removed += try Self.retire(table, key, of: runs, keeping: max(1, most), db)
                }
            }
            return removed
        }
    }

    private static func retire(
        _ table: String, _ key: String, of runs: [Int64], keeping most: Int, _ db: Database
    ) throws -> Int {
        var left = most
        var removed = 0
        for run in runs {
            if left > 0 {
                let count = try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM \(table) WHERE run = ?", arguments: [run])!
                if count > left {
                    let oldest = try Int64.fetchOne(
                        db,
                        sql: """
                            SELECT \(key) FROM \(table) WHERE run = ? ORDER BY \(key) DESC
                            LIMIT 1 OFFSET ?
                            """, arguments: [run, left - 1])!
                    try db.execute(
                        sql: "DELETE FROM \(table) WHERE run = ? AND \(key) < ?",
                        arguments: [run, oldest])
                    removed += db.changesCount
                }
                left -= min(left, count)
            } else {
                try db.execute(sql: "DELETE FROM \(table) WHERE run = ?", arguments: [run])
                removed += db.changesCount
            }
        }
        return removed
    }
}
