import BoardProfile
import Control
import Plant
import SimBoard

/// A random DC world: a site, weather and a run of misfortunes, all from one seed.
public struct NanogridWorld: Sendable {
    public let seed: UInt64
    public let scenario: Scenario
    /// When the last fault is lifted.
    public let quietFrom_s: Double
    /// A fault that only a person ends is part of this world.
    public let isLasting: Bool

    /// - Parameter base: the site that is varied.
    public init(seed: UInt64, base: SiteProfile = .referenceNanogrid(batteries: 3)) {
        self.seed = seed
        var random = Random(seed: seed).fork("dc world")
        var profile = base
        Self.vary(&profile, &random)
        var list: [ScheduledHappening] = []
        for _ in 0..<Int(random.unit() * 4) {
            let factor = random.uniform(0.1, 4)
            list.append(
                .init(
                    at_s: random.uniform(2, 9), text: "demand × \(factor)",
                    .demand(home: nil, factor: factor)))
        }
        if random.unit() < 0.4 {
            list.append(
                .init(
                    at_s: random.uniform(2, 9), text: "cloud",
                    .irradiance(home: nil, Wm2: random.uniform(50, 1100))))
        }
        if random.unit() < 0.15 {
            let at = random.uniform(2, 8)
            list.append(
                .init(
                    at_s: at, text: "short circuit", .busFault(ohm: random.uniform(0.02, 1))))
            list.append(
                .init(
                    at_s: at + random.uniform(0.01, 2), text: "short circuit cleared",
                    .busFault(ohm: nil)))
        }
        var lasting = false
        if random.unit() < 0.1 {
            // Contacts that could not be read while they opened are called welded.
            lasting = true
            let board = profile.nanogrid!.batteries[0].name
            let at = random.uniform(2, 8)
            list.append(.init(at_s: at, text: "driver fails", .driver(board: board, fails: true)))
            list.append(
                .init(
                    at_s: at + random.uniform(0.2, 2), text: "driver works",
                    .driver(board: board, fails: false)))
        }
        if random.unit() < 0.75 && Self.fault(profile, &random, &list) { lasting = true }
        isLasting = lasting
        quietFrom_s = list.map(\.at_s).max() ?? 0
        scenario = Scenario(
            title: "DC world \(seed)", profile: profile, duration_s: 12 + random.unit() * 4,
            seed: seed, happenings: list, irradiance_Wm2: random.uniform(0, 1100),
            hasClouds: random.unit() < 0.3)
    }

    private static func vary(_ p: inout SiteProfile, _ random: inout Random) {
        var site = p.nanogrid!
        let count = 1 + Int(random.unit() * Double(site.batteries.count))
        site.batteries = Array(site.batteries.prefix(count))
        for k in site.batteries.indices {
            let scale = random.uniform(0.5, 1.5)
            site.batteries[k].battery_kWh *= scale * random.uniform(0.7, 1.3)
            site.batteries[k].most_A *= scale
            site.batteries[k].droop_ohm /= scale
            site.batteries[k].charge = random.uniform(0.08, 0.995)
            site.batteries[k].chargeWeight = random.uniform(0, 1)
            site.batteries[k].lineR_ohm *= random.uniform(0.5, 3)
            site.batteries[k].lineL_uH *= random.uniform(0.2, 3)
        }
        if random.unit() < 0.4 { site.batteries[0].restoreGain_per_s = random.uniform(0.1, 1) }
        site.busCapacitance_mF *= random.uniform(0.5, 2)
        site.pv_W *= random.uniform(0, 2)
        site.critical_W *= random.uniform(0.3, 3)
        site.comfort_W *= random.uniform(0, 3)
        site.deferrable_W *= random.uniform(0, 3)
        p.nanogrid = site
    }

    /// True when the fault may need a person, or outlasts its cause.
    private static func fault(
        _ profile: SiteProfile, _ random: inout Random, _ list: inout [ScheduledHappening]
    ) -> Bool {
        let names = profile.nanogrid!.batteries.map(\.name)
        let k = Int(random.unit() * Double(names.count))
        let at = random.uniform(0, 8), until = at + random.uniform(0.3, 4)
        if random.unit() < 0.6 {
            let channels: [ScalarChannel] = [
                .dcBusVoltage, .converterCurrent, .batteryVoltage, .batteryCurrent, .linkVoltage,
                .stateOfCharge, .batteryTemperature,
            ]
            let c = channels[Int(random.unit() * Double(channels.count))]
            let size = c == .stateOfCharge ? 0.5 : c == .batteryCurrent ? 20 : 15.0
            let faults: [SensorFault] = [
                .freeze, .drop, .nan, .stick(random.uniform(0, 4 * size)),
                .drift(perSecond: random.uniform(-size, size)), .scale(random.uniform(0.7, 1.4)),
                .spike(probability: 0.02, size: size), .noise(0.1 * size),
            ]
            let fault = faults[Int(random.unit() * Double(faults.count))]
            list.append(
                .init(
                    at_s: at, text: "\(names[k]) \(c) \(fault)",
                    .sensor(board: names[k], .scalar(c), fault)))
            list.append(
                .init(
                    at_s: until, text: "\(names[k]) \(c) mended",
                    .sensor(board: names[k], .scalar(c), nil)))
            return false
        }
        let contacts: [Contact] =
            [.mainContactor, .preCharge] + (k == 0 ? [.load0, .load1, .load2] : [])
        let contact = contacts[Int(random.unit() * Double(contacts.count))]
        let faults: [RelayFault] = [
            .weld, .stuckOpen, .slow(random.uniform(2, 6)), .feedback(random.unit() < 0.5), .deaf,
            .disconnected,
        ]
        let fault = faults[Int(random.unit() * Double(faults.count))]
        list.append(
            .init(
                at_s: at, text: "\(names[k]) \(contact) \(fault)",
                .relay(board: names[k], contact, fault)))
        list.append(
            .init(
                at_s: until, text: "\(names[k]) \(contact) mended",
                .relay(board: names[k], contact, nil)))
        return true
    }

    /// Lives the world through, `after_s` longer than its scenario.
    public func live(after_s: Double = 0) -> (
        violations: [Guardian.Violation], simulation: NanogridSimulation
    ) {
        var longer = scenario
        longer.duration_s += after_s
        var simulation = NanogridSimulation(longer, command: "")
        var guardian = NanogridGuardian(simulation.site)
        var next = 0
        while !simulation.isDone {
            while next < scenario.happenings.count,
                scenario.happenings[next].at_s <= simulation.site.time_s
            {
                guardian.hear(scenario.happenings[next], at: simulation.site.time_s)
                next += 1
            }
            simulation.step()
            guardian.watch(simulation.site)
        }
        guardian.end(simulation.site, quietFrom_s: quietFrom_s, isLasting: isLasting)
        return (guardian.violations, simulation)
    }
}

extension NanogridGuardian {
    /// The truth about what happens, as it happens. Faults that a channel shows by itself are
    /// remembered: silence, no number, and a number that never moves where one must.
    mutating func hear(_ event: ScheduledHappening, at time_s: Double) {
        guard case .sensor(let board, .scalar(let channel), let fault) = event.happening else {
            return
        }
        sensorFaults.removeAll { $0.board == board && $0.channel == channel }
        let isQuick = channel != .stateOfCharge && channel != .batteryTemperature
        switch fault {
        case .drop, .nan: sensorFaults.append((board, channel, time_s))
        case .freeze where isQuick, .stick where isQuick:
            sensorFaults.append((board, channel, time_s))
        default: break
        }
    }
}
