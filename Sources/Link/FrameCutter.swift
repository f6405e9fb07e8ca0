import Wire

/// Cuts a stream of bytes into frames, however it was split on its way. Memory is fixed; what is no
/// frame, or none the other side may send, ends the stream: after it nothing can be believed.
struct FrameCutter: ~Copyable {
    /// What stands at the front.
    enum Cut {
        /// No whole frame yet.
        case more
        /// The body's bytes hold until the next call.
        case frame(LinkKind, sequence: UInt32, body: UnsafeRawBufferPointer)
        /// Not understood, and why.
        case fault(String)
    }
    /// The longest body a client, or a server, may send.
    static func mostBody(requests: Bool) -> Int {
        LinkKind.allCases.filter { requests ? $0.isRequest : true }.map(\.lengths.upperBound).max()!
    }
    private let memory: UnsafeMutableRawBufferPointer
    private let requests: Bool
    private let crc = CRC32C()
    private var start = 0
    private var end = 0
    private var broken: String?

    /// - Parameter requests: the other side is a client.
    init(requests: Bool) {
        self.requests = requests
        let longest = FrameHead.size + Self.mostBody(requests: requests)
        memory = .allocate(byteCount: 2 * longest, alignment: 16)
    }
    deinit { memory.deallocate() }

    /// Bytes that wait to be cut.
    var waiting: Int { end - start }

    /// Lets `read` fill what is free, at most `most` bytes; it answers how many it wrote, or less
    /// than 0.
    mutating func fill(most: Int = .max, _ read: (UnsafeMutableRawBufferPointer) -> Int) -> Int {
        if start > 0 {
            memory.baseAddress!.copyMemory(
                from: memory.baseAddress! + start, byteCount: end - start)
            (start, end) = (0, end - start)
        }
        let free = min(memory.count - end, most)
        let count = read(UnsafeMutableRawBufferPointer(rebasing: memory[end..<end + free]))
        precondition(count <= free)
        end += max(0, count)
        return count
    }
    /// More bytes can be taken.
    var hasRoom: Bool { broken == nil && end - start < memory.count }

    mutating func next() -> Cut {
        if let broken { return .fault(broken) }
        let cut = look()
        switch cut {
        case .more: break
        case .frame(_, _, let body): start += FrameHead.size + body.count
        case .fault(let text): broken = text
        }
        return cut
    }

    private func look() -> Cut {
        let bytes = UnsafeRawBufferPointer(rebasing: memory[start..<end])
        // A stranger is known by its first byte and need not send sixteen.
        for k in 0..<min(4, bytes.count)
        where bytes[k] != UInt8(truncatingIfNeeded: FrameHead.magic >> (8 * UInt32(k))) {
            return .fault("these bytes do not begin as a frame does, with SKRY")
        }
        let head: FrameHead
        switch FrameHead.parse(bytes) {
        case .success(let found): head = found
        case .failure(.version(let version)):
            return .fault("frames of version \(version); this side knows \(FrameHead.version)")
        case .failure: return .more
        }
        guard let kind = LinkKind(rawValue: head.kind),
            kind.isRequest == requests || kind == .goodbye
        else {
            return .fault(
                "kind \(head.kind) is none that a \(requests ? "client" : "server") may send")
        }
        guard kind.lengths.contains(Int(head.length)) else {
            let lengths = kind.lengths
            let right =
                lengths.count == 1
                ? "\(lengths.lowerBound)" : "\(lengths.lowerBound) to \(lengths.upperBound)"
            return .fault("a body of \(head.length) bytes; \(kind) has \(right)")
        }
        let size = FrameHead.size + Int(head.length)
        guard bytes.count >= size else { return .more }
        guard head.matches(bytes, crc: crc) else {
            return .fault("the check sum of \(kind) is not that of its bytes")
        }
        return .frame(
            kind, sequence: head.sequence,
            body: UnsafeRawBufferPointer(rebasing: bytes[FrameHead.size..<size]))
    }
}
