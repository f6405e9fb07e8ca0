/// A controller as people see it in Home Assistant.
public struct PublishedController: Equatable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// The islanding switch at the point of common coupling.
        case coupling
        /// Inverter, battery and loads.
        case home
        /// A DC bus.
        case nanogrid
        /// An inverter under a grid code.
        case der
    }
    /// What it has besides what its kind says.
    public enum Equipment: String, Sendable, CaseIterable { case battery, pv, wind, ev }

    /// As ``Feed/Seen/name``.
    public var name: String
    public var kind: Kind
    public var has: Set<Equipment>

    public init(name: String, kind: Kind, has: Set<Equipment> = []) {
        self.name = name
        self.kind = kind
        self.has = has
    }
}

/// The site as a whole.
public struct PublishedSite: Equatable, Sendable {
    /// Short, the same for ever: unique ids are made of it.
    public var name: String
    /// For people.
    public var title: String
    /// Of this program.
    public var version: String
    public var controllers: [PublishedController]

    public init(name: String, title: String, version: String, controllers: [PublishedController]) {
        self.name = name
        self.title = title
        self.version = version
        self.controllers = controllers
    }
}

extension PublishedSite {
    /// What is wrong, each with its remedy.
    func problems() -> [String] {
        let names = controllers.map(\.name)
        var found = Set(names).count == names.count ? [] : ["two controllers have the same name"]
        if name.isEmpty { found.append("the site has no name") }
        if Set(names.map { Slug.of($0) }).count < Set(names).count {
            found.append(
                "two controllers have names that cannot be told apart in a topic; rename one")
        }
        return found
    }
}
