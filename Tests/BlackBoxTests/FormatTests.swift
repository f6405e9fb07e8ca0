import Control
import Foundation
import Testing
import Wire

@testable import BlackBox

/// The tables of the format page, by their headings: offset, size and words of each row.
private let tables: [String: [(offset: Int, size: Int, words: String)]] = {
    let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let path = root + "/Sources/BlackBox/BlackBox.docc/Format.md"
    guard let page = try? String(contentsOfFile: path, encoding: .utf8) else { return [:] }
    var heading = ""
    var found: [String: [(offset: Int, size: Int, words: String)]] = [:]
    for line in page.split(separator: "\n") {
        if line.hasPrefix("## ") { heading = String(line.dropFirst(3)) }
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        if cells.count == 3, let offset = Int(cells[0]), let size = Int(cells[1]) {
            found[heading, default: []].append((offset, size, cells[2]))
        }
        if heading == "Turns", cells.count == 3, let most = Int(cells[2]) {
            found["bits", default: []].append((0, most, cells[0]))
        }
    }
    return found
}()

@Suite("The format page")
struct FormatTests {
    @Test("Every table is without a hole, and as long as what is written")
    func sizes() throws {
        let sizes = [
            "Frame": FrameHead.size, "Place": FramePlace.size,
            "Segment head": SegmentHead.byteCount, "Settings": SettingsText.partHead,
            "Checkpoint": KeptState.headCount, "Turns": TurnsHead.byteCount,
            "Record": KeptRecord.byteCount, "Gap": Gap.byteCount, "Note": Note.headCount,
            "End": 16,
        ]
        for (name, size) in sizes {
            let rows = try #require(tables[name], "\(name)")
            var at = 0
            for row in rows {
                #expect(row.offset == at, "\(name): \(row.words)")
                at += row.size
            }
            #expect(at == size, "\(name)")
        }
        let bits = try #require(tables["bits"]).reduce(0) { $0 + $1.size }
        #expect(bits == 8163 && (bits + 7) / 8 == 1021 && 1021 <= TurnEncoder.mostBytes)
    }

    @Test("The largest state fits into the smallest segment, and a turn into its batch")
    func fits() {
        let smallest = 1 << Int(FramePlace.segmentBits.lowerBound)
        let head = FramePlace.taken(SegmentHead.byteCount)
        let state = FramePlace.taken(KeptState.headCount + Checkpoint.mostBytes)
        let end = FramePlace.taken(16)
        #expect(head + state + end <= smallest)
        #expect(head + FramePlace.taken(SettingsText.partHead + SettingsText.partBytes) <= smallest)
        #expect(FramePlace.payloadAt + KeptState.headCount + Checkpoint.mostBytes <= 65_535)
    }

