import Control
import Words

/// A state that is one of a few words: an enum sensor. The words are the codes of the hub's own read API.
struct StateWord: Sendable {
    var key: String
    var name: String
    /// Every word that may come.
    var options: [String]
    /// nil: not known.
    var word: @Sendable (Record) -> String?

    static func all(of controller: PublishedController) -> [StateWord] {
        switch controller.kind {
        case .coupling: [islanding]
        case .home: [source] + (controller.has.contains(.battery) ? [contactor] : [])
        case .nanogrid: [converter] + (controller.has.contains(.battery) ? [contactor] : [])
        case .der: [der]
        }
    }

    private static let islanding = StateWord(
        key: "islanding", name: "Islanding",
        options: [
            "gridTied", "opening", "islanded", "resynchronising", "closing", "blackStart", "fault",
        ]
    ) { $0.islanding?.code }
    private static let source = StateWord(
        key: "source", name: "Source",
        options: ["off", "observing", "following", "forming", "blackStarting", "tripped"]
    ) { $0.source?.code }
    private static let contactor = StateWord(
        key: "contactor", name: "Battery contactor",
        options: [
            "open", "preCharging", "closing", "settling", "closed", "opening", "waiting", "welded",
        ]
    ) { $0.contactor?.code }
    private static let der = StateWord(
        key: "der", name: "Grid code state",
        options: [
            "outOfService", "tripped", "enteringService", "continuous", "mandatory", "permissive",
            "momentaryCessation", "ceased",
        ]
    ) { $0.der?.code }
    private static let converter = StateWord(
        key: "converter", name: "Converter", options: ["sharing", "tripped", "off"]
    ) {
        if $0.command.converter.isOn { return "sharing" }
        return $0.verdict.mustTripSource ? "tripped" : "off"
    }
}
