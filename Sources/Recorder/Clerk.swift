import BlackBox
import Control
import GRDB
import Words

/// Takes over what a controller's black box holds into the store, each thing once.
///
/// It may be killed at any moment and begun anew: it goes on at the turn up to which the store has
/// everything. What the ring has written over meanwhile is a gap, and told; the energy that flowed in it is
/// not lost, for the controller counts by itself.
public struct Clerk {
    /// What one call came to.
    public struct Progress: Equatable, Sendable {
        public var seconds = 0, events = 0, gaps = 0
        /// Bytes that could not be read.
        public var damaged: Int64 = 0
    }
    private let store: Store
    private let controller: String
    private let ring: String
    private let stages: ([SettingsText]) -> [String]
    private let patience: Int
    /// The newest turn that waits to be put down.
    private var waiting: UInt64?
    private var open: OpenRun?
    /// The ring as it was looked at last.
    private var seen: Recording?
    /// Records in one transaction: few, and little to do again.
    private static let most = 2000

    /// A run that is being read.
    private struct OpenRun {
        var id: Int64
        var file: UInt64
        var number: UInt32
        var nextTurn: UInt64
        var clock: RunClock
        /// Nil before the first second.
        var fold: QuarterFold?
        var watch: HappenedWatch
    }

    /// - Parameters:
    ///   - ring: path of `ring.skbb`.
    ///   - stages: names of the protection stages of a run, from the texts that it was made from.
    ///   - patience: seconds in which nothing happened are put down so many at once, for a card bears only so
    ///     many writes; earlier where no more came since the last look. They are in the black box meanwhile.
    public init(
        _ store: Store, controller: String, ring: String,
        stages: @escaping ([SettingsText]) -> [String] = { _ in [] }, patience: Int = 0
    ) {
        self.patience = patience
        self.store = store
        self.controller = controller
        self.ring = ring
        self.stages = stages
    }

    /// Reads on until there is nothing new.
    ///
    /// - Throws: `RecordingFault` where the ring cannot be read, an error of the database where that
    ///   cannot be written; both are worth trying again.
    public mutating func catchUp() throws -> Progress {
        let recording = try Recording(path: ring, after: seen)
        seen = recording
        var progress = Progress()
        for run in recording.runs {
            // Runs before the one that is being read have ended, and were read to their ends.
            if let open, open.file == recording.file, run.number < open.number { continue }
            try catchUp(
                run, of: recording.file, isNewest: run.number == recording.runs.last?.number,
                &progress)
        }
        return progress
    }

    private mutating func catchUp(
        _ run: Run, of file: UInt64, isNewest: Bool, _ progress: inout Progress
    ) throws {
        guard let first = run.heads.first else { return }
        if open?.file != file || open?.number != run.number {
            open = try begin(run, first, file)
        }
        let known = open!.clock.anchors.last?.tick
        try date(
            run.heads.lazy.filter { known == nil || $0.tick.count > known! }
                .map { RunClock.Anchor(tick: $0.tick.count, wall_ns: $0.wall_ns) })
        let next = open!.nextTurn
        var news = Batch()
        if first.firstTurn > next {
            news.gaps.append((next, first.firstTurn - next, "written over before it was read"))
        }
        // Frames that are missing lie between what was known and what is new, or they are no news.
        var missing: Skip?
        for entry in run.entries([.records, .gaps], from: next > 0 ? next - 1 : 0) {
            switch entry {
            case .record(let kept):
                guard kept.number >= next else {
                    // What comes next is told from it.
                    _ = open!.watch.see(kept.record)
                    missing = nil
                    continue
                }
                if let skip = missing {
                    progress.damaged += skip.bytes
                    news.gaps.append((kept.number, 0, "before it: \(skip.words)"))
                    missing = nil
                }
                news.records.append(kept)
            case .gap(let gap) where gap.first >= next:
                news.gaps.append((gap.first, gap.turns, gap.reason.words))
            case .skipped(let skip) where skip.frames > 0: missing = skip
            case .turn, .state, .note, .gap, .skipped: break
            }
            if news.records.count >= Self.most {
                try keep(news, &progress)
                news = Batch()
            }
        }
        // A run that has ended has nothing to wait for; one that stands still may have.
        if isNewest, news.mayWait(open!.watch, patience), news.records.last?.number != waiting {
            waiting = news.records.last?.number
            return
        }
        waiting = nil
        try keep(news, &progress)
    }

    /// What one transaction takes.
    private struct Batch {
        var records: [KeptRecord] = []
        var gaps: [(first: UInt64, turns: UInt64, reason: String)] = []

        /// Nothing happened in it, and it is less than `patience` seconds.
        func mayWait(_ watch: HappenedWatch, _ patience: Int) -> Bool {
            guard gaps.isEmpty, records.count(where: { $0.reason.contains(.periodic) }) < patience
            else { return false }
            var watch = watch
            return records.allSatisfy { watch.see($0.record).isEmpty }
        }
    }

