import BoardProfile

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A connected simulator. Owns the descriptor.
final class Partner {
    private let descriptor: Int32
    private let session: Session
    private let patience_s: Double
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)
    /// When it last said something whole, or was answered.
    private var heard_s = monotonic_s()
    /// It sends no more; what it sent is still answered.
    private var hasEnded = false
    private(set) var isGone = false
    /// Why it is gone, for a person.
    private(set) var farewell = ""
    /// The real time of the simulated time 0, where it is paced.
    private var start_s: Double?
    private var paced_s = 0.0

    init(
        _ descriptor: Int32, _ terms: Session.Terms, attend: @escaping () -> Bool
    ) throws(ProfileError) {
        self.descriptor = descriptor
        patience_s = terms.patience_s
        session = try Session(terms, attend: attend)
    }
    deinit { close(descriptor) }

    /// It said hello.
    var wasGreeted: Bool { session.rig != nil }

    /// Both ways of the connection are closed.
    var hasHungUp: Bool {
        var polled = pollfd(fd: descriptor, events: 0, revents: 0)
        return poll(&polled, 1, 0) > 0 && polled.revents & Int16(POLLHUP | POLLERR) != 0
    }

    /// Waits a little for a request, and serves those that came.
    func serve(isPaced: Bool, attend: () -> Bool) {
        while !isGone, session.serve() {
            if isPaced, !pace(attend) { break }
            flush(attend)
            heard_s = monotonic_s()
        }
        if isGone { return }
        if hasHungUp, !session.isOver { return leave("it hung up") }
        // Told to end in a step: the server says so.
        guard attend() else { return }
        if session.isOver { return leave(session.farewell) }
        if hasEnded { return leave("it closed the connection") }
        receive()
        if patience_s > 0, monotonic_s() - heard_s > patience_s {
            end(
                SessionError(
                    .late, "nothing came for \(plain(patience_s)) s",
                    "send something, or start skerry hil with a longer --patience"))
        }
    }

    /// Tells it why, and is done with it.
    func end(_ error: SessionError) {
        session.end(error)
        flush { true }
        leave(error.message)
    }

    private func leave(_ why: String) {
        session.abandon()
        isGone = true
        farewell = why
    }

    /// A program answers within this, s, sooner than a thread that sleeps is awake on a quiet machine; so
    /// it is looked for for so long before this one sleeps.
    private static let watchful_s = 200e-6

    private func receive() {
        guard session.hasRoom else { return }
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let until_s = monotonic_s() + Self.watchful_s
        while poll(&polled, 1, 0) == 0 && monotonic_s() < until_s {}
        // A tenth of a second: then others are looked after.
        guard polled.revents != 0 || poll(&polled, 1, 100) > 0 else { return }
        let count = retrying { recv(descriptor, &chunk, chunk.count, 0) }
        if count > 0 {
            chunk.withUnsafeBytes {
                session.receive(UnsafeRawBufferPointer(rebasing: $0[..<count]))
            }
        } else if count == 0 {
            hasEnded = true
        } else if errno != EAGAIN {
            leave(String(cString: strerror(errno)))
        }
    }

    /// Sends what waits, as long as it is taken.
    private func flush(_ attend: () -> Bool) {
        var sent = 0
        let output = session.output
        session.output.removeAll(keepingCapacity: true)
        var moved_s = monotonic_s()
        let most_s = patience_s > 0 ? patience_s : 60
        while sent < output.count {
            let count = output.withUnsafeBytes { memory in
                retrying {
                    send(
                        descriptor, memory.baseAddress! + sent, memory.count - sent,
                        Int32(MSG_NOSIGNAL))
                }
            }
            if count > 0 {
                sent += count
                moved_s = monotonic_s()
                continue
            }
            guard count < 0, errno == EAGAIN else { return leave(String(cString: strerror(errno))) }
            var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&polled, 1, 100)
            if !attend() { return leave("it does not read its replies") }
            if monotonic_s() - moved_s > most_s { return leave("it does not read its replies") }
        }
    }

    /// Waits until real time has come to where simulated time is.
    ///
    /// - Returns: false where the partner is gone meanwhile.
    private func pace(_ attend: () -> Bool) -> Bool {
        let time_s = session.time_s
        let now_s = monotonic_s()
        // Who was slow does not make up for it.
        if start_s == nil || time_s < paced_s { start_s = now_s - time_s }
        start_s = max(start_s!, now_s - time_s)
        paced_s = time_s
        while true {
            let left_s = start_s! + time_s - monotonic_s()
            if left_s <= 0 { return true }
            if !attend() { return false }
            usleep(UInt32(min(left_s, 0.05) * 1e6))
        }
    }
}
