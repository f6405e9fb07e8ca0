import Control
import Wire

/// Goes through the frames of a run, segment by segment. Made anew it begins anew; a copy shares its
/// memory and is not to be used beside it.
public struct Entries: Sequence, IteratorProtocol {
    private let source: RunSource
    private let segments: [SegmentEntry]
    private let wanted: Wanted
    private let from: UInt64
    private let through: UInt64
    private let fields = FieldDigest.ofThisProgram
    private let crc = CRC32C()
    private let buffer: SegmentBuffer

    private var nextSegment = 0
    private var current: SegmentEntry?
    private var scan: SegmentScan?
    private var expected: UInt32?
    private var hole: Hole?
    private var batch: Batch?
    private var decoder = TurnDecoder()
    private var turn = NumberedTurn(number: 0, turn: KeptTurn())
    private var isOver = false
    /// What a disk that failed was given twice is given once: numbers from which on there is news.
    private var newTurn: UInt64 = 0
    private var newRecord: UInt64 = 0
    private var newState: UInt64 = 0
    private var waiting: Entry?

    /// Bytes that gave nothing, until it is known what they mean.
    private struct Hole {
        var offset: Int64
        var bytes: Int64
        var reason: Skip.Reason
    }
    private struct Batch {
        var range: Range<Int>
        var left: UInt16
        var number: UInt64
    }

    init(
        _ source: RunSource, _ segments: [SegmentEntry], _ wanted: Wanted, from: UInt64,
        through: UInt64
    ) {
        self.source = source
        self.segments = segments
        self.wanted = wanted
        self.from = from
        self.through = through
        buffer = SegmentBuffer(source.segmentSize)
    }

    public mutating func next() -> Entry? {
        while !isOver {
            if let entry = waiting {
                waiting = nil
                return entry
            }
            if batch != nil {
                if let entry = nextTurn() { return entry }
                continue
            }
            guard scan != nil else {
                if let skip = open() { return .skipped(skip) }
                continue
            }
            switch scan?.next() {
            case nil:
                scan = nil
                if nextSegment >= segments.count, let skip = leave() { return .skipped(skip) }
            case .nothing(let range, let isBlank):
                widen(range, isBlank ? .blank : .damaged)
            case .elsewhere(let frame):
                widen(frame.offset..<frame.end, .misplaced)
            case .frame(let frame):
                if let entry = take(frame) { return entry }
            }
        }
        return nil
    }

    /// Reads the next segment.
    private mutating func open() -> Skip? {
        guard nextSegment < segments.count else {
            isOver = true
            return nil
        }
        let entry = segments[nextSegment]
        nextSegment += 1
        current = entry
        let offset = Int64(entry.index) * Int64(source.segmentSize)
        switch source.file.read(buffer.memory, at: offset) {
        case .success(let count):
            scan = SegmentScan(buffer.bytes(count), index: entry.index, crc: crc)
            return nil
        case .failure(let error):
            return Skip(
                offset: offset, bytes: Int64(source.segmentSize), reason: .unreadable(error.code),
                frames: 0)
        }
    }

    private mutating func widen(_ range: Range<Int>, _ reason: Skip.Reason) {
        let base = Int64(current?.index ?? 0) * Int64(source.segmentSize)
        guard var hole else {
            hole = Hole(
                offset: base + Int64(range.lowerBound), bytes: Int64(range.count), reason: reason)
            return
        }
        hole.bytes += Int64(range.count)
        if hole.reason == .blank { hole.reason = reason }
        self.hole = hole
    }

    /// At the end of the run: what is left is no loss that could be known.
    private mutating func leave() -> Skip? {
        defer { hole = nil }
        guard let hole, hole.reason != .blank else { return nil }
        return Skip(offset: hole.offset, bytes: hole.bytes, reason: .unfinished, frames: 0)
    }

    private mutating func take(_ frame: FoundFrame) -> Entry? {
        guard let current, frame.place.file == source.id else {
            widen(frame.offset..<frame.end, .foreign)
            return nil
        }
        if frame.place.segment != current.segment || frame.place.run != current.run {
            // What an older round left behind the newest is nobody's loss.
            let isOlder = frame.place.segment < current.segment
            widen(frame.offset..<frame.end, isOlder ? .blank : .misplaced)
            return nil
        }
        let lost = expected.map { frame.sequence &- $0 } ?? 0
        guard lost < 1 << 31 else {
            widen(frame.offset..<frame.end, .misplaced)
            return nil
        }
        expected = frame.sequence &+ 1
        let entry = read(frame)
        defer { hole = nil }
        if lost > 0 || (hole.map { $0.reason != .blank } ?? false) {
            let base = Int64(current.index) * Int64(source.segmentSize)
            let skip = Skip(
                offset: hole?.offset ?? base + Int64(frame.offset), bytes: hole?.bytes ?? 0,
                reason: hole?.reason ?? .blank, frames: UInt64(lost))
            waiting = entry
            return .skipped(skip)
        }
        return entry
    }