    /// A run as the store knows it, or is told of it now.
    private func begin(_ run: Run, _ head: SegmentHead, _ file: UInt64) throws -> OpenRun {
        let texts = run.settings() ?? []
        let digest = String(head.settings, radix: 16)
        let boot = String(head.boot.high, radix: 16) + "-" + String(head.boot.low, radix: 16)
        let rate = Double(head.ticksPerSecond)
        let ring = String(file, radix: 16)
        return try store.pool.write { db in
            let controller = try Store.controller(self.controller, in: db)
            try db.execute(
                sql: """
                    INSERT INTO run (controller, ring, number, rate_Hz, boot, settings)
                    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                arguments: [controller, ring, Int64(run.number), rate, boot, digest])
            for text in texts {
                try db.execute(
                    sql: "INSERT INTO setting VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    arguments: [digest, text.name, text.text])
            }
            let row = try Row.fetchOne(
                db,
                sql:
                    "SELECT id, next_turn FROM run WHERE controller = ? AND ring = ? AND number = ?",
                arguments: [controller, ring, Int64(run.number)])!
            let id: Int64 = row[0]
            let clock = try RunClock.load(run: id, rate_Hz: rate, db)
            let last = try Row.fetchOne(
                db, sql: "SELECT * FROM second WHERE run = ? ORDER BY tick DESC LIMIT 1",
                arguments: [id]
            ).map { Rows.reading($0) }
            let dated = last.flatMap { r in clock.wall_ns(at: r.tick).map { (r, $0) } }
            return OpenRun(
                id: id, file: file, number: run.number, nextTurn: UInt64(row[1] as Int64),
                clock: clock, fold: dated.map { QuarterFold(after: $0) },
                watch: HappenedWatch(stages: stages(texts)))
        }
    }

    /// Takes in what the wall clock said; where it was set, what was dated before is dated anew.
    mutating func date(_ anchors: some Sequence<RunClock.Anchor>) throws {
        let anchors = Array(anchors)
        guard !anchors.isEmpty else { return }
        var run = open!
        try store.pool.write { db in
            var isSet = false
            for anchor in anchors {
                try db.execute(
                    sql: "INSERT OR IGNORE INTO anchor VALUES (?, ?, ?)",
                    arguments: [run.id, Int64(anchor.tick), anchor.wall_ns])
                if run.clock.add(anchor) { isSet = true }
            }
            if isSet {
                try db.execute(
                    sql: "UPDATE run SET clock_steps = ? WHERE id = ?",
                    arguments: [run.clock.steps, run.id])
                run.fold = try Quarters.redate(run: run.id, run.clock, db)
            }
        }
        open = run
    }

    private mutating func keep(_ batch: Batch, _ progress: inout Progress) throws {
        guard !batch.records.isEmpty || !batch.gaps.isEmpty else { return }
        var run = open!
        var made = progress
        try store.pool.write { db in
            let putSecond = try db.cachedStatement(sql: Rows.putSecond)
            let putEvent = try db.cachedStatement(sql: Rows.putEvent)
            for gap in batch.gaps {
                try db.execute(
                    sql: "INSERT OR IGNORE INTO gap VALUES (?, ?, ?, ?)",
                    arguments: [run.id, Int64(gap.first), Int64(gap.turns), gap.reason])
                made.gaps += db.changesCount
            }
            for kept in batch.records {
                let reading = Reading(kept.record)
                for (n, happened) in run.watch.see(kept.record).enumerated() {
                    try putEvent.execute(arguments: [
                        run.id, Int64(reading.tick), n, happened.kind.rawValue, happened.text,
                    ])
                    made.events += 1
                }
                run.nextTurn = kept.number + 1
                guard kept.reason.contains(.periodic),
                    let wall_ns = run.clock.wall_ns(at: reading.tick)
                else { continue }
                try Rows.put(reading, run: run.id, putSecond)
                if run.fold == nil {
                    try Quarters.begin(run: run.id, kept, db)
                    run.fold = try Quarters.start(run: run.id, run.clock, first: reading, db)
                }
                try run.fold!.add(reading, wall_ns: wall_ns) {
                    try Quarters.one(run: run.id, start_s: $0, db)
                }
                made.seconds += 1
            }
            let putQuarter = try db.cachedStatement(sql: Rows.putQuarter)
            for quarter in run.fold?.take() ?? [] {
                try putQuarter.execute(arguments: Rows.values(of: quarter, run: run.id))
            }
            try db.execute(
                sql: "UPDATE run SET next_turn = ? WHERE id = ?",
                arguments: [Int64(run.nextTurn), run.id])
        }
        // The transaction is there: what is in memory follows.
        open = run
        progress = made
    }
}
