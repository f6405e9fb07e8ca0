import Control
import Foundation
import Loop
import Testing
import Wire

@testable import BlackBox
@testable import Replay

@Suite("A recording with holes")
struct TroubleTests {
    private let village: RecordedVillage
    private let ours = StateLayout.ofThisProgram()
    init() throws { village = try RecordedVillage.shared.get() }

    @Test(
        "Behind damage it goes on at the next state, and every turn is accounted for",
        arguments: [0.12, 0.3, 0.47, 0.71])
    func damage(_ place: Double) throws {
        var bytes = try village.bytes("mill")
        let from = Int(Double(bytes.count) * place) & ~3
        for k in from..<from + 9000 { bytes[k] ^= 0xA5 }
        let run = try #require(try Recording(bytes: bytes, name: "damaged").runs.first)
        let result = run.compared(ours: ours)
        let missed = result.missed.map(\.turns).reduce(0, +)
        #expect(result.verdict == .exact && result.lostTurns > 0 && result.skipCount > 0)
        #expect(result.turns + missed + result.lostTurns == village.turns)
        // A state comes every ten seconds.
        #expect(missed <= 1100, "\(missed) of \(village.turns)")
        #expect(result.statesTaken >= 2 || missed + result.lostTurns > village.turns / 4)
    }

    @Test("A gap ends a life; the next state begins another")
    func gap() throws {
        let source = try #require(try village.recording("mill").runs.first)
        let rig = try GapRig(source)
        // The recorder sleeps for two seconds of turns, which its ring of 64 does not hold.
        try rig.live(sleeping: 4000..<4200)
        let recording = try rig.finish()
        let result = try #require(recording.runs.first).compared(ours: ours)
        #expect(result.verdict == .exact)
        #expect(result.gapCount == 1 && result.gaps.first?.reason == .overrun)
        #expect(result.gapTurns > 100 && result.lostTurns == 0)
        let missed = result.missed.map(\.turns).reduce(0, +)
        #expect(result.turns + missed + result.gapTurns == village.turns)
        #expect(result.statesTaken == 2)
        #expect(result.missed.allSatisfy { $0.why == .afterGap && $0.stretches == 1 })
    }

    @Test("Whole records that another program laid out are passed over; turns are still exact")
    func otherFields() throws {
        let source = try #require(try village.recording("mill").runs.first)
        let rig = try GapRig(source)
        rig.foreignFields = true
        try rig.live(sleeping: 0..<0)
        let run = try #require(try rig.finish().runs.first)
        let result = run.compared(ours: ours)
        #expect(result.verdict == .exact && result.turns == village.turns)
        #expect(run.records().contains { $0.number == 77_777 } == false)
        let isTold = run.entries(.records).contains {
            if case .skipped(let skip) = $0 { skip.reason == .unknown } else { false }
        }
        #expect(isTold)
    }

    @Test("A recording cut anywhere is exact as far as it goes", arguments: [0.2, 0.55, 0.9])
    func cut(_ place: Double) throws {
        let bytes = try village.bytes("pcc")
        let short = Array(bytes[..<Int(Double(bytes.count) * place)])
        let run = try #require(try Recording(bytes: short, name: "cut").runs.first)
        let result = run.compared(ours: ours)
        #expect(result.verdict == .exact && result.turns < village.turns)
        let share = Double(result.turns) / Double(village.turns)
        #expect(abs(share - place) < 0.15, "\(share) of the turns in \(place) of the bytes")
    }
}

/// Records turns that another run had, with a recorder that may oversleep.
private final class GapRig {
    private let source: Run
    private let folder: String
    private let ring = TurnRing(capacity: 64)
    private let box: CheckpointBox
    private let log = FrameLog(capacity: 1 << 20)
    private let recorder: Recorder
    private var file: SegmentFile
    private var controller: Controller
    private var position: UInt64 = 0
    private let now = Clocks(monotonic_ns: 0, wall_ns: 0)
    private let payload = UnsafeMutableRawBufferPointer.allocate(
        byteCount: FramePlace.mostPayload, alignment: 8)
    /// One record of a program with other fields stands among the turns.
    var foreignFields = false

    init(_ source: Run) throws {
        self.source = source
        folder = try Temporary.folder("gap")
        box = CheckpointBox(ring)
        let rate = source.ticksPerSecond ?? 1
        let identity = try #require(RunIdentity(source.settings() ?? [], rate, boot: BootID()))
        recorder = Recorder(
            ring, box, log, layout: identity.layout, ticksPerSecond: rate,
            settings: BlackBoxSettings(), fromStart: true)
        let disk = FolderDisk(folder)
        let handle = try disk.open("ring.skbb")
        file = SegmentFile(
            disk, handle, "ring.skbb", identity, .ring,
            writer: SegmentWriter(file: 5, run: 1, size: 1 << 18, sequence: 0), index: 0,
            count: nil, expected: nil, tick: Tick(0))
        let state = try #require(source.state(before: 0))
        controller = try state.controller(ours: .ofThisProgram()).get()
        try file.begin(0, now)
        box.offer(controller, after: Tick(0))
        recorder.pass(0)
    }
    deinit {
        payload.deallocate()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func live(sleeping: Range<UInt64>) throws {
        var record = Record()
        for turn in source.turns() {
            if turn.turn.hadLetGo { controller.letGo() }
            controller.tick(turn.turn.sample, wanting: turn.turn.wish, into: &record)
            ring.push(turn.turn.sample, turn.turn.wish, record, hadLetGo: turn.turn.hadLetGo)
            box.offer(controller, after: record.tick)
            if sleeping.contains(turn.number) { continue }
            if turn.number % 16 == 0 { try pass(Int64(turn.number) * 10_000_000) }
            if foreignFields && turn.number == 3000 { try putForeign(record) }
        }
    }
    private func pass(_ now_ns: Int64) throws {
        recorder.pass(now_ns)
        try drain()
    }
    private func drain() throws {
        while let item = log.read(&position, into: payload) {
            try file.put(item, UnsafeRawBufferPointer(rebasing: payload[..<item.count]), now)
        }
    }
    private func putForeign(_ record: Record) throws {
        var writer = ByteWriter(payload)
        KeptRecord(number: 77_777, reason: .change, record: record)
            .write(fields: FieldDigest.ofThisProgram ^ 1, into: &writer)
        try file.put(
            FrameLog.Item(kind: .record, number: 77_777, tick: record.tick, count: writer.count),
            UnsafeRawBufferPointer(rebasing: payload[..<writer.count]), now)
    }
    func finish() throws -> Recording {
        recorder.pass(1 << 60)
        recorder.flush(1 << 60)
        try drain()
        try file.finish()
        return try Recording(path: folder + "/ring.skbb")
    }
}
