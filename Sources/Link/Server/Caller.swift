import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A connected client, as the server sees it. All its memory is there from the start. Owns the
/// descriptor.
final class Caller {
    let descriptor: Int32
    let peer: PeerCredentials
    let role: LinkRole
    var input = FrameCutter(requests: true)
    private(set) var output: ByteQueue
    var subscription: Subscription?
    var losses = Losses()
    private var sequence: UInt32 = 0
    /// It will send no more; what it sent is still answered.
    private(set) var hasEnded = false
    /// Nothing more is taken from it or prepared for it: what waits goes out, then it is closed.
    private(set) var isLeaving = false
    /// It is closed at the next opportunity.
    private(set) var isGone = false
    /// When something last went out, or began to wait, ns.
    private(set) var moved_ns: Int64

    /// What the longest reply needs. Records leave it free.
    static let reserve = FrameHead.size + FrameCutter.mostBody(requests: false)

    init(
        _ descriptor: Int32, peer: PeerCredentials, role: LinkRole, outputBytes: Int, now_ns: Int64
    ) {
        self.descriptor = descriptor
        self.peer = peer
        self.role = role
        output = ByteQueue(capacity: outputBytes)
        moved_ns = now_ns
    }
    deinit { close(descriptor) }

    /// A reply to whatever it asks has room, so it may ask.
    var mayAsk: Bool { !isLeaving && output.room >= Self.reserve }
    var wantsInput: Bool { mayAsk && !hasEnded && input.hasRoom }

    /// It sent what nobody can understand, and was told.
    var isRefused = false
    /// Requests, or the beginning of one, were left when it went.
    var isBrokenOff: Bool { input.waiting > 0 && !isRefused }

    func leave() { isLeaving = true }
    func drop() { isGone = true }

    /// Takes bytes that have come, at most one buffer full.
    func receive() {
        let file = descriptor
        let count = input.fill { memory in
            retrying { recv(file, memory.baseAddress, memory.count, 0) }
        }
        if count == 0 {
            hasEnded = true
        } else if count < 0 && errno != EAGAIN {
            isGone = true
        }
    }

    /// Puts a frame behind those that wait.
    ///
    /// - Parameters:
    ///   - body: may lie at its place in `memory`.
    ///   - memory: to build the frame in.
    /// - Returns: false where there is no room.
    func queue(
        _ kind: LinkKind, body: UnsafeRawBufferPointer, crc: borrowing CRC32C,
        building memory: UnsafeMutableRawBufferPointer, now_ns: Int64
    ) -> Bool {
        guard output.room >= FrameHead.size + body.count,
            let size = FrameHead.write(
                kind: kind.rawValue, sequence: sequence, body: body, crc: crc, into: memory)
        else { return false }
        if output.count == 0 { moved_ns = now_ns }
        sequence &+= 1
        return output.append(UnsafeRawBufferPointer(rebasing: memory[..<size]))
    }

    /// Sends what the client takes now.
    func flush(now_ns: Int64) {
        while output.count > 0 {
            let front = output.front
            let count = retrying {
                send(descriptor, front.baseAddress, front.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else {
                if count < 0 && errno != EAGAIN { isGone = true }
                return
            }
            output.drop(count)
            moved_ns = now_ns
        }
        if isLeaving { isGone = true }
    }
}
