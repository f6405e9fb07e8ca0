import GRDB

/// A command that somebody gave, and what became of it.
public struct RecordedCommand: Equatable, Sendable {
    /// Nanoseconds since 1970, UTC.
    public var wall_ns: Int64
    public var user: String
    /// The door it came by: page, mqtt.
    public var via: String
    public var controller: String
    public var command: String
    public var isAccepted: Bool
    public var words: String
    public init(
        wall_ns: Int64, user: String, via: String, controller: String, command: String,
        isAccepted: Bool, words: String
    ) {
        self.wall_ns = wall_ns
        (self.user, self.via) = (user, via)
        (self.controller, self.command) = (controller, command)
        (self.isAccepted, self.words) = (isAccepted, words)
    }
}

extension Store {
    /// Commands that are kept: the newest.
    public static let mostCommands = 10_000

    /// Puts a command down, with what became of it.
    public func record(_ command: RecordedCommand) throws {
        try pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO command (wall_ns, user, via, controller, command, accepted, words)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    command.wall_ns, command.user, command.via, command.controller,
                    command.command, command.isAccepted, command.words,
                ])
            try db.execute(
                sql: "DELETE FROM command WHERE id <= ?",
                arguments: [db.lastInsertedRowID - Int64(Self.mostCommands)])
        }
    }

    /// The newest commands, newest first.
    public func commands(most: Int) throws -> [RecordedCommand] {
        try pool.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT wall_ns, user, via, controller, command, accepted, words FROM command
                    ORDER BY id DESC LIMIT ?
                    """, arguments: [most]
            ).map {
                RecordedCommand(
                    wall_ns: $0[0], user: $0[1], via: $0[2], controller: $0[3], command: $0[4],
                    isAccepted: $0[5], words: $0[6])
            }
        }
    }
}
