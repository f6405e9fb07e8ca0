import Control
import Loop
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A point in time to wait to.
struct Deadline {
    let end_ns: Int64
    init(_ seconds: Double) { end_ns = Pacer.now_ns() + Int64(min(max(seconds, 0), 1e9) * 1e9) }

    /// False where the time was over first.
    func wait(for events: Int16, _ descriptor: Int32) -> Bool {
        while true {
            let left = max(0, end_ns - Pacer.now_ns())
            let left_ms = min((left + 999_999) / 1_000_000, 1_000_000)
            var polled = pollfd(fd: descriptor, events: events, revents: 0)
            if poll(&polled, 1, Int32(left_ms)) > 0 { return true }
            if left == 0 { return false }
        }
    }
}

/// send(2), under a name that no method hides.
func sendBytes(
    _ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ flags: Int32
) -> Int { send(descriptor, bytes, count, flags) }

/// connect(2), likewise.
private func connectSocket(
    _ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ size: socklen_t
) -> Int32 { connect(descriptor, address, size) }

extension LinkClient {
    enum Message {
        case hello(Hello)
        case event(LinkEvent)
        case answer(Answer)
        case status(Status)
    }

    static func connect(
        _ descriptor: Int32, _ path: String, _ timeout_s: Double
    ) throws(LinkFault) {
        let deadline = Deadline(timeout_s)
        while true {
            let code = try withSocketAddress(path) {
                connectSocket(descriptor, $0, $1) == 0 ? 0 : errno
            }
            switch code {
            case 0: return
            case EINTR: continue
            case EAGAIN:
                // The server's queue of connections is full, and poll(2) does not tell when it is not.
                guard Pacer.now_ns() < deadline.end_ns else { throw .timeout(seconds: timeout_s) }
                usleep(2000)
            case ENOENT, ECONNREFUSED: throw .noServer(path: path)
            case EACCES, EPERM: throw .notPermitted(path: path)
            default: throw .system(call: "connect", path: path, code: code)
            }
        }
    }

    /// The first frame, checked.
    static func greet(
        _ descriptor: Int32, _ input: inout FrameCutter, _ timeout_s: Double
    ) throws(LinkFault) -> Hello {
        guard let first = try take(descriptor, &input, Deadline(timeout_s)) else {
            throw .timeout(seconds: timeout_s)
        }
        guard case .hello(let hello) = first else {
            throw .notUnderstood("its first frame is no hello")
        }
        let ours = FieldDigest.ofThisProgram
        guard hello.digest == ours else { throw .otherLayout(theirs: hello.digest, ours: ours) }
        return hello
    }

    /// The next frame; nil where none came in time.
    static func take(
        _ descriptor: Int32, _ input: inout FrameCutter, _ deadline: Deadline
    ) throws(LinkFault) -> Message? {
        while true {
            switch input.next() {
            case .frame(let kind, _, let body): return try understand(kind, body)
            case .fault(let text): throw .notUnderstood(text)
            case .more: break
            }
            guard deadline.wait(for: Int16(POLLIN), descriptor) else { return nil }
            let count = input.fill { memory in
                retrying { recv(descriptor, memory.baseAddress, memory.count, 0) }
            }
            if count == 0 || (count < 0 && errno != EAGAIN) { throw .closed }
        }
    }

    static func understand(
        _ kind: LinkKind, _ body: UnsafeRawBufferPointer
    ) throws(LinkFault) -> Message {
        var bytes = ByteReader(body)
        // What differs between versions may be anything: look at the number first.
        if kind == .hello, let theirs = body.first, theirs != linkVersion {
            throw .otherVersion(theirs: theirs, ours: linkVersion)
        }
        let message: Message? =
            switch kind {
            case .hello: Hello.read(&bytes).map { .hello($0) }
            case .record: SentRecord.read(&bytes).map { .event(.record($0)) }
            case .lost: Losses.read(&bytes).map { .event(.lost($0)) }
            case .answer: Answer.read(&bytes).map { .answer($0) }
            case .status: Status.read(&bytes).map { .status($0) }
            case .goodbye:
                if let goodbye = Goodbye.read(&bytes) { throw .refused(goodbye) } else { nil }
            case .subscribe, .setpoints, .statusRequest: nil
            }
        guard let message else { throw .notUnderstood("a code in \(kind) means nothing here") }
        return message
    }
}
