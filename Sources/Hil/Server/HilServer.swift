#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a program that serves simulators is told.
public struct HilOptions: Sendable {
    public var source: BoardSource
    public var place = HilPlace.standard
    /// Names of the controllers a partner may run; nil: all of the board.
    public var controllers: [String]?
    /// What the program calls itself.
    public var program = "skerry"
    /// Simulated time goes no faster than real.
    public var isPaced = false
    /// A partner that says nothing for so long is let go, seconds; 0: never.
    public var patience_s = 60.0
    /// Ends with the first partner that said hello.
    public var isOnce = false
    public init(_ source: BoardSource) { self.source = source }
}

/// Serves one simulator at a time: its session ends with its connection, and the next begins anew.
///
/// One thread does all of it. Sockets do not block: neither a partner that sends nothing nor one that
/// reads nothing can hold it, and while it calculates a long step it looks up now and then.
public final class HilServer {
    private let options: HilOptions
    private let listener: HilListener
    private let doorbell: Doorbell
    /// Tells a person what happens, a line at a time.
    private let note: (String) -> Void
    private var partner: Partner?

    /// Where it listens, with the port that was found.
    public var place: HilPlace { listener.place }

    /// Listens from now on; partners wait until `run`.
    ///
    /// - Throws: where nobody can be served there.
    public init(_ options: HilOptions, note: @escaping (String) -> Void) throws(HilFault) {
        self.options = options
        self.note = note
        doorbell = try Doorbell()
        listener = try HilListener(options.place)
    }

    /// Ends `run` from another thread, once and for all. It may be called after the end, and after the
    /// server is gone: it keeps the bell.
    public var stopper: @Sendable () -> Void {
        let bell = doorbell
        return { bell.ring() }
    }

    /// Serves partners until it is stopped.
    public func run() {
        while true {
            if isStopped { break }
            if let partner {
                partner.serve(isPaced: options.isPaced) { self.attend() }
                if partner.isGone {
                    note("partner gone: \(partner.farewell)")
                    let wasGreeted = partner.wasGreeted
                    self.partner = nil
                    if options.isOnce && wasGreeted { return }
                }
            } else {
                _ = wait([listener.descriptor], timeout_s: nil)
                welcome()
            }
        }
        partner?.end(SessionError(.ending, "the program was told to end", "start it again"))
        partner = nil
    }

    private var isStopped: Bool { wait([], timeout_s: 0)[0] != 0 }

    /// Waits for the doorbell and for input of others; what was seen of each, the doorbell first.
    private func wait(_ descriptors: [Int32], timeout_s: Double?) -> [Int16] {
        var polled = ([doorbell.listening] + descriptors).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        let timeout_ms = timeout_s.map { Int32(min($0 * 1000, 1e6).rounded(.up)) } ?? -1
        guard poll(&polled, nfds_t(polled.count), timeout_ms) > 0 else {
            return polled.map { _ in 0 }
        }
        return polled.map(\.revents)
    }

    private func welcome() {
        while true {
            let come = retrying { accept(listener.descriptor, nil, nil) }
            guard come >= 0 else {
                // Without a descriptor left the next look comes later: no turning round and round.
                if errno != EAGAIN && errno != ECONNABORTED { usleep(100_000) }
                return
            }
            _ = fcntl(come, F_SETFD, FD_CLOEXEC)
            _ = fcntl(come, F_SETFL, O_NONBLOCK)
            if case .tcp = options.place {
                var one: Int32 = 1
                setsockopt(
                    come, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size)
                )
            }
            guard partner == nil else {
                turnAway(
                    come, SessionError(.busy, "another partner is there", "wait until it has gone"))
                continue
            }
            let terms = Session.Terms(
                source: options.source, controllers: options.controllers, program: options.program,
                isPaced: options.isPaced, patience_s: options.patience_s)
            do {
                partner = try Partner(come, terms) { self.attend() }
                note("partner connected")
            } catch {
                turnAway(
                    come,
                    SessionError(.ending, "the board's file has errors: \(error)", "mend it"))
            }
        }
    }

    private func turnAway(_ descriptor: Int32, _ error: SessionError) {
        var line = error.json()
        line.append(0x0A)
        _ = retrying { send(descriptor, line, line.count, Int32(MSG_NOSIGNAL)) }
        close(descriptor)
    }

    /// Looks after everybody else.
    ///
    /// - Returns: false where the partner is not waited for any more.
    private func attend() -> Bool {
        let seen = wait([listener.descriptor], timeout_s: 0)
        if seen[1] != 0 { welcome() }
        return seen[0] == 0 && !(partner?.hasHungUp ?? false)
    }

    /// Ends a poll(2) early. A class, for whoever may still ring it must keep its descriptors from being
    /// closed and becoming somebody else's.
    private final class Doorbell: Sendable {
        let listening: Int32
        let ringing: Int32
        init() throws(HilFault) {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else {
                throw HilFault("pipe: \(String(cString: strerror(errno)))")
            }
            (listening, ringing) = (ends[0], ends[1])
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        }
        func ring() {
            var byte: UInt8 = 1
            _ = retrying { write(ringing, &byte, 1) }
        }
        deinit {
            close(listening)
            close(ringing)
        }
    }
}
