/// Cuts a partner's stream into lines and frames. Holds at most one of the longest and a little.
struct MessageCutter {
    enum Message: Equatable {
        /// A line without its end.
        case line(Range<Int>)
        case frame(FrameKind, number: UInt32, body: Range<Int>)
        /// What came can be no message, and nothing after it can be.
        case fault(SessionError)
        case more
    }
    /// The longest line, without its end; the longest body of a frame.
    static let mostLine = 1 << 20
    static let mostBody = 1 << 20

    /// What came and was not cut yet, from `begin` on; ranges of messages are in here until the next call.
    private(set) var buffer: [UInt8] = []
    private var begin = 0
    /// No line ends before here.
    private var searched = 0

    /// Bytes that wait.
    var waiting: Int { buffer.count - begin }
    /// More may be taken: never twice the longest message.
    var hasRoom: Bool { waiting <= Self.mostBody + FrameHead.size }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if begin > 0 {
            buffer.removeFirst(begin)
            searched = max(0, searched - begin)
            begin = 0
        }
        buffer.append(contentsOf: bytes)
    }

    mutating func next() -> Message {
        // Between messages a person may leave blanks.
        while begin < buffer.count, [0x0A, 0x0D, 0x20, 0x09].contains(buffer[begin]) { begin += 1 }
        guard begin < buffer.count else { return .more }
        return buffer[begin] == FrameHead.magic[0] ? frame() : line()
    }

    private mutating func line() -> Message {
        var at = max(searched, begin)
        while at < buffer.count, buffer[at] != 0x0A { at += 1 }
        searched = at
        guard at - begin <= Self.mostLine else {
            return .fault(
                SessionError(
                    .tooLong, "a line is longer than \(Self.mostLine) bytes",
                    "send waveforms in shorter steps, or as frames"))
        }
        guard at < buffer.count else { return .more }
        defer { begin = at + 1 }
        return .line(begin..<at)
    }

    private mutating func frame() -> Message {
        let result = buffer.withUnsafeBytes { memory in
            FrameHead.read(UnsafeRawBufferPointer(rebasing: memory[begin...]))
        }
        switch result {
        case .more: return .more
        case .fault(let error): return .fault(error)
        case .head(let kind, let number, let size):
            let start = begin + FrameHead.size
            guard buffer.count - start >= size else { return .more }
            begin = start + size
            return .frame(kind, number: number, body: start..<start + size)
        }
    }
}
