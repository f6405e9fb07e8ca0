import BoardProfile
import Control
import Plant
import SimBoard

/// A random world: a village, weather, and a run of misfortunes, all from one seed. What happens is
/// told to the guardian as well, so that it knows the truth.
public struct World: Sendable {
    public let seed: UInt64
    public let scenario: Scenario
    /// When the last fault is lifted and the grid is whole again; the village must come home after.
    public let quietFrom_s: Double
    /// A fault that only a person ends is part of this world.
    public let isLasting: Bool

    /// - Parameter base: the village whose homes are varied.
    public init(seed: UInt64, base: SiteProfile) {
        self.seed = seed
        var random = Random(seed: seed)
        var profile = base
        Self.vary(&profile, &random)
        let duration = 16.0
        var happenings: [ScheduledHappening] = []
        var lasting = false
        let start = random.uniform(4.5, 6)
        let kind = Int(random.unit() * 8)
        let back = start + random.uniform(1.5, 3.5)
        Self.misfortune(kind, start, back, &random, &happenings)
        // Demand steps and gusts.
        for _ in 0..<Int(random.unit() * 4) {
            let at = random.uniform(3, 12)
            let factor = random.uniform(0.2, 1.6)
            happenings.append(
                .init(at_s: at, text: "demand × \(factor)", .demand(home: nil, factor: factor)))
        }
        if random.unit() < 0.3 {
            let at = random.uniform(3, 9)
            happenings.append(
                .init(at_s: at, text: "cloud", .irradiance(home: nil, Wm2: random.uniform(50, 900)))
            )
        }
        // A fault in about two of three worlds, lifted again in most.
        if random.unit() < 0.65 {
            lasting = Self.fault(profile, &random, &happenings)
        }
        if random.unit() < 0.15 {
            let at = random.uniform(3, 8)
            happenings.append(.init(at_s: at, text: "link down", .link(isUp: false)))
            happenings.append(
                .init(at_s: at + random.uniform(0.5, 4), text: "link up", .link(isUp: true)))
        }
        quietFrom_s = happenings.map(\.at_s).max() ?? start
        isLasting = lasting
        scenario = Scenario(
            title: "World \(seed)", profile: profile, duration_s: duration, seed: seed,
            happenings: happenings, irradiance_Wm2: random.uniform(0, 1000),
            hasClouds: random.unit() < 0.5, wind_mps: random.uniform(2, 14))
    }

    private static func vary(_ p: inout SiteProfile, _ random: inout Random) {
        p.coupling!.enterDelay_s = random.uniform(0.8, 1.5)
        p.coupling!.deadBus_s = 0.6
        p.coupling!.retry_s = 1
        let count = 2 + Int(random.unit() * 3)
        p.homes = Array(p.homes.prefix(count))
        for h in p.homes.indices {
            let scale = random.uniform(0.6, 1.6)
            p.homes[h].rating_VA *= scale
            p.homes[h].battery_kWh *= random.uniform(0.5, 1.5)
            p.homes[h].charge = random.uniform(0.08, 0.99)
            p.homes[h].pv_W *= random.uniform(0, 1.5)
            p.homes[h].comfort_W *= random.uniform(0.2, 2)
            p.homes[h].deferrable_W *= random.uniform(0, 2)
            p.homes[h].powerFactor = random.uniform(0.85, 1)
            p.homes[h].lineR_ohm *= random.uniform(0.5, 2)
            p.homes[h].lineL_mH *= random.uniform(0.9, 2)
            if p.homes[h].blackStartAfter_s != nil {
                p.homes[h].blackStartAfter_s = random.uniform(1, 2)
            }
        }
        p.network.gridR_ohm *= random.uniform(0.5, 3)
        p.network.gridL_mH *= random.uniform(1, 3)
        p.network.others_W = random.uniform(0, 3000)
        p.sensors.noise_counts = random.uniform(0.4, 1.5)
    }

