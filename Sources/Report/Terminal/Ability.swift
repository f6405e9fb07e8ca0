import Foundation

/// What the terminal at hand can show.
public struct Ability: Sendable, Equatable {
    public var colour: Bool
    /// Blocks and lines beyond ASCII.
    public var unicode: Bool

    public init(colour: Bool, unicode: Bool) {
        self.colour = colour
        self.unicode = unicode
    }

    /// Colour on a terminal unless `NO_COLOR` is set and not empty (no-color.org) or `TERM` is
    /// `dumb`; Unicode when the first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set says UTF-8
    /// (POSIX.1-2017, XBD 8.2).
    public init(environment: [String: String], isTerminal: Bool) {
        let refused = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
        colour = isTerminal && !refused
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
            .first { !$0.isEmpty }
        let name = (locale ?? "").uppercased()
        unicode = name.contains("UTF-8") || name.contains("UTF8")
    }

    /// For standard output of this process.
    public static func ofOutput() -> Ability {
        Ability(
            environment: ProcessInfo.processInfo.environment, isTerminal: isatty(STDOUT_FILENO) == 1
        )
    }
}
