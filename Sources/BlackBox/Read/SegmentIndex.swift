import Wire

/// A segment of a file, and what is known of it.
struct SegmentEntry {
    /// In the file, counted in segments.
    var index: Int
    var run: UInt32
    var segment: UInt32
    /// nil where the head is damaged.
    var head: SegmentHead?
}

/// The segments of a file in the order they were written in. Serves the reader, and the writer that goes
/// on after the newest.
struct SegmentIndex {
    typealias Read = (UnsafeMutableRawBufferPointer, Int64) -> Result<Int, ErrorNumber>
    var file: UInt64 = 0
    var size = 0
    var segments: [SegmentEntry] = []
    var skipped: [Skip] = []
    /// Segments that hold nothing but zeros.
    var blanks: Set<Int> = []

    /// Segments are written in their order: behind so many that hold nothing comes none with a damaged head, and
    /// what a new ring has not come to need not be read whole, half a gigabyte as a rule.
    private static let enough = 8

    /// - Parameter blanks: segments that held nothing when this file was last looked at. One whose first block is
    ///   still blank is passed over: a segment that is written begins with its head.
    /// - Returns: nil where not one whole frame is in the file.
    init?(length: Int64, blanks before: Set<Int> = [], read: Read) {
        let crc = CRC32C()
        guard let bits = Self.sizeBits(length, read, crc) else { return nil }
        size = 1 << Int(bits)
        let buffer = SegmentBuffer(size)
        var found: [(entry: SegmentEntry, file: UInt64)] = []
        var votes: [UInt64] = []
        var emptyInRow = 0
        let count = Int((length + Int64(size) - 1) / Int64(size))
        for index in 0..<count {
            let offset = Int64(index) * Int64(size)
            let isKnownBlank = before.contains(index) || emptyInRow >= Self.enough
            let look = Self.look(index, offset, buffer, bits, isKnownBlank, read, crc)
            if case .empty = look { emptyInRow += 1 } else { emptyInRow = 0 }
            switch look {
            case .found(let entry, let file):
                found.append((entry, file))
                votes.append(file)
            case .empty: blanks.insert(index)
            case .skipped(let skip, let file):
                skipped.append(skip)
                if let file { votes.append(file) }
            }
        }
        guard !found.isEmpty, let file = Self.mostFrequent(votes) else { return nil }
        self.file = file
        var seen: Set<UInt32> = []
        for (entry, owner) in found {
            let offset = Int64(entry.index) * Int64(size)
            guard owner == file else {
                skipped.append(
                    Skip(offset: offset, bytes: Int64(size), reason: .foreign, frames: 0))
                continue
            }
            guard seen.insert(entry.segment).inserted else {
                skipped.append(
                    Skip(offset: offset, bytes: Int64(size), reason: .misplaced, frames: 0))
                continue
            }
            segments.append(entry)
        }
        segments.sort { $0.segment < $1.segment }
    }

    private enum Look {
        case found(SegmentEntry, file: UInt64)
        case empty
        /// `file`: whose frames stand there, where they do not belong.
        case skipped(Skip, file: UInt64? = nil)
    }

    private static func look(
        _ index: Int, _ offset: Int64, _ buffer: SegmentBuffer, _ bits: UInt8,
        _ isKnownBlank: Bool, _ read: Read, _ crc: CRC32C
    ) -> Look {
        let size = 1 << Int(bits)
        let first = UnsafeMutableRawBufferPointer(rebasing: buffer.memory[..<FramePlace.block])
        guard case .success(let n) = read(first, offset) else {
            return .skipped(
                Skip(offset: offset, bytes: Int64(size), reason: .unreadable(5), frames: 0))
        }
        var scan = SegmentScan(buffer.bytes(n), index: index, crc: crc)
        if case .frame(let frame)? = scan.next(), frame.offset == 0,
            frame.place.sizeBits == bits, frame.kind == FrameKind.segment.rawValue
        {
            var reader = ByteReader(
                UnsafeRawBufferPointer(rebasing: buffer.bytes(n)[frame.payload]))
            if let head = SegmentHead.read(from: &reader) {
                return .found(
                    SegmentEntry(
                        index: index, run: frame.place.run, segment: frame.place.segment,
                        head: head), file: frame.place.file)
            }
        }
        if isKnownBlank, n > 0, buffer.bytes(n).allSatisfy({ $0 == 0 }) { return .empty }
        // The head is damaged: any frame of the newest round tells whose the segment is.
        switch read(buffer.memory, offset) {
        case .failure(let error):
            return .skipped(
                Skip(
                    offset: offset, bytes: Int64(size), reason: .unreadable(error.code),
                    frames: 0))
        case .success(let whole):
            var best: FramePlace?
            var isBlank = true
            var elsewhere: UInt64?
            var rest = SegmentScan(buffer.bytes(whole), index: index, crc: crc)
            while let step = rest.next() {
                switch step {
                case .nothing(_, let blank): isBlank = isBlank && blank
                case .elsewhere(let frame):
                    isBlank = false
                    elsewhere = elsewhere ?? frame.place.file
                case .frame(let frame):
                    isBlank = false
                    if frame.place.sizeBits == bits,
                        best == nil || frame.place.segment > best!.segment
                    {
                        best = frame.place
                    }
                }
            }
            if let best {
                return .found(
                    SegmentEntry(
                        index: index, run: best.run, segment: best.segment, head: nil),
                    file: best.file)
            }
            return isBlank
                ? .empty
                : .skipped(
                    Skip(
                        offset: offset, bytes: Int64(whole),
                        reason: elsewhere == nil ? .damaged : .misplaced, frames: 0),
                    file: elsewhere)
        }
    }

    /// Looks for the first whole frame, which tells the size of segments.
    private static func sizeBits(_ length: Int64, _ read: Read, _ crc: CRC32C) -> UInt8? {
        // Frames do not cross segments, and the smallest segment's size divides every other's.
        let step = 1 << Int(FramePlace.segmentBits.lowerBound)
        let most = 1 << Int(FramePlace.segmentBits.upperBound)
        // A frame that crosses the end of a piece is found in the next, which begins where it began.
        let buffer = SegmentBuffer(most)
        var offset: Int64 = 0
        while offset < length {
            // The head alone, where it is whole; else everything.
            for piece in [FramePlace.block, step + FrameHead.mostBody + FrameHead.size] {
                let memory = UnsafeMutableRawBufferPointer(
                    rebasing: buffer.memory[..<min(piece, most)])
                guard case .success(let n) = read(memory, offset) else { continue }
                var scan = SegmentScan(buffer.bytes(n), index: 0, crc: crc)
                while let next = scan.next() {
                    let frame: FoundFrame
                    switch next {
                    case .frame(let f), .elsewhere(let f): frame = f
                    case .nothing: continue
                    }
                    if FramePlace.segmentBits.contains(frame.place.sizeBits) {
                        return frame.place.sizeBits
                    }
                }
            }
            offset += Int64(step)
        }
        return nil
    }

    private static func mostFrequent(_ files: [UInt64]) -> UInt64? {
        var counts: [UInt64: Int] = [:]
        for file in files { counts[file, default: 0] += 1 }
        // Of equals the one that comes first in the file.
        let most = counts.values.max() ?? 0
        return files.first { counts[$0] == most }
    }
}
