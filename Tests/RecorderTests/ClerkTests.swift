import BlackBox
import Foundation
import GRDB
import Testing

@testable import Recorder

@Suite("A black box taken over into the store")
struct ClerkTests {
    private struct Sums: Equatable {
        var in_mJ: Int64, out_mJ: Int64, seconds: Int, events: Int, gaps: Int, pv_mJ: Int64
        var readings: Int, newest: Int64
    }
    private func sums(_ store: Store) throws -> Sums {
        try store.pool.read { db in
            func number(_ sql: String) throws -> Int64 { try Int64.fetchOne(db, sql: sql) ?? 0 }
            return Sums(
                in_mJ: try number("SELECT sum(energy_in_mJ) FROM quarter"),
                out_mJ: try number("SELECT sum(energy_out_mJ) FROM quarter"),
                seconds: Int(try number("SELECT count(*) FROM second")),
                events: Int(try number("SELECT count(*) FROM event")),
                gaps: Int(try number("SELECT count(*) FROM gap")),
                pv_mJ: try number("SELECT sum(pv_in_mJ) FROM quarter"),
                readings: Int(try number("SELECT sum(readings) FROM quarter")),
                newest: try number("SELECT max(tick) FROM second"))
        }
    }
    /// Every row of every table but the order in which runs came, as text.
    private func content(_ store: Store) throws -> [String] {
        try store.pool.read { db in
            try ["run", "second", "quarter", "event", "gap", "anchor", "setting"].flatMap { table in
                try Row.fetchAll(db, sql: "SELECT * FROM \(table) ORDER BY 1, 2").map {
                    "\(table) \($0)"
                }
            }
        }
    }

