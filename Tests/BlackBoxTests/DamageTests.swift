import Control
import Plant
import Testing
import Wire

@testable import BlackBox

/// A recording, and every frame of it: what of a damaged copy must be given, and what may be.
private final class Original: Sendable {
    struct Frame {
        var range: Range<Int>
        var run: UInt32
        var kind: FrameKind
        /// Turns it holds, or the number of the record or state.
        var numbers: Range<UInt64>
        /// Of a note or gap.
        var bytes: [UInt8]
    }
    let bytes: [UInt8]
    let file: UInt64
    let segments: Int
    let frames: [Frame]
    /// By run: what was pushed.
    let turns: [UInt32: [KeptTurn]]
    let records: [UInt32: [UInt32]]

    init(seed: UInt64) throws {
        let disk = FakeDisk()
        var s = Rig.small
        s.ringBytes = 4 << 16
        s.checkpointEvery_s = 1
        var turns: [UInt32: [KeptTurn]] = [:]
        var records: [UInt32: [UInt32]] = [:]
        for run in 1...3 as ClosedRange<UInt32> {
            let rig = Rig(disk, perSecond: 1000, s, began_ns: Int64(seed) << 40)
            rig.live(.couplingByWaveform, run == 1 ? 2500 : 900, seed: seed + UInt64(run)) { n in
                if n == 700 {
                    rig.log.append(
                        Note(.part, tick: rig.log.newest, wall_ns: 1, text: "run \(run)"))
                }
            }
            if run == 2 { rig.stop() }
            turns[run] = rig.turns
            records[run] = rig.records
        }
        self.turns = turns
        self.records = records
        bytes = disk.files[Keeper.ringName]?.data ?? []
        let recording = try Recording(bytes: bytes, name: "")
        file = recording.file
        segments = bytes.count >> 16
        var frames: [Frame] = []
        let whole = ReadFile(bytes: bytes)
        let index = SegmentIndex(length: whole.size) { whole.read($0, at: $1) }
        for segment in index?.segments ?? [] {
            let base = segment.index << 16
            let slot = Array(bytes[base..<base + 1 << 16])
            slot.withUnsafeBytes { memory in
                var scan = SegmentScan(memory, index: segment.index, crc: CRC32C())
                while let step = scan.next() {
                    guard case .frame(let found) = step, found.place.segment == segment.segment,
                        let kind = FrameKind(rawValue: found.kind)
                    else { continue }
                    let payload = UnsafeRawBufferPointer(rebasing: memory[found.payload])
                    frames.append(
                        Frame(
                            range: base + found.offset..<base + found.payload.upperBound,
                            run: segment.run, kind: kind,
                            numbers: Self.numbers(kind, payload), bytes: Array(payload)))
                    if kind == .end { break }
                }
            }
        }
        self.frames = frames
    }
    private static func numbers(
        _ kind: FrameKind, _ payload: UnsafeRawBufferPointer
    ) -> Range<UInt64> {
        var reader = ByteReader(payload)
        switch kind {
        case .turns:
            guard let head = TurnsHead.read(from: &reader) else { return 0..<0 }
            return head.number..<head.number + UInt64(head.count)
        case .record:
            let record = KeptRecord.read(fields: FieldDigest.ofThisProgram, from: &reader)
            return record.map { $0.number..<$0.number + 1 } ?? 0..<0
        case .checkpoint:
            return KeptState.read(from: &reader).map { $0.turn..<$0.turn + 1 } ?? 0..<0
        case .segment, .settings, .gap, .note, .end: return 0..<0
        }
    }
}

/// One way to damage bytes, drawn from a seed.
private struct Damage {
    var random: Random
    mutating func below(_ n: Int) -> Int { Int(random.next() % UInt64(max(n, 1))) }

