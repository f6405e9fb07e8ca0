import GRDB

/// The tables, and how an older file becomes a newer one. A migration that has gone out is never changed.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            for statement in first { try db.execute(sql: statement) }
        }
        migrator.registerMigration("2") { db in
            // What people asked for, and what became of it. By the wall clock of the hub.
            try db.execute(
                sql: """
                    CREATE TABLE command (
                      id INTEGER PRIMARY KEY, wall_ns INTEGER NOT NULL, user TEXT NOT NULL,
                      via TEXT NOT NULL, controller TEXT NOT NULL, command TEXT NOT NULL,
                      accepted INTEGER NOT NULL, words TEXT NOT NULL)
                    """)
        }
        migrator.registerMigration("3") { db in
            // The state of charge below which nothing is scheduled out of a battery, 0 ... 1.
            try db.execute(
                sql: """
                    CREATE TABLE reserve (
                      controller INTEGER PRIMARY KEY REFERENCES controller(id), charge REAL NOT NULL)
                    """)
        }
        return migrator
    }

    private static var first: [String] {
        let figures = Figure.all.map { "\"\($0.column)\" REAL" }
        let spans = Figure.all.flatMap { f in
            [
                "\"\(f.column)_min\" REAL", "\"\(f.column)_mean\" REAL", "\"\(f.column)_max\" REAL",
                "\"\(f.column)_count\" INTEGER NOT NULL",
            ]
        }
        let energies = Figure.all.flatMap(\.energyColumns).map { "\"\($0)\" INTEGER NOT NULL" }
        return [
            "CREATE TABLE controller (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
            // One start of a controller. `ring` names the black box's file, `number` the start in it. `base_…`:
            // what its counters stood at when they began to count for this run.
            // `next_turn` is what is read next: it moves with the rows, in one transaction.
            """
            CREATE TABLE run (
              id INTEGER PRIMARY KEY, controller INTEGER NOT NULL REFERENCES controller(id),
              ring TEXT NOT NULL, number INTEGER NOT NULL, rate_Hz REAL NOT NULL,
              boot TEXT NOT NULL, settings TEXT NOT NULL, next_turn INTEGER NOT NULL DEFAULT 0,
              clock_steps INTEGER NOT NULL DEFAULT 0,
              base_tick INTEGER, base_in_mJ INTEGER, base_out_mJ INTEGER,
              UNIQUE (controller, ring, number))
            """,
            // The wall clock as it was read, at some ticks.
            """
            CREATE TABLE anchor (
              run INTEGER NOT NULL REFERENCES run(id), tick INTEGER NOT NULL,
              wall_ns INTEGER NOT NULL, PRIMARY KEY (run, tick)) WITHOUT ROWID
            """,
            """
            CREATE TABLE second (
              run INTEGER NOT NULL REFERENCES run(id), tick INTEGER NOT NULL,
              \(figures.joined(separator: ", ")),
              energy_in_mJ INTEGER NOT NULL, energy_out_mJ INTEGER NOT NULL,
              PRIMARY KEY (run, tick)) WITHOUT ROWID
            """,
            """
            CREATE TABLE quarter (
              run INTEGER NOT NULL REFERENCES run(id), start_s INTEGER NOT NULL,
              readings INTEGER NOT NULL, \(spans.joined(separator: ", ")),
              energy_in_mJ INTEGER NOT NULL, energy_out_mJ INTEGER NOT NULL,
              \(energies.joined(separator: ", ")),
              PRIMARY KEY (run, start_s)) WITHOUT ROWID
            """,
            """
            CREATE TABLE event (
              run INTEGER NOT NULL REFERENCES run(id), tick INTEGER NOT NULL,
              place INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
              PRIMARY KEY (run, tick, place)) WITHOUT ROWID
            """,
            // Turns that no black box has: why, or how many bytes of it could not be read.
            """
            CREATE TABLE gap (
              run INTEGER NOT NULL REFERENCES run(id), first_turn INTEGER NOT NULL,
              turns INTEGER NOT NULL, reason TEXT NOT NULL,
              PRIMARY KEY (run, first_turn, reason)) WITHOUT ROWID
            """,
            // Board files, calibrations, the program's version: of all runs that were made from them.
            """
            CREATE TABLE setting (
              settings TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL,
              PRIMARY KEY (settings, name)) WITHOUT ROWID
            """,
            "CREATE INDEX quarter_start ON quarter (start_s)",
        ]
    }
}