    @Test("Every second, every event and every millijoule, by the controller's own counters")
    func whole() throws {
        let scratch = try Scratch()
        let sky = try Sky(
            folder: scratch.path + "/box", seconds: 4000, wall_s: 1_800_000_000, seed: 1,
            identity: 7)
        let store = try Store(path: scratch.path + "/store.sqlite")
        var clerk = Clerk(store, controller: "mill", ring: sky.ring)
        let progress = try clerk.catchUp()
        let found = try sums(store)
        let counted = sky.counted(at: found.newest)
        #expect(found.seconds == 4000 && found.readings == 4000 && found.gaps == 0)
        #expect(found.in_mJ == counted.in_mJ && found.out_mJ == counted.out_mJ)
        // 1 kW from the first second to the last.
        #expect(found.pv_mJ == 3999 * 1_000_000)
        // How it stood, and every change after that.
        #expect(found.events == sky.transitions + 1)
        #expect(progress.seconds == 4000 && progress.events == found.events)
        #expect(try clerk.catchUp() == Clerk.Progress())
        // 1 800 000 000 s is on a quarter: four whole ones and 400 s.
        let quarters = try store.pool.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM quarter ORDER BY start_s").map {
                Rows.quarter($0)
            }
        }
        #expect(quarters.map(\.start_s) == (0..<5).map { 1_800_000_000 + 900 * $0 })
        #expect(quarters.map(\.readings) == [900, 900, 900, 900, 400])
        let active = Figure.all.firstIndex { $0.column == "active_W" }!
        let span = quarters[1].spans[active]
        #expect(span.least >= -3000 && span.most < 5000 && (span.mean - 1000).magnitude < 300)
    }

    @Test("Ended at any moment and begun anew, the store is the same to the last byte of its rows")
    func endings() throws {
        let scratch = try Scratch()
        let sky = try Sky(
            folder: scratch.path + "/box", seconds: 3000, wall_s: 1_800_000_123, seed: 2,
            identity: 8)
        let whole = try Store(path: scratch.path + "/whole.sqlite")
        var once = Clerk(whole, controller: "mill", ring: sky.ring)
        _ = try once.catchUp()

        // The ring as it was at many moments: cut where a writer would not have come farther.
        let all = try Data(contentsOf: URL(fileURLWithPath: sky.ring))
        let pieces = try Store(path: scratch.path + "/pieces.sqlite")
        let partial = scratch.path + "/partial.skbb"
        var dice: UInt64 = 3
        var cut = 0
        var rounds = 0
        while cut < all.count {
            dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            cut = min(all.count, cut + 1 + Int((dice >> 33) % 60_000))
            try all.prefix(cut).write(to: URL(fileURLWithPath: partial))
            // Another process each time.
            var clerk = Clerk(pieces, controller: "mill", ring: partial)
            do { _ = try clerk.catchUp() } catch is RecordingFault {}
            rounds += 1
        }
        #expect(rounds > 20)
        #expect(try content(pieces) == content(whole))
    }

    @Test("A clock that is put right dates what came before it anew, and no energy moves away")
    func clock() throws {
        let scratch = try Scratch()
        let sky = try Sky(
            folder: scratch.path + "/box", seconds: 2000, wall_s: 86_400, seed: 4, identity: 9)
        let store = try Store(path: scratch.path + "/store.sqlite")
        var clerk = Clerk(store, controller: "mill", ring: sky.ring)
        _ = try clerk.catchUp()
        let before = try sums(store)
        // What NTP says once it answers.
        try clerk.date([RunClock.Anchor(tick: 9000, wall_ns: 1_800_000_000_000_000_000)])
        let after = try sums(store)
        #expect(before == after)
        let first = try store.pool.read {
            try Int64.fetchOne($0, sql: "SELECT min(start_s) FROM quarter")
        }
        // Tick 9000 is 2250 s after the beginning.
        let expected: Int64 = (1_800_000_000 - 2250) / 900 * 900
        #expect(first == expected)
    }

    @Test("What the ring has written over is a gap that is told, and its energy is not lost")
    func overwritten() throws {
        let scratch = try Scratch()
        let sky = try Sky(
            folder: scratch.path + "/box", seconds: 6000, wall_s: 1_800_000_000, seed: 5,
            identity: 10)
        var all = try Data(contentsOf: URL(fileURLWithPath: sky.ring))
        // The first eight segments are gone.
        all.replaceSubrange(0..<8 << 16, with: Data(count: 8 << 16))
        let ring = scratch.path + "/ring.skbb"
        try all.write(to: URL(fileURLWithPath: ring))
        let store = try Store(path: scratch.path + "/store.sqlite")
        var clerk = Clerk(store, controller: "mill", ring: ring)
        _ = try clerk.catchUp()
        let found = try sums(store)
        let counted = sky.counted(at: found.newest)
        #expect(found.gaps == 1 && found.seconds < 6000)
        #expect(found.in_mJ == counted.in_mJ && found.out_mJ == counted.out_mJ)
    }

    @Test("A process that went on from another's state counts on from there")
    func wentOn() throws {
        let scratch = try Scratch()
        let first = try Sky(
            folder: scratch.path + "/a", seconds: 1000, wall_s: 1_800_000_000, seed: 6, identity: 11
        )
        let last = first.counted.last!
        let second = try Sky(
            folder: scratch.path + "/b", seconds: 1000, wall_s: 1_800_001_000, seed: 7,
            identity: 12, from: 4000, counters: (last.in_mJ, last.out_mJ))
        let store = try Store(path: scratch.path + "/store.sqlite")
        for sky in [first, second] {
            var clerk = Clerk(store, controller: "mill", ring: sky.ring)
            _ = try clerk.catchUp()
        }
        let found = try sums(store)
        let counted = second.counted(at: found.newest)
        #expect(found.in_mJ == counted.in_mJ && found.out_mJ == counted.out_mJ)
    }

    @Test(
        "Calm seconds are put down together, what happens at once, and in the end all is there once"
    )
    func patience() throws {
        let scratch = try Scratch()
        let folder = scratch.path + "/box"
        var sky = try Sky(
            folder: folder, seconds: 0, wall_s: 1_800_000_000, seed: 5, identity: 40)
        let store = try Store(path: scratch.path + "/patient.sqlite")
        var clerk = Clerk(store, controller: "mill", ring: sky.ring, patience: 30)
        var (batches, told) = (0, 0)
        for second in 0..<600 {
            try sky.live(1)
            try sky.flush()
            let progress = try clerk.catchUp()
            #expect(
                progress.seconds == 0 || progress.seconds >= 30 || progress.events > 0,
                "\(second): \(progress)")
            batches += progress.seconds > 0 ? 1 : 0
            told += progress.events
            // How it stood, and every change.
            #expect(told == 1 + sky.transitions, "\(second)")
        }
        let most = batches <= 21 + sky.transitions
        #expect(
            sky.transitions >= 3 && batches >= 19 && most,
            "\(sky.transitions) transitions, \(batches) batches")
        // A controller that stands still has nothing to wait for.
        _ = try clerk.catchUp()
        let still = try clerk.catchUp()
        #expect(still.seconds == 0)
        let rest = try Store(path: scratch.path + "/rest.sqlite")
        var now = Clerk(rest, controller: "mill", ring: sky.ring)
        _ = try now.catchUp()
        #expect(try content(store) == content(rest))
        try sky.finish()
        var last = Clerk(store, controller: "mill", ring: sky.ring)
        _ = try last.catchUp()
        let other = try Store(path: scratch.path + "/other.sqlite")
        var eager = Clerk(other, controller: "mill", ring: sky.ring)
        _ = try eager.catchUp()
        #expect(try content(store) == content(other))
    }
}
