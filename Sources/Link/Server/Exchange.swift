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
    private let credentials: (Int32) -> PeerCredentials?
    private let now: () -> Int64
    private let listener: Listener
    /// Readable when the round is to end early; -1 where there is none.
    private let doorbell: Int32
    private let own = geteuid()
    private var reader: TurnReader
    private var happenings = Happenings()
    /// The number of the next turn.
    private var turn: UInt64 = 0
    /// Of the newest record seen.
    private(set) var newest: Tick?
    private(set) var callers: [Caller] = []
    var counts = LinkCounts()
    /// No more are let in before this, ns: the process has no descriptor left.
    private var resume_ns = Int64.min
    /// Requests wait that no new byte will announce.
    private var isBusy = false

    let crc = CRC32C()
    /// For a body, and for the frame around it; a body at its place in the frame is not moved.
    let frame = UnsafeMutableRawBufferPointer.allocate(byteCount: Caller.reserve, alignment: 16)
    private let polled: UnsafeMutableBufferPointer<pollfd>

    /// Turns taken in one round, and requests of one client.
    private static let mostTurns = 4096
    private static let mostRequests = 8

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
        pump(time)
        welcome(time)
        isBusy = false
        for caller in callers { attend(caller, time) }
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

    // MARK: Records

    private func pump(_ time: Int64) {
        var record = Record()
        for _ in 0..<Self.mostTurns {
            var isThere = false
            let unseen = reader.read(most: 1) {
                record = $0.pointee.record
                isThere = true
            }
            if unseen > 0 { miss(unseen) }
            guard isThere else { return }
            deliver(record, time)
            newest = record.tick
            turn += 1
        }
        isBusy = true
    }

    /// The ring wrote over turns before they could be read.
    private func miss(_ unseen: UInt64) {
        let end = turn + unseen
        for caller in callers {
            guard let subscription = caller.subscription else { continue }
            let every = UInt64(subscription.every)
            let due = (end + every - 1) / every - (turn + every - 1) / every
            caller.losses.records += due
            caller.losses.unseenTurns += unseen
            counts.recordsLost += due
        }
        turn = end
    }

    private func deliver(_ record: Record, _ time: Int64) {
        let isEvent = happenings.isEvent(record)
        var body: UnsafeRawBufferPointer?
        for caller in callers {
            guard let subscription = caller.subscription, !caller.isLeaving else { continue }
            let isDue = turn % UInt64(subscription.every) == 0
            let tells = subscription.events && isEvent
            guard isDue || tells else { continue }
            let needed = FrameHead.size + SentRecord.byteCount + FrameHead.size + Losses.byteCount
            guard caller.output.room >= Caller.reserve + needed else {
                caller.losses.records += 1
                counts.recordsLost += 1
                continue
            }
            if caller.losses != Losses() {
                admit(caller, time)
                body = nil
            }
            if body == nil { body = write { SentRecord.write(record, turn: turn, into: &$0) } }
            frame[FrameHead.size + 8] = SentRecord.reasons(isDue: isDue, isEvent: tells)
            _ = caller.queue(.record, body: body!, crc: crc, building: frame, now_ns: time)
            counts.recordsSent += 1
        }
    }

    /// Tells a client what it lost.
    private func admit(_ caller: Caller, _ time: Int64) {
        let losses = caller.losses
        if send(.lost, to: caller, time, { losses.write(into: &$0) }) { caller.losses = Losses() }
    }

    // MARK: Clients

    private func welcome(_ time: Int64) {
        guard polled[1].revents & Int16(POLLIN) != 0 else { return }
        for _ in 0..<16 {
            let come = retrying { accept(listener.descriptor, nil, nil) }
            guard come >= 0 else {
                if errno != EAGAIN && errno != ECONNABORTED {
                    counts.acceptFaults += 1
                    resume_ns = time + 1_000_000_000
                }
                return
            }
            _ = fcntl(come, F_SETFD, FD_CLOEXEC)
            _ = fcntl(come, F_SETFL, O_NONBLOCK)
            counts.connections += 1
            welcome(come, time)
        }
    }

    private func welcome(_ come: Int32, _ time: Int64) {
        guard let peer = credentials(come), let role = news.access.role(of: peer, own: own)
        else {
            counts.refusedPeers += 1
            let who =
                credentials(come).map { "user \($0.uid), group \($0.gid)" } ?? "an unknown user"
            turnAway(
                come,
                Goodbye(
                    .noRight,
                    "\(who) may neither watch nor command here; the daemon's configuration names who may"
                ))
            return
        }
        let places = role == .command ? options.mostClients : options.mostClients - 2
        guard callers.count < places else {
            counts.full += 1
            turnAway(
                come,
                Goodbye(
                    .full,
                    "\(callers.count) clients are there, and no more are taken; close one of them"))
            return
        }
        let caller = Caller(
            come, peer: peer, role: role, outputBytes: options.outputBytes, now_ns: time)
        callers.append(caller)
        let hello = Hello(
            role: role, rate_Hz: options.rate.perSecond, tick: newest ?? Tick(0),
            limits: options.limits,
            mostRequest: UInt16(FrameCutter.mostBody(requests: true)), site: options.site,
            stages: options.stages)
        _ = send(.hello, to: caller, time) { hello.write(into: &$0) }
    }

    /// A goodbye before there was a hello.
    private func turnAway(_ descriptor: Int32, _ goodbye: Goodbye) {
        let body = write { goodbye.write(into: &$0) }
        if let size = FrameHead.write(
            kind: LinkKind.goodbye.rawValue, sequence: 0, body: body, crc: crc, into: frame)
        {
            _ = retrying {
                sendBytes(descriptor, frame.baseAddress, size, Int32(MSG_NOSIGNAL))
            }
        }
        close(descriptor)
    }

    private func attend(_ caller: Caller, _ time: Int64) {
        guard !caller.isGone else { return }
        var served = 0
        requests: while caller.mayAsk {
            if served == Self.mostRequests {
                isBusy = isBusy || caller.input.waiting >= FrameHead.size
                break
            }
            switch caller.input.next() {
            case .more:
                if caller.hasEnded {
                    if caller.input.waiting > 0 { counts.brokenOff += 1 }
                    caller.leave()
                }
                break requests
            case .fault(let text):
                counts.refusedFrames += 1
                dismiss(caller, Goodbye(.notUnderstood, text), time)
            case .frame(let kind, let sequence, let body):
                counts.frames += 1
                served += 1
                serve(kind, sequence, body, caller, time)
            }
        }
        if caller.output.count == 0 && caller.losses != Losses() { admit(caller, time) }
        caller.flush(now_ns: time)
        let quiet_s = Double(time - caller.moved_ns) * 1e-9
        if caller.output.count > 0 && quiet_s > (caller.isLeaving ? 1 : options.stallAfter_s) {
            if !caller.isLeaving { counts.stalled += 1 }
            caller.drop()
        }
    }

    /// Tells a client why it is let go, and lets it go when that is out.
    func dismiss(_ caller: Caller, _ goodbye: Goodbye, _ time: Int64) {
        _ = send(.goodbye, to: caller, time) { goodbye.write(into: &$0) }
        caller.leave()
    }

    // MARK: Frames

    /// Writes a body at its place in the frame.
    private func write(_ body: (inout ByteWriter) -> Void) -> UnsafeRawBufferPointer {
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
