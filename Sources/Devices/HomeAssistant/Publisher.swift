import Control
import Feed

/// Keeps the broker's retained messages as they should be: what was said on this connection is remembered,
/// and only what differs is said. Belongs to the client's thread.
struct Publisher: Sendable {
    /// A state that changes is said at once, but no more often than this: ns.
    static let gap_ns: Int64 = 200_000_000
    /// Controllers are looked at so often: ns.
    static let look_ns: Int64 = 50_000_000
    /// When Home Assistant says it has come, all is said again; no more often than this: ns.
    static let again_ns: Int64 = 2_000_000_000

    let discovery: Discovery
    let topics: Topics
    private let sources: HomeAssistantBridge.Sources
    private let period_ns: Int64

    private var said: [String: String] = [:]
    private var isWantedAgain = false
    private var lastAgain_ns: Int64?
    private var nextLook_ns = Int64.min
    private struct Controller: Sendable {
        var spoke_ns: Int64?
        var urgent: [String] = []
        /// What was announced last, and for which limits: it is long, and rarely changes.
        var announced: (limits: SetpointLimits?, text: String)?
    }
    private var controllers: [String: Controller] = [:]

    init(
        _ settings: BrokerSettings, _ site: PublishedSite, _ sources: HomeAssistantBridge.Sources
    ) {
        topics = Topics(settings)
        discovery = Discovery(site: site, topics: topics, takesCommands: settings.takesCommands)
        self.sources = sources
        period_ns = Int64(settings.period_s * 1e9)
    }

    /// Home Assistant has come: it may know nothing.
    mutating func sayAgain() { isWantedAgain = true }

    mutating func turn(
        isFresh: Bool, at now_ns: Int64, _ client: MQTTClient, _ session: inout MQTTSession
    ) throws {
        if isFresh { forget() }
        if isWantedAgain && now_ns - (lastAgain_ns ?? .min / 2) >= Self.again_ns {
            isWantedAgain = false
            lastAgain_ns = now_ns
            forget()
            said[topics.bridgeAvailability] = nil
        }
        guard isFresh || now_ns >= nextLook_ns else { return }
        nextLook_ns = now_ns + Self.look_ns
        say(topics.bridgeAvailability, "online", client, &session)
        let topic = discovery.siteTopic
        if said[topic] == nil {
            say(topic, try discovery.siteMessage().line(), client, &session)
        }
        let seen = Dictionary(
            sources.seen().map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for controller in discovery.order {
            try speak(
                of: controller, seen[controller.name] ?? Seen(name: controller.name), now_ns,
                client, &session)
        }
    }

    private mutating func forget() {
        said = [:]
        for name in controllers.keys { controllers[name]?.spoke_ns = nil }
    }

    private mutating func speak(
        of controller: PublishedController, _ seen: Seen, _ now_ns: Int64, _ client: MQTTClient,
        _ session: inout MQTTSession
    ) throws {
        let slug = Slug.of(controller.name)
        var known = controllers[controller.name] ?? Controller()
        defer { controllers[controller.name] = known }
        if known.announced == nil || known.announced?.limits != seen.limits {
            let message = discovery.message(controller, limits: seen.limits)
            known.announced = (seen.limits, try message.line())
        }
        say(
            discovery.topic(controller), known.announced?.text ?? "", client, &session)
        let state = ControllerState(controller, seen)
        say(topics.availability(slug), state == nil ? "offline" : "online", client, &session)
        guard let state else { return }
        let urgent = state.urgent
        let since_ns = known.spoke_ns.map { now_ns - $0 } ?? .max
        guard
            since_ns >= period_ns || (urgent != known.urgent && since_ns >= Self.gap_ns)
        else { return }
        let text = try state.json(
            sources.energy(controller.name), scheduled_W: scheduled_W(controller, now_ns)
        ).line()
        if say(topics.state(slug), text, client, &session) {
            (known.spoke_ns, known.urgent) = (now_ns, urgent)
        }
    }

    private func scheduled_W(_ controller: PublishedController, _ now_ns: Int64) -> Float? {
        guard let wants = sources.wants(controller.name) else { return nil }
        guard let scheduled = wants.scheduled, now_ns < scheduled.until_ns else { return 0 }
        return scheduled.active.value
    }

    /// - Returns: false where it could not be said yet.
    @discardableResult
    private mutating func say(
        _ topic: String, _ text: String, _ client: MQTTClient, _ session: inout MQTTSession
    ) -> Bool {
        guard said[topic] != text else { return true }
        guard client.send(topic, text, isRetained: true, &session) else { return false }
        said[topic] = text
        return true
    }
}
