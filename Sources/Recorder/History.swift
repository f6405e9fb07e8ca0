import BlackBox
import GRDB

/// A second as it was, with the wall time that is believed now.
public struct DatedReading: Sendable {
    /// Nanoseconds since 1970, UTC.
    public var wall_ns: Int64
    public var reading: Reading
}
/// A quarter of an hour of one controller, whatever runs it had in it.
public struct QuarterFigures: Equatable, Sendable {
    public struct Span: Equatable, Sendable {
        /// NaN where nothing was measured.
        public var least: Double, mean: Double, most: Double
    }
    /// Seconds since 1970, UTC; a multiple of 900.
    public var start_s: Int64
    /// Seconds of which there is a reading, 0 ... 900.
    public var readings: Int64
    /// As `Figure.all`.
    public var spans: [Span]
    /// Through the measured connection into the bus and out of it, by the controller's own counters.
    public var energyIn_mJ: Int64, energyOut_mJ: Int64
    /// Of each figure that is a power, into the bus and out of it.
    public var energies_mJ: [Int64]
}
/// What happened, with the wall time that is believed now.
public struct DatedEvent: Equatable, Sendable {
    public var wall_ns: Int64
    public var kind: String
    public var text: String
}

extension Store {
    /// Names of the controllers that there is anything of.
    public func controllers() throws -> [String] {
        try pool.read { try String.fetchAll($0, sql: "SELECT name FROM controller ORDER BY name") }
    }

    /// Seconds of `from_s ..< to_s` (since 1970, UTC), in the order they were lived.
    public func seconds(
        of controller: String, from_s: Int64, to_s: Int64, _ give: (DatedReading) throws -> Void
    ) throws {
        try pool.read { db in
            for run in try Self.runs(of: controller, from_s, to_s, db) {
                let rows = try Row.fetchCursor(
                    db,
                    sql:
                        "SELECT * FROM second WHERE run = ? AND tick >= ? AND tick < ? ORDER BY tick",
                    arguments: [run.id, run.from, run.to])
                while let row = try rows.next() {
                    let reading = Rows.reading(row)
                    guard let wall_ns = run.clock.wall_ns(at: reading.tick) else { continue }
                    try give(DatedReading(wall_ns: wall_ns, reading: reading))
                }
            }
        }
    }

    /// Events of `from_s ..< to_s`, in the order they were lived.
    public func events(
        of controller: String, from_s: Int64, to_s: Int64
    ) throws -> [DatedEvent] {
        try pool.read { db in
            var found: [DatedEvent] = []
            for run in try Self.runs(of: controller, from_s, to_s, db) {
                let rows = try Row.fetchCursor(
                    db,
                    sql: """
                        SELECT tick, kind, text FROM event WHERE run = ? AND tick >= ? AND tick < ?
                        ORDER BY tick, place
                        """, arguments: [run.id, run.from, run.to])
                while let row = try rows.next() {
                    guard let wall_ns = run.clock.wall_ns(at: UInt64(row[0] as Int64)) else {
                        continue
                    }
                    found.append(DatedEvent(wall_ns: wall_ns, kind: row[1], text: row[2]))
                }
            }
            return found
        }
    }

    /// Quarters that begin in `from_s ..< to_s`, in their order; those without a reading are missing.
    ///
    /// - Parameter step_s: a multiple of 900: so much of them is put together, from `from_s` on.
    public func quarters(
        of controller: String, from_s: Int64, to_s: Int64, step_s: Int64 = 900
    ) throws -> [QuarterFigures] {
        precondition(step_s >= 900 && step_s % 900 == 0, "whole quarters")
        return try pool.read { db in
            var found: [QuarterFigures] = []
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT quarter.* FROM quarter JOIN run ON run.id = quarter.run
                      JOIN controller ON controller.id = run.controller
                    WHERE controller.name = ? AND start_s >= ? AND start_s < ?
                    ORDER BY start_s, quarter.run
                    """, arguments: [controller, from_s, to_s])
            var last: Quarter?
            while let row = try rows.next() {
                var quarter = Rows.quarter(row)
                if step_s > 900 {
                    quarter.start_s = from_s + (quarter.start_s - from_s) / step_s * step_s
                }
                if last?.start_s == quarter.start_s {
                    last!.join(quarter)
                } else {
                    if let last { found.append(last.figures) }
                    last = quarter
                }
            }
            if let last { found.append(last.figures) }
            return found
        }
    }

    /// A run and the ticks of it that lie in a time.
    private struct RunPart {
        var id: Int64
        var clock: RunClock
        var from: Int64, to: Int64
    }
    private static func runs(
        of controller: String, _ from_s: Int64, _ to_s: Int64, _ db: Database
    ) throws -> [RunPart] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT run.id, rate_Hz FROM run JOIN controller ON controller.id = run.controller
                WHERE controller.name = ? ORDER BY run.id
                """, arguments: [controller])
        let most = Int64(RunClock.farthest_ns / 1_000_000_000)
        return try rows.compactMap { row in
            let clock = try RunClock.load(run: row[0], rate_Hz: row[1], db)
            guard
                let from = clock.tick(at: max(-most, min(most, from_s)) * 1_000_000_000),
                let to = clock.tick(at: max(-most, min(most, to_s)) * 1_000_000_000), from < to
            else { return nil }
            return RunPart(
                id: row[0], clock: clock, from: Int64(clamping: from), to: Int64(clamping: to))
        }
    }
}

extension Quarter {
    /// Puts another run's part of the same quarter to this one.
    mutating func join(_ other: Quarter) {
        readings += other.readings
        energyIn_mJ += other.energyIn_mJ
        energyOut_mJ += other.energyOut_mJ
        for n in energies_mJ.indices { energies_mJ[n] += other.energies_mJ[n] }
        for n in spans.indices where other.spans[n].count > 0 {
            guard spans[n].count > 0 else {
                spans[n] = other.spans[n]
                continue
            }
            let (a, b) = (spans[n], other.spans[n])
            spans[n].least = min(a.least, b.least)
            spans[n].most = max(a.most, b.most)
            spans[n].count = a.count + b.count
            spans[n].mean += (b.mean - a.mean) * Double(b.count) / Double(a.count + b.count)
        }
    }
    var figures: QuarterFigures {
        QuarterFigures(
            start_s: start_s, readings: readings,
            spans: spans.map { .init(least: $0.least, mean: $0.mean, most: $0.most) },
            energyIn_mJ: energyIn_mJ, energyOut_mJ: energyOut_mJ, energies_mJ: energies_mJ)
    }
}