    /// - Returns: what was done, in words.
    mutating func apply(_ bytes: inout [UInt8], other: [UInt8]) -> String {
        switch random.next() % 12 {
        case 0, 1:
            let count = 1 + below(1 + below(60))
            for _ in 0..<count { bytes[below(bytes.count)] ^= 1 << UInt8(below(8)) }
            return "\(count) bits flipped"
        case 2:
            bytes.removeLast(below(bytes.count))
            return "truncated to \(bytes.count)"
        case 3, 4:
            let (at, count) = place(bytes, 16)
            for k in at..<at + count { bytes[k] = 0 }
            return "\(count) zeros at \(at)"
        case 5:
            let (at, count) = place(bytes, 16)
            for k in at..<at + count { bytes[k] = UInt8(truncatingIfNeeded: random.next()) }
            return "\(count) of noise at \(at)"
        case 6, 7:
            // Sectors or blocks change places.
            let unit = below(2) == 0 ? 512 : 4096
            let (a, b) = (below(bytes.count / unit) * unit, below(bytes.count / unit) * unit)
            for k in 0..<unit { bytes.swapAt(a + k, b + k) }
            return "\(unit) at \(a) and \(b) swapped"
        case 8:
            let unit = below(2) == 0 ? 512 : 4096
            let (a, b) = (below(bytes.count / unit) * unit, below(bytes.count / unit) * unit)
            for k in 0..<unit { bytes[b + k] = bytes[a + k] }
            return "\(unit) at \(a) copied to \(b)"
        case 9:
            // Every head, or all but one.
            let spared = below(8)
            for segment in 0..<bytes.count >> 16 where segment != spared {
                for k in 0..<512 { bytes[segment << 16 + k] = 0 }
            }
            return "heads but \(spared) zeroed"
        case 10:
            let (at, count) = place(bytes, 4)
            let cut = 1 + below(count)
            bytes.removeSubrange(at..<at + cut)
            return "\(cut) bytes cut out at \(at)"
        default:
            // Segments of another file, one of four, or of this one, in other places.
            var words = "segments"
            for k in 0..<1 + below(2) {
                let (a, b) = (below(bytes.count >> 16) << 16, below(other.count >> 16) << 16)
                let isForeign = k == 0 && below(3) > 0
                for n in 0..<1 << 16 where a + n < bytes.count && b + n < bytes.count {
                    if isForeign { bytes[a + n] = other[b + n] } else { bytes.swapAt(a + n, b + n) }
                }
                words += isForeign ? " \(a) from another's \(b)" : " \(a) with \(b)"
            }
            return words
        }
    }
    private mutating func place(_ bytes: [UInt8], _ most: Int) -> (at: Int, count: Int) {
        let at = below(bytes.count / 512) * 512
        return (at, min((1 + below(most)) * 512, bytes.count - at))
    }
}

@Suite("Damaged files")
struct DamageTests {
    private static let originals = Result { (try Original(seed: 1), try Original(seed: 50)) }
    #if DEBUG
        private static let count = 2
    #else
        /// Ten thousand files in all.
        private static let count = 500
    #endif

    @Test(
        "No file crashes the reader, nothing false is given, all that is intact is",
        arguments: 0..<20 as Range<UInt64>)
    func campaign(batch: UInt64) throws {
        let (original, other) = try Self.originals.get()
        #expect(original.frames.count > 40 && original.segments == 4)
        var faults: [String] = []
        var damaged = 0
        for k in 0..<UInt64(Self.count) {
            let seed = batch * 1_000_000 + k
            var damage = Damage(random: Random(seed: seed))
            var bytes = original.bytes
            var words = damage.apply(&bytes, other: other.bytes)
            // Whole segments of another file are a matter of majority: that damage comes alone.
            while damage.below(2) == 0, !words.hasPrefix("segments"), bytes.count > 1 << 16 {
                let more = damage.apply(&bytes, other: original.bytes)
                words += ", " + more
            }
            if bytes != original.bytes { damaged += 1 }
            if let fault = check(bytes, original) {
                faults.append("seed \(seed) (\(words)): \(fault)")
            }
        }
        #expect(damaged > Self.count * 9 / 10)
        #expect(faults.isEmpty, "\(faults.count) of \(Self.count): \(faults.prefix(3))")
    }

