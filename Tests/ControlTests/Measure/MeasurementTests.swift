import Quantities
import Testing
import skerry_measure

/// A network and a sampling of it.
struct Network: Sendable, CustomTestStringConvertible {
    var nominal_Hz: Double
    var phases: Int
    var rate_Hz: Double
    var testDescription: String { "\(Int(nominal_Hz)) Hz, \(phases) ~, \(Int(rate_Hz)) samples/s" }

    static var all: [Network] {
        var list: [Network] = []
        for nominal in [50.0, 60] {
            for phases in [1, 3] {
                for rate in [4000.0, 8000, 10_000, 20_000] {
                    list.append(Network(nominal_Hz: nominal, phases: phases, rate_Hz: rate))
                }
            }
        }
        return list
    }
}

@Suite("IEEE 1547-2018 Table 3")
struct MeasurementTests {
    @Test("Every condition holds on every network", arguments: Network.all)
    func holds(network: Network) {
        var broken: [String] = []
        for trial in MeasurementTrial.all(nominal_Hz: network.nominal_Hz) {
            for seed in 3...5 as ClosedRange<UInt64> {
                let r = trial.run(
                    nominal_Hz: network.nominal_Hz, phases: network.phases,
                    rate_Hz: network.rate_Hz, seed: seed)
                if !trial.holds(r) { broken.append("\(trial.name), seed \(seed): \(r)") }
            }
        }
        #expect(broken.isEmpty, "\(broken)")
    }

    @Test("RMS answers within one cycle and 1.2 ms, frequency held at most 4 cycles")
    func settling() {
        var broken: [String] = []
        for network in Network.all {
            let cycle_ms = 1000 / network.nominal_Hz
            for trial in MeasurementTrial.steps
            where trial.name.hasPrefix("sag") || trial.name.hasPrefix("phase jump") {
                let r = trial.run(
                    nominal_Hz: network.nominal_Hz, phases: network.phases,
                    rate_Hz: network.rate_Hz, seed: 9)
                if r.voltageSettled_ms > cycle_ms + 1.2 || r.disturbed_ms > 4 * cycle_ms {
                    broken.append("\(network) \(trial.name): \(r)")
                }
            }
        }
        #expect(broken.isEmpty, "\(broken)")
    }

    @Test("Voltage that returns is settled within 4 cycles, 5.5 where 3 Hz off nominal")
    func returning() {
        var broken: [String] = []
        for network in Network.all {
            let cycle_ms = 1000 / network.nominal_Hz
            for trial in MeasurementTrial.steps where trial.name.hasPrefix("voltage returns") {
                let most = trial.course.offset_Hz == 0 ? 4.0 : 5.5
                for seed in 1...8 as ClosedRange<UInt64> {
                    let r = trial.run(
                        nominal_Hz: network.nominal_Hz, phases: network.phases,
                        rate_Hz: network.rate_Hz, seed: seed * 11)
                    if r.unsettled_ms > most * cycle_ms { broken.append("\(network): \(r)") }
                }
            }
        }
        #expect(broken.isEmpty, "\(broken)")
    }

    @Test("A jump of 20° is a vector shift of 20°, and no ROCOF beyond 1 Hz/s over 500 ms")
    func lossOfMains() {
        var broken: [String] = []
        for network in Network.all {
            for trial in MeasurementTrial.steps where trial.name.hasPrefix("phase jump") {
                for seed in 1...4 as ClosedRange<UInt64> {
                    let r = trial.run(
                        nominal_Hz: network.nominal_Hz, phases: network.phases,
                        rate_Hz: network.rate_Hz, seed: seed * 7, rocofWindow: Seconds(0.5))
                    if !(r.rocof_Hz_s < 1 && abs(r.shift_deg - 20) < 1.5) {
                        broken.append("\(network): \(r)")
                    }
                }
            }
        }
        #expect(broken.isEmpty, "\(broken)")
    }

    @Test("A ramp of 3 Hz/s reads as one, and 1 Hz/s as no more than 1.1 over 500 ms")
    func rocof() {
        var broken: [String] = []
        for network in Network.all {
            for trial in MeasurementTrial.ramps(nominal_Hz: network.nominal_Hz) {
                let slope = abs(trial.course.ramp_Hz_s)
                let r = trial.run(
                    nominal_Hz: network.nominal_Hz, phases: network.phases,
                    rate_Hz: network.rate_Hz, seed: 2, rocofWindow: Seconds(0.5))
                if abs(r.rocof_Hz_s - slope) > 0.1 { broken.append("\(network): \(r)") }
            }
        }
        #expect(broken.isEmpty, "\(broken)")
    }
}
