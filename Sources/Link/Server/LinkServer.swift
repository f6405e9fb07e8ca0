import Control
import Loop
import Synchronization
import Threads

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

    /// Says goodbye to all clients, takes the socket's file away and waits for the thread's end. A second
    /// call does nothing.
    public func stop() { work.stop() }

    /// Who may watch and command: callers from the next on, wishes from the next on, of whoever is
    /// connected too. Who watches already goes on watching.
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
    private enum Phase { case fresh, running, ended }
    private let phase = Mutex(Phase.fresh)
    private let hasEnded = Atomic(false)

    init(_ exchange: Exchange, _ news: LinkNews, _ doorbell: consuming Doorbell) {
        self.exchange = exchange
        self.news = news
        self.doorbell = doorbell
    }
    func start() throws(LinkFault) {
        let code = phase.withLock { phase -> Int32 in
            guard case .fresh = phase else { return 0 }
            do throws(SystemThread.Fault) {
                try SystemThread.start("skerry-link", isOrdinary: true) { [self] in run() }
                phase = .running
                return 0
            } catch { return error.code }
        }
        guard code == 0 else {
            throw .system(call: "pthread_create", path: exchange.options.path, code: code)
        }
    }

    func stop() {
        phase.withLock { phase in
            if case .running = phase {
                mustStop.store(true, ordering: .releasing)
                doorbell.ring()
                while !hasEnded.load(ordering: .acquiring) { usleep(1000) }
            }
            phase = .ended
        }
    }

    private func run() {
        while !mustStop.load(ordering: .acquiring) {
            exchange.round(wait_ms: exchange.patience_ms)
        }
        exchange.end()
        hasEnded.store(true, ordering: .releasing)
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