    /// What is wrong with the reading of these bytes; nil where nothing is.
    private func check(_ bytes: [UInt8], _ original: Original) -> String? {
        let intact = original.frames.filter { frame in
            frame.range.upperBound <= bytes.count
                && bytes[frame.range] == original.bytes[frame.range]
        }
        guard let recording = try? Recording(bytes: bytes, name: "") else {
            return intact.isEmpty ? nil : "nothing read of \(intact.count) intact frames"
        }
        var given = Reading(original)
        for run in recording.runs {
            for entry in run.entries() {
                if let fault = given.take(entry, run.number) { return fault }
            }
        }
        for frame in intact {
            if !given.has(frame) { return "intact \(frame.kind) at \(frame.range) is not given" }
        }
        // What lies between frames that are given is told to be missing.
        for run in recording.runs {
            let frames = original.frames.filter { $0.run == run.number }
            let there = frames.map { frame in
                switch frame.kind {
                case .segment, .settings, .end:
                    frame.range.upperBound <= bytes.count
                        && bytes[frame.range] == original.bytes[frame.range]
                default: given.has(frame)
                }
            }
            guard let first = there.firstIndex(of: true), let last = there.lastIndex(of: true)
            else { continue }
            let missing = there[first...last].filter { !$0 }.count
            let told = given.told[run.number] ?? 0
            if missing > told { return "\(missing) frames are missing, \(told) are told to be" }
        }
        return nil
    }
}

/// What was given, held against the original.
private struct Reading {
    private let original: Original
    private var turns: [UInt32: [Bool]]
    private var records: [UInt32: Set<UInt64>] = [:]
    private var states: [UInt32: Set<UInt64>] = [:]
    private var others: [UInt32: [[UInt8]]] = [:]
    private(set) var told: [UInt32: Int] = [:]

    init(_ original: Original) {
        self.original = original
        turns = original.turns.mapValues { [Bool](repeating: false, count: $0.count) }
    }

    /// - Returns: what is false about it.
    mutating func take(_ entry: Entry, _ run: UInt32) -> String? {
        switch entry {
        case .turn(let turn):
            guard let pushed = original.turns[run], turn.number < pushed.count,
                pushed[Int(turn.number)].isSame(as: turn.turn)
            else { return "turn \(turn.number) of run \(run) was never pushed" }
            if turns[run]?[Int(turn.number)] ?? true { return "turn \(turn.number) comes twice" }
            turns[run]?[Int(turn.number)] = true
        case .record(let record):
            guard let pushed = original.records[run], record.number < pushed.count,
                pushed[Int(record.number)] == record.record.digest
            else { return "record \(record.number) was never pushed" }
            records[run, default: []].insert(record.number)
        case .state(let state):
            let isWritten = original.frames.contains {
                $0.kind == .checkpoint && $0.run == run && $0.numbers.lowerBound == state.turn
                    && $0.bytes.dropFirst(KeptState.headCount).elementsEqual(state.image)
            }
            // Of rounds that were written over, the frames are not known; the state must be one.
            if !isWritten, case .failure = state.controller(ours: Self.layout) {
                return "a state that was never written"
            }
            states[run, default: []].insert(state.turn)
        case .gap(let gap):
            others[run, default: []].append(bytes { gap.write(into: &$0) })
        case .note(let note):
            guard note.text == "run \(run)" else { return "a note that was never written" }
            others[run, default: []].append(bytes { note.write(into: &$0) })
        case .skipped(let skip): told[run, default: 0] += Int(skip.frames)
        }
        return nil
    }
    private static let layout = StateLayout.ofThisProgram()
    private func bytes(_ write: (inout ByteWriter) -> Void) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 2000) { memory, count in
            var writer = ByteWriter(UnsafeMutableRawBufferPointer(memory))
            write(&writer)
            count = writer.count
        }
    }
    func has(_ frame: Original.Frame) -> Bool {
        switch frame.kind {
        case .turns:
            frame.numbers.allSatisfy { turns[frame.run]?[Int($0)] ?? false }
        case .record: records[frame.run]?.contains(frame.numbers.lowerBound) ?? false
        case .checkpoint: states[frame.run]?.contains(frame.numbers.lowerBound) ?? false
        case .gap, .note: others[frame.run]?.contains(frame.bytes) ?? false
        case .segment, .settings, .end: true
        }
    }
}
