import BoardProfile
import Plant
import Testing

@testable import Scenario

@Suite("Random worlds")
struct WorldTests {
    @Test(
        "Nothing happens that must never happen", arguments: 0..<80 as Range<UInt64>)
    func guarded(seed: UInt64) {
        let (violations, _) = World(seed: seed, base: VillageFixture.site).live()
        #expect(
            violations.isEmpty,
            "\(violations) — on the shipped village: skerry worlds --from \(seed) --count 1 --events"
        )
    }

    @Test("A seed is a world for ever, and two seeds are two")
    func repeatable() {
        let base = VillageFixture.site
        let a = World(seed: 7, base: base).live().simulation
        let b = World(seed: 7, base: base).live().simulation
        let c = World(seed: 8, base: base).live().simulation
        #expect(a.recording.trace.events == b.recording.trace.events)
        #expect(a.village.microgrid.network.fingerprint == b.village.microgrid.network.fingerprint)
        #expect(a.village.microgrid.network.fingerprint != c.village.microgrid.network.fingerprint)
    }

    @Test("The guardian sees a dead grid that is fed")
    func feedsDeadGrid() {
        // It is told that the grid is gone, and it is not: what it sees then is a stub with voltage
        // behind a closed switch.
        var simulation = Simulation(
            Scenario(title: "", profile: VillageFixture.site, duration_s: 8), command: "")
        var guardian = Guardian(simulation.village)
        while !simulation.isDone {
            simulation.step()
            if simulation.village.time_s > 5 { guardian.gridGone_s = 5 }
            guardian.watch(simulation.village)
        }
        #expect(guardian.violations.map(\.rule) == ["feeds a dead grid"])
    }

    @Test("The guardian sees a blind channel that is called healthy")
    func seesBlind() {
        var simulation = Simulation(
            Scenario(title: "", profile: VillageFixture.site, duration_s: 5), command: "")
        var guardian = Guardian(simulation.village)
        guardian.sensorFaults["mill"] = [(.wave(.busA), .freeze, 3)]
        while !simulation.isDone {
            simulation.step()
            guardian.watch(simulation.village)
        }
        #expect(guardian.violations.contains { $0.rule == "calls a blind channel healthy" })
        #expect(guardian.violations.contains { $0.rule == "runs a source while blind" })
    }
}
