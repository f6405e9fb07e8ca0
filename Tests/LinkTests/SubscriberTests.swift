import Control
import Quantities
import Testing

@testable import Link

@Suite("Subscribers")
struct SubscriberTests {
    @Test("Each gets exactly the records it asked for, at its own pace")
    func decimations() throws {
        let table = try Table(ring: 4096)
        var one = try RawClient(table.path)
        var seven = try RawClient(table.path)
        var hundred = try RawClient(table.path)
        table.round()
        one.subscribe(1)
        seven.subscribe(7)
        hundred.subscribe(100)
        table.round()
        var heard = (RawClient.Heard(), RawClient.Heard(), RawClient.Heard())
        // Portions smaller than a queue: nobody may lose any.
        for _ in 0..<20 {
            table.push(100)
            table.round()
            one.hear(into: &heard.0)
            seven.hear(into: &heard.1)
            hundred.hear(into: &heard.2)
        }
        #expect(heard.0.ticks == Array(1000..<3000))
        #expect(heard.1.ticks == Array(stride(from: 1000, to: 3000, by: 7)))
        #expect(heard.2.ticks == Array(stride(from: 1000, to: 3000, by: 100)))
        #expect(heard.0.records.map(\.turn) == Array(0..<2000))
        #expect(heard.0.records.allSatisfy { $0.isDue && !$0.isEvent })
        #expect(heard.0.losses == Losses() && table.exchange.counts.recordsLost == 0)
        #expect(table.exchange.counts.recordsSent == 2000 + 286 + 20)
        #expect(heard.0.answers.map(\.code) == [.accepted])
    }

    @Test("With events, every change comes too, and is marked; without, none")
    func events() throws {
        let table = try Table()
        var with = try RawClient(table.path)
        var without = try RawClient(table.path)
        table.round()
        with.subscribe(100, events: true)
        without.subscribe(100)
        table.round()
        table.push(150)
        table.push(25) { $0.loads = 0x7 }
        table.push(1) {
            $0.loads = 0x7; $0.command.outputs[Output.heartbeat] = true
        }
        table.push(24) { $0.contactor = .closed }
        table.push(1) { $0.contactor = .closed }
        table.round()
        let a = with.hear().records
        // 1000 and 1100 are due; 1150 sheds; 1176 restores the load and closes; 1200 is due.
        #expect(a.map(\.record.tick.count) == [1000, 1100, 1150, 1176, 1200])
        #expect(a.map(\.isEvent) == [false, false, true, true, false])
        #expect(a.map(\.isDue) == [true, true, false, false, true])
        #expect(without.hear().ticks == [1000, 1100, 1200])
    }

    @Test("A record comes over bit for bit")
    func whole() throws {
        let table = try Table()
        var client = try RawClient(table.path)
        table.round()
        client.subscribe(1)
        table.round()
        table.push(1) {
            $0.measured.bus.active = Watts(.nan)
            $0.islanding = .islanded(.gridLost, since: Tick(9), hold: 8)
            $0.energyIn.millijoules = -5
        }
        table.round()
        let got = try #require(client.hear().records.first?.record)
        #expect(got.measured.bus.active.value.isNaN && got.energyIn.millijoules == -5)
        #expect(got.islanding == .islanded(.gridLost, since: Tick(9), hold: 8))
    }

    @Test("A slow reader is told exactly what it lost; a fast one beside it loses nothing")
    func slow() throws {
        let table = try Table { $0.outputBytes = 64 << 10 }
        var slow = try RawClient(table.path)
        var fast = try RawClient(table.path)
        table.round()
        slow.subscribe(1)
        fast.subscribe(1)
        table.round()
        var heard = (RawClient.Heard(), RawClient.Heard())
        for _ in 0..<100 {
            table.push(100)
            table.round()
            fast.hear(into: &heard.1)
        }
        #expect(heard.1.ticks == Array(1000..<11_000) && heard.1.losses == Losses())
        // It wakes up, reads what is left, and then what comes.
        for _ in 0..<50 {
            slow.hear(into: &heard.0)
            table.push(1)
            table.round()
        }
        slow.hear(into: &heard.0)
        let got = heard.0.records.count
        #expect(heard.0.losses.records > 0 && got > 100)
        #expect(UInt64(got) + heard.0.losses.records == table.pushed)
        #expect(heard.0.losses.unseenTurns == 0)
        #expect(table.exchange.counts.recordsLost == heard.0.losses.records)
        let ticks = heard.0.ticks
        #expect(ticks == ticks.sorted() && Set(ticks).count == ticks.count)
        // `lost` stands before the record that follows the gap.
        #expect(ticks.last == 1000 + table.pushed - 1)
    }

    @Test("A reader that is behind when the loop stops is still told")
    func stoppedLoop() throws {
        let table = try Table { $0.outputBytes = 64 << 10 }
        var slow = try RawClient(table.path)
        table.round()
        slow.subscribe(1)
        table.round()
        for _ in 0..<50 {
            table.push(100)
            table.round()
        }
        var heard = RawClient.Heard()
        for _ in 0..<100 {
            slow.hear(into: &heard)
            table.round()
        }
        #expect(UInt64(heard.records.count) + heard.losses.records == table.pushed)
    }

    @Test("A server that comes too late tells each reader which of its records are gone")
    func lateServer() throws {
        let table = try Table(ring: 64)
        var one = try RawClient(table.path)
        var seven = try RawClient(table.path)
        table.round()
        one.subscribe(1)
        seven.subscribe(7)
        table.round()
        // The thread is suspended: the loop goes on and does not notice.
        table.push(1000)
        table.round()
        let a = one.hear()
        let b = seven.hear()
        // Of 1000 the newest 48 are there.
        #expect(a.ticks == Array(1952..<2000) && a.losses == Losses(records: 952, unseenTurns: 952))
        #expect(b.ticks == Array(stride(from: 1952, to: 2000, by: 7)))
        #expect(b.losses == Losses(records: 136, unseenTurns: 952) && 136 + b.ticks.count == 143)
    }

    @Test("A rate that is none is refused with its bounds, and the old one stays")
    func refused() throws {
        let table = try Table()
        var client = try RawClient(table.path)
        table.round()
        client.subscribe(2)
        client.subscribe(0)
        client.subscribe(100_001)
        table.round()
        table.push(4)
        table.round()
        let heard = client.hear()
        #expect(heard.answers.map(\.code) == [.accepted, .outsideLimit, .outsideLimit])
        #expect(heard.answers[1].field == .every && heard.answers[1].text.contains("1 ... 100000"))
        #expect(heard.ticks == [1000, 1002] && table.exchange.counts.refusedRequests == 2)
    }

    @Test("Who takes nothing for too long is let go; who takes a little stays")
    func stalled() throws {
        let table = try Table {
            $0.outputBytes = 32 << 10
            $0.stallAfter_s = 30
        }
        var dead = try RawClient(table.path)
        var slow = try RawClient(table.path)
        table.round()
        dead.subscribe(1)
        slow.subscribe(1)
        table.round()
        for _ in 0..<100 {
            table.push(50)
            table.round()
        }
        #expect(table.exchange.callers.count == 2)
        var heard = RawClient.Heard()
        for _ in 0..<5 {
            table.pass(20)
            slow.hear(into: &heard)
            table.round()
        }
        #expect(table.exchange.counts.stalled == 1 && table.exchange.callers.count == 1)
        #expect(heard.fault == nil && !heard.records.isEmpty)
    }
}
