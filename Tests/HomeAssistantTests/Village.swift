import Control
import Feed
import Quantities
import Synchronization

@testable import HomeAssistant

/// A site made by hand: what the hub sees, its store and what is asked of it.
final class Village: Sendable {
    struct Asked: Equatable, Sendable {
        var command: AskedCommand
        var controller: String
        var who: String
    }
    struct World: Sendable {
        var seen: [Seen]
        var energy: [String: EnergyTotals] = [:]
        var wants: [String: Wants] = [:]
        var asked: [Asked] = []
        var answer = Reply(isAccepted: true, words: "accepted")
    }
    let world: Mutex<World>
    static let site = PublishedSite(
        name: "mill", title: "Mill village", version: "0.1.0",
        controllers: [
            PublishedController(name: "inn", kind: .home, has: [.battery, .pv, .wind, .ev]),
            PublishedController(name: "pcc", kind: .coupling),
            PublishedController(name: "Mühle 1", kind: .nanogrid, has: [.battery, .pv]),
            PublishedController(name: "shed", kind: .der, has: [.pv]),
        ])
    static let limits = SetpointLimits(
        frequencyBias: Hertz(0.5), voltageBias: Volts(20), active: Watts(5000.5),
        reactive: Vars(3000), horizon: 10_000)

    init() {
        world = Mutex(World(seen: Self.site.controllers.map { Self.seen($0) }))
    }
    private static func seen(_ controller: PublishedController) -> Seen {
        var seen = Seen(name: controller.name)
        seen.connection = .connected
        seen.stages = ["UV", "OV"]
        seen.limits = limits
        seen.mayCommand = true
        seen.record = record(controller.kind)
        seen.age_s = 0.05
        return seen
    }
    private static func record(_ kind: PublishedController.Kind) -> Record {
        var record = Record()
        record.measured.bus.isSettled = true
        record.measured.bus.positive = Volts(230.44)
        record.measured.bus.frequency = Hertz(50.012)
        record.measured.bus.active = Watts(1500.4)
        record.measured.grid = record.measured.bus
        switch kind {
        case .coupling: record.islanding = .gridTied
        case .home:
            record.source = .following(since: Tick(0))
            record.contactor = .closed
            record.measured.stateOfCharge = 0.641
            record.measured.batteryVoltage = Volts(51.2)
            record.measured.batteryCurrent = Amperes(-10)
            record.measured.batteryTemperature = Celsius(23.14)
            record.measured.pvPower = Watts(3000)
            record.measured.evPower = Watts(-3700)
            record.measured.loadPower = Watts(-900)
        case .nanogrid: record.measured.dcBusVoltage = Volts(48.2)
        case .der: record.der = .continuous
        }
        return record
    }

    func change(_ name: String, _ change: (inout Seen) -> Void) {
        world.withLock { world in
            for k in world.seen.indices where world.seen[k].name == name { change(&world.seen[k]) }
        }
    }
    func record(_ name: String, _ change: (inout Record) -> Void) {
        self.change(name) { seen in
            var record = seen.record ?? Record()
            change(&record)
            seen.record = record
        }
    }
    var asked: [Asked] { world.withLock { $0.asked } }

    var sources: HomeAssistantBridge.Sources {
        HomeAssistantBridge.Sources(
            seen: { self.world.withLock { $0.seen } },
            energy: { name in self.world.withLock { $0.energy[name] } },
            wants: { name in self.world.withLock { $0.wants[name] ?? Wants() } },
            ask: { command, controller, who in
                self.world.withLock { world in
                    world.asked.append(Asked(command: command, controller: controller, who: who))
                    return world.answer
                }
            })
    }
    func bridge(_ settings: BrokerSettings) throws -> HomeAssistantBridge {
        let began = ContinuousClock.now
        return try HomeAssistantBridge(settings, site: Self.site, sources: sources) {
            let (seconds, attoseconds) = (ContinuousClock.now - began).components
            return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        }
    }
}

extension BrokerSettings {
    /// The test's broker, asked again quickly.
    static func test(_ port: Int) -> BrokerSettings {
        var settings = BrokerSettings(host: "127.0.0.1", port: port, site: "mill")
        settings.retry_s = 0.05...0.1
        settings.period_s = 0.2
        return settings
    }
}
