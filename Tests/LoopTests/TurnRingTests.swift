import Control
import HAL
import Quantities
import Synchronization
import Testing

@testable import Loop

@Suite("The ring of turns")
struct TurnRingTests {
    private func push(_ ring: TurnRing, _ numbers: Range<UInt64>) {
        var record = Record()
        for n in numbers {
            record.tick = Tick(n)
            ring.push(Sample(tick: Tick(n)), Setpoints(expires: Tick(n + 1)), record)
        }
    }
    private func ticks(_ reader: inout TurnReader, most: Int = .max) -> ([UInt64], UInt64) {
        var seen: [UInt64] = []
        let lost = reader.read(most: most) { seen.append($0.pointee.record.tick.count) }
        return (seen, lost)
    }

    @Test("Two readers each see every turn, each at its own pace")
    func readers() {
        let ring = TurnRing(capacity: 64)
        var early = TurnReader(ring)
        push(ring, 0..<10)
        var late = TurnReader(ring)
        var old = TurnReader(ring, fromStart: true)
        push(ring, 10..<20)
        #expect(ticks(&early) == (Array(0..<20), 0))
        #expect(ticks(&late) == (Array(10..<20), 0))
        #expect(ticks(&old, most: 7) == (Array(0..<7), 0))
        #expect(ticks(&old) == (Array(7..<20), 0))
        #expect(ticks(&early) == ([], 0))
    }

    @Test("A reader that comes too late gets the newest and is told what it lost")
    func lost() {
        let ring = TurnRing(capacity: 64)
        var reader = TurnReader(ring)
        push(ring, 0..<1000)
        let (seen, lost) = ticks(&reader)
        #expect(seen == Array(952..<1000) && lost == 952)
    }

    @Test(
        "While the loop writes, a reader of another thread gets whole turns and loses none untold")
    func whole() async {
        let ring = TurnRing(capacity: 256)
        let isOver = Atomic(false)
        let count: UInt64 = 200_000
        async let read: (torn: Int, seen: UInt64, lost: UInt64) = Task.detached {
            var reader = TurnReader(ring, fromStart: true)
            var torn = 0
            var seen: UInt64 = 0
            var lost: UInt64 = 0
            var last: UInt64?
            while true {
                let isLast = isOver.load(ordering: .acquiring)
                lost += reader.read { turn in
                    let n = turn.pointee.record.tick.count
                    let isWhole =
                        turn.pointee.sample.tick.count == n
                        && turn.pointee.wish.expires.count == n + 1 && (last.map { $0 < n } ?? true)
                    if !isWhole { torn += 1 }
                    last = n
                    seen += 1
                }
                if isLast { return (torn, seen, lost) }
            }
        }.value
        push(ring, 0..<count)
        isOver.store(true, ordering: .releasing)
        let result = await read
        #expect(result.torn == 0 && result.seen + result.lost == count && result.seen > 0)
    }
}

@Suite("A turn can be lived again")
struct TurnReplayTests {
    @Test("Turns taken from the ring give the same records, through faults and letting go")
    func replay() {
        typealias Moment = ScriptedBoard.Moment
        let script: [Moment] =
            [Moment](repeating: .good, count: 200) + [Moment](repeating: .sampleFails, count: 5)
            + [Moment](repeating: .actFails, count: 7) + [Moment](repeating: .good, count: 300)
        let fresh = RunnerTests.controller
        let ring = TurnRing(capacity: 1024)
        var reader = TurnReader(ring)
        var runner = Runner(board: ScriptedBoard(script: script), controller: fresh)
        for n in 1...UInt64(script.count) {
            runner.turn(Tick(n), wanting: Setpoints())
            ring.push(runner.sample, Setpoints(), runner.record, hadLetGo: runner.hadLetGo)
            if n == 400 { runner.makeSafe() }
        }
        var again = fresh
        var record = Record()
        var differing = 0
        var letGo = 0
        let lost = reader.read { turn in
            if turn.pointee.hadLetGo {
                again.letGo()
                letGo += 1
            }
            again.tick(turn.pointee.sample, wanting: turn.pointee.wish, into: &record)
            if record.command != turn.pointee.record.command
                || record.contactor != turn.pointee.record.contactor
            {
                differing += 1
            }
        }
        #expect(lost == 0 && differing == 0)
        // Seven failures from the third on, and one from outside.
        #expect(letGo == 6)
    }
}
