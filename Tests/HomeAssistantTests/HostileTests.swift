import Foundation
import Testing

@testable import HomeAssistant

/// SplitMix64 (Steele, Lea, Flood): the same from the same seed.
private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    mutating func below(_ end: Int) -> Int { Int(next() % UInt64(end)) }
    mutating func pick<T>(_ list: [T]) -> T { list[below(list.count)] }
}

@Suite("Hostile publishers")
struct HostileTests {
    private static let words = [
        "island", "reconnect", "acknowledge", "1500", "-1500.5", "0", "5000", "true", "PRESS",
        "null",
        "{\"command\":\"island\"}", "nan", "1e3",
    ]
    /// Never a command of that topic: made to differ from every exact word and every decimal number.
    private static func payload(_ dice: inout Dice) -> [UInt8] {
        switch dice.below(6) {
        case 0: return []
        case 1: return (0..<dice.below(300)).map { _ in UInt8(dice.below(128) + 128) }
        case 2: return [UInt8](repeating: UInt8(ascii: "1"), count: 8 + dice.below(60_000))
        case 3: return Array(dice.pick(words).utf8) + [UInt8(dice.pick([0, 9, 10, 32, 33, 255]))]
        case 4:
            var bytes = Array(dice.pick(words).utf8)
            // The upper bit is in no command.
            bytes[dice.below(bytes.count)] |= 0x80
            return bytes
        default:
            return [UInt8(dice.pick([32, 43, 46, 69]))] + Array(dice.pick(words).utf8)
        }
    }
    private static let topics = [
        "pcc/command/island", "pcc/command/reconnect", "pcc/command/acknowledge",
        "inn/command/power",
        "inn/command/acknowledge", "shed/command/power", "pcc/command/power",
        "nobody/command/island",
        "pcc/command/", "/command/island", "pcc/command/ísland", "pcc/command/\u{1F3E0}",
        "m_hle_1_30b119c5/command/acknowledge",
    ]

    @Test(
        "A thousand hostile messages are refused and counted; none is a command, and it still works"
    )
    func thousand() throws {
        let seed =
            ProcessInfo.processInfo.environment["SEED"].flatMap(UInt64.init)
            ?? UInt64(Date().timeIntervalSince1970 * 1000)
        var dice = Dice(state: seed)
        let village = Village()
        let broker = try Mosquitto()
        var settings = BrokerSettings.test(broker.port)
        settings.takesCommands = true
        let bridge = try village.bridge(settings)
        #expect(bridge.start())
        defer { bridge.stop() }
        let watcher = try Watcher(broker.port, topics: ["skerry/mill/pcc/reply"])
        until("it listens") {
            bridge.counters.acked > 0 && bridge.counters.acked == bridge.counters.published
        }
        let hand = try LoopbackSocket(port: broker.port)
        try hand.greet()
        for _ in 0..<1000 {
            try hand.publish(
                "skerry/mill/\(dice.pick(Self.topics))", Self.payload(&dice),
                isRetained: dice.below(10) == 0)
        }
        try hand.settle()
        until("all are refused and counted, seed \(seed)") {
            bridge.counters.commandsRefused == 1000
        }
        #expect(village.asked == [] && bridge.counters.commandsTaken == 0, "seed \(seed)")
        #expect(bridge.counters.connects == 1 && bridge.counters.failures == 0, "seed \(seed)")
        try hand.publish("skerry/mill/pcc/command/island", Array("island".utf8))
        until("a good one is still taken, seed \(seed)") { village.asked.count == 1 }
        until("and answered, seed \(seed)") {
            watcher.all("skerry/mill/pcc/reply").contains {
                parsed($0.payload)?["accepted"] as? Bool == true
            }
        }
    }
}
