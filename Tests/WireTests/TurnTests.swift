import Control
import Plant
import Quantities
import Testing

@testable import Wire

/// What a coder made of turns.
struct Coded {
    var bytes: [UInt8] = []
    var longest = 0
    private var encoder = TurnEncoder()

    mutating func add(_ turn: KeptTurn) {
        let count = withUnsafeTemporaryAllocation(byteCount: TurnEncoder.mostBytes, alignment: 8) {
            memory in
            var writer = ByteWriter(memory)
            guard encoder.encode(turn, into: &writer), !writer.isFull else { return 0 }
            bytes.append(contentsOf: memory[..<writer.count])
            return writer.count
        }
        longest = max(longest, count == 0 ? .max : count)
    }
    /// The first turn that does not come back as it was; nil where all do and no byte is left.
    func firstDifference(from turns: [KeptTurn]) -> Int? {
        bytes.withUnsafeBytes { memory in
            var reader = ByteReader(memory)
            var decoder = TurnDecoder()
            var turn = KeptTurn()
            for (n, sent) in turns.enumerated() {
                guard decoder.decode(from: &reader, into: &turn), turn.isSame(as: sent) else {
                    return n
                }
            }
            return reader.left == 0 ? nil : turns.count
        }
    }
}

/// Turns that no board makes.
private func wild(_ random: inout Random, after old: KeptTurn) -> KeptTurn {
    var turn = old
    var filler = WildFiller(random: random)
    filler.visit(all: &turn)
    random = filler.random
    return turn
}

private struct WildFiller {
    var random: Random
    mutating func one(in n: UInt64) -> Bool { random.next() % n == 0 }
    /// Often as it was, sometimes near, sometimes anything.
    mutating func change(_ value: inout Float) {
        switch random.next() % 8 {
        case 0: value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
        case 1: value = Float(bitPattern: value.bitPattern &+ UInt32(random.next() % 5) &- 2)
        case 2: value = Float(Int64(random.next() % 40_000) - 20_000)
        case 3:
            value = [.nan, -.infinity, -0.0, 0, 16_777_216, -16_777_215][Int(random.next() % 6)]
        default: break
        }
    }
    mutating func age(_ value: inout UInt16) {
        switch random.next() % 4 {
        case 0: value = 0
        case 1: value = UInt16(truncatingIfNeeded: random.next())
        case 2: value = value &+ 1
        default: break
        }
    }
    mutating func visit(all turn: inout KeptTurn) {
        let steps: [UInt64] = [1, 1, 1, 0, 2, random.next(), 0 &- 7, 1 << 63]
        turn.sample.tick.count &+= steps[Int(random.next() % 8)]
        let lengths = [20, 20, 20, 0, 3, 1, -1, 21, Int(truncatingIfNeeded: random.next())]
        if one(in: 3) { turn.sample.blockLength = lengths[Int(random.next() % 9)] }
        if one(in: 9) { turn.sample.lostSamples = Int(truncatingIfNeeded: random.next()) }
        if one(in: 3) { turn.sample.contacts.bits = UInt16(truncatingIfNeeded: random.next()) }
        if one(in: 9) { turn.sample.deafContacts.bits = UInt16(truncatingIfNeeded: random.next()) }
        for c in 0..<9 {
            let shift = random.next() % 33
            if one(in: 4) { continue }
            let count = one(in: 8) ? 20 : max(0, min(turn.sample.blockLength, 20))
            for k in 0..<count {
                let raw = Int32(truncatingIfNeeded: random.next())
                turn.sample.waves[c].counts[k] = shift == 32 ? 0 : raw >> Int32(shift)
            }
            age(&turn.sample.waves[c].age)
        }
        for c in 0..<20 {
            change(&turn.sample.scalars[c].raw)
            age(&turn.sample.scalars[c].age)
        }
        if one(in: 3) {
            turn.wish.expires.count &+= random.next() >> (random.next() % 64)
            change(&turn.wish.active.value)
            change(&turn.wish.voltageBias.value)
            turn.wish.island = one(in: 2)
            turn.wish.connect = one(in: 2)
        }
        turn.hadLetGo = one(in: 5)
        turn.command.outputs.bits = UInt16(truncatingIfNeeded: random.next())
        turn.command.inverter.mode = InverterMode(rawValue: UInt8(random.next() % 3)) ?? .off
        turn.command.converter.isOn = one(in: 2)
        change(&turn.command.inverter.frequency.value)
        change(&turn.command.inverter.voltage.value)
        change(&turn.command.converter.mostIn.value)
        change(&turn.command.charging)
        turn.digest = UInt32(truncatingIfNeeded: random.next())
    }
}

@Suite("Turns as bytes")
struct TurnTests {
    @Test("Turns that no board makes come back bit for bit, within the bound", arguments: 0..<20)
    func wildTurns(seed: Int) {
        var random = Random(seed: UInt64(seed))
        var turns: [KeptTurn] = []
        var coded = Coded()
        var turn = KeptTurn()
        for _ in 0..<500 {
            turn = wild(&random, after: turn)
            turns.append(turn)
            coded.add(turn)
        }
        #expect(coded.longest <= TurnEncoder.mostBytes, "seed \(seed)")
        #expect(coded.firstDifference(from: turns) == nil, "seed \(seed)")
    }