    private mutating func read(_ frame: FoundFrame) -> Entry? {
        var reader = ByteReader(
            UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer.memory)[frame.payload]))
        switch FrameKind(rawValue: frame.kind) {
        case .turns:
            guard wanted.contains(.turns) else { return nil }
            guard let head = TurnsHead.read(from: &reader) else { return unknown(frame) }
            if head.number > through {
                isOver = true
                return nil
            }
            guard head.number &+ UInt64(head.count) > Swift.max(from, newTurn) else { return nil }
            batch = Batch(
                range: frame.payload.lowerBound + TurnsHead.byteCount..<frame.payload.upperBound,
                left: head.count, number: head.number)
            decoder = TurnDecoder()
            return nil
        case .checkpoint:
            guard wanted.contains(.states) else { return nil }
            guard let state = KeptState.read(from: &reader) else { return unknown(frame) }
            guard state.turn >= Swift.max(from, newState) else { return nil }
            newState = state.turn &+ 1
            return .state(state)
        case .record:
            guard wanted.contains(.records) else { return nil }
            guard let record = KeptRecord.read(fields: fields, from: &reader) else {
                return unknown(frame)
            }
            guard record.number >= newRecord else { return nil }
            newRecord = record.number &+ 1
            return .record(record)
        case .gap:
            guard wanted.contains(.gaps) else { return nil }
            guard let gap = Gap.read(from: &reader) else { return unknown(frame) }
            guard gap.first >= newTurn else { return nil }
            newTurn = gap.first &+ gap.turns
            return .gap(gap)
        case .note:
            guard wanted.contains(.notes) else { return nil }
            return Note.read(from: &reader).map { .note($0) } ?? unknown(frame)
        case .segment, .settings: return nil
        case .end:
            // What follows is of an older round.
            scan = nil
            return nil
        case nil: return unknown(frame)
        }
    }
    private func unknown(_ frame: FoundFrame) -> Entry {
        let base = Int64(current?.index ?? 0) * Int64(source.segmentSize)
        return .skipped(
            Skip(
                offset: base + Int64(frame.offset), bytes: Int64(frame.end - frame.offset),
                reason: .unknown, frames: 0))
    }

    private mutating func nextTurn() -> Entry? {
        guard var batch, batch.left > 0 else {
            self.batch = nil
            return nil
        }
        var reader = ByteReader(
            UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer.memory)[batch.range]))
        turn.number = batch.number
        guard decoder.decode(from: &reader, into: &turn.turn) else {
            self.batch = nil
            let base = Int64(current?.index ?? 0) * Int64(source.segmentSize)
            return .skipped(
                Skip(
                    offset: base + Int64(batch.range.lowerBound), bytes: Int64(batch.range.count),
                    reason: .unknown, frames: 0))
        }
        batch.range = batch.range.lowerBound + reader.count..<batch.range.upperBound
        batch.left -= 1
        batch.number &+= 1
        self.batch = batch
        if turn.number > through {
            isOver = true
            return nil
        }
        guard turn.number >= Swift.max(from, newTurn) else { return nil }
        newTurn = turn.number &+ 1
        return .turn(turn)
    }
}

/// The pieces of settings in one segment.
struct Parts: Sequence, IteratorProtocol {
    private let segment: SegmentEntry
    private let file: UInt64
    private let buffer: SegmentBuffer
    private var scan: SegmentScan?

    init(_ source: RunSource, _ segment: SegmentEntry) {
        self.segment = segment
        file = source.id
        buffer = SegmentBuffer(source.segmentSize)
        let offset = Int64(segment.index) * Int64(source.segmentSize)
        if case .success(let count) = source.file.read(buffer.memory, at: offset) {
            scan = SegmentScan(buffer.bytes(count), index: segment.index, crc: CRC32C())
        }
    }
    mutating func next() -> SettingsPart? {
        while let step = scan?.next() {
            guard case .frame(let frame) = step, frame.place.file == file,
                frame.place.segment == segment.segment,
                frame.kind == FrameKind.settings.rawValue
            else { continue }
            var reader = ByteReader(
                UnsafeRawBufferPointer(
                    rebasing: UnsafeRawBufferPointer(buffer.memory)[frame.payload]))
            if let part = SettingsPart.read(from: &reader) { return part }
        }
        return nil
    }
}
