import Wire

/// A frame that was found, whole, where it belongs.
struct FoundFrame {
    var kind: UInt8
    var sequence: UInt32
    var place: FramePlace
    /// In the segment, bytes from its beginning.
    var offset: Int
    var payload: Range<Int>
    /// Where the next frame begins.
    var end: Int
}

/// Goes through the bytes of one segment from frame to frame. Where there is none it looks for the next
/// at every fourth byte; a frame counts where its sum is that of its bytes and it says that it belongs
/// there.
struct SegmentScan {
    enum Step {
        case frame(FoundFrame)
        /// Bytes without a frame; `isBlank`: they are all zero.
        case nothing(Range<Int>, isBlank: Bool)
        /// A whole frame that belongs elsewhere.
        case elsewhere(FoundFrame)
    }
    private let memory: UnsafeRawBufferPointer
    private let index: Int
    private let crc: CRC32C
    private(set) var at = 0
    /// Bytes whose sum may still be taken: bytes made to look like frames cannot make this endless.
    private var patience: Int

    /// - Parameter index: of the segment in its file.
    init(_ memory: UnsafeRawBufferPointer, index: Int, crc: CRC32C) {
        self.index = index
        self.memory = memory
        self.crc = crc
        patience = 16 * memory.count + 1 << 20
    }

    mutating func next() -> Step? {
        guard at < memory.count else { return nil }
        if let found = frame(at) {
            at = found.end
            let isHere =
                Int(found.place.offset) == found.offset && Int(found.place.index) == index
            return isHere ? .frame(found) : .elsewhere(found)
        }
        let from = at
        var isBlank = true
        while at < memory.count {
            let end = min(at + 4, memory.count)
            if end - at == 4 {
                if word(at) != 0 { isBlank = false }
            } else {
                for k in at..<end where memory[k] != 0 { isBlank = false }
            }
            at = end
            if at + 4 <= memory.count, word(at) == FrameHead.magic, frame(at) != nil { break }
        }
        return .nothing(from..<at, isBlank: isBlank)
    }

    private func word(_ at: Int) -> UInt32 {
        UInt32(littleEndian: memory.loadUnaligned(fromByteOffset: at, as: UInt32.self))
    }
    private mutating func frame(_ at: Int) -> FoundFrame? {
        let rest = UnsafeRawBufferPointer(rebasing: memory[at...])
        guard case .success(let head) = FrameHead.parse(rest),
            Int(head.length) >= FramePlace.size, rest.count >= FrameHead.size + Int(head.length)
        else { return nil }
        patience -= FrameHead.size + Int(head.length)
        guard patience > 0, head.matches(rest, crc: crc) else { return nil }
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: rest[FrameHead.size...]))
        let place = FramePlace.read(from: &reader)
        let end = at + FrameHead.size + Int(head.length)
        return FoundFrame(
            kind: head.kind, sequence: head.sequence, place: place, offset: at,
            payload: at + FramePlace.payloadAt..<end, end: min((end + 3) & ~3, memory.count))
    }
}
