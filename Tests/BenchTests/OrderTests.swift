import Bench
import Foundation
import Plant
import SimBoard
import Testing

@Suite("Orders to the bench") struct OrderTests {
    @Test("Every order has its words")
    func words() throws {
        #expect(try Order("  nack   0x40 ") == .acknowledge(address: 0x40, false))
        #expect(try Order("ack 65") == .acknowledge(address: 0x41, true))
        #expect(try Order("hang") == .bus(bridge: 0, .silent))
        #expect(try Order("slow 12.5 b") == .bus(bridge: 1, .slow(0.0125)))
        #expect(try Order("heal b") == .bus(bridge: 1, nil))
        #expect(try Order("relay main_contactor weld") == .relay(.main, .weld))
        #expect(try Order("relay main_contactor slow 250") == .relay(.main, .slow(5)))
        #expect(try Order("relay load3 clear") == .relay(.load(3), nil))
        #expect(
            try Order("sensor link_voltage spike 0.1 5")
                == .sensor(.linkVoltage, .spike(probability: 0.1, size: 5)))
        #expect(
            try Order("sensor pv_current swap load_current")
                == .sensor(.pvCurrent, .swap(with: UInt8(Signal.loadCurrent.rawValue))))
        #expect(try Order("identity 0x41 0x2270") == .identity(address: 0x41, 0x2270))
        #expect(try Order("flip 0x40 5 0x0800") == .flip(address: 0x40, register: 5, mask: 0x800))
        #expect(try Order("replug b") == .plug(bridge: 1, true))
        #expect(try Order("load critical 100") == .load(group: nil, W: 100))
        #expect(try Order("load load2 0") == .load(group: 2, W: 0))
        #expect(try Order("short off") == .short(ohm: nil))
        #expect(try Order("apply link_voltage 48.5") == .apply(.linkVoltage, 48.5))
        #expect(try Order("apply link_voltage off") == .apply(.linkVoltage, nil))
        #expect(
            try Order("error battery_current -2.02 0.1")
                == .error(.batteryCurrent, ratio: -2.02, offset: 0.1))
    }

    @Test(
        "What is no order is answered with why",
        arguments: [
            "", "   ", "jump", "nack", "nack 0x", "nack 0x7f", "nack 400000000000000000000",
            "nack 0x40 0x41", "slow", "slow -1", "slow nan", "slow inf", "slow 1e9", "relay",
            "relay door weld", "relay main_contactor melt", "relay main_contactor slow 0",
            "sensor moon freeze", "sensor link_voltage", "sensor link_voltage drift x",
            "sensor link_voltage spike 2 1", "sensor link_voltage swap", "identity 0x41",
            "flip 0x40 5 0", "flip 0x40 5 0x10000", "unplug c", "load load9 5", "load load1 -5",
            "load load1 1e308", "short 0", "sun 2000", "apply", "apply moon 1",
            "apply link_voltage",
            "apply link_voltage nan", "apply link_voltage 1e4", "error link_voltage 0.1",
            "error link_voltage 5 0", "state now", "\u{0}", "état", "NACK 0x40",
        ])
    func refused(line: String) {
        let host = Host()
        let before = host.truth
        let answer = host.order(line)
        #expect(answer.hasPrefix("error: ") && answer.count > 10)
        #expect(!answer.contains("\n") && answer.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        #expect(host.truth == before)
    }

    @Test("What a chip cannot do is answered with why")
    func impossible() {
        let host = Host()
        #expect(host.order("nack 0x20") == "error: no chip there; there are 0x40, 0x41, 0x48, 0x60")
        #expect(host.order("identity 0x48 1").hasPrefix("error: "))
        #expect(host.order("flip 0x40 1 1").hasPrefix("error: "))
        #expect(host.order(String(repeating: "x", count: 300)) == "error: line too long")
    }

    @Test("Random lines are answered, each with one line", arguments: 0..<4 as Range<UInt64>)
    func fuzz(seed: UInt64) {
        let host = Host()
        var random = Random(seed: seed)
        let words = [
            "nack", "hang", "relay", "sensor", "load", "flip", "0x40", "0x48", "main_contactor",
            "link_voltage", "slow", "stick", "swap", "1e300", "-0", "nan", "load1", "a", "weld",
            "short", "\u{7F}", "é", "unplug", "replug", "clear", "heal", "state",
        ]
        var (accepted, first) = (0, "")
        for _ in 0..<4000 {
            let count = Int(random.next() % 5)
            let line = (0..<count).map { _ in words[Int(random.next() % UInt64(words.count))] }
                .joined(separator: " ")
            let answer = host.order(line)
            host.wait(1e-3)
            if answer == "ok" { accepted += 1 }
            let isFine = answer == "ok" || answer.hasPrefix("error: ") || answer.hasPrefix("{")
            if first.isEmpty, !isFine || answer.contains("\n") { first = line }
        }
        #expect(first.isEmpty)
        #expect(accepted > 20, "the seed must reach some orders")
        let t = host.truth
        #expect(t.bus_V.isFinite && t.link_V.isFinite && t.load_Wh.isFinite)
        #expect(host.order("clear") == "ok")
    }

    @Test("The truth is one line of JSON")
    func state() throws {
        let host = Host()
        host.wait(1)
        let line = host.order("state")
        let json = try JSONSerialization.jsonObject(with: Data(line.utf8))
        let all = try #require(json as? [String: Any])
        #expect(abs((all["bus_V"] as? Double ?? 0) - 48.5) < 0.5)
        #expect(all["grid_present"] as? Bool == true)
        #expect(all["blind_closes"] as? Int == 0)
        #expect(all["bridge_b_plugged"] as? Bool == true)
        #expect(all.count > 45)
        host.order("forget")
        let reborn = BenchTruth().json
        #expect(try JSONSerialization.jsonObject(with: Data(reborn.utf8)) is [String: Any])
    }
}
