import GRDB
import GRDBSQLite

// Rows of the tables from values and back. SQLite stores NaN as NULL.

enum Rows {
    private static func marks(_ n: Int) -> String {
        Array(repeating: "?", count: n).joined(separator: ", ")
    }
    static let putSecond =
        "INSERT OR IGNORE INTO second VALUES (\(marks(4 + Figure.all.count)))"
    static let putQuarter =
        "INSERT OR REPLACE INTO quarter VALUES (\(marks(5 + 4 * Figure.all.count + 2 * Figure.powers.count)))"
    static let putEvent = "INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?)"

    /// Executes ``putSecond``. By SQLite's own functions, for this is most of what the store does: GRDB's
    /// arguments are boxes, and take half of the time of a row.
    static func put(_ reading: Reading, run: Int64, _ statement: Statement) throws {
        let s = statement.sqliteStatement
        sqlite3_reset(s)
        sqlite3_bind_int64(s, 1, run)
        sqlite3_bind_int64(s, 2, Int64(reading.tick))
        var n: Int32 = 3
        for value in reading.values {
            // SQLite has no NaN: it binds NULL.
            sqlite3_bind_double(s, n, value.isFinite ? Double(value) : .nan)
            n += 1
        }
        sqlite3_bind_int64(s, n, reading.energyIn_mJ)
        sqlite3_bind_int64(s, n + 1, reading.energyOut_mJ)
        let code = sqlite3_step(s)
        sqlite3_reset(s)
        guard code == SQLITE_DONE else {
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code),
                message: String(cString: sqlite3_errstr(code)),
                sql: putSecond)
        }
    }
    static func reading(_ row: Row) -> Reading {
        // run, tick, figures, counters.
        let values = (0..<Figure.all.count).map { n in
            (row[2 + n] as Double?).map { Float($0) } ?? .nan
        }
        let k = 2 + Figure.all.count
        return Reading(
            tick: UInt64(row[1] as Int64), values: values, energyIn_mJ: row[k],
            energyOut_mJ: row[k + 1])
    }

    static func values(of q: Quarter, run: Int64) -> StatementArguments {
        var row: [(any DatabaseValueConvertible)?] = [run, q.start_s, q.readings]
        for span in q.spans {
            let isThere = span.count > 0
            row += [
                isThere ? span.least : nil, isThere ? span.mean : nil, isThere ? span.most : nil,
                span.count,
            ]
        }
        row += [q.energyIn_mJ, q.energyOut_mJ]
        row += q.energies_mJ.map { $0 as (any DatabaseValueConvertible)? }
        return StatementArguments(row)
    }
    static func quarter(_ row: Row) -> Quarter {
        var q = Quarter(start_s: row[1])
        q.readings = row[2]
        var k = 3
        for n in q.spans.indices {
            let count: Int64 = row[k + 3]
            q.spans[n].count = count
            if count > 0 {
                q.spans[n].least = row[k]
                q.spans[n].mean = row[k + 1]
                q.spans[n].most = row[k + 2]
            }
            k += 4
        }
        (q.energyIn_mJ, q.energyOut_mJ) = (row[k], row[k + 1])
        k += 2
        for n in q.energies_mJ.indices { q.energies_mJ[n] = row[k + n] }
        return q
    }
}
