import Control
import Dispatch
import Feed
import Quantities
import Synchronization

/// Takes commands from the broker: judges them, has them asked elsewhere, for a controller may take seconds
/// to answer, and keeps the replies until they can be published.
final class CommandDesk: Sendable {
    /// Commands that wait at once; one more is refused.
    static let mostWaiting = 16
    /// Home Assistant shows a state of 255 characters at most.
    static let longestWords = 250

    struct Answer: Equatable, Sendable {
        var slug: String
        var command: String
        var reply: Reply

        func json() -> JSON {
            .object([
                "command": .text(command), "accepted": .truth(reply.isAccepted),
                "words": .text(String(reply.words.prefix(CommandDesk.longestWords))),
            ])
        }
    }
    /// What a message was.
    enum Judgement: Equatable, Sendable {
        case taken
        /// Not passed on; the answer says why, where there is a controller to answer for.
        case refused(Answer?)
    }

    private let settings: BrokerSettings
    private let topics: Topics
    private let controllers: [String: PublishedController]
    private let sources: HomeAssistantBridge.Sources
    private let queue = DispatchQueue(label: "skerry-mqtt-commands")
    private let desk = Mutex((waiting: 0, answers: [Answer]()))

    init(
        _ settings: BrokerSettings, _ site: PublishedSite, _ sources: HomeAssistantBridge.Sources
    ) {
        self.settings = settings
        topics = Topics(settings)
        controllers = Dictionary(
            site.controllers.map { (Slug.of($0.name), $0) }, uniquingKeysWith: { first, _ in first }
        )
        self.sources = sources
    }

    /// Answers of controllers since the last call.
    func takeAnswers() -> [Answer] {
        desk.withLock { desk in
            defer { desk.answers = [] }
            return desk.answers
        }
    }

    func judge(_ message: MQTTMessage) -> Judgement {
        guard let (slug, level) = topics.commandParts(message.topic),
            let controller = controllers[String(slug)]
        else { return .refused(nil) }
        func refuse(_ words: String) -> Judgement {
            .refused(
                Answer(
                    slug: String(slug), command: String(level.prefix(32)),
                    reply: Reply(isAccepted: false, words: "refused: \(words)")))
        }
        guard settings.takesCommands else { return refuse("commands are not taken over MQTT") }
        guard let name = CommandName(rawValue: String(level)),
            CommandName.all(for: controller.kind).contains(name)
        else { return refuse("\(controller.name) has no such command") }
        guard !message.isRetained else {
            return refuse(
                "the message has the retain flag, and would come again at each start; clear it and send without"
            )
        }
        let command: AskedCommand
        do throws(CommandReading.Refusal) {
            command = try CommandReading.read(
                name, message.payload, length: message.length,
                limits: sources.seen().first { $0.name == controller.name }?.limits,
                reactive: sources.wants(controller.name)?.scheduled?.reactive ?? Vars(0),
                for_s: settings.scheduleHolds_s)
        } catch { return refuse(error.words) }
        let isFull = desk.withLock { desk in
            guard desk.waiting < Self.mostWaiting else { return true }
            desk.waiting += 1
            return false
        }
        guard !isFull else { return refuse("too much is asked at once") }
        queue.async { [self] in
            let reply = sources.ask(command, controller.name, HomeAssistantBridge.who)
            desk.withLock { desk in
                desk.waiting -= 1
                desk.answers.append(
                    Answer(slug: String(slug), command: name.rawValue, reply: reply))
            }
        }
        return .taken
    }
}
