import Control
import Testing

@testable import Wire

@Suite("A controller's state as bytes")
struct CheckpointTests {
    private let ours = StateLayout.ofThisProgram()

    private func image(_ controller: Controller) -> [UInt8] {
        var controller = controller
        return [UInt8](unsafeUninitializedCapacity: Checkpoint.mostBytes) { memory, count in
            var writer = ByteWriter(UnsafeMutableRawBufferPointer(memory))
            count = Checkpoint.write(&controller, into: &writer) ? writer.count : 0
        }
    }

    @Test(
        "From its bytes a controller lives on as it would have",
        arguments: isSanitized ? [.dc48] : TurnWorld.allCases)
    func livesOn(world: TurnWorld) {
        var lived: [(turn: KeptTurn, record: Record)] = []
        var bytes: [UInt8] = []
        var last = Controller?.none
        world.live(1200, seed: 5) { turn, controller, record in
            if lived.count == 700 { bytes = image(controller) }
            lived.append((turn, record))
            last = controller
        }
        guard var again = last else { return }
        print("\(world): a state takes \(bytes.count) bytes of \(MemoryLayout<Controller>.size)")
        let fault = bytes.withUnsafeBytes {
            Checkpoint.read(from: $0, layout: ours, ours: ours, into: &again)
        }
        #expect(fault == nil)
        var record = Record()
        var differing = 0
        for (turn, then) in lived[701...] {
            if turn.hadLetGo { again.letGo() }
            again.tick(turn.sample, wanting: turn.wish, into: &record)
            if record.digest != turn.digest || record.command != then.command { differing += 1 }
        }
        #expect(lived.count == 1200 && differing == 0)
    }

    @Test("An image of another layout, short, or without a rate is refused, in words")
    func refused() {
        var controller: Controller?
        TurnWorld.dc48.live(1, seed: 1) { _, c, _ in controller = c }
        guard var controller else { return }
        let bytes = image(controller)
        func fault(_ bytes: [UInt8], _ theirs: StateLayout) -> Checkpoint.Fault? {
            bytes.withUnsafeBytes {
                Checkpoint.read(from: $0, layout: theirs, ours: ours, into: &controller)
            }
        }
        var other = ours
        other.fingerprint ^= 1
        #expect(
            fault(bytes, other) == .otherLayout(theirs: other.fingerprint, ours: ours.fingerprint))
        #expect(fault(bytes, other)?.words.contains("another build") == true)
        other = StateLayout(size: ours.size + 8, fingerprint: ours.fingerprint)
        #expect(fault(bytes, other) == .otherSize(theirs: Int(other.size), ours: Int(ours.size)))
        #expect(fault(Array(bytes.dropLast(9)), ours) == .damaged)
        #expect(fault(bytes + [1, 7, 0], ours) == .damaged)
        #expect(fault([], ours) == .damaged)
        // All zeros: no controller has a rate of nil.
        var zeros: [UInt8] = [0]
        var rest = MemoryLayout<Controller>.size
        while rest >= 0x80 {
            zeros.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        #expect(fault(zeros + [UInt8(rest)], ours) == .damaged)
        #expect(fault(bytes, ours) == nil)
    }

    @Test(
        "The layout names every field, down into rows and optional parts, and is the same each time"
    )
    func layout() {
        #expect(ours == StateLayout.ofThisProgram())
        #expect(ours.size == UInt32(MemoryLayout<Controller>.size))
        let lines = StateDescription.ofController.lines
        #expect(lines.count > 300)
        for name in [
            "controller.busMeter", "controller.islanding?", "controller.source?.times.observe",
            "controller.converter?.settings.resistance.value", "controller.protection",
            "controller.calibrator", "controller.lastTick",
        ] { #expect(lines.contains { $0.hasPrefix(name) }, "\(name)") }
        #expect(lines.contains { $0.contains("[0].") })
        #expect(lines.contains { $0.contains("islanding 7") && $0.contains("fault") })
    }
}