    private static func misfortune(
        _ kind: Int, _ start: Double, _ back: Double, _ random: inout Random,
        _ list: inout [ScheduledHappening]
    ) {
        func add(_ at: Double, _ text: String, _ change: GridChange) {
            list.append(.init(at_s: at, text: text, .grid(change)))
        }
        let jump = random.uniform(-25, 25)
        switch kind {
        case 0, 1, 2:
            add(start, "grid fails", .loss)
            add(back, "grid returns", .restoration(phase_deg: random.uniform(0, 360)))
        case 3:
            let clear = start + random.uniform(0.06, 0.4)
            add(start, "short circuit on the feeder", .fault(R_ohm: random.uniform(0.05, 1)))
            add(clear, "feeder breaker opens", .loss)
            add(clear + 0.02, "short circuit cleared", .clearance)
            add(back, "grid returns", .restoration(phase_deg: random.uniform(0, 360)))
        case 4:
            let depth = random.uniform(0.05, 0.85)
            add(start, "sag to \(depth)", .voltage_pu(depth, jump_deg: jump))
            add(start + random.uniform(0.02, 0.8), "sag ends", .voltage_pu(1, jump_deg: -jump))
        case 5:
            let rate = random.uniform(-2.5, 2.5)
            add(start, "frequency ramps at \(rate) Hz/s", .ramp_Hz_per_s(rate, until_Hz: 50 + rate))
            add(back, "frequency returns", .ramp_Hz_per_s(-rate, until_Hz: 50))
        case 6:
            add(start, "unbalance", .negativeSequence_pu(random.uniform(0.02, 0.4)))
            add(back, "balance", .negativeSequence_pu(0))
        default:
            // Two outages, the second while the first is being undone.
            add(start, "grid fails", .loss)
            add(start + 1.5, "grid returns", .restoration(phase_deg: random.uniform(0, 360)))
            add(start + random.uniform(2.4, 4), "grid fails again", .loss)
            add(back + 2.5, "grid returns again", .restoration(phase_deg: nil))
        }
    }

    /// True when the fault is one that only a person ends.
    private static func fault(
        _ profile: SiteProfile, _ random: inout Random, _ list: inout [ScheduledHappening]
    ) -> Bool {
        let boards = [profile.coupling!.name] + profile.homes.map(\.name)
        let board = boards[Int(random.unit() * Double(boards.count))]
        let atCoupling = board == profile.coupling!.name
        let at = random.uniform(3, 9)
        let until = at + random.uniform(0.3, 3)
        if random.unit() < 0.6 {
            let waves = WaveChannel.allCases.filter { atCoupling || $0.rawValue >= 3 }
            let wave = waves[Int(random.unit() * Double(waves.count))]
            let faults: [SensorFault] = [
                .freeze, .drop, .nan, .stick(random.uniform(-300, 300)),
                .drift(perSecond: random.uniform(-400, 400)), .scale(random.uniform(0.2, 2)),
                .spike(probability: 0.02, size: random.uniform(50, 400)),
                .noise(random.uniform(5, 60)),
                .swap(with: (wave.rawValue / 3) * 3 + (wave.rawValue + 1) % 3),
            ]
            let fault = faults[Int(random.unit() * Double(faults.count))]
            list.append(
                .init(
                    at_s: at, text: "\(board) \(wave) \(fault)",
                    .sensor(board: board, .wave(wave), fault)))
            list.append(
                .init(
                    at_s: until, text: "\(board) \(wave) mended",
                    .sensor(board: board, .wave(wave), nil)))
            if case .swap(let other) = fault {
                let second = WaveChannel(rawValue: other)!
                list.append(
                    .init(
                        at_s: until, text: "\(board) \(second) mended",
                        .sensor(board: board, .wave(second), nil)))
            }
            return false
        }
        let contacts: [Contact] =
            atCoupling ? [.islandingSwitch] : [.mainContactor, .preCharge, .load0, .load1]
        let contact = contacts[Int(random.unit() * Double(contacts.count))]
        let faults: [RelayFault] = [
            .weld, .stuckOpen, .slow(random.uniform(2, 6)), .feedback(random.unit() < 0.5), .deaf,
            .disconnected,
        ]
        let fault = faults[Int(random.unit() * Double(faults.count))]
        list.append(
            .init(
                at_s: at, text: "\(board) \(contact) \(fault)", .relay(board: board, contact, fault)
            ))
        list.append(
            .init(
                at_s: until, text: "\(board) \(contact) mended", .relay(board: board, contact, nil))
        )
        return true
    }

    /// Lives the world through. Answers what was violated, and the trace when asked for.
    public func live(command: String = "") -> (
        violations: [Guardian.Violation], simulation: Simulation
    ) {
        var simulation = Simulation(scenario, command: command)
        var guardian = Guardian(simulation.village)
        var next = 0
        while !simulation.isDone {
            while next < scenario.happenings.count,
                scenario.happenings[next].at_s <= simulation.village.time_s
            {
                guardian.hear(scenario.happenings[next], at: simulation.village.time_s)
                next += 1
            }
            simulation.step()
            guardian.watch(simulation.village)
        }
        guardian.end(simulation.village, quietFrom_s: quietFrom_s, isLasting: isLasting)
        return (guardian.violations, simulation)
    }
}

extension Guardian {
    /// The truth about what happens, as it happens.
    mutating func hear(_ event: ScheduledHappening, at time_s: Double) {
        switch event.happening {
        case .grid(.loss): gridGone_s = gridGone_s ?? time_s
        case .grid(.restoration): gridGone_s = nil
        case .sensor(let board, let place, let fault):
            sensorFaults[board, default: []].removeAll { $0.place == place }
            if let fault { sensorFaults[board, default: []].append((place, fault, time_s)) }
        default: break
        }
    }
}
