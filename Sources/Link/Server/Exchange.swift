import Control
import Loop
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Everything the server's thread owns: the listening socket, the clients, its place in the ring of
/// turns. One round looks at all of them and waits for none.
///
///     ring of turns ──pump──▶ each client's queue ──flush──▶ socket
///     socket ──receive──▶ frames ──serve──▶ answer, box of wishes
///
/// A class without isolation: it lives on one thread at a time.
final class Exchange {
    let options: LinkOptions
    let wishes: WishBox
    let news: LinkNews
    let status: () -> String
    let credentials: (Int32) -> PeerCredentials?
    private let now: () -> Int64
    let listener: Listener
    /// Readable when the round is to end early; -1 where there is none.
    private let doorbell: Int32
    let own = geteuid()
    var reader: TurnReader
    var happenings = Happenings()
    /// The number of the next turn.
    var turn: UInt64 = 0
    /// Of the newest record seen.
    var newest: Tick?
    var callers: [Caller] = []
    var counts = LinkCounts()
    /// No more are let in before this, ns: the process has no descriptor left.
    var resume_ns = Int64.min
    /// Requests wait that no new byte will announce.
    var isBusy = false

    let crc = CRC32C()
    /// For a body, and for the frame around it; a body at its place in the frame is not moved.
    let frame = UnsafeMutableRawBufferPointer.allocate(byteCount: Caller.reserve, alignment: 16)
    let polled: UnsafeMutableBufferPointer<pollfd>

    /// Turns taken in one round, and requests of one client.
    static let mostTurns = 4096
    static let mostRequests = 8

    init(
        _ options: LinkOptions, ring: TurnRing, wishes: WishBox, news: LinkNews, doorbell: Int32,
        status: @escaping () -> String,
        credentials: @escaping (Int32) -> PeerCredentials? = PeerCredentials.ofPeer,
        now: @escaping () -> Int64 = Pacer.now_ns
    ) throws(LinkFault) {
        listener = try Listener(options)
        self.options = options
        self.wishes = wishes
        self.news = news
        news.access = options.access
        self.doorbell = doorbell
        self.status = status
        self.credentials = credentials
        self.now = now
        reader = TurnReader(ring)
        callers.reserveCapacity(options.mostClients)
        polled = .allocate(capacity: options.mostClients + 2)
    }
    deinit {
        frame.deallocate()
        polled.deallocate()
    }

    /// One round: waits at most `wait_ms` for something to do, then does what there is.
    func round(wait_ms: Int32) {
        wait(isBusy ? 0 : wait_ms)
        let time = now()
        isBusy = false
        pump(time)
        welcome(time)
        for caller in callers { attend(caller, time) }
        for caller in callers where caller.isGone && caller.isBrokenOff { counts.brokenOff += 1 }
        callers.removeAll { $0.isGone }
        counts.clients = callers.count
        news.counts = counts
    }

    /// How long a round may wait so that the fastest subscriber gets its records in time, 2 ... 20 ms.
    var patience_ms: Int32 {
        let every = callers.compactMap { $0.subscription?.every }.min() ?? .max
        let period_ms = Float(every) * 1000 / options.rate.perSecond
        return period_ms < 4 ? 2 : period_ms > 40 ? 20 : Int32(period_ms / 2)
    }

    /// Says goodbye to all and closes.
    func end() {
        let time = now()
        for caller in callers where !caller.isGone {
            if !caller.isLeaving { dismiss(caller, Goodbye(.ending, "the daemon ends"), time) }
            caller.flush(now_ns: time)
        }
        callers = []
        counts.clients = 0
        news.counts = counts
        listener.removeFile()
    }

    private func wait(_ wait_ms: Int32) {
        // A negative descriptor is passed over (poll(2)).
        let takes = now() >= resume_ns
        polled[0] = pollfd(fd: doorbell, events: Int16(POLLIN), revents: 0)
        polled[1] = pollfd(
            fd: takes ? listener.descriptor : -1, events: Int16(POLLIN), revents: 0)
        for (k, caller) in callers.enumerated() {
            let events =
                (caller.wantsInput ? Int16(POLLIN) : 0)
                | (caller.output.count > 0 ? Int16(POLLOUT) : 0)
            polled[k + 2] = pollfd(fd: caller.descriptor, events: events, revents: 0)
        }
        let ready = poll(polled.baseAddress!, nfds_t(callers.count + 2), wait_ms)
        guard ready > 0 else {
            for k in 0..<callers.count + 2 { polled[k].revents = 0 }
            return
        }
        // Whoever hung up takes nothing any more; what it said before is still heard.
        for (k, caller) in callers.enumerated() {
            let events = polled[k + 2].revents
            if events & Int16(POLLIN) != 0 { caller.receive() }
            if events & Int16(POLLHUP | POLLERR) != 0 && events & Int16(POLLIN) == 0 {
                caller.drop()
            }
        }
    }

    /// Writes a body at its place in the frame.
    func write(_ body: (inout ByteWriter) -> Void) -> UnsafeRawBufferPointer {
        var bytes = ByteWriter(
            UnsafeMutableRawBufferPointer(rebasing: frame[FrameHead.size...]))
        body(&bytes)
        return UnsafeRawBufferPointer(
            rebasing: frame[FrameHead.size..<FrameHead.size + bytes.count])
    }

    /// - Returns: false where the client's queue has no room.
    @discardableResult func send(
        _ kind: LinkKind, to caller: Caller, _ time: Int64, _ body: (inout ByteWriter) -> Void
    ) -> Bool {
        caller.queue(kind, body: write(body), crc: crc, building: frame, now_ns: time)
    }
}
