import Children
import Control
import Feed
import Foundation
import Quantities
import Testing

@testable import HomeAssistant

@Suite("A site at a real broker")
struct PresenceTests {
    let village = Village()

    @Test("It is announced, said and kept by the broker; Home Assistant's coming has it said again")
    func announced() throws {
        let broker = try Mosquitto()
        let bridge = try village.bridge(.test(broker.port))
        #expect(bridge.start())
        let watcher = try Watcher(broker.port)
        until("everything is there") {
            watcher.topics.count >= 1 + 1 + 4 * 3
                && bridge.counters.acked == bridge.counters.published
        }
        #expect(bridge.standing == .connected)
        #expect(watcher.last("skerry/mill/availability") == "online")
        #expect(watcher.last("skerry/mill/inn/availability") == "online")
        #expect(
            watcher.object("skerry/mill/m_hle_1_30b119c5/state")?["dc_bus_V"] as? Double == 48.2)
        let config = "homeassistant/device/skerry-mill-inn/config"
        #expect(watcher.object(config)?["device"] != nil)
        // Whoever comes later finds the same.
        let late = try Watcher(broker.port)
        until("it is retained") { late.topics == watcher.topics }
        #expect(
            late.all(config).allSatisfy(\.isRetained) && late.last(config) == watcher.last(config))
        // Unchanged, nothing is said again.
        late.forget()
        usleep(700_000)
        #expect(late.topics == [])
        try Child.must(
            "mosquitto_pub",
            ["-p", "\(broker.port)", "-t", "homeassistant/status", "-m", "online", "-q", "1"])
        until("all of it is said again") { late.topics.count >= 1 + 1 + 1 + 4 * 3 }
        bridge.stop()
        until("it says goodbye") { late.last("skerry/mill/availability") == "offline" }
        #expect(bridge.counters.failures == 0 && bridge.counters.refusedByBroker == 0)
    }

    @Test("Cut off without a goodbye, the broker says that it is gone; it comes back by itself")
    func will() throws {
        let broker = try Mosquitto()
        var settings = BrokerSettings.test(broker.port)
        settings.retry_s = 2.0...2.0
        let bridge = try village.bridge(settings)
        #expect(bridge.start())
        defer { bridge.stop() }
        let watcher = try Watcher(broker.port)
        let topic = "skerry/mill/availability"
        until("it is there") { watcher.last(topic) == "online" && bridge.standing == .connected }
        #expect(LoopbackSocket.cutAll(to: broker.port) == 1)
        until("its will") { watcher.last(topic) == "offline" }
        let late = try Watcher(broker.port, topics: [topic])
        until("its will is kept") { late.all(topic).first?.isRetained == true }
        #expect(late.all(topic).first?.payload == "offline")
        until("it is back") { watcher.last(topic) == "online" }
        #expect(watcher.all(topic).map(\.payload) == ["online", "offline", "online"])
        until("it is counted") { bridge.counters.connects == 2 && bridge.counters.failures == 1 }
    }

    @Test(
        "A controller that falls silent or goes is unavailable; its last state is not said as new")
    func silent() throws {
        let broker = try Mosquitto()
        let bridge = try village.bridge(.test(broker.port))
        #expect(bridge.start())
        defer { bridge.stop() }
        let watcher = try Watcher(broker.port, topics: ["skerry/mill/inn/+"])
        let (availability, state) = ("skerry/mill/inn/availability", "skerry/mill/inn/state")
        until("it is there") { watcher.topics == [availability, state] }
        for gone in [Seen.Connection.silent, .absent("no daemon")] {
            village.change("inn") { $0.connection = gone }
            until("it is gone") { watcher.last(availability) == "offline" }
            watcher.forget()
            village.record("inn") { $0.measured.pvPower = Watts(1) }
            usleep(400_000)
            #expect(watcher.topics == [])
            village.change("inn") { $0.connection = .connected }
            until("it is back") {
                watcher.last(availability) == "online"
                    && watcher.object(state)?["pv_W"] as? Double == 1
            }
            village.record("inn") { $0.measured.pvPower = Watts(3000) }
            until("and speaks") { watcher.object(state)?["pv_W"] as? Double == 3000 }
        }
    }

    @Test(
        "Figures wait for their period; a change of state does not, and a flapping one is bounded")
    func rates() throws {
        let broker = try Mosquitto()
        var settings = BrokerSettings.test(broker.port)
        settings.period_s = 3600
        let bridge = try village.bridge(settings)
        #expect(bridge.start())
        defer { bridge.stop() }
        let topic = "skerry/mill/pcc/state"
        let watcher = try Watcher(broker.port, topics: [topic])
        until("the first is said") { watcher.object(topic)?["islanding"] as? String == "gridTied" }
        village.record("pcc") { $0.measured.bus.active = Watts(77) }
        usleep(400_000)
        #expect(watcher.all(topic).count == 1)
        village.record("pcc") { $0.islanding = .islanded(.gridLost, since: Tick(0), hold: 0) }
        until("it is said at once") { watcher.object(topic)?["is_islanded"] as? Bool == true }
        #expect(watcher.object(topic)?["grid_W"] as? Double == 77)
        watcher.forget()
        let began = ContinuousClock.now
        for k in 0..<100 {
            village.record("pcc") {
                $0.islanding =
                    k % 2 == 0 ? .gridTied : .islanded(.gridLost, since: Tick(0), hold: 0)
            }
            usleep(10_000)
        }
        usleep(300_000)
        let took_s = (ContinuousClock.now - began) / .seconds(1)
        #expect(watcher.all(topic).count <= Int(took_s * 5) + 1)
        #expect(
            watcher.object(topic)?["islanding"] as? String == "islanded", "the last is not lost")
    }

    @Test("What grew while the broker was away is in the next figure: no energy is lost")
    func outage() throws {
        let broker = try Mosquitto()
        village.world.withLock { $0.energy["inn"] = EnergyTotals(pv_Wh: 1000) }
        let bridge = try village.bridge(.test(broker.port))
        #expect(bridge.start())
        defer { bridge.stop() }
        let topic = "skerry/mill/inn/state"
        do {
            let watcher = try Watcher(broker.port, topics: [topic])
            until("before") { watcher.object(topic)?["pv_kWh"] as? Double == 1 }
        }
        broker.stop()
        until("it sees that the broker is gone") {
            if case .absent(let words) = bridge.standing {
                words.contains("nobody listens")
            } else {
                false
            }
        }
        let published = bridge.counters.published
        for Wh in stride(from: 1100.0, through: 5500, by: 100) {
            village.world.withLock { $0.energy["inn"] = EnergyTotals(pv_Wh: Wh) }
            usleep(5000)
        }
        #expect(bridge.counters.published == published, "nothing is heaped up meanwhile")
        // The broker keeps nothing over its end: all must come from here.
        try broker.start()
        let watcher = try Watcher(broker.port)
        until("after") { watcher.object(topic)?["pv_kWh"] as? Double == 5.5 }
        until("all is there again") { watcher.topics.count >= 1 + 1 + 4 * 3 }
        #expect(watcher.last("skerry/mill/availability") == "online")
        #expect(bridge.counters.connects == 2)
        // As total_increasing counts it: the growth of what arrived is the growth there was.
        let figures =
            [1.0] + watcher.all(topic).compactMap { parsed($0.payload)?["pv_kWh"] as? Double }
        #expect(zip(figures, figures.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test("A broker that refuses a topic is seen and counted, other than with MQTT 3")
    func refused() throws {
        let folder = try TemporaryFolder()
        let list = try folder.write(
            "acl", "topic readwrite skerry/#\ntopic read homeassistant/#\n")
        let broker = try Mosquitto("allow_anonymous true\nacl_file \(list)", folder: folder)
        let bridge = try village.bridge(.test(broker.port))
        #expect(bridge.start())
        defer { bridge.stop() }
        until("all announcements are refused") { bridge.counters.refusedByBroker == 5 }
        #expect(bridge.lastRefusal?.contains("0x87") == true)
        let watcher = try Watcher(broker.port)
        until("what is allowed arrives") { watcher.object("skerry/mill/inn/state") != nil }
        #expect(bridge.standing == .connected)
        #expect(!watcher.topics.contains { $0.hasPrefix("homeassistant") })
    }

    @Test("A wrong password is said as such")
    func password() throws {
        let folder = try TemporaryFolder()
        try Child.must("mosquitto_passwd", ["-c", "-b", "\(folder.path)/users", "hub", "right"])
        let broker = try Mosquitto(
            "allow_anonymous false\npassword_file \(folder.path)/users", folder: folder)
        var settings = BrokerSettings.test(broker.port)
        (settings.user, settings.password) = ("hub", "wrong")
        let stranger = try village.bridge(settings)
        #expect(stranger.start())
        until("it is refused") {
            if case .absent(let words) = stranger.standing {
                words.contains("refuses us") && words.contains("password")
            } else {
                false
            }
        }
        stranger.stop()
        #expect(stranger.counters.connects == 0 && stranger.counters.published == 0)
        settings.password = "right"
        let bridge = try village.bridge(settings)
        #expect(bridge.start())
        until("it is let in") { bridge.standing == .connected }
        bridge.stop()
    }
}
