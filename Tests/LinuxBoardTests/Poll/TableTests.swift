import Control
import Testing

@testable import LinuxBoard

@Suite("What threads hand to the tick")
struct TableTests {
    static let ms: Int64 = 1_000_000

    @Test("A reading carries its age in ticks, which grows while nothing new comes")
    func ages() {
        let table = ReadingTable(count: 2)
        var ages = ReadingAges(count: 2, period_ns: Self.ms)
        var now = 1000 * Self.ms
        #expect(ages.newest(0, of: table, now_ns: now, elapsed: 1).age == .max)
        table.publish(0, 48.25, at: now - 3 * Self.ms)
        let first = ages.newest(0, of: table, now_ns: now, elapsed: 1)
        #expect(Float(bitPattern: first.bits) == 48.25)
        #expect(first.age == 3)
        now += Self.ms
        #expect(ages.newest(0, of: table, now_ns: now, elapsed: 1).age == 4)
        #expect(ages.newest(0, of: table, now_ns: now, elapsed: 7).age == 11)
        #expect(ages.newest(1, of: table, now_ns: now, elapsed: 1).age == .max)
        for _ in 0..<3 { _ = ages.newest(0, of: table, now_ns: now, elapsed: 60_000) }
        #expect(ages.newest(0, of: table, now_ns: now, elapsed: 1).age == .max)
    }

    @Test("The same value heard again is young again; a stamp past the wrap is too")
    func fresh() {
        let table = ReadingTable(count: 1)
        var ages = ReadingAges(count: 1, period_ns: Self.ms)
        let wrap = ReadingTable.step_ns * Int64(UInt32.max)
        table.publish(0, 1, at: wrap - Self.ms)
        #expect(ages.newest(0, of: table, now_ns: wrap + Self.ms, elapsed: 1).age == 2)
        table.publish(0, 1, at: wrap + 5 * Self.ms)
        #expect(ages.newest(0, of: table, now_ns: wrap + 5 * Self.ms, elapsed: 4).age == 0)
    }

    @Test("Charge counts what flows, in integers, between empty and full")
    func coulombs() {
        let settings = ChannelSettings(isFitted: true, gain: 2, offset: 0.5)
        var counter = CoulombCounter(capacity_Ah: 10, charge: 0.5, settings: settings)
        // (3 − 0.5) · 2 = 5 A out for an hour: half of 10 Ah.
        for _ in 0..<3600 * 10 { counter.count(raw: 3, elapsed_ns: 100 * Self.ms) }
        #expect(counter.charge == 0)
        // 0.2 A in by ticks of 0.7 ms for 1000 s: 0.0556 Ah.
        for _ in 0..<1_428_571 { counter.count(raw: 0.4, elapsed_ns: 700_000) }
        #expect(abs(counter.charge - 0.2 * 1000 / 36_000) < 1e-5)
        let before = counter.charge
        counter.count(raw: .nan, elapsed_ns: 1_000_000_000)
        counter.count(raw: .infinity, elapsed_ns: 1_000_000_000)
        #expect(counter.charge == before)
    }

    @Test("Without a tick outputs are let go; without a belief the heartbeat stops")
    func pulse() {
        let pulse = Pulse(silence_s: 0.5, doubt_s: 0.1)
        #expect(!pulse.isAlive(now_ns: 10_000 * Self.ms))
        pulse.turn(now_ns: 10_000 * Self.ms, believes: true)
        #expect(pulse.isBelieved(now_ns: 10_099 * Self.ms))
        pulse.turn(now_ns: 10_100 * Self.ms, believes: false)
        #expect(!pulse.isBelieved(now_ns: 10_100 * Self.ms))
        #expect(pulse.isAlive(now_ns: 10_599 * Self.ms))
        #expect(!pulse.isAlive(now_ns: 10_600 * Self.ms))
        pulse.turn(now_ns: 20_000 * Self.ms, believes: true)
        pulse.end()
        #expect(!pulse.isAlive(now_ns: 20_000 * Self.ms))
    }
}
