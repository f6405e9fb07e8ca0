import BlackBox
import Control
import GRDB

/// The table of quarters.
enum Quarters {
    static func one(run: Int64, start_s: Int64, _ db: Database) throws -> Quarter? {
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM quarter WHERE run = ? AND start_s = ?")
        return try Row.fetchOne(statement, arguments: [run, start_s]).map { Rows.quarter($0) }
    }

    /// Makes a run's quarters anew from its seconds, whose wall times are others now.
    ///
    /// - Returns: the fold, at the newest second; nil where there is none.
    static func redate(run: Int64, _ clock: RunClock, _ db: Database) throws -> QuarterFold? {
        try db.execute(sql: "DELETE FROM quarter WHERE run = ?", arguments: [run])
        var fold: QuarterFold?
        let rows = try Row.fetchCursor(
            db, sql: "SELECT * FROM second WHERE run = ? ORDER BY tick", arguments: [run])
        while let row = try rows.next() {
            let reading = Rows.reading(row)
            guard let wall_ns = clock.wall_ns(at: reading.tick) else { continue }
            if fold == nil { fold = try start(run: run, clock, first: reading, db) }
            fold!.add(reading, wall_ns: wall_ns) { _ in nil }
        }
        for quarter in fold?.take() ?? [] {
            try db.execute(
                sql: Rows.putQuarter, arguments: Rows.values(of: quarter, run: run))
        }
        return fold
    }

    /// The fold of a run that has no seconds yet, or whose seconds are folded anew.
    ///
    /// A controller that went on from the state of the process before it has that one's counters: they
    /// count from where that one was last seen. Where nobody saw it they count from its first reading.
    static func start(
        run: Int64, _ clock: RunClock, first: Reading, _ db: Database
    ) throws -> QuarterFold {
        let row = try Row.fetchOne(
            db, sql: "SELECT base_tick, base_in_mJ, base_out_mJ FROM run WHERE id = ?",
            arguments: [run])!
        let base = Reading(
            tick: UInt64(row[0] as Int64? ?? Int64(first.tick)), values: [],
            energyIn_mJ: row[1] ?? first.energyIn_mJ, energyOut_mJ: row[2] ?? first.energyOut_mJ)
        return QuarterFold(after: (base, clock.wall_ns(at: base.tick) ?? 0))
    }

    /// Writes down where the counters of a run begin to count, from its first reading.
    static func begin(run: Int64, _ first: KeptRecord, _ db: Database) throws {
        // Ticks are turns and what was missed: more of them than turns of this run, and it went on.
        let tick = first.record.tick.count
        let lived = tick &- first.record.missedTicks
        var base: (tick: Int64, in_mJ: Int64, out_mJ: Int64)? = (0, 0, 0)
        if lived > first.number + 1 {
            base = try Row.fetchOne(
                db,
                sql: """
                    SELECT second.tick, second.energy_in_mJ, second.energy_out_mJ
                    FROM second JOIN run ON run.id = second.run
                    WHERE run.controller = (SELECT controller FROM run WHERE id = ?1)
                      AND run.id < ?1 AND second.tick <= ?2
                    ORDER BY run.id DESC, second.tick DESC LIMIT 1
                    """, arguments: [run, Int64(tick)]
            ).map { ($0[0], $0[1], $0[2]) }
        }
        try db.execute(
            sql: "UPDATE run SET base_tick = ?, base_in_mJ = ?, base_out_mJ = ? WHERE id = ?",
            arguments: [base?.tick, base?.in_mJ, base?.out_mJ, run])
    }
}

extension RunClock {
    static func load(run: Int64, rate_Hz: Double, _ db: Database) throws -> RunClock {
        var clock = RunClock(rate_Hz: rate_Hz)
        let rows = try Row.fetchCursor(
            db, sql: "SELECT tick, wall_ns FROM anchor WHERE run = ? ORDER BY tick",
            arguments: [run])
        while let row = try rows.next() {
            clock.add(Anchor(tick: UInt64(row[0] as Int64), wall_ns: row[1]))
        }
        return clock
    }
}
