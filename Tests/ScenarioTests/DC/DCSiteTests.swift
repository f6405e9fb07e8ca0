import BoardProfile
import Control
import Report
import Scenario
import SimBoard
import Testing

/// The reference site, varied.
func reference(
    batteries: Int = 2, _ change: (inout NanogridProfile) -> Void = { _ in }
) -> SiteProfile {
    var p = SiteProfile.referenceNanogrid(batteries: batteries)
    change(&p.nanogrid!)
    return p
}

func run(_ site: DCSite, until end_s: Double, each: (DCSite) -> Void = { _ in }) {
    while site.time_s < end_s {
        site.turn()
        each(site)
    }
}

@Suite("A DC site") struct DCSiteTests {
    @Test("From cold every battery pre-charges, then closes below 1.5 V", arguments: [1, 2, 3])
    func coldStart(count: Int) {
        let scenario = Scenario(
            title: "cold", profile: reference(batteries: count), duration_s: 4,
            irradiance_Wm2: 0)
        var s = NanogridSimulation(scenario, command: "")
        #expect(s.site.nanogrid.bus_V == 0)
        let trace = s.run()
        for b in s.tally.batteries {
            #expect(b.preCharges_s.count == 1)
            #expect(b.preCharges_s.allSatisfy { $0 > 0.5 && $0 < 2.2 })
            #expect(b.worstTouch_V < 1.5)
            #expect(b.trips == 0 && b.openingsHot == 0)
        }
        #expect(s.tally.sheds == 0)
        #expect(abs(s.site.nanogrid.bus_V - 48) < 1)
        // No leap onto the bus: never above the no-load voltage and a little.
        #expect(s.tally.highest_V < 49)
        #expect(trace.figures.contains { $0.name == "battery1: longest pre-charge" })
        #expect(trace.series.allSatisfy { $0.values.count == trace.time_s.count })
        #expect(Set(trace.series.map(\.name)).count == trace.series.count)
    }

    @Test("Without its pre-charge relay a battery stays off the link and says why")
    func noPreCharge() {
        let site = DCSite(reference(), seed: 3)
        site.apply(.relay(board: "battery2", .preCharge, .stuckOpen))
        var touched = false
        run(site, until: 16) { touched = touched || $0.nanogrid.batteries[1].main.isConducting }
        #expect(!touched)
        #expect(site.batteries[1].record.contactorCause == .preChargeFailed)
        #expect(site.batteries[0].record.command.converter.isOn)
        #expect(site.nanogrid.isAlive)
    }

    @Test("Equal batteries on equal cables share within 1 % of rating", arguments: 1...5)
    func sharesEqually(seed: UInt64) {
        let alone = DCSharing(mismatch: 0, restoration: .none).run(seed: seed)
        #expect(alone.error_percent < 1)
        let restored = DCSharing(mismatch: 0, restoration: .first).run(seed: seed)
        #expect(restored.error_percent < 1)
        #expect(abs(restored.bus_V - 48) < 0.15)
        #expect(alone.bus_V < 47.3)
    }

    @Test(
        "A longer cable costs what Ohm says: ΔR over the sum of droop and cable",
        arguments: [0.5, 1.0])
    func mismatch(mismatch: Double) {
        // Currents are inverse to droop + cable; at charge 0.6 the weight is 0.5 / 0.6.
        let droop = 0.05 * 0.5 / 0.6, one = droop + 0.01, other = droop + 0.01 * (1 + mismatch)
        for way in [DCSharing.Restoration.none, .first] {
            let trial = DCSharing(mismatch: mismatch, restoration: way)
            let outcome = trial.run(seed: 1)
            let total_A = trial.load_W / outcome.bus_V
            let wanted = 100 * total_A * (other - one) / (one + other) / 2 / 40
            #expect(abs(outcome.error_percent - wanted) < 0.5, "\(way): \(outcome) for \(wanted)")
        }
    }

