import Control
import Feed
import Synchronization

/// The controllers of a site in Home Assistant, by MQTT: it announces them, says how they are, and where it
/// is allowed to passes on what people ask there. Nothing of the site waits for it or for its broker.
public final class HomeAssistantBridge: Sendable {
    /// What the rest of the hub is to it. The first three are asked on its thread, often: they must not wait.
    public struct Sources: Sendable {
        /// The controllers now.
        public var seen: @Sendable () -> [Seen]
        /// Totals of a controller's store, by its name; nil where there is none. Asked once a period.
        public var energy: @Sendable (String) -> EnergyTotals?
        /// What is asked of a controller now.
        public var wants: @Sendable (String) -> Wants?
        /// Asks a controller, by its name; the last is who does: ``HomeAssistantBridge/who``. May wait.
        public var ask: @Sendable (AskedCommand, String, String) -> Reply
        public init(
            seen: @escaping @Sendable () -> [Seen],
            energy: @escaping @Sendable (String) -> EnergyTotals?,
            wants: @escaping @Sendable (String) -> Wants?,
            ask: @escaping @Sendable (AskedCommand, String, String) -> Reply
        ) {
            self.seen = seen
            self.energy = energy
            self.wants = wants
            self.ask = ask
        }
    }
    /// Who asks, for whoever keeps a list of it.
    public static let who = "mqtt"

    private let client: MQTTClient

    /// - Parameters:
    ///   - clock: nanoseconds that never run back, as the feed's.
    /// - Throws: everything that is wrong with the settings, a line each.
    public init(
        _ settings: BrokerSettings, site: PublishedSite, sources: Sources,
        clock: @escaping @Sendable () -> Int64
    ) throws(BrokerProblem) {
        let problems = settings.problems() + site.problems()
        guard problems.isEmpty else {
            throw BrokerProblem(words: problems.joined(separator: "\n"))
        }
        let topics = Topics(settings)
        let desk = CommandDesk(settings, site, sources)
        // The client's thread alone comes to it, which the compiler cannot know.
        let publisher = PublisherBox(Publisher(settings, site, sources))
        client = MQTTClient(
            settings,
            subscriptions: [topics.homeAssistant]
                + (settings.takesCommands ? [topics.allCommands] : []),
            clock: clock
        ) { turn, client, session in
            for message in turn.messages {
                if message.topic == topics.homeAssistant {
                    if message.payload.elementsEqual("online".utf8) { publisher.sayAgain() }
                } else {
                    desk.take(message, topics, client, &session)
                }
            }
            desk.publishAnswers(topics, client, &session)
            publisher.turn(isFresh: turn.isFresh, at: clock(), client, &session)
        }
    }

    /// Begins to connect.
    ///
    /// - Returns: false where the system gives no thread.
    public func start() -> Bool { client.start() }

    /// Says that the hub is gone and ends, within 2 s.
    public func stop() { client.stop() }

    public var counters: BridgeCounters { client.counters }
    public var standing: BrokerStanding { client.standing }
    /// What the broker last refused to take, in its words; nil where it never did.
    public var lastRefusal: String? { client.lastRefusal }
}

private final class PublisherBox: Sendable {
    private let publisher: Mutex<Publisher>
    init(_ publisher: Publisher) { self.publisher = Mutex(publisher) }

    func sayAgain() { publisher.withLock { $0.sayAgain() } }
    func turn(
        isFresh: Bool, at now_ns: Int64, _ client: MQTTClient, _ session: inout MQTTSession
    ) {
        publisher.withLock { publisher in
            do {
                try publisher.turn(isFresh: isFresh, at: now_ns, client, &session)
            } catch { client.count { $0.unsendable += 1 } }
        }
    }
}

extension CommandDesk {
    fileprivate func take(
        _ message: MQTTMessage, _ topics: Topics, _ client: MQTTClient,
        _ session: inout MQTTSession
    ) {
        switch judge(message) {
        case .taken: client.count { $0.commandsTaken += 1 }
        case .refused(let answer):
            client.count {
                $0.commandsRefused += 1
                if message.isRetained { $0.commandsRetained += 1 }
            }
            if let answer { publish(answer, topics, client, &session) }
        }
    }

    fileprivate func publishAnswers(
        _ topics: Topics, _ client: MQTTClient, _ session: inout MQTTSession
    ) {
        for answer in takeAnswers() { publish(answer, topics, client, &session) }
    }

    /// Not retained, and not said later: an answer is for whoever asked just now.
    private func publish(
        _ answer: Answer, _ topics: Topics, _ client: MQTTClient, _ session: inout MQTTSession
    ) {
        do {
            let text = try answer.json().line()
            client.send(topics.reply(answer.slug), text, isRetained: false, &session)
        } catch { client.count { $0.unsendable += 1 } }
    }
}