    @Test("The worst turn of all is within the bound, and takes nearly all of it")
    func worst() {
        var turn = KeptTurn()
        turn.sample.tick = Tick(1 << 62)
        turn.sample.blockLength = .min
        turn.sample.lostSamples = .max
        turn.sample.contacts.bits = 0xFFFF
        for c in 0..<9 {
            for k in 0..<20 { turn.sample.waves[c].counts[k] = Int32.min + Int32(k) }
            turn.sample.waves[c].age = 0x3FFF
        }
        for c in 0..<20 {
            turn.sample.scalars[c] = Scalar(raw: Float(bitPattern: 0xFFFF_FFFE), age: 0x3FFF)
        }
        turn.wish = Setpoints(
            expires: Tick(1 << 61), frequencyBias: Hertz(.nan), voltageBias: Volts(.nan),
            active: Watts(.nan), reactive: Vars(.nan))
        turn.command.outputs.bits = 0xFFFF
        turn.command.inverter.frequency = Hertz(.nan)
        turn.command.inverter.voltage = Volts(.nan)
        turn.command.inverter.active = Watts(.nan)
        turn.command.inverter.reactive = Vars(.nan)
        turn.command.converter.voltage = Volts(.nan)
        turn.command.converter.mostOut = Amperes(.nan)
        turn.command.converter.mostIn = Amperes(.nan)
        turn.command.renewables = .nan
        turn.command.charging = .nan
        var coded = Coded()
        coded.add(turn)
        #expect(coded.longest <= TurnEncoder.mostBytes && coded.longest > 1000)
        #expect(coded.firstDifference(from: [turn]) == nil)
    }

    @Test("Where the memory may not hold a turn, nothing is written and nothing remembered")
    func full() {
        let bytes = [UInt8](repeating: 0, count: TurnEncoder.mostBytes - 1)
        var encoder = TurnEncoder()
        var copy = bytes
        let isWritten = copy.withUnsafeMutableBytes { memory -> Bool in
            var writer = ByteWriter(memory)
            return encoder.encode(KeptTurn(), into: &writer) || writer.count > 0
        }
        #expect(!isWritten && copy == bytes)
    }

    @Test("Damaged bytes give other turns or none, never a crash", arguments: 0..<50)
    func damage(seed: Int) {
        var random = Random(seed: UInt64(seed))
        var coded = Coded()
        var turn = KeptTurn()
        for _ in 0..<40 {
            turn = wild(&random, after: turn)
            coded.add(turn)
        }
        var decoded = 0
        for _ in 0..<50 {
            var bytes = coded.bytes
            for _ in 0..<1 + random.next() % 8 {
                bytes[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
            }
            bytes.removeLast(Int(random.next() % UInt64(bytes.count)))
            bytes.withUnsafeBytes { memory in
                var reader = ByteReader(memory)
                var decoder = TurnDecoder()
                while reader.left > 0 && decoder.decode(from: &reader, into: &turn) { decoded += 1 }
            }
        }
        #expect(decoded > 0, "seed \(seed)")
    }

    @Test("The digest hears every field of a record")
    func digest() {
        var list = FieldList()
        var record = Record()
        record.visit(&list)
        let before = record.digest
        var deaf: [String] = []
        for (n, field) in list.fields.enumerated() {
            var changer = OneChange(place: n)
            var copy = record
            copy.visit(&changer)
            if copy.digest == before { deaf.append(field.name) }
        }
        // Without its state the payload of a state says nothing.
        let silent = ["reason", "stage", "cause.code", "since", "until", "hold"]
        #expect(deaf.allSatisfy { name in silent.contains { name.hasSuffix($0) } }, "\(deaf)")
    }
}

/// Changes the field at one place.
private struct OneChange: FieldVisitor {
    let place: Int
    private var at = 0
    init(place: Int) { self.place = place }
    private mutating func isHere() -> Bool {
        defer { at += 1 }
        return at == place
    }
    mutating func visit(_ name: StaticString, _ value: inout Float) {
        if isHere() { value = Float(bitPattern: value.bitPattern ^ 1) }
    }
    mutating func visit(_ name: StaticString, _ value: inout Bool) {
        if isHere() { value.toggle() }
    }
    mutating func visit(_ name: StaticString, _ value: inout UInt8) {
        if isHere() { value = value == 0 ? 1 : 0 }
    }
    mutating func visit(_ name: StaticString, _ value: inout UInt16) { if isHere() { value ^= 1 } }
    mutating func visit(_ name: StaticString, _ value: inout UInt32) { if isHere() { value ^= 1 } }
    mutating func visit(_ name: StaticString, _ value: inout UInt64) { if isHere() { value ^= 1 } }
    mutating func visit(_ name: StaticString, _ value: inout Int64) { if isHere() { value ^= 1 } }
    mutating func enter(_ name: StaticString) {}
    mutating func leave() {}
    mutating func reject() {}
}
