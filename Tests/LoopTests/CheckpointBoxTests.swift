import Control
import Synchronization
import Testing

@testable import Loop

@Suite("The box of checkpoints")
struct CheckpointBoxTests {
    @Test("A copy is given where one is asked for, once, with the turns it has lived")
    func once() {
        let ring = TurnRing(capacity: 64)
        let box = CheckpointBox(ring)
        var controller = RunnerTests.controller
        var record = Record()
        func turn(_ n: UInt64) {
            let sample = Sample(tick: Tick(n))
            controller.tick(sample, wanting: .fallback, into: &record)
            ring.push(sample, .fallback, record)
        }
        turn(1)
        box.offer(controller, after: Tick(1))
        #expect(box.turnOffered == nil && !box.isAsked)
        box.ask()
        #expect(box.isAsked)
        turn(2)
        box.offer(controller, after: Tick(2))
        #expect(box.turnOffered == 2 && !box.isAsked)
        // Neither asked again nor offered again before it is taken.
        box.ask()
        turn(3)
        box.offer(controller, after: Tick(3))
        var taken: [(UInt64, Tick)] = []
        box.take { copy, turn, tick in
            taken.append((turn, tick))
            // It lives on as the controller did.
            var again = Record()
            copy.tick(Sample(tick: Tick(3)), wanting: .fallback, into: &again)
            #expect(again.command == record.command && again.missedTicks == record.missedTicks)
        }
        box.take { _, _, _ in Issue.record("there is none left") }
        #expect(taken.count == 1 && taken.first?.0 == 2 && taken.first?.1 == Tick(2))
        #expect(box.turnOffered == nil)
    }

    @Test("Between threads, every copy is whole and of the turn it names")
    func threads() async {
        let ring = TurnRing(capacity: 64)
        let box = CheckpointBox(ring)
        let isOver = Atomic(false)
        async let seen: (copies: Int, torn: Int) = Task.detached {
            var copies = 0
            var torn = 0
            while !isOver.load(ordering: .acquiring) {
                box.ask()
                box.take { copy, turn, tick in
                    copies += 1
                    // The next tick tells how many were missed since the last it lived: none.
                    var record = Record()
                    copy.tick(Sample(tick: tick + 1), wanting: .fallback, into: &record)
                    if record.missedTicks != 0 || turn != tick.count { torn += 1 }
                }
            }
            return (copies, torn)
        }.value
        var controller = RunnerTests.controller
        var record = Record()
        var given = 0
        var n: UInt64 = 0
        while given < 200 {
            n += 1
            let sample = Sample(tick: Tick(n))
            controller.tick(sample, wanting: .fallback, into: &record)
            ring.push(sample, .fallback, record)
            if box.isAsked {
                box.offer(controller, after: Tick(n))
                given += 1
            }
        }
        isOver.store(true, ordering: .releasing)
        let result = await seen
        #expect(result.copies >= 199 && result.torn == 0)
    }
}
