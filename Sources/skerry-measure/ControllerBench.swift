import BoardProfile
import Control
import Loop
import Plant
import Scenario

/// What one tick costs a board: the whole controller of a home, and its meter alone.
enum ControllerBench {
    static let words = """
        controller-tick: ns for a whole tick of a home's controller at 1000 ticks and 20 000
        samples a second, on samples taken from a village that loses the grid. -chip: the same
        behind a meter chip. meter-sample: ns a sample of the waveform meter alone. They inform.
        """

    static func lines() -> [BenchLine] {
        [
            BenchLine(
                name: "controller-tick", ours: tick_ns(Sensing(rate_Hz: 1000, samplesPerTick: 20))),
            BenchLine(
                name: "controller-tick-chip",
                ours: tick_ns(Sensing(rate_Hz: 1000, samplesPerTick: 0))),
            BenchLine(name: "meter-sample", ours: MeterCost.nanosecondsPerSample(rate_Hz: 20_000)),
        ]
    }

    private static func tick_ns(_ sensing: Sensing) -> Double {
        let profile = SampleVillage.profile
        let village = Village(
            profile, sensing: sensing, fidelity: .waveform(step_s: 50e-6), seed: 1)
        // 3 s tied, 3 s of island.
        var seen: [(sample: Sample, wish: Setpoints)] = []
        for n in 0..<6000 {
            if n == 3000 { village.apply(.grid(.loss)) }
            village.turn()
            seen.append((village.homes[0].runner.sample, village.homes[0].wish))
        }
        let rounds = (0..<9).map { _ -> Double in
            var controller = Controller(profile.settings(profile.homes[0], sensing))
            var record = Record()
            let spent = cpuTime_s(of: {
                for k in seen.indices {
                    controller.tick(seen[k].sample, wanting: seen[k].wish, into: &record)
                }
            })
            precondition(record.tick == village.now)
            return spent / Double(seen.count) * 1e9
        }
        return median(rounds)
    }
}
