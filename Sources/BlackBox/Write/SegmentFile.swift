import Control
import Wire

/// A file that grows, or goes round, by segments: the ring, or one capture. Whoever drives it catches
/// what fails and begins anew.
struct SegmentFile {
    private let disk: any Disk
    let handle: Int32
    let name: String
    private var writer: SegmentWriter
    private let identity: RunIdentity
    private let purpose: SegmentHead.Purpose
    /// Segments of a ring; nil where the file grows.
    private let count: Int?
    private var index: Int
    /// Pieces of the settings that are still to be placed.
    private var nextPart: Int
    private var sinceSettings = 0
    private var checkpointSegment = UInt32.max
    /// The number of the turn that comes next, and the newest tick.
    private(set) var expected: UInt64?
    private(set) var tick = Tick(0)
    private(set) var bytesWritten: Int64 = 0

    var segment: UInt32 { writer.segment }
    var sequence: UInt32 { writer.sequence }
    var run: UInt32 { writer.run }
    var file: UInt64 { writer.file }
    var size: Int { writer.size }
    var length: Int64 { Int64(index) * Int64(size) + Int64(writer.at) }
    var isDirty: Bool { writer.isDirty }
    private var parts: Int {
        (identity.settings.count + SettingsText.partBytes - 1) / SettingsText.partBytes
    }

    init(
        _ disk: any Disk, _ handle: Int32, _ name: String, _ identity: RunIdentity,
        _ purpose: SegmentHead.Purpose, writer: SegmentWriter, index: Int, count: Int?,
        expected: UInt64?, tick: Tick
    ) {
        self.disk = disk
        self.handle = handle
        self.name = name
        self.identity = identity
        self.purpose = purpose
        self.writer = writer
        self.index = index
        self.count = count
        self.expected = expected
        self.tick = tick
        nextPart = 0
    }

    /// Begins a segment, with what is left of the settings.
    mutating func begin(_ segment: UInt32, _ now: Clocks) throws(DiskFault) {
        var segment = segment
        while true {
            var head = SegmentHead()
            head.purpose = purpose
            head.hasSettings = nextPart < parts
            head.ticksPerSecond = identity.ticksPerSecond
            head.firstTurn = expected ?? 0
            head.tick = tick
            head.monotonic_ns = now.monotonic_ns
            head.wall_ns = now.wall_ns
            head.boot = identity.boot
            head.settings = identity.digest
            head.fields = identity.fields
            head.layout = identity.layout
            head.checkpointSegment = checkpointSegment
            writer.begin(segment, at: index, head)
            while nextPart < parts, putPart() { nextPart += 1 }
            sinceSettings = head.hasSettings ? 0 : sinceSettings + 1
            guard nextPart < parts else { return }
            try leave()
            segment &+= 1
        }
    }
    private mutating func putPart() -> Bool {
        let from = nextPart * SettingsText.partBytes
        let bytes = identity.settings[
            from..<min(from + SettingsText.partBytes, identity.settings.count)]
        let size = SettingsText.partHead + bytes.count
        return withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { memory in
            var out = ByteWriter(memory)
            SettingsPart.writeHead(
                digest: identity.digest, part: nextPart, of: parts, into: &out)
            bytes.withUnsafeBytes { out.put(bytes: $0) }
            return writer.put(.settings, UnsafeRawBufferPointer(memory))
        }
    }

    /// Takes an item; a segment that is full is left and the next begun. Turns that the log has lost since
    /// the last item become a gap.
    mutating func put(
        _ item: FrameLog.Item, _ payload: UnsafeRawBufferPointer, _ now: Clocks
    ) throws(DiskFault) {
        if item.kind == .turns || item.kind == .gap {
            if let expected, item.number > expected {
                try put(
                    Gap(reason: .disk, first: expected, turns: item.number - expected), now)
            }
            expected = item.number + UInt64(item.turns)
            tick = item.tick
        }
        try place(item.kind, payload, now)
        if item.kind == .checkpoint { checkpointSegment = writer.segment }
    }
    /// Turns that are left out on purpose.
    mutating func put(_ gap: Gap, _ now: Clocks) throws(DiskFault) {
        expected = gap.first + gap.turns
        var bytes = [UInt8](repeating: 0, count: Gap.byteCount)
        bytes.withUnsafeMutableBytes { memory in
            var out = ByteWriter(memory)
            gap.write(into: &out)
        }
        try place(.gap, bytes, now)
    }
    mutating func put(_ note: Note, _ now: Clocks) throws(DiskFault) {
        var bytes = [UInt8](
            repeating: 0, count: Note.headCount + min(note.text.utf8.count, Note.mostText))
        bytes.withUnsafeMutableBytes { memory in
            var out = ByteWriter(memory)
            note.write(into: &out)
        }
        try place(.note, bytes, now)
    }
    private mutating func place(
        _ kind: FrameKind, _ bytes: [UInt8], _ now: Clocks
    ) throws(DiskFault) {
        for _ in 0..<Self.patience {
            if bytes.withUnsafeBytes({ writer.put(kind, $0) }) { return }
            try next(now)
        }
    }
    /// An empty segment holds the largest frame there is; one that begins with settings may not, and the
    /// settings take so many segments of the smallest size.
    private mutating func place(
        _ kind: FrameKind, _ payload: UnsafeRawBufferPointer, _ now: Clocks
    ) throws(DiskFault) {
        for _ in 0..<Self.patience {
            if writer.put(kind, payload) { return }
            try next(now)
        }
    }
    private static let patience = SettingsText.mostBytes / SettingsText.partBytes + 2

    private mutating func next(_ now: Clocks) throws(DiskFault) {
        try leave()
        // Four times in a round, so that a whole copy is always there.
        if let count, sinceSettings >= max(2, count / 4) { nextPart = 0 }
        try begin(writer.segment &+ 1, now)
    }
    private mutating func leave() throws(DiskFault) {
        writer.end(number: expected ?? 0, tick: tick.count)
        try write()
        index += 1
        if let count, index >= count { index = 0 }
    }

    /// Writes whole blocks; ``sync()`` makes them last.
    mutating func write() throws(DiskFault) {
        guard writer.isDirty else { return }
        if writer.isTight { writer.end(number: expected ?? 0, tick: tick.count) }
        let offset = Int64(index) * Int64(size)
        let (at, bytes) = writer.takeBlocks()
        bytesWritten += Int64(bytes.count)
        try disk.write(handle, bytes, at: offset + Int64(at))
    }
    func sync() throws(DiskFault) { try disk.sync(handle) }

    /// The last thing: an end in order.
    mutating func finish() throws(DiskFault) {
        writer.end(number: expected ?? 0, tick: tick.count)
        try write()
        try sync()
    }
}
