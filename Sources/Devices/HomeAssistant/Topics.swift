/// Where what is said. A controller's name becomes a level of its own by ``Slug``.
struct Topics: Sendable {
    let base: String
    let prefix: String

    init(_ settings: BrokerSettings) {
        (base, prefix) = (settings.baseTopic, settings.discoveryPrefix)
    }

    var bridgeAvailability: String { "\(base)/availability" }
    /// Home Assistant says here that it has come and that it goes.
    var homeAssistant: String { "\(prefix)/status" }
    func availability(_ slug: String) -> String { "\(base)/\(slug)/availability" }
    func state(_ slug: String) -> String { "\(base)/\(slug)/state" }
    func reply(_ slug: String) -> String { "\(base)/\(slug)/reply" }
    func command(_ slug: String, _ name: CommandName) -> String {
        "\(base)/\(slug)/command/\(name.rawValue)"
    }
    var allCommands: String { "\(base)/+/command/+" }
    /// Device discovery, Home Assistant 2024.11 and later.
    func discovery(_ id: String) -> String { "\(prefix)/device/\(id)/config" }

    /// The slug and the last level of a command's topic; nil for any other topic.
    func commandParts(_ topic: String) -> (slug: Substring, name: Substring)? {
        guard topic.hasPrefix(base + "/") else { return nil }
        let levels = topic.dropFirst(base.count + 1).split(
            separator: "/", omittingEmptySubsequences: false)
        guard levels.count == 3, levels[1] == "command" else { return nil }
        return (levels[0], levels[2])
    }
}