    /// What `write` writes, cut by the rows of a table.
    private func fields(
        _ table: String, _ write: (inout ByteWriter) -> Void
    ) throws -> [UInt64] {
        let bytes = [UInt8](unsafeUninitializedCapacity: 600) { memory, count in
            var writer = ByteWriter(UnsafeMutableRawBufferPointer(memory))
            write(&writer)
            count = writer.count
        }
        return try #require(tables[table]).map { row in
            bytes[row.offset..<row.offset + min(row.size, 8)].reversed()
                .reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    @Test("Fields stand where the tables say")
    func places() throws {
        let place = FramePlace(
            file: 0x1122_3344_5566_7788, run: 3, segment: 99, offset: 0x01_0204, sizeBits: 18,
            index: 7)
        #expect(
            try fields("Place") { place.write(into: &$0) }
                == [0x1122_3344_5566_7788, 3, 99, 0x01_0204, 18, 7])
        var head = SegmentHead()
        head.purpose = .capture
        head.hasSettings = true
        head.ticksPerSecond = 1000
        head.firstTurn = 5
        head.tick = Tick(6)
        head.monotonic_ns = 7
        head.wall_ns = 8
        head.boot = BootID(high: 9, low: 10)
        head.settings = 11
        head.fields = 12
        head.layout = StateLayout(size: 13, fingerprint: 14)
        head.checkpointSegment = 15
        let written = try fields("Segment head") { head.write(into: &$0) }
        #expect(
            written == [
                1, 1, 1, UInt64(Float(1000).bitPattern), 5, 6, 7, 8, 9, 11, 12, 14, 13, 15, 0,
            ])
        let turns = TurnsHead(count: 2, number: 3, firstTick: Tick(4), lastTick: Tick(5))
        #expect(try fields("Turns") { turns.write(into: &$0) } == [1, 0, 2, 3, 4, 5])
        #expect(
            try fields("Gap") { Gap(reason: .budget, first: 4, turns: 5).write(into: &$0) }
                == [3, 4, 5])
        #expect(
            try fields("Note") {
                Note(.setpoints, tick: Tick(4), wall_ns: 5, text: "").write(into: &$0)
            } == [3, 4, 5])
        #expect(
            try fields("Checkpoint") {
                KeptState.writeHead(
                    layout: StateLayout(size: 2, fingerprint: 1), turn: 3, tick: Tick(4), into: &$0)
            } == [1, 2, 3, 4])
        #expect(
            try fields("Settings") { SettingsPart.writeHead(digest: 1, part: 2, of: 3, into: &$0) }
                == [1, 2, 3])
        var record = Record()
        record.tick = Tick(77)
        let kept = KeptRecord(number: 8, reason: [.change, .trigger], record: record)
        #expect(try fields("Record") { kept.write(fields: 9, into: &$0) } == [9, 8, 6, 77])
    }

    @Test(
        "A head of a rate at which no loop turns is none",
        arguments: [0, -1, 0.5, 100_001, .nan, .infinity] as [Float])
    func rate(_ rate: Float) {
        for (rate, isHead) in [(rate, false), (1000, true)] {
            var head = SegmentHead()
            head.ticksPerSecond = rate
            var bytes = [UInt8](repeating: 0, count: SegmentHead.byteCount)
            bytes.withUnsafeMutableBytes {
                var writer = ByteWriter($0)
                head.write(into: &writer)
            }
            let read = bytes.withUnsafeBytes {
                var reader = ByteReader($0)
                return SegmentHead.read(from: &reader)
            }
            #expect((read != nil) == isHead)
        }
    }

    @Test("The page names every kind, reason and note by its number")
    func numbers() throws {
        let kinds = try #require(tables["Frame"]?[2].words)
        for kind in FrameKind.allCases { #expect(kinds.contains("\(kind.rawValue) \(kind)")) }
        #expect(FrameKind.allCases.count == 8)
        let notes = try #require(tables["Note"]?[0].words)
        for n in 1...6 as ClosedRange<UInt8> {
            let kind = try #require(Note.Kind(rawValue: n))
            #expect(notes.contains("\(n) \(kind)"))
        }
        #expect(Gap.Reason(rawValue: 4) == nil && Gap.Reason(rawValue: 3) == .budget)
    }

    @Test("A text that is cut ends in a character, and boots are read from their identifiers")
    func texts() throws {
        let long = Note(
            .remark, tick: Tick(1), wall_ns: 2, text: String(repeating: "α", count: 900))
        let bytes = [UInt8](unsafeUninitializedCapacity: 1100) { memory, count in
            var writer = ByteWriter(UnsafeMutableRawBufferPointer(memory))
            long.write(into: &writer)
            count = writer.count
        }
        let back = try #require(
            bytes.withUnsafeBytes { memory in
                var reader = ByteReader(memory)
                return Note.read(from: &reader)
            })
        #expect(back.text == String(repeating: "α", count: 500))
        let boot = BootID(text: "01234567-89ab-cdef-0123-456789ABCDEF\n".utf8)
        #expect(boot == BootID(high: 0x0123_4567_89AB_CDEF, low: 0x0123_4567_89AB_CDEF))
        #expect(BootID(text: "none".utf8) == BootID())
    }
}
