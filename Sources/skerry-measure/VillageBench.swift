import BoardProfile
import Plant
import Scenario

/// What a simulated day of a village costs, everything in it.
enum VillageBench {
    static let words = """
        village-day: CPU seconds for a day of four homes: phasor plant, sensors, five controllers,
        figures and trace at 100 ticks a second, grid lost for a third of the time. Measured on one
        hour and multiplied by 24; --full lives the day. No peer; the bar is 600 s.
        """

    static func lines(isFull: Bool) -> [BenchLine] {
        let hours = isFull ? 24.0 : 1
        let length_s = hours * 3600
        let scenario = Scenario(
            title: "Bench", profile: SampleVillage.profile, duration_s: length_s, seed: 1,
            fidelity: .phasor(step_s: 0.01), sensing: Sensing(rate_Hz: 100, samplesPerTick: 0),
            happenings: [
                .init(at_s: length_s / 3, text: "grid fails", .grid(.loss)),
                .init(
                    at_s: 2 * length_s / 3, text: "grid returns",
                    .grid(.restoration(phase_deg: nil))),
            ], hasClouds: true)
        var islanded = 0
        var ticks = 0
        let spent = cpuTime_s(of: {
            var simulation = Simulation(scenario, command: "skerry-measure bench")
            while !simulation.isDone {
                simulation.step()
                ticks += 1
                if case .islanded = simulation.village.coupling.record.islanding { islanded += 1 }
            }
            _ = simulation.finish()
        })
        // A village that died, or never met its outage, would be cheap.
        precondition(islanded > ticks / 4 && islanded < ticks / 2, "\(islanded) of \(ticks) ticks")
        return [BenchLine(name: "village-day", ours: spent * 24 / hours, bar: 600)]
    }
}
