import Control
import HAL
import Quantities
import Synchronization
import Testing

@testable import LinuxBoard

/// A bus whose one chip's answer, and whose trouble, a test decides.
final class FakeBus: I2CPort, Sendable {
    struct State: Sendable {
        var value: UInt8 = 7
        var fault: BoardFault?
        var path: String? = "/dev/i2c-1"
        var opened: [String] = []
        var written: [UInt8] = []
        var hang_ns: Int64 = 0
    }
    let state = Mutex(State())
    func transfer(_ address: UInt8, write bytes: [UInt8], read count: Int) throws(BoardFault)
        -> [UInt8]
    {
        let (fault, value, hang) = state.withLock { ($0.fault, $0.value, $0.hang_ns) }
        if hang > 0 { sleep(until_ns: monotonic_ns() + hang) }
        if let fault { throw fault }
        state.withLock { $0.written += bytes }
        return Array(repeating: value, count: count)
    }
    var door: BusThread.Door {
        BusThread.Door(
            place: { self.state.withLock { $0.path.map { DevicePlace(node: $0) } } },
            open: { path throws(BoardFault) in
                self.state.withLock { $0.opened.append(path) }
                return self
            })
    }
}

struct FakeMeter: Meter, ReferenceOutput {
    static let name = "fake"
    static let addresses: ClosedRange<UInt8> = 0x40...0x4F
    let address: UInt8 = 0x40
    let inputs = [ChipPin("value", "V")]
    let outputs = [ChipPin("out", "V")]
    func identify(on port: any I2CPort) throws(BoardFault) -> Identity {
        try port.transfer(address, write: [], read: 1) == [66] ? .other("a 66") : .confirmed
    }
    func configure(on port: any I2CPort) throws(BoardFault) {}
    func read(_ n: Int, on port: any I2CPort) throws(BoardFault) -> Float {
        Float(try port.transfer(address, write: [], read: 1)[0])
    }
    func write(_ value: Float, to n: Int, on port: any I2CPort) throws(BoardFault) {
        _ = try port.transfer(address, write: [UInt8(value)], read: 0)
    }
    func readBack(_ n: Int, on port: any I2CPort) throws(BoardFault) -> Float { 0 }
}

final class FakeLines: LinePort, Sendable {
    struct State: Sendable {
        var driven: [UInt32] = []
        var inputs: UInt32 = 0
        var fault: BoardFault?
        var hang_ns: Int64 = 0
        var path = "/dev/gpiochip0"
    }
    let state = Mutex(State())
    func drive(_ levels: UInt32) throws(BoardFault) {
        let (fault, hang) = state.withLock { ($0.fault, $0.hang_ns) }
        if hang > 0 { sleep(until_ns: monotonic_ns() + hang) }
        if let fault { throw fault }
        state.withLock { $0.driven.append(levels) }
    }
    func levels() throws(BoardFault) -> UInt32 {
        if let fault = state.withLock({ $0.fault }) { throw fault }
        return state.withLock { $0.inputs }
    }
    var door: LineThread.Door {
        LineThread.Door(
            place: { DevicePlace(node: self.state.withLock { $0.path }) }, open: { _ in self })
    }
}

/// Two fake buses and one fake chip of lines under a board, ticked by the test.
final class Rig {
    let fast = FakeBus(), slow = FakeBus(), lines = FakeLines()
    let log = BoardLog()
    var board: WiredBoard
    var sample = Sample()
    var tick = Tick(0)

    init(slow first: UInt8 = 7) {
        slow.state.withLock { $0.value = first }
        var wiring = Wiring()
        wiring.readingSlots = 3
        wiring.wishSlots = 2
        wiring.scalars = [.init(.dcBusVoltage, slot: 0), .init(.batteryVoltage, slot: 1)]
        wiring.contacts = [
            .init(.mainContactor, slot: 2, bit: 1),
            .init(.preCharge, slot: 2, bit: 0, isInverted: true),
        ]
        wiring.outputs = [
            .init(.output(.mainContactor), slot: 1, bit: 0),
            .init(.output(.heartbeat), slot: 1, bit: 3),
        ]
        wiring.references = [
            .init(.converterVoltage, slot: 0, gain: 2, offset: 1, range: 0...200)
        ]
        let readings = ReadingTable(count: 3), wishes = WishTable(count: 2), pulse = Pulse()
        let log = log
        func bus(_ name: String, _ fake: FakeBus, slot: Int, reference: Bool) -> BusThread {
            BusThread(
                .init(
                    name: name, parts: [("\(name) chip", FakeMeter())],
                    readings: [.init(part: 0, pin: 0, slot: slot, every_s: 0.002)],
                    references: reference
                        ? [
                            .init(
                                part: 0, pin: 0, slot: 0, every_s: 0.002,
                                rest: Float(3).bitPattern)
                        ] : []), door: fake.door, readings: readings, wishes: wishes,
                pulse: pulse, log: log)
        }
        let line = LineThread(
            .init(
                name: "relays", hasOutputs: true, hasInputs: true, wishSlot: 1, readingSlot: 2,
                rest: 0, heartbeat: 0b1000, every_s: 0.002, beat_s: 0.01), door: lines.door,
            readings: readings, wishes: wishes, pulse: pulse, log: log)
        board = WiredBoard(
            wiring, period_s: 0.001, readings: readings, wishes: wishes, pulse: pulse,
            buses: [
                bus("fast", fast, slot: 0, reference: true),
                bus("slow", slow, slot: 1, reference: false),
            ], lines: [line])
    }

    func shutDown() -> Bool { board.shutDown() }

