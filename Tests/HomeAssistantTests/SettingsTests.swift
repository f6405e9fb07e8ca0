import CMosquitto
import Foundation
import Testing

@testable import HomeAssistant

@Suite("Settings of the broker")
struct SettingsTests {
    private func problems(_ change: (inout BrokerSettings) -> Void) -> [String] {
        var settings = BrokerSettings(host: "127.0.0.1", site: "mill")
        change(&settings)
        return settings.problems()
    }

    @Test("Good ones have no problem; each bad one is named with what is wrong")
    func words() throws {
        #expect(problems { _ in } == [])
        #expect(BrokerSettings(host: "h", site: "Mühle +#/ 1").problems() == [])
        let cases: [(String, (inout BrokerSettings) -> Void)] = [
            ("host", { $0.host = "" }), ("host", { $0.host = "a b" }),
            ("port", { $0.port = 0 }), ("port", { $0.port = 65536 }),
            ("password: needs a user", { $0.password = "x" }), ("user", { $0.user = "a\u{0}b" }),
            ("client id", { $0.clientID = "a/b" }),
            ("discovery prefix", { $0.discoveryPrefix = "home/#" }),
            ("base topic", { $0.baseTopic = "/skerry" }),
            ("base topic", { $0.baseTopic = "skerry/+" }),
            ("below the discovery prefix", { $0.baseTopic = "homeassistant/skerry" }),
            ("period", { $0.period_s = .nan }), ("period", { $0.period_s = 0 }),
            ("scheduled power", { $0.scheduleHolds_s = 100_000 }),
            ("retry", { $0.retry_s = 0...1 }),
            ("CA file", { $0.tls = .init(authorityFile: "nowhere.pem") }),
            (
                "give both or none",
                { $0.tls = .init(authorityFile: #filePath, certificateFile: #filePath) }
            ),
        ]
        for (words, change) in cases {
            let found = problems(change)
            #expect(found.count == 1 && found[0].contains(words), "\(words): \(found)")
        }
    }

    @Test("Their description may go to a log")
    func description() {
        var settings = BrokerSettings(host: "h", port: 8883, site: "mill")
        (settings.user, settings.password) = ("ann", "secret")
        settings.tls = .init(authorityFile: "ca.pem")
        #expect("\(settings)" == "mqtts://ann@h:8883/skerry/mill")
    }

    // Debian's broker hangs up without a word there; others say why.
    @Test("Another client of the same name is named")
    func takenOver() {
        var heard = Heard.Ending()
        heard.farewell = Int32(MQTT_RC_SESSION_TAKEN_OVER.rawValue)
        let words = BrokerWords.failure(
            Int32(MOSQ_ERR_CONN_LOST.rawValue), errno: 0, heard: heard, wasConnected: true,
            BrokerSettings(host: "h", site: "mill"))
        #expect(
            words.contains("0x8e") && words.contains("calls itself skerry-mill too"), "\(words)")
    }

    @Test("The bridge refuses them all at once, and names that two controllers share")
    func refused() {
        var settings = BrokerSettings(host: "", site: "mill")
        settings.port = 0
        let error = #expect(throws: BrokerProblem.self) { try Village().bridge(settings) }
        #expect(error?.words.split(separator: "\n").count == 2)
        var site = Village.site
        site.controllers.append(site.controllers[0])
        #expect(throws: BrokerProblem(words: "two controllers have the same name")) {
            try HomeAssistantBridge(
                BrokerSettings(host: "h", site: "mill"), site: site, sources: Village().sources
            ) { 0 }
        }
    }
}
