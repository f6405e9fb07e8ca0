import Wire

/// What the frames of a black box are; the numbers are written into files.
public enum FrameKind: UInt8, Sendable, CaseIterable {
    case segment = 1
    case settings, checkpoint, turns, record, gap, note
    /// Nothing of this round follows in the segment.
    case end
}

/// Where a frame stands: the first bytes of every frame's body. A frame that was moved, copied or left
/// over from an older round of the ring says so itself.
struct FramePlace: Equatable {
    static let size = 24
    /// Head and place: the payload begins here.
    static let payloadAt = FrameHead.size + size
    static let mostPayload = FrameHead.mostBody - size
    /// The unit of writing.
    static let block = 4096
    /// Segments have 2^16 ... 2^20 bytes.
    static let segmentBits = UInt8(16)...UInt8(20)

    /// Of the file, chosen when it was created.
    var file: UInt64
    var run: UInt32
    /// Counts the segments of a file; never begins anew.
    var segment: UInt32
    /// Bytes from the beginning of the segment, below 2^24.
    var offset: UInt32
    /// The segment's size is two to this power.
    var sizeBits: UInt8
    /// Where the segment stands in the file, counted in segments.
    var index: UInt32

    func write(into bytes: inout ByteWriter) {
        bytes.put(file)
        bytes.put(run)
        bytes.put(segment)
        bytes.put(offset | UInt32(sizeBits) << 24)
        bytes.put(index)
    }
    static func read(from bytes: inout ByteReader) -> FramePlace {
        let file: UInt64 = bytes.take()
        let run: UInt32 = bytes.take()
        let segment: UInt32 = bytes.take()
        let last: UInt32 = bytes.take()
        return FramePlace(
            file: file, run: run, segment: segment, offset: last & 0xFF_FFFF,
            sizeBits: UInt8(last >> 24), index: bytes.take())
    }
    /// Bytes that a frame with such a payload takes, to the next multiple of four.
    static func taken(_ payload: Int) -> Int { (payloadAt + payload + 3) & ~3 }
}