    /// Ticks until `holds`, or for long on a busy machine; true if it held.
    func run(
        _ command: (inout Command) -> Void = { _ in }, until holds: (Sample) -> Bool
    ) -> Bool {
        for n in 0..<30_000 {
            tick = Tick(tick.count + 1)
            guard (try? board.sample(at: tick, into: &sample)) != nil else { return false }
            var wish = Command()
            command(&wish)
            wish.outputs[Output.heartbeat] = n % 2 == 0
            guard (try? board.act(wish)) != nil else { return false }
            if holds(sample) { return true }
            sleep(until_ns: monotonic_ns() + 1_000_000)
        }
        return false
    }
}

@Suite("A board of threads")
struct BoardTests {
    @Test("Readings, contacts, outputs and references find their way")
    func ways() {
        let rig = Rig()
        rig.fast.state.withLock { $0.value = 48 }
        rig.lines.state.withLock { $0.inputs = 0b10 }
        let done = rig.run({
            $0.outputs[Output.mainContactor] = true
            $0.converter.voltage = Volts(50)
        }) { s in
            s[.dcBusVoltage].raw == 48 && s[.dcBusVoltage].age < 20
                && s.contacts[Contact.mainContactor] && s.contacts[Contact.preCharge]
                && s.deafContacts.bits == 0
        }
        #expect(done)
        let fast = rig.fast, lines = rig.lines
        // 50 V · 2 + 1.
        #expect(
            rig.run({
                $0.converter.voltage = Volts(50)
                $0.outputs[Output.mainContactor] = true
            }) { _ in
                fast.state.withLock { $0.written.last } == 101
                    && lines.state.withLock { Set($0.driven.suffix(20)) } == [0b0001, 0b1001]
            })
        #expect(rig.shutDown())
        #expect(fast.state.withLock { $0.written.last } == 3, "the reference is at rest")
        #expect(lines.state.withLock { $0.driven.last } == 0, "the lines are at rest")
    }

    @Test("A bus that hangs costs its own channel alone")
    func hang() {
        let rig = Rig()
        #expect(rig.run { $0[.dcBusVoltage].age < 20 && $0[.batteryVoltage].age < 20 })
        rig.slow.state.withLock { $0.hang_ns = 400_000_000 }
        #expect(rig.run { $0[.batteryVoltage].age > 100 && $0[.dcBusVoltage].age < 20 })
        rig.slow.state.withLock { $0.hang_ns = 0 }
        #expect(rig.run { $0[.batteryVoltage].age < 20 })
        _ = rig.shutDown()
    }

    @Test("A chip that stops answering is named, and again when it is back")
    func named() {
        let rig = Rig()
        #expect(rig.run { $0[.dcBusVoltage].age < 20 })
        rig.fast.state.withLock { $0.fault = BoardFault(.timeout, code: 110) }
        #expect(rig.run { $0[.dcBusVoltage].age > 200 })
        rig.fast.state.withLock { $0.fault = nil }
        #expect(rig.run { $0[.dcBusVoltage].age < 20 })
        let entries = rig.log.drain().entries.filter { $0.part == "fast chip" }
        #expect(entries.map(\.isRecovery) == [false, true])
        #expect(entries.first?.text.hasPrefix("did not answer in time") == true)
        _ = rig.shutDown()
    }

    @Test("A bus that comes back under another number is opened there")
    func renumbered() {
        let rig = Rig()
        #expect(rig.run { $0[.dcBusVoltage].age < 20 })
        rig.fast.state.withLock {
            $0.fault = BoardFault(.notPresent, code: 19)
            $0.path = nil
        }
        let fast = rig.fast
        #expect(rig.run { $0[.dcBusVoltage].age > 300 })
        fast.state.withLock {
            $0.fault = nil
            $0.path = "/dev/i2c-9"
        }
        #expect(rig.run { $0[.dcBusVoltage].age < 20 })
        #expect(fast.state.withLock { $0.opened.last } == "/dev/i2c-9")
        _ = rig.shutDown()
    }

    @Test("A chip that is another one is never read")
    func stranger() {
        let rig = Rig(slow: 66)
        #expect(rig.run { $0[.dcBusVoltage].age < 20 })
        let log = rig.log
        var told: [String] = []
        #expect(
            rig.run { _ in
                told += log.drain().entries.map(\.text)
                return told.contains("is not what the board file says: a 66")
            })
        #expect(rig.sample[.batteryVoltage].age == .max)
        _ = rig.shutDown()
    }

    @Test("When the tick falls silent, outputs are let go and the heartbeat stops")
    func silence() {
        let rig = Rig()
        let lines = rig.lines
        let closing = { (c: inout Command) in c.outputs[Output.mainContactor] = true }
        #expect(rig.run(closing) { _ in lines.state.withLock { $0.driven.last ?? 0 } & 1 == 1 })
        // Half a second says the pulse; a busy machine may take longer to get there.
        for _ in 0..<100 where lines.state.withLock({ $0.driven.last }) != 0 {
            sleep(until_ns: monotonic_ns() + 100_000_000)
        }
        #expect(lines.state.withLock { $0.driven.last } == 0)
        _ = rig.shutDown()
    }

    @Test("Feedback that is not heard is deaf")
    func deaf() {
        let rig = Rig()
        #expect(rig.run { $0.deafContacts.bits == 0 })
        rig.lines.state.withLock { $0.fault = BoardFault(.bus, code: 5) }
        #expect(
            rig.run {
                $0.deafContacts[Contact.mainContactor] && $0.deafContacts[Contact.preCharge]
            })
        rig.lines.state.withLock { $0.fault = nil }
        #expect(rig.run { $0.deafContacts.bits == 0 })
        _ = rig.shutDown()
    }
}
