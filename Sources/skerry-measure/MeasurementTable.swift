import Foundation

/// The trials as a Markdown table: the worst of four sample rates and of several points on wave.
enum MeasurementTable {
    static func print() {
        Swift.print(
            """
            | condition | network | V % | V1, V2 % | I % | f mHz | f worst mHz | P, Q % of S | phase ° \
            | ROCOF Hz/s | shift ° | V within 2 %, ms | f and phase, ms | held, ms \
            | unsettled, ms | limits V, f | holds |
            |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
            """)
        for nominal in [50.0, 60] {
            for phases in [3, 1] {
                for trial in MeasurementTrial.all(nominal_Hz: nominal) {
                    row(trial, nominal, phases)
                }
            }
        }
    }

    private static func row(_ trial: MeasurementTrial, _ nominal: Double, _ phases: Int) {
        var r = MeasurementTrial.Result()
        for rate in [4000.0, 8000, 10_000, 20_000] {
            for seed in 1...(trial.kind == .step ? 6 : 1) as ClosedRange<UInt64> {
                r.absorb(
                    trial.run(
                        nominal_Hz: nominal, phases: phases, rate_Hz: rate,
                        seed: seed * 16))
            }
        }
        let cells = [
            trial.name, "\(Int(nominal)) Hz, \(phases) ~", f(r.voltage_pct, 2),
            f(r.sequence_pct, 2), f(r.current_pct, 2), f(r.frequency_mHz, 1),
            f(r.instant_mHz, 0), f(r.power_pct, 2), f(r.phase_deg, 2), f(r.rocof_Hz_s, 2),
            f(r.shift_deg, 1), f(r.voltageSettled_ms, 0), f(r.phaseSettled_ms, 0),
            f(r.disturbed_ms, 0), f(r.unsettled_ms, 0),
            "\(f(trial.voltageLimit_pct, 0)) %, \(f(trial.frequencyLimit_mHz, 0)) mHz",
            trial.holds(r) ? "yes" : "**no**",
        ]
        Swift.print("| " + cells.joined(separator: " | ") + " |")
    }

    private static func f(_ x: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", x)
    }
}