    @Test("Steps of 10, 20 and 50 µs tell the same")
    func stepsDoNotMatter() {
        func end(_ step_s: Double) -> (v: Double, i: Double) {
            let site = DCSite(reference(), step_s: step_s, seed: 5)
            run(site, until: 3)
            return (site.nanogrid.bus_V, site.nanogrid.batteries[0].current_A)
        }
        let fine = end(10e-6), usual = end(20e-6), coarse = end(50e-6)
        #expect(abs(fine.v - usual.v) < 2e-3 && abs(fine.v - coarse.v) < 5e-3)
        #expect(abs(fine.i - usual.i) < 0.05 && abs(fine.i - coarse.i) < 0.1)
    }

    @Test("Bit for bit the same for a seed, another for another seed")
    func deterministic() {
        func trace(_ seed: UInt64) -> [[Float]] {
            let scenario = Scenario(
                title: "", profile: reference(), duration_s: 3, seed: seed,
                happenings: [
                    .init(at_s: 2, text: "demand", .demand(home: nil, factor: 2))
                ], hasClouds: true)
            var s = NanogridSimulation(scenario, command: "")
            return s.run().series.map(\.values)
        }
        func bits(_ t: [[Float]]) -> [[UInt32]] { t.map { $0.map(\.bitPattern) } }
        let first = bits(trace(7))
        #expect(first == bits(trace(7)))
        #expect(first != bits(trace(8)))
    }
}

@Suite("Charge on a DC site") struct DCChargeTests {
    /// Small batteries, so that minutes do what hours do.
    private func uneven(weight: Double) -> SiteProfile {
        reference { site in
            site.pv_W = 0
            site.critical_W = 300
            site.comfort_W = 0
            site.deferrable_W = 0
            for k in 0..<2 {
                site.batteries[k].battery_kWh = 0.1
                site.batteries[k].chargeWeight = weight
            }
            site.batteries[0].charge = 0.9
            site.batteries[1].charge = 0.6
        }
    }

    @Test(
        "Weighting by charge draws uneven batteries together; without it they keep their distance")
    func weightingEqualises() {
        func gap(_ weight: Double) -> Double {
            let site = DCSite(uneven(weight: weight), step_s: 50e-6, seed: 2)
            run(site, until: 1000)
            let b = site.nanogrid.batteries
            #expect(b.allSatisfy { $0.isRunning })
            return b[0].battery.charge - b[1].battery.charge
        }
        let weighted = gap(1), plain = gap(0)
        #expect(plain > 0.27, "\(plain)")
        #expect(weighted < 0.62 * plain && weighted > 0, "\(weighted) of \(plain)")
    }

