import Wire

/// Builds one segment after another in memory, frame by frame, and tells which whole blocks are to be
/// written. Blocks that were written are never written again: what power takes while a block is written
/// is that block alone.
struct SegmentWriter {
    let file: UInt64
    let run: UInt32
    let size: Int
    private(set) var segment: UInt32 = 0
    private var index = 0
    /// Of the next frame.
    private(set) var sequence: UInt32
    private let crc = CRC32C()
    private let buffer: SegmentBuffer
    /// Where the next frame begins, and how far blocks were written.
    private(set) var at = 0
    private var written = 0
    /// The last frame of the segment is there.
    private var isEnded = false
    /// Room that is kept for the last frame.
    private static let endCount = FramePlace.taken(16)

    init(file: UInt64, run: UInt32, size: Int, sequence: UInt32) {
        self.file = file
        self.run = run
        self.size = size
        self.sequence = sequence
        buffer = SegmentBuffer(size)
    }

    mutating func begin(_ segment: UInt32, at index: Int, _ head: SegmentHead) {
        self.segment = segment
        self.index = index
        at = 0
        written = 0
        isEnded = false
        withUnsafeTemporaryAllocation(byteCount: SegmentHead.byteCount, alignment: 8) { memory in
            var writer = ByteWriter(memory)
            head.write(into: &writer)
            place(.segment, UnsafeRawBufferPointer(memory))
        }
    }
    /// - Returns: false where the frame does not fit into this segment; nothing was done then.
    mutating func put(_ kind: FrameKind, _ payload: UnsafeRawBufferPointer) -> Bool {
        guard !isEnded, at + FramePlace.taken(payload.count) + Self.endCount <= size else {
            return false
        }
        place(kind, payload)
        return true
    }
    /// Says that nothing of this round follows here.
    mutating func end(number: UInt64, tick: UInt64) {
        if isEnded { return }
        isEnded = true
        withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { memory in
            var writer = ByteWriter(memory)
            writer.put(number)
            writer.put(tick)
            place(.end, UnsafeRawBufferPointer(memory))
        }
    }

    private mutating func place(_ kind: FrameKind, _ payload: UnsafeRawBufferPointer) {
        let place = FramePlace(
            file: file, run: run, segment: segment, offset: UInt32(at),
            sizeBits: UInt8(size.trailingZeroBitCount), index: UInt32(index))
        let total = FramePlace.taken(payload.count)
        let memory = UnsafeMutableRawBufferPointer(rebasing: buffer.memory[at..<at + total])
        var body = ByteWriter(
            UnsafeMutableRawBufferPointer(rebasing: memory[FrameHead.size...]))
        place.write(into: &body)
        body.put(bytes: payload)
        let length = FramePlace.size + payload.count
        for k in FrameHead.size + length..<total { memory[k] = 0 }
        let bytes = UnsafeRawBufferPointer(
            rebasing: memory[FrameHead.size..<FrameHead.size + length])
        _ = FrameHead.write(
            kind: kind.rawValue, sequence: sequence, body: bytes, crc: crc, into: memory)
        sequence &+= 1
        at += total
    }

    /// Filled up to the next block there is no room for the last frame: it comes first.
    var isTight: Bool { !isEnded && Self.blocks(at) + Self.endCount > size }
    private static func blocks(_ bytes: Int) -> Int {
        (bytes + FramePlace.block - 1) & ~(FramePlace.block - 1)
    }

    /// There are bytes that were not written.
    var isDirty: Bool { at > written }

    /// The blocks to write now, by their place in the segment; the last is filled up with zeros, and the
    /// next frame begins behind it.
    mutating func takeBlocks() -> (offset: Int, bytes: UnsafeRawBufferPointer) {
        let end = Self.blocks(at)
        for k in at..<end { buffer.memory[k] = 0 }
        at = end
        let from = written
        written = end
        return (from, UnsafeRawBufferPointer(rebasing: buffer.memory[from..<end]))
    }
}
