import BoardProfile
import Scenario
import Testing

private func shipped() throws -> SiteProfile {
    try #require(SiteProfile.load(boardsFolder + "/sim-dc48").value)
}

@Suite("boards/sim-dc48") struct ShippedBoardTests {
    @Test("Starts from cold, lives on, and keeps its loads fed")
    func runs() throws {
        let scenario = Scenario(
            title: "", profile: try shipped(), duration_s: 60, fidelity: .waveform(step_s: 50e-6),
            irradiance_Wm2: 800, hasClouds: true)
        var s = NanogridSimulation(scenario, command: "")
        let trace = s.run()
        #expect(s.tally.batteries.allSatisfy { $0.trips == 0 && $0.worstTouch_V < 1.5 })
        #expect(s.tally.alive_s > 58 && s.tally.highest_V < 50.5)
        #expect(!trace.events.contains { $0.kind == .trip || $0.kind == .fault })
    }

    @Test("Varied at random, it breaks no rule", arguments: 200..<220 as Range<UInt64>)
    func worlds(seed: UInt64) throws {
        let (violations, simulation) = NanogridWorld(seed: seed, base: try shipped()).live()
        #expect(
            violations.isEmpty,
            "seed \(seed): \(violations); \(simulation.scenario.happenings.map(\.text))")
    }
}