    @Test("Low charge sheds in order, one group at a time, and charging brings them back")
    func shedsByCharge() throws {
        let profile = reference(batteries: 1) { site in
            site.batteries[0].battery_kWh = 0.1
            site.batteries[0].charge = 0.41
            site.pv_W = 400
            site.critical_W = 40
            site.comfort_W = 80
            site.deferrable_W = 80
            site.shedding.atCharge = [0.40, 0.37, 0.34]
            site.shedding.chargeMargin = 0.02
        }
        let scenario = Scenario(
            title: "shed", profile: profile, duration_s: 500,
            fidelity: .waveform(step_s: 50e-6),
            happenings: [
                .init(at_s: 250, text: "sun", .irradiance(home: nil, Wm2: 900))
            ], irradiance_Wm2: 0)
        var s = NanogridSimulation(scenario, command: "")
        let trace = s.run()
        let moves = trace.events.filter { $0.kind == .shed || $0.kind == .restore }.map(\.text)
        #expect(
            moves == [
                "charging load shed", "deferrable load shed", "comfort load shed",
                "comfort load restored", "deferrable load restored", "charging load restored",
            ], "\(moves)")
        let restores = trace.events.filter { $0.kind == .restore }.map(\.time_s)
        try #require(restores.count == 3)
        #expect(restores[1] - restores[0] >= 3 && restores[2] - restores[1] >= 3)
        #expect(s.tally.alive_s > 498)
    }

    @Test("A sagging voltage sheds the first group and no more")
    func shedsByVoltage() {
        // 0.208 Ω and 13.5 A bring the bus to 45.2 V.
        let profile = reference(batteries: 1) { site in
            site.batteries[0].droop_ohm = 0.208
            site.batteries[0].chargeWeight = 0
            site.shedding.restoreAbove = 46.5
            site.pv_W = 0
        }
        let scenario = Scenario(
            title: "sag", profile: profile, duration_s: 20,
            happenings: [
                .init(at_s: 0, text: "little", .demand(home: nil, factor: 0.5)),
                .init(at_s: 10, text: "more", .demand(home: nil, factor: 1.09)),
            ], irradiance_Wm2: 0)
        var s = NanogridSimulation(scenario, command: "")
        let moves = s.run().events.filter { $0.kind == .shed || $0.kind == .restore }
        #expect(moves.map(\.text) == ["charging load shed"], "\(moves)")
        #expect(s.site.nanogrid.bus_V > 45.5)
    }

    @Test("A converter at its limit gives up loads before it trips; a start under load does too")
    func shedsByOverload() {
        let profile = reference(batteries: 1) { site in
            site.batteries[0].most_A = 14
            site.pv_W = 0
        }
        for start in [0.5, 1.35] {
            let scenario = Scenario(
                title: "overload", profile: profile, duration_s: 8,
                happenings: [
                    .init(at_s: 0, text: "at first", .demand(home: nil, factor: start)),
                    .init(at_s: 4, text: "then", .demand(home: nil, factor: 1.35)),
                ], irradiance_Wm2: 0)
            var s = NanogridSimulation(scenario, command: "")
            var alive = 0.0
            while !s.isDone {
                s.step()
                if s.site.nanogrid.isAlive && s.site.time_s > 2.5 { alive += 1e-3 }
            }
            #expect(s.tally.sheds == 3, "\(start)")
            #expect(s.tally.batteries[0].trips == 0 && s.site.nanogrid.isAlive)
            #expect(alive > 4.4, "\(alive) s of 5.5 s")
        }
    }

    @Test("Full batteries turn the sun down in steps of a tenth, never off")
    func curtails() {
        let profile = reference { site in
            site.pv_W = 600
            site.comfort_W = 60
            site.deferrable_W = 60
            for k in 0..<2 {
                site.batteries[k].charge = 0.965
                site.batteries[k].battery_kWh = 0.3
            }
        }
        let scenario = Scenario(
            title: "full", profile: profile, duration_s: 260,
            fidelity: .waveform(step_s: 50e-6),
            happenings: [
                .init(at_s: 200, text: "nobody home", .demand(home: nil, factor: 0.3))
            ], irradiance_Wm2: 1000)
        var s = NanogridSimulation(scenario, command: "")
        var steps: [Double] = []
        var least = Double.infinity, was = -1.0
        while !s.isDone {
            s.step()
            let now = s.site.nanogrid.pvAllowed
            if was >= 0 && now != was { steps.append(now - was) }
            was = now
            if s.site.time_s > 40 { least = min(least, s.site.nanogrid.pvPower_W) }
        }
        #expect(s.tally.pvStepsDown >= 5)
        #expect(s.tally.pvShutDowns == 0)
        #expect(steps.allSatisfy { abs(abs($0) - 0.1) < 1e-3 }, "\(steps)")
        #expect(least > 30, "\(least) W")
        #expect(s.tally.highest_V < 56)
        #expect(s.tally.batteries.allSatisfy { $0.trips == 0 })
        #expect(s.site.nanogrid.batteries.allSatisfy { $0.battery.charge < 1.005 })
    }
}

@Suite("Faults on a DC site") struct DCFaultTests {
    @Test(
        "A blind bus voltage trips its converter and opens its contactor; the other carries on",
        arguments: [SensorFault.nan, .drop, .freeze, .stick(48)])
    func blindBus(fault: SensorFault) {
        let site = DCSite(reference(), seed: 4)
        run(site, until: 4)
        #expect(site.batteries.allSatisfy { $0.record.command.converter.isOn })
        site.apply(.sensor(board: "battery2", .scalar(.dcBusVoltage), fault))
        run(site, until: 4.5)
        let record = site.batteries[1].record
        #expect(!record.command.converter.isOn)
        #expect(record.sourceCause == .blind)
        #expect(!site.nanogrid.batteries[1].main.isConducting)
        #expect(!site.nanogrid.batteries[1].isRunning)
        #expect(site.nanogrid.isAlive && site.nanogrid.batteries[0].isRunning)
        site.apply(.sensor(board: "battery2", .scalar(.dcBusVoltage), nil))
        run(site, until: 20)
        #expect(site.batteries[1].record.command.converter.isOn)
        #expect(site.batteries[1].record.command.converter.voltage.isFinite)
    }

