import Control
import Wire

/// A ring or a capture, read.
///
/// A recording is runs; a run is segments; a segment is frames. What is damaged is passed over and
/// reported where it stood (`Entry.skipped`). Nothing of a file is believed but frames whose sum is right
/// and which stand where they were written. One segment is in memory at a time.
///
///     let recording = try Recording(path: "ring.skbb")
///     for run in recording.runs {
///         for entry in run.entries() { ... }
///     }
public struct Recording: Sendable {
    /// Oldest first.
    public let runs: [Run]
    /// What the walk over the segments passed over; runs report the rest.
    public let skipped: [Skip]
    /// Bytes of a segment.
    public let segmentSize: Int
    /// Identifies the file.
    public let file: UInt64
    public let purpose: SegmentHead.Purpose

    /// Segments that hold nothing, for whoever looks again.
    private let blanks: Set<Int>

    public init(path: String) throws(RecordingFault) {
        try self.init(ReadFile(path), path)
    }
    /// Looks again at a file that grows: what held nothing when it was looked at before is not read whole.
    public init(path: String, after before: Recording?) throws(RecordingFault) {
        guard let before, !before.blanks.isEmpty else {
            try self.init(path: path)
            return
        }
        let again = try Recording(ReadFile(path), path, blanks: before.blanks)
        // Another file in its place: what was known of the one before says nothing.
        if again.file == before.file && again.segmentSize == before.segmentSize {
            self = again
        } else {
            try self.init(path: path)
        }
    }
    /// Of bytes in memory.
    init(bytes: [UInt8], name: String) throws(RecordingFault) {
        try self.init(ReadFile(bytes: bytes), name)
    }
    private init(
        _ source: ReadFile, _ path: String, blanks before: Set<Int> = []
    ) throws(RecordingFault) {
        guard
            let index = SegmentIndex(
                length: source.size, blanks: before, read: { source.read($0, at: $1) })
        else { throw RecordingFault(path: path, kind: .noFrame) }
        skipped = index.skipped
        blanks = index.blanks
        segmentSize = index.size
        file = index.file
        purpose = index.segments.lazy.compactMap(\.head).first?.purpose ?? .ring
        let place = RunSource(file: source, id: index.file, segmentSize: index.size)
        var runs: [Run] = []
        for segment in index.segments {
            if runs.last?.number == segment.run {
                runs[runs.count - 1].segments.append(segment)
            } else {
                runs.append(Run(number: segment.run, source: place, segments: [segment]))
            }
        }
        self.runs = runs
    }
}

/// Where the segments of a run are.
struct RunSource: Sendable {
    let file: ReadFile
    let id: UInt64
    let segmentSize: Int
}

/// What one start of the program recorded, or what is left of it.
public struct Run: Sendable {
    /// Counts the starts that wrote to this ring.
    public let number: UInt32
    let source: RunSource
    var segments: [SegmentEntry]

    /// Heads that are intact, oldest first: times, rate, layouts. Empty where all are damaged.
    public var heads: [SegmentHead] { segments.compactMap(\.head) }
    public var ticksPerSecond: Float? { heads.first?.ticksPerSecond }

    /// Everything, in its order.
    public func entries(_ wanted: Wanted = .all) -> Entries {
        Entries(source, segments, wanted, from: 0, through: .max)
    }
    /// Everything from this turn on, and some of what was before it: from the segment before its own, for
    /// records are written as soon as they are made, and turns in batches behind them.
    public func entries(_ wanted: Wanted, from number: UInt64) -> Entries {
        let first = max(0, segments.count - segments(from: number).count - 1)
        return Entries(source, Array(segments[first...]), wanted, from: 0, through: .max)
    }
    /// Turns with these numbers. Those that are missing are missing: see ``gaps()``, and compare
    /// numbers.
    public func turns(_ numbers: ClosedRange<UInt64> = 0...(.max)) -> Turns {
        Turns(
            entries: Entries(
                source, segments(from: numbers.lowerBound), .turns, from: numbers.lowerBound,
                through: numbers.upperBound))
    }
    /// Turns, states and gaps from a turn on: what a replay goes by.
    public func life(from number: UInt64) -> Entries {
        Entries(
            source, segments(from: number), [.turns, .states, .gaps], from: number, through: .max)
    }
    public func records() -> some Sequence<KeptRecord> {
        entries(.records).lazy.compactMap { if case .record(let r) = $0 { r } else { nil } }
    }
    public func notes() -> some Sequence<Note> {
        entries(.notes).lazy.compactMap { if case .note(let n) = $0 { n } else { nil } }
    }
    public func gaps() -> some Sequence<Gap> {
        entries(.gaps).lazy.compactMap { if case .gap(let g) = $0 { g } else { nil } }
    }
    public func states() -> some Sequence<KeptState> {
        entries(.states).lazy.compactMap { if case .state(let s) = $0 { s } else { nil } }
    }
    /// Everything that cannot be read, without reading turns.
    public func skipped() -> [Skip] {
        entries([]).compactMap { if case .skipped(let s) = $0 { s } else { nil } }
    }
    /// The newest state from which the turn of this number can be reached.
    public func state(before number: UInt64) -> KeptState? {
        var end = segments.count
        while end > 0 {
            end -= 1
            var best: KeptState?
            for entry in Entries(
                source, [segments[end]], .states, from: 0, through: .max)
            {
                if case .state(let state) = entry, state.turn <= number { best = state }
            }
            if let best { return best }
        }
        return nil
    }
    /// The texts the run was made from; nil where they are not whole anywhere in the file's run.
    public func settings() -> [SettingsText]? {
        var pieces: [UInt64: [UInt16: SettingsPart]] = [:]
        // Segments whose heads promise settings first; then those whose heads are damaged.
        let likely =
            segments.filter { $0.head?.hasSettings ?? false } + segments.filter { $0.head == nil }
        for segment in likely {
            for part in Parts(source, segment) {
                pieces[part.digest, default: [:]][part.part] = part
                let all = pieces[part.digest] ?? [:]
                guard all.count == Int(part.parts) else { continue }
                let bytes = (0..<part.parts).flatMap { all[$0]?.bytes ?? [] }
                guard SettingsText.digest(bytes) == part.digest else { continue }
                if let texts = bytes.withUnsafeBytes({ SettingsText.texts(of: $0) }) {
                    return texts
                }
            }
        }
        return nil
    }

    /// Segments that can hold this turn or later ones.
    private func segments(from number: UInt64) -> [SegmentEntry] {
        let last = segments.lastIndex { $0.head.map { $0.firstTurn <= number } ?? false }
        return last.map { Array(segments[$0...]) } ?? segments
    }
}

/// What an iteration is to give. What is skipped is always given.
public struct Wanted: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let turns = Wanted(rawValue: 1)
    public static let states = Wanted(rawValue: 2)
    public static let records = Wanted(rawValue: 4)
    public static let gaps = Wanted(rawValue: 8)
    public static let notes = Wanted(rawValue: 16)
    public static let all: Wanted = [.turns, .states, .records, .gaps, .notes]
}

/// Turns alone, one after another.
public struct Turns: Sequence, IteratorProtocol {
    var entries: Entries
    public mutating func next() -> NumberedTurn? {
        while let entry = entries.next() {
            if case .turn(let turn) = entry { return turn }
        }
        return nil
    }
}
