import Control
import Foundation
import Testing
import Wire

@testable import Link

/// Lists fields as the protocol page does: offset, bytes, type, name.
private struct LayoutTable: FieldVisitor {
    private(set) var rows: [String] = []
    private(set) var bytes = 0
    private var path: [String] = []

    private mutating func add(_ name: StaticString, _ size: Int, _ type: String) {
        rows.append(
            "| \(bytes) | \(size) | \(type) | `\((path + ["\(name)"]).joined(separator: "."))` |")
        bytes += size
    }
    mutating func visit(_ name: StaticString, _ value: inout Float) { add(name, 4, "f32") }
    mutating func visit(_ name: StaticString, _ value: inout Bool) { add(name, 1, "flag") }
    mutating func visit(_ name: StaticString, _ value: inout UInt8) { add(name, 1, "u8") }
    mutating func visit(_ name: StaticString, _ value: inout UInt16) { add(name, 2, "u16") }
    mutating func visit(_ name: StaticString, _ value: inout UInt32) { add(name, 4, "u32") }
    mutating func visit(_ name: StaticString, _ value: inout UInt64) { add(name, 8, "u64") }
    mutating func visit(_ name: StaticString, _ value: inout Int64) { add(name, 8, "i64") }
    mutating func enter(_ name: StaticString) { path.append("\(name)") }
    mutating func leave() { path.removeLast() }
    mutating func reject() {}
}

@Suite("The protocol page")
struct LayoutTests {
    private let page: String
    init() throws {
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
        page = try String(
            contentsOfFile: "\(root)/Sources/Link/Link.docc/Protocol.md", encoding: .utf8)
    }

    /// Lines from a heading to the next.
    private func section(_ heading: String) -> [String] {
        let lines = page.components(separatedBy: "\n")
        guard let start = lines.firstIndex(of: heading) else { return [] }
        return Array(lines[(start + 1)...].prefix { !$0.hasPrefix("#") })
    }
    /// Rows whose first cell is a number.
    private func rows(_ heading: String) -> [[String]] {
        section(heading).filter { $0.hasPrefix("| ") }
            .map { line in
                line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            }
            .filter { Int($0[0]) != nil }
    }

    @Test("Every field of a record and of setpoints stands there, at its place")
    func fields() {
        var table = LayoutTable()
        var record = Record()
        record.visit(&table)
        #expect(table.bytes == Record.byteCount)
        let said = section("## Record").filter { Int($0.dropFirst(2).prefix { $0 != " " }) != nil }
        #expect(said == table.rows, "\(table.rows.joined(separator: "\n"))")
        var wishes = LayoutTable()
        var wish = Setpoints()
        wish.visit(&wishes)
        #expect(wishes.bytes == Setpoints.byteCount)
        let wished = section("## Setpoints").filter {
            Int($0.dropFirst(2).prefix { $0 != " " }) != nil
        }
        #expect(wished == wishes.rows, "\(wishes.rows.joined(separator: "\n"))")
    }

    @Test("The digest on the page is that of the code")
    func digest() {
        let digits = String(FieldDigest.ofThisProgram, radix: 16)
        #expect(page.contains("`0x\(String(repeating: "0", count: 16 - digits.count))\(digits)`"))
    }

    @Test("Sizes and offsets of every body are those of the code", arguments: LinkKind.allCases)
    func sizes(kind: LinkKind) throws {
        let heading = "### \(kind) (\(kind.rawValue))"
        #expect(page.contains("\n\(heading)\n"), "\(heading)")
        var offset = 0
        for row in rows(heading) {
            #expect(Int(row[0]) == offset, "\(kind): \(row)")
            offset += Int(row[1]) ?? 0
        }
        #expect(offset == kind.lengths.lowerBound, "\(kind)")
        let most = kind.lengths.upperBound - kind.lengths.lowerBound
        if most > 0 {
            let text = rows(heading).last
            #expect(text?[1] == "0 … \(most)" && text?[2] == "text", "\(kind): \(text ?? [])")
        }
    }

    @Test("The envelope's bytes are those of the code")
    func envelope() {
        let sum = rows("## Frame").compactMap { Int($0[1]) }.reduce(0, +)
        #expect(sum == FrameHead.size)
        let hello = frame(1, 2) { $0.put(UInt8(3)) }
        #expect(Array(hello.prefix(12)) == [0x53, 0x4B, 0x52, 0x59, 1, 1, 1, 0, 2, 0, 0, 0])
    }

    @Test("What a body says takes as many bytes as its kind may have")
    func written() {
        func size(_ body: (inout ByteWriter) -> Void) -> Int {
            frame(1, 0, body).count - FrameHead.size
        }
        let long = String(repeating: "ü", count: 9000)
        let hello = Hello(
            role: .watch, rate_Hz: 1, tick: Tick(0), limits: LinkOptions.limitsOfNothing,
            mostRequest: 1, site: "", stages: [])
        #expect(size(hello.write) == Hello.fixedBytes)
        #expect(size(Subscription(every: 1, events: true).write) == Subscription.byteCount)
        #expect(size(WishRequest(validity_ms: 1, wish: Setpoints()).write) == WishRequest.byteCount)
        #expect(size { SentRecord.write(Record(), turn: 0, into: &$0) } == SentRecord.byteCount)
        #expect(size(Losses().write) == Losses.byteCount)
        #expect(size(Answer(to: 1, text: "").write) == Answer.fixedBytes)
        #expect(size(Answer(to: 1, text: long).write) == Answer.fixedBytes + Answer.mostText)
        #expect(size(Status(to: 1, text: long).write) == Status.fixedBytes + Status.mostText)
        #expect(size(Goodbye(.done, "x" + long).write) == Goodbye.fixedBytes + Goodbye.mostText - 1)
    }

    @Test("Every code stands there with its name")
    func codes() {
        func isThere(_ heading: String, _ code: UInt8, _ name: String) -> Bool {
            rows(heading).contains { Int($0[0]) == Int(code) && $0[1] == name }
        }
        for code in Answer.Code.allCases {
            #expect(isThere("#### Codes of an answer", code.rawValue, "\(code)"), "\(code)")
        }
        for field in Answer.Field.allCases {
            #expect(isThere("#### Fields of an answer", field.rawValue, "\(field)"), "\(field)")
        }
        for raw in 0...UInt8.max {
            if let code = Goodbye.Code(rawValue: raw) {
                #expect(isThere("#### Codes of a goodbye", raw, "\(code)"), "\(code)")
            }
            if let reason = IslandReason(rawValue: raw) {
                #expect(isThere("#### Reasons of an island", raw, "\(reason)"), "\(reason)")
            }
            if let permit = SyncPermit(rawValue: raw) {
                #expect(isThere("#### Permits to close", raw, "\(permit)"), "\(permit)")
            }
            if let presence = Presence(rawValue: raw) {
                #expect(isThere("#### Presences", raw, "\(presence)"), "\(presence)")
            }
            if let mode = InverterMode(rawValue: raw) {
                #expect(isThere("#### Modes of the inverter", raw, "\(mode)"), "\(mode)")
            }
        }
    }
}

extension LinkOptions {
    fileprivate static var limitsOfNothing: SetpointLimits {
        SetpointLimits(
            frequencyBias: .zero, voltageBias: .zero, active: .zero, reactive: .zero, horizon: 0)
    }
}
