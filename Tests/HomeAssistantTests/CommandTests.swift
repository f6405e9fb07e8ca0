import Control
import Feed
import Foundation
import Quantities
import Testing

@testable import HomeAssistant

@Suite("Commands from the broker")
struct CommandTests {
    let village = Village()
    private func settings(_ port: Int) -> BrokerSettings {
        var settings = BrokerSettings.test(port)
        settings.takesCommands = true
        return settings
    }
    private func read(_ name: CommandName, _ text: String, limits: SetpointLimits? = Village.limits)
        -> AskedCommand?
    {
        try? CommandReading.read(
            name, Array(text.utf8), length: text.utf8.count, limits: limits, reactive: Vars(7),
            for_s: 900)
    }

    @Test("Exact words and plain decimal numbers inside the limits, and nothing else")
    func strict() {
        #expect(read(.island, "island") == .island && read(.reconnect, "reconnect") == .reconnect)
        #expect(read(.acknowledge, "acknowledge") == .acknowledge)
        for text in ["", "Island", "island ", "island\n", "island\u{0}", "reconnect", "PRESS", "1"]
        {
            #expect(read(.island, text) == nil, "\(text)")
        }
        for (text, watts) in [
            ("0", 0), ("-1500", -1500), ("250.5", 250.5), ("5000.5", 5000.5), ("-5000.5", -5000.5),
            ("-0", 0), ("0001", 1),
        ] as [(String, Float)] {
            #expect(
                read(.power, text)
                    == .setpoints(active: Watts(watts), reactive: Vars(7), for_s: 900), "\(text)")
        }
        for text in [
            "", "-", ".", "-.", "1.", ".5", "+1", " 1", "1 ", "1e3", "0x10", "nan", "inf", "-inf",
            "1,5",
            "1.2.3", "--1", "5000.51", "-5001", "99999999", "１２", "٣", "1\n", "1\u{0}", "1_000",
            "{\"W\":1}",
        ] {
            #expect(read(.power, text) == nil, "\(text)")
        }
        #expect(read(.power, "1", limits: nil) == nil)
        let long = String(repeating: "0", count: 257)
        #expect(read(.power, long) == nil && read(.island, long) == nil)
    }

    @Test("They reach the controller with who asks, and the answer is said")
    func asked() throws {
        let broker = try Mosquitto()
        let bridge = try village.bridge(settings(broker.port))
        #expect(bridge.start())
        defer { bridge.stop() }
        let watcher = try Watcher(broker.port)
        let replies = "skerry/mill/pcc/reply"
        until("it listens") { watcher.topics.count >= 1 + 1 + 4 * 3 }
        let hand = try LoopbackSocket(port: broker.port)
        try hand.greet()
        // As Home Assistant would: the topic and the payload of the announcement.
        let config = try #require(watcher.object("homeassistant/device/skerry-mill-pcc/config"))
        let island = try #require((config["components"] as? [String: [String: Any]])?["island"])
        try hand.publish(
            try #require(island["command_topic"] as? String),
            Array(try #require(island["payload_press"] as? String).utf8))
        until("it is answered") { watcher.object(replies)?["accepted"] as? Bool == true }
        #expect(village.asked == [.init(command: .island, controller: "pcc", who: "mqtt")])
        #expect(watcher.object(replies)?["command"] as? String == "island")
        #expect(watcher.all(replies).allSatisfy { !$0.isRetained })
        village.world.withLock {
            $0.answer = Reply(isAccepted: false, words: "no: \(String(repeating: "x", count: 400))")
        }
        try hand.publish("skerry/mill/inn/command/power", Array("-1500.5".utf8))
        until("a refusal is said too") {
            watcher.object("skerry/mill/inn/reply")?["accepted"] as? Bool == false
        }
        #expect((watcher.object("skerry/mill/inn/reply")?["words"] as? String)?.count == 250)
        #expect(
            village.asked.last
                == .init(
                    command: .setpoints(active: Watts(-1500.5), reactive: Vars(0), for_s: 900),
                    controller: "inn", who: "mqtt"))
        // What holds is shown where it was set.
        village.world.withLock { world in
            var wants = Wants()
            wants.scheduled = (Watts(-1500.5), Vars(0), .max)
            world.wants["inn"] = wants
        }
        until("the number shows it") {
            watcher.object("skerry/mill/inn/state")?["scheduled_W"] as? Double == -1500
        }
        // No such command there, no such controller, and beyond its limits.
        for (topic, text) in [
            ("inn/command/island", "island"), ("nobody/command/island", "island"),
            ("pcc/command/power", "1"), ("inn/command/power", "5001"),
        ] {
            try hand.publish("skerry/mill/\(topic)", Array(text.utf8))
        }
        until("they are refused") { bridge.counters.commandsRefused == 4 }
        #expect(bridge.counters.commandsTaken == 2 && village.asked.count == 2)
    }

    @Test("A retained command is no command, whether it lay there or comes now")
    func retained() throws {
        let broker = try Mosquitto()
        let hand = try LoopbackSocket(port: broker.port)
        try hand.greet()
        try hand.publish("skerry/mill/pcc/command/island", Array("island".utf8), isRetained: true)
        try hand.settle()
        let bridge = try village.bridge(settings(broker.port))
        #expect(bridge.start())
        defer { bridge.stop() }
        until("the one that lay there") { bridge.counters.commandsRetained == 1 }
        let watcher = try Watcher(broker.port, topics: ["skerry/mill/pcc/reply"])
        usleep(100_000)
        try hand.publish("skerry/mill/pcc/command/island", Array("island".utf8), isRetained: true)
        until("and the one that comes") { bridge.counters.commandsRetained == 2 }
        until("it is said why") {
            (watcher.object("skerry/mill/pcc/reply")?["words"] as? String)?.contains("retain flag")
                == true
        }
        #expect(village.asked == [] && bridge.counters.commandsTaken == 0)
        try hand.publish("skerry/mill/pcc/command/island", Array("island".utf8))
        until("without the flag it is one") { village.asked.count == 1 }
    }

    @Test("Nothing is heard unless commands are taken")
    func off() throws {
        let broker = try Mosquitto()
        let bridge = try village.bridge(.test(broker.port))
        #expect(bridge.start())
        defer { bridge.stop() }
        until("it is there") {
            bridge.counters.acked > 0 && bridge.counters.acked == bridge.counters.published
        }
        let hand = try LoopbackSocket(port: broker.port)
        try hand.greet()
        try hand.publish("skerry/mill/pcc/command/island", Array("island".utf8))
        try hand.settle()
        usleep(300_000)
        #expect(village.asked == [] && bridge.counters.commandsRefused == 0)
    }

    @Test("More than can wait is refused, and what waits is asked")
    func tooMany() throws {
        let gate = DispatchSemaphore(value: 0)
        let desk = CommandDesk(
            settings(1883), Village.site,
            HomeAssistantBridge.Sources(
                seen: village.sources.seen, energy: { _ in nil }, wants: { _ in nil }
            ) { command, controller, who in
                gate.wait()
                return self.village.sources.ask(command, controller, who)
            })
        let message = MQTTMessage(
            topic: "skerry/mill/pcc/command/acknowledge", payload: Array("acknowledge".utf8),
            length: 11, isRetained: false)
        let judged = (0..<40).map { _ in desk.judge(message) }
        #expect(judged.count { $0 == .taken } == CommandDesk.mostWaiting)
        guard case .refused(let answer) = judged.last else {
            Issue.record("the last was taken")
            return
        }
        #expect(answer?.reply.words.contains("too much") == true)
        for _ in 0..<CommandDesk.mostWaiting { gate.signal() }
        var answers = 0
        until("those that were taken are asked and answered") {
            answers += desk.takeAnswers().count
            return answers == CommandDesk.mostWaiting
        }
        #expect(village.asked.count == CommandDesk.mostWaiting)
        // There is room again.
        #expect(desk.judge(message) == .taken)
        gate.signal()
        until("and it is asked") { village.asked.count == CommandDesk.mostWaiting + 1 }
    }
}
