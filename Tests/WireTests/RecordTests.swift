import Control
import Quantities
import Testing

@testable import Wire

/// Gives every field another value, by its place and a seed.
private struct Filler: FieldVisitor {
    var state: UInt64
    /// Codes and flags stay small, so that they mean something.
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
    mutating func visit(_ name: StaticString, _ value: inout Float) {
        value = Float(bitPattern: UInt32(truncatingIfNeeded: next() &* 2_654_435_761))
    }
    mutating func visit(_ name: StaticString, _ value: inout Bool) { value = next() & 1 == 1 }
    mutating func visit(_ name: StaticString, _ value: inout UInt8) { value = UInt8(next() % 3) }
    mutating func visit(_ name: StaticString, _ value: inout UInt16) {
        value = UInt16(truncatingIfNeeded: next())
    }
    mutating func visit(_ name: StaticString, _ value: inout UInt32) {
        value = UInt32(truncatingIfNeeded: next())
    }
    mutating func visit(_ name: StaticString, _ value: inout UInt64) { value = next() << 20 }
    mutating func visit(_ name: StaticString, _ value: inout Int64) {
        value = Int64(bitPattern: next() << 30)
    }
    mutating func enter(_ name: StaticString) {}
    mutating func leave() {}
    mutating func reject() { Issue.record("a code from 0 to 2 has a meaning everywhere") }
}

private func bytes(of record: Record) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Record.byteCount)
    bytes.withUnsafeMutableBytes { memory in
        var writer = ByteWriter(memory)
        #expect(record.write(into: &writer) && writer.count == Record.byteCount)
    }
    return bytes
}

private func record(of bytes: [UInt8]) -> Record? {
    bytes.withUnsafeBytes { memory in
        var reader = ByteReader(memory)
        return Record.read(from: &reader)
    }
}

@Suite("Records and wishes as bytes")
struct RecordBytesTests {
    @Test("Every field of a record comes back bit for bit, NaN too", arguments: [1, 7, 42])
    func roundTrip(seed: UInt64) throws {
        var filler = Filler(state: seed)
        var sent = Record()
        for _ in 0..<200 {
            sent.visit(&filler)
            var got = try #require(record(of: bytes(of: sent)), "seed \(seed)")
            var a = FieldList()
            var b = FieldList()
            // Through a payload a state has no use for nothing is carried: compare what stands.
            sent.visit(&a)
            got.visit(&b)
            let differing = zip(a.fields, b.fields).filter { !$0.value.isSame(as: $1.value) }
            #expect(a.fields.count == b.fields.count && differing.isEmpty, "seed \(seed)")
        }
    }

    @Test("No two fields share a name, and every declared field is walked")
    func names() {
        var list = FieldList()
        var record = Record()
        record.visit(&list)
        let names = list.fields.map(\.name)
        #expect(Set(names).count == names.count)
        // What reflection finds in the value, a field added to Record and forgotten here is missed.
        #expect(Mirror(reflecting: record).children.count == 27)
        #expect(Mirror(reflecting: record.measured).children.count == 19)
        #expect(Mirror(reflecting: record.measured.bus).children.count == 24)
        #expect(Mirror(reflecting: record.verdict).children.count == 14)
        #expect(Mirror(reflecting: record.command).children.count == 5)
        #expect(names.count == 143)
    }

    @Test("A record cut short is none, wherever it is cut")
    func short() {
        let whole = bytes(of: Record())
        let believed = (0..<whole.count).filter { record(of: Array(whole[..<$0])) != nil }
        #expect(believed.isEmpty)
    }

    @Test("A code without meaning is refused")
    func codes() {
        var list = FieldList()
        var blank = Record()
        blank.visit(&list)
        // The first code of the record is the inverter's mode; 3 is none.
        let whole = bytes(of: blank)
        let refused = whole.indices.filter { place in
            var changed = whole
            changed[place] = 0xEE
            return record(of: changed) == nil
        }
        // Flags and codes, one byte each: 3 of AC on either side, 3 of the verdict and its 3 causes,
        // 1 of the mode, 1 of the converter, presences, permit, lateness, the machines' codes,
        // reasons and causes (a DER has no reasons), and four causes.
        #expect(refused.count == 6 + 3 + 3 + 1 + 1 + 2 + 1 + 1 + 3 * 3 + 2 + 4, "\(refused)")
    }

    @Test("A wish comes back, and what is no number is left to the controller's limits")
    func wish() throws {
        var sent = Setpoints(expires: Tick(77), island: true, active: Watts(.nan))
        sent.voltageBias = Volts(-0.0)
        var bytes = [UInt8](repeating: 0, count: Setpoints.byteCount)
        let got = bytes.withUnsafeMutableBytes { memory -> Setpoints? in
            var writer = ByteWriter(memory)
            guard sent.write(into: &writer) else { return nil }
            var reader = ByteReader(UnsafeRawBufferPointer(memory))
            return Setpoints.read(from: &reader)
        }
        let wish = try #require(got)
        #expect(wish.expires == Tick(77) && wish.island && wish.connect && !wish.tied)
        #expect(wish.active.value.isNaN && wish.voltageBias.value.sign == .minus)
    }

    @Test("The digest of this layout is written down: who changes the layout changes it knowingly")
    func digest() {
        #expect(FieldDigest.ofThisProgram == 0x150f_2e02_1846_9901)
    }
}
