import Control
import Loop
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension Exchange {
    func welcome(_ time: Int64) {
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
        let peer = credentials(come)
        guard let peer, let role = news.access.role(of: peer, own: own) else {
            counts.refusedPeers += 1
            let who = peer.map { "user \($0.uid), group \($0.gid)" } ?? "an unknown user"
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

    func attend(_ caller: Caller, _ time: Int64) {
        guard !caller.isGone else { return }
        var served = 0
        requests: while caller.mayAsk {
            if served == Self.mostRequests {
                isBusy = isBusy || caller.input.waiting >= FrameHead.size
                break
            }
            switch caller.input.next() {
            case .more:
                if caller.hasEnded { caller.leave() }
                break requests
            case .fault(let text):
                refuse(caller, text, time)
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

    /// What came is not understood: nothing after it can be.
    func refuse(_ caller: Caller, _ text: String, _ time: Int64) {
        counts.refusedFrames += 1
        caller.isRefused = true
        dismiss(caller, Goodbye(.notUnderstood, text), time)
    }

    /// Tells a client why it is let go, and lets it go when that is out.
    func dismiss(_ caller: Caller, _ goodbye: Goodbye, _ time: Int64) {
        _ = send(.goodbye, to: caller, time) { goodbye.write(into: &$0) }
        caller.leave()
    }
}
