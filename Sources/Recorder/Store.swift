import GRDB

/// Why the store cannot be used, for people.
public struct StoreFault: Error, Equatable, Sendable, CustomStringConvertible {
    public var path: String
    public var message: String
    public var remedy: String
    public var description: String { "\(path): \(message); \(remedy)" }
}

/// The file of what happened: SQLite, in write-ahead mode, one writer and any number of readers.
///
/// Every row has its key from the controller's own counts, a run and a tick, and the place up to which a
/// run has been read moves in the same transaction as its rows. So nothing is missing and nothing is
/// there twice, whenever this process ends. A loss of power may take the newest transactions whole; the
/// black box still has what was in them.
public final class Store: Sendable {
    let pool: DatabasePool
    public let path: String

    /// Opens a store, makes it where there is none, and brings an older one up to date.
    public init(path: String) throws(StoreFault) {
        self.path = path
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA busy_timeout = 5000")
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            let migrator = Schema.migrator
            if try pool.read({ try migrator.hasBeenSuperseded($0) }) {
                throw StoreFault(
                    path: path, message: "was written by a newer program",
                    remedy: "use that one, or another file")
            }
            try migrator.migrate(pool)
        } catch let fault as StoreFault {
            throw fault
        } catch {
            throw StoreFault(
                path: path, message: "cannot be opened: \(error)",
                remedy: "see that the folder is there and may be written to, or move the file away")
        }
    }

    /// The number of a controller, made where it is new.
    static func controller(_ name: String, in db: Database) throws -> Int64 {
        try db.execute(
            sql: "INSERT INTO controller (name) VALUES (?) ON CONFLICT DO NOTHING",
            arguments: [name])
        return try Int64.fetchOne(
            db, sql: "SELECT id FROM controller WHERE name = ?", arguments: [name])!
    }
}