    @Test("Blind at the first battery: the sun is turned off, for nobody watches the voltage")
    func blindFirst() {
        let site = DCSite(reference { $0.pv_W = 1500 }, seed: 4)
        site.nanogrid.conditions.irradiance_Wm2 = 1000
        run(site, until: 30)
        #expect(site.nanogrid.pvPower_W > 300)
        site.apply(.sensor(board: "battery1", .scalar(.dcBusVoltage), .nan))
        run(site, until: 30.5)
        #expect(site.nanogrid.pvPower_W == 0)
        #expect(site.nanogrid.isAlive)
    }

    @Test("A welded contactor is named when it should open, and only a person ends it")
    func weld() {
        let site = DCSite(reference(), seed: 6)
        run(site, until: 4)
        site.apply(.relay(board: "battery1", .mainContactor, .weld))
        // Nothing shows while it should be closed.
        run(site, until: 5)
        #expect(site.batteries[0].record.contactor == .closed)
        site.apply(.sensor(board: "battery1", .scalar(.converterCurrent), .nan))
        run(site, until: 6)
        #expect(site.batteries[0].record.contactor == .welded)
        #expect(site.batteries[0].record.contactorCause == .welded)
        #expect(!site.batteries[0].record.command.converter.isOn)
        site.apply(.sensor(board: "battery1", .scalar(.converterCurrent), nil))
        run(site, until: 20)
        #expect(site.batteries[0].record.contactor == .welded)
        // Mended, but nobody has looked.
        site.apply(.relay(board: "battery1", .mainContactor, nil))
        run(site, until: 22)
        #expect(site.batteries[0].record.contactor == .welded)
        site.apply(.wish(island: nil, connect: nil, acknowledge: true))
        run(site, until: 26)
        #expect(site.batteries[0].record.contactor == .closed)
        #expect(site.batteries[0].record.command.converter.isOn)
    }

    @Test("A short circuit is limited, tripped, and survived")
    func shortCircuit() {
        let scenario = Scenario(
            title: "short", profile: reference(), duration_s: 24,
            happenings: [
                .init(at_s: 4, text: "short circuit", .busFault(ohm: 0.05)),
                .init(at_s: 6, text: "cleared", .busFault(ohm: nil)),
            ], irradiance_Wm2: 0)
        var s = NanogridSimulation(scenario, command: "")
        var worst = 0.0, over_s = 0.0
        while !s.isDone {
            s.step()
            let most = s.site.nanogrid.batteries.map { abs($0.current_A) }.max()!
            worst = max(worst, most)
            if most > 1.05 * 40 { over_s += 1e-3 }
        }
        // 20 mF fall in 1 ms: what the cables' inductance lets through until the limit bites.
        #expect(worst < 250 && over_s < 0.05, "\(worst) A, \(over_s) s")
        for b in s.site.batteries {
            // The stage of the bus's under-voltage is the second.
            #expect(b.record.sourceCause == .stage(1))
            #expect(b.record.command.converter.isOn)
        }
        #expect(s.tally.batteries.allSatisfy { $0.openingsHot == 0 && $0.openingsCold >= 1 })
        #expect(s.site.nanogrid.isAlive)
    }

    @Test("A driver that fails leaves its battery safe; the other carries the site")
    func driver() {
        let site = DCSite(reference(), seed: 9)
        run(site, until: 4)
        site.apply(.driver(board: "battery2", fails: true))
        run(site, until: 4.5)
        #expect(!site.nanogrid.batteries[1].isRunning)
        #expect(!site.nanogrid.batteries[1].main.isConducting)
        #expect(site.nanogrid.isAlive)
        #expect(!site.apply(.driver(board: "nobody", fails: true)))
        #expect(!site.apply(.wind(home: nil, mps: 3)))
    }
}
