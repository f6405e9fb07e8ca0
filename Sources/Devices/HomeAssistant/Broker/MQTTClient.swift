import Dispatch
import Synchronization
import Threads

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How it stands with the broker.
public enum BrokerStanding: Equatable, Sendable {
    /// Not connected, and why.
    case absent(String)
    case connected
}

/// A client of one broker: a thread that connects, says it is there, and connects again. Everything of the
/// library stays in that thread.
final class MQTTClient: Sendable {
    /// What a turn of the thread may use.
    struct Turn: Sendable {
        /// Its first turn on a new connection: the broker knows nothing of us but what it retained.
        var isFresh: Bool
        var messages: [MQTTMessage]
    }

    private let settings: BrokerSettings
    private let subscriptions: [String]
    private let clock: @Sendable () -> Int64
    private let onTurn: @Sendable (Turn, MQTTClient, inout MQTTSession) -> Void

    private struct Known: Sendable {
        var standing = BrokerStanding.absent("not asked yet")
        var counters = BridgeCounters()
        var lastRefusal: String?
        var mustStop = false
        var hasStarted = false
    }
    private let known = Mutex(Known())
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - onTurn: called on the client's thread after each packet and 20 times a second while connected.
    ///   - clock: nanoseconds that never run back.
    init(
        _ settings: BrokerSettings, subscriptions: [String],
        clock: @escaping @Sendable () -> Int64,
        onTurn: @escaping @Sendable (Turn, MQTTClient, inout MQTTSession) -> Void
    ) {
        self.settings = settings
        self.subscriptions = subscriptions
        self.clock = clock
        self.onTurn = onTurn
    }

    /// Where the broker says offline when we are gone without a word; whoever speaks of us says online.
    var availabilityTopic: String { settings.baseTopic + "/availability" }

    var standing: BrokerStanding { known.withLock { $0.standing } }
    var counters: BridgeCounters { known.withLock { $0.counters } }
    /// What the broker last refused, in its words.
    var lastRefusal: String? { known.withLock { $0.lastRefusal } }
    func count(_ change: (inout BridgeCounters) -> Void) {
        known.withLock { change(&$0.counters) }
    }

    /// - Returns: false where the system gives no thread.
    func start() -> Bool {
        known.withLock { $0.hasStarted = true }
        do throws(SystemThread.Fault) {
            // A TLS handshake and a name's resolution stand on this stack.
            try SystemThread.start("skerry-mqtt", stack_B: 1 << 20, isOrdinary: true) { [self] in
                live()
                ended.signal()
            }
            return true
        } catch {
            known.withLock { $0.hasStarted = false }
            return false
        }
    }

    /// Says goodbye, and waits for that 2 s at most.
    func stop() {
        let wasRunning = known.withLock { known in
            known.mustStop = true
            defer { known.hasStarted = false }
            return known.hasStarted
        }
        if wasRunning { _ = ended.wait(timeout: .now() + 2) }
    }
    private var mustStop: Bool { known.withLock { $0.mustStop } }

    // MARK: - On the thread

    private func live() {
        var wait_s = settings.retry_s.lowerBound
        while !mustStop {
            let began_ns = clock()
            let words: String
            do throws(BrokerProblem) {
                words = try talk()
            } catch { words = error.words }
            known.withLock { known in
                known.standing = .absent(words)
                known.counters.failures += known.mustStop ? 0 : 1
            }
            let now_ns = clock()
            if now_ns - began_ns > 10_000_000_000 { wait_s = settings.retry_s.lowerBound }
            let end_ns = now_ns + Int64(wait_s * 1e9)
            while clock() < end_ns && !mustStop { usleep(20_000) }
            wait_s = min(2 * wait_s, settings.retry_s.upperBound)
        }
    }

    /// One connection, until it ends.
    ///
    /// - Returns: why it ended.
    private func talk() throws(BrokerProblem) -> String {
        var session = try MQTTSession.make(settings, will: (availabilityTopic, "offline"))
        var (result, number) = session.connect()
        var isConnected = false
        while result == 0 {
            (result, number) = session.loop(wait_ms: 50)
            let news = session.heard.take()
            take(news, &session)
            guard result == 0 else { break }
            if news.isConnected {
                isConnected = true
                for filter in subscriptions { session.subscribe(filter) }
                known.withLock { known in
                    known.standing = .connected
                    known.counters.connects += 1
                }
            }
            if isConnected {
                onTurn(
                    Turn(isFresh: news.isConnected, messages: news.messages), self, &session)
            }
            if mustStop {
                if isConnected { leave(&session) }
                return "stopped"
            }
        }
        return BrokerWords.failure(
            result, errno: number, heard: session.heard.take().ending, wasConnected: isConnected,
            settings)
    }

    /// Publishes, and counts it.
    ///
    /// - Returns: false where it is to be tried again.
    @discardableResult
    func send(
        _ topic: String, _ payload: String, isRetained: Bool, _ session: inout MQTTSession
    ) -> Bool {
        switch session.publish(topic, payload, isRetained: isRetained) {
        case .sent: count { $0.published += 1 }
        case .never: count { $0.unsendable += 1 }
        case .later: return false
        }
        return true
    }

    private func take(_ news: Heard.News, _ session: inout MQTTSession) {
        session.answered(Int(news.acked) + news.refused.count)
        known.withLock { known in
            known.counters.acked += news.acked
            known.counters.refusedByBroker += UInt64(news.refused.count)
            known.counters.refusedSubscriptions += UInt64(news.refusedSubscriptions.count)
            known.counters.commandsRefused += news.lost
            if let code = news.refused.last {
                known.lastRefusal = "a message: \(BrokerWords.reason(code))"
            }
            if let code = news.refusedSubscriptions.last {
                known.lastRefusal = "a subscription: \(BrokerWords.reason(code))"
            }
        }
    }

    /// A clean end is no reason for the broker to speak our will, so we say it.
    private func leave(_ session: inout MQTTSession) {
        send(availabilityTopic, "offline", isRetained: true, &session)
        let end_ns = clock() + 1_000_000_000
        while session.waiting > 0 && clock() < end_ns {
            guard session.loop(wait_ms: 20).0 == 0 else { return }
            take(session.heard.take(), &session)
        }
        session.disconnect()
        _ = session.loop(wait_ms: 20)
    }
}
