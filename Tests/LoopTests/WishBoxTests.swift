import Control
import Quantities
import Synchronization
import Testing

@testable import Loop

@Suite("The box of wishes")
struct WishBoxTests {
    /// A wish whose every field says `n`.
    private func wish(_ n: UInt64) -> Setpoints {
        let x = Float(n & 0xFFFF)
        return Setpoints(
            expires: Tick(n), connect: n & 1 == 0, island: n & 1 == 1, frequencyBias: Hertz(x),
            voltageBias: Volts(x), active: Watts(x), reactive: Vars(x))
    }
    private func isWhole(_ w: Setpoints) -> Bool {
        let n = w.expires.count
        let x = Float(n & 0xFFFF)
        return w.connect == (n & 1 == 0) && w.island == (n & 1 == 1)
            && w.frequencyBias.value == x && w.voltageBias.value == x && w.active.value == x
            && w.reactive.value == x
    }

    @Test("An empty box gives nothing; a wish is given once; of several the newest")
    func newest() {
        let box = WishBox()
        #expect(box.take() == nil)
        box.put(wish(1))
        #expect(box.take() == wish(1))
        #expect(box.take() == nil)
        for n in 2...9 as ClosedRange<UInt64> { box.put(wish(n)) }
        #expect(box.take() == wish(9))
        #expect(box.take() == nil)
        box.put(wish(10))
        #expect(box.take() == wish(10))
    }

    @Test("Two threads: no wish is torn, none comes twice or out of turn, the last one arrives")
    func threads() async {
        let box = WishBox()
        let count: UInt64 = 300_000
        let isOver = Atomic(false)
        async let read: (torn: Int, back: Int, taken: Int, last: UInt64) = Task.detached {
            var torn = 0
            var back = 0
            var taken = 0
            var last: UInt64 = 0
            while true {
                let isLast = isOver.load(ordering: .acquiring)
                while let w = box.take() {
                    if !isWhole(w) { torn += 1 }
                    if w.expires.count <= last { back += 1 }
                    last = w.expires.count
                    taken += 1
                }
                if isLast { return (torn, back, taken, last) }
            }
        }.value
        for n in 1...count { box.put(wish(n)) }
        isOver.store(true, ordering: .releasing)
        let result = await read
        #expect(result.torn == 0 && result.back == 0 && result.taken > 0 && result.last == count)
    }
}
