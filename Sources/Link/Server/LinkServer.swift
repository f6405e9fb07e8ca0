import Control
import Loop
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Lets other programs watch a loop and ask things of it, over a Unix socket.
///
/// It listens from its making on and serves from `start` on, in one thread of its own that takes
/// no part in the loop: it reads the ring of turns as any reader does, and puts wishes into a box
/// that the loop looks into when it pleases. A client that reads slowly loses records and is told
/// how many; nobody else notices.
public final class LinkServer: Sendable {
    private let work: ServerThread

    /// - Parameters:
    ///   - ring: what the loop writes its turns into.
    ///   - wishes: what the loop takes wishes from; this server is to be its only writer.
    ///   - status: lines `key: value`, asked for in the server's thread; not to wait for long.
    public convenience init(
        _ options: LinkOptions, ring: TurnRing, wishes: WishBox,
        status: @escaping @Sendable () -> String
    ) throws(LinkFault) {
        try self.init(
            options, ring: ring, wishes: wishes, status: status,
            credentials: PeerCredentials.ofPeer)
    }

    init(
        _ options: LinkOptions, ring: TurnRing, wishes: WishBox,
        status: @escaping @Sendable () -> String,
        credentials: @escaping @Sendable (Int32) -> PeerCredentials?
    ) throws(LinkFault) {
        let doorbell = try Doorbell()
        let news = LinkNews()
        let exchange = try Exchange(
            options, ring: ring, wishes: wishes, news: news, doorbell: doorbell.listening,
            status: status, credentials: credentials)
        work = ServerThread(exchange, news, doorbell)
    }
    deinit { work.stop() }

    /// Begins to serve. A second call does nothing.
    ///
    /// - Throws: where the system gives no thread.
    public func start() throws(LinkFault) { try work.start() }

    /// Says goodbye to all clients and waits for the thread's end. The socket's file goes with the
    /// server itself. A second call does nothing.
    public func stop() { work.stop() }

    /// Who may watch and command, from the next caller on. Who is connected keeps what it was given.
    public func setAccess(_ access: LinkAccess) { work.news.access = access }

    /// What it counted; at most one round old.
    public var counts: LinkCounts { work.news.counts }

    /// Wishes passed to the loop since the last call, oldest first, and how many older ones were
    /// dropped because nobody fetched them (256 are kept). To be recorded.
    public func drainAccepted() -> (wishes: [AcceptedWish], dropped: UInt64) { work.news.drain() }
}

/// The thread of a server. Keeps itself alive while it runs, not its `LinkServer`.
private final class ServerThread: @unchecked Sendable {
    // Sendable is true: the exchange is touched by the thread alone once it runs, and by nobody
    // before; the rest is atomic or under a lock.
    private let exchange: Exchange
    let news: LinkNews
    private let doorbell: Doorbell
    private let mustStop = Atomic(false)
    private enum Phase {
        case fresh, ended
        case running(pthread_t)
    }
    private let phase = Mutex(Phase.fresh)
    /// The thread's stack: a daemon that locks its memory pays for all of it.
    private static let stack = 256 << 10

    init(_ exchange: Exchange, _ news: LinkNews, _ doorbell: consuming Doorbell) {
        self.exchange = exchange
        self.news = news
        self.doorbell = doorbell
    }
    func start() throws(LinkFault) {
        let code = phase.withLock { phase -> Int32 in
            guard case .fresh = phase else { return 0 }
            var attributes = pthread_attr_t()
            pthread_attr_init(&attributes)
            defer { pthread_attr_destroy(&attributes) }
            pthread_attr_setstacksize(&attributes, Self.stack)
            // Ordinary scheduling, though the loop that starts it may have real-time priority.
            pthread_attr_setinheritsched(&attributes, Int32(PTHREAD_EXPLICIT_SCHED))
            // Signals are for the threads of the daemon that wait for them.
            var all = sigset_t()
            var before = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_SETMASK, &all, &before)
            defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
            var thread = pthread_t()
            let context = Unmanaged.passRetained(self).toOpaque()
            let code = pthread_create(
                &thread, &attributes,
                { context in
                    let work = Unmanaged<ServerThread>.fromOpaque(context!).takeRetainedValue()
                    work.run()
                    return nil
                }, context)
            if code == 0 {
                phase = .running(thread)
            } else {
                Unmanaged<ServerThread>.fromOpaque(context).release()
            }
            return code
        }
        guard code == 0 else {
            throw .system(call: "pthread_create", path: exchange.options.path, code: code)
        }
    }

    func stop() {
        phase.withLock { phase in
            if case .running(let thread) = phase {
                mustStop.store(true, ordering: .releasing)
                doorbell.ring()
                pthread_join(thread, nil)
            }
            phase = .ended
        }
    }

    private func run() {
        name("skerry-link")
        while !mustStop.load(ordering: .acquiring) {
            exchange.round(wait_ms: exchange.patience_ms)
        }
        exchange.end()
    }

    /// For `top -H` and debuggers, at most 15 bytes (proc(5)).
    private func name(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, name, name.utf8.count)
        close(file)
    }
}

/// Ends a poll(2) early, once and for all.
private struct Doorbell: ~Copyable {
    let listening: Int32
    private let ringing: Int32

    init() throws(LinkFault) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .system(call: "pipe", path: "link", code: errno) }
        (listening, ringing) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }
    deinit {
        close(listening)
        close(ringing)
    }
    func ring() {
        var byte: UInt8 = 1
        _ = retrying { write(ringing, &byte, 1) }
    }
}
