import Control
import Loop
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a server says by itself.
public enum LinkEvent: Sendable {
    case record(SentRecord)
    case lost(Losses)
}

/// One connection to a daemon; owns its descriptor. Every call waits at most as long as it is told.
public struct LinkClient: ~Copyable {
    /// What the server said of itself.
    public let hello: Hello
    private let path: String
    private let descriptor: Int32
    private let timeout_s: Double
    private var input: FrameCutter
    private var sequence: UInt32 = 0
    private let crc = CRC32C()
    /// Events that came while an answer was waited for.
    private var aside: [LinkEvent] = []
    /// Such events beyond the most that are kept.
    private var dropped = Losses()
    private static let mostAside = 4096

    /// Connects, and checks that both sides mean the same by their frames.
    ///
    /// - Parameter timeout_s: for this and for every answer, 0.001 ... 3600.
    public init(path: String, timeout_s: Double = 5) throws(LinkFault) {
        precondition(timeout_s >= 0.001 && timeout_s <= 3600, "1 ms to an hour")
        let made = try unixSocket(path)
        var input = FrameCutter(requests: false)
        do throws(LinkFault) {
            try Self.connect(made, path, timeout_s)
            hello = try Self.greet(made, &input, timeout_s)
        } catch {
            close(made)
            throw error
        }
        self.input = input
        self.path = path
        self.timeout_s = timeout_s
        descriptor = made
    }
    deinit { close(descriptor) }

    /// Asks for records from now on; a second call replaces the first.
    ///
    /// - Throws: `.refused` never; a refusal is the answer.
    public mutating func subscribe(
        every: UInt32, events: Bool = true
    ) throws(LinkFault) -> Answer {
        let to = try send(.subscribe) {
            Subscription(every: every, events: events).write(into: &$0)
        }
        return try answer(to)
    }

    /// Asks for a wish to hold for `validity_ms` from the newest tick on. It replaces every earlier
    /// wish, of whomever, as a whole. `wish.expires` is not looked at.
    public mutating func set(
        _ wish: Setpoints, validity_ms: UInt32
    ) throws(LinkFault) -> Answer {
        let to = try send(.setpoints) {
            WishRequest(validity_ms: validity_ms, wish: wish).write(into: &$0)
        }
        return try answer(to)
    }

    /// How the daemon stands.
    public mutating func status() throws(LinkFault) -> Status {
        let to = try send(.statusRequest) { _ in }
        let deadline = Deadline(timeout_s)
        while true {
            guard case .status(let status) = try reply(deadline), status.to == to else { continue }
            return status
        }
    }

    /// The next record, or how many there were that did not come.
    ///
    /// - Parameter timeout_s: 0 only looks.
    /// - Returns: nil where nothing came in time.
    public mutating func next(timeout_s: Double) throws(LinkFault) -> LinkEvent? {
        if !aside.isEmpty { return aside.removeFirst() }
        if dropped != Losses() {
            defer { dropped = Losses() }
            return .lost(dropped)
        }
        let deadline = Deadline(timeout_s)
        while true {
            switch try Self.take(descriptor, &input, deadline) {
            case nil: return nil
            case .event(let event): return event
            case .hello, .answer, .status: break
            }
        }
    }

    private mutating func answer(_ to: UInt32) throws(LinkFault) -> Answer {
        let deadline = Deadline(timeout_s)
        while true {
            guard case .answer(let answer) = try reply(deadline), answer.to == to else { continue }
            return answer
        }
    }

    /// The next message that is no event; events are kept for `next`.
    private mutating func reply(_ deadline: Deadline) throws(LinkFault) -> Message {
        while true {
            switch try Self.take(descriptor, &input, deadline) {
            case nil: throw .timeout(seconds: timeout_s)
            case .event(let event):
                if aside.count < Self.mostAside && dropped == Losses() {
                    aside.append(event)
                } else {
                    switch event {
                    case .record: dropped.records += 1
                    case .lost(let more):
                        dropped.records += more.records
                        dropped.unseenTurns += more.unseenTurns
                    }
                }
            case .some(let message): return message
            }
        }
    }

    /// - Returns: the frame's number.
    private mutating func send(
        _ kind: LinkKind, _ body: (inout ByteWriter) -> Void
    ) throws(LinkFault) -> UInt32 {
        let number = sequence
        let crc = crc
        let bytes = [UInt8](unsafeUninitializedCapacity: 1024) { memory, count in
            let memory = UnsafeMutableRawBufferPointer(memory)
            var writer = ByteWriter(
                UnsafeMutableRawBufferPointer(rebasing: memory[FrameHead.size...]))
            body(&writer)
            let end = FrameHead.size + writer.count
            count =
                FrameHead.write(
                    kind: kind.rawValue, sequence: number,
                    body: UnsafeRawBufferPointer(rebasing: memory[FrameHead.size..<end]), crc: crc,
                    into: memory) ?? 0
        }
        let deadline = Deadline(timeout_s)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { memory in
                retrying {
                    sendBytes(
                        descriptor, memory.baseAddress! + sent, memory.count - sent,
                        Int32(MSG_NOSIGNAL))
                }
            }
            if count > 0 {
                sent += count
            } else if errno == EPIPE || errno == ECONNRESET {
                throw parting()
            } else if errno != EAGAIN {
                throw .system(call: "send", path: path, code: errno)
            } else if !deadline.wait(for: Int16(POLLOUT), descriptor) {
                throw .timeout(seconds: timeout_s)
            }
        }
        sequence &+= 1
        return number
    }

    /// The server has closed: what it said before, if anything.
    private mutating func parting() -> LinkFault {
        do throws(LinkFault) {
            let deadline = Deadline(0)
            while try Self.take(descriptor, &input, deadline) != nil {}
            return .closed
        } catch {
            return error
        }
    }
}
