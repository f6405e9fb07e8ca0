import Control
import Foundation
import Quantities

/// One condition held against IEEE 1547-2018 Table 3: a waveform is fed to an `ACMeter`, read
/// once a millisecond, and compared with the truth.
///
/// Steady: every reading's voltage, P and Q, and the frequency over 60 cycles. Transient: every
/// reading's voltage, P and Q from two cycles after the event on, and the frequency over 5 cycles.
public struct MeasurementTrial: Sendable {
    public enum Kind: Sendable { case steady, ramp, step }

    public let name: String
    public let kind: Kind
    public let course: Waveform.Course
    public let dirt: Waveform.Dirt
    public let duration_s: Double
    /// Cycles after the event before frequency is judged: 0 where it never changed, more where it
    /// did at once, or where there was no voltage to have one.
    public var grace_cycles = 0.0
    /// What the disturbance itself may add to voltage and power, in percent: a glitch or a notch
    /// is part of the true RMS.
    public var allowance_pct = 0.0

    /// Errors found. Voltage, P and Q in percent of nominal; times in ms after the event.
    public struct Result: Sendable {
        public var voltage_pct = 0.0
        public var sequence_pct = 0.0
        public var current_pct = 0.0
        public var power_pct = 0.0
        /// Over 60 cycles (steady) or 5 cycles (otherwise).
        public var frequency_mHz = 0.0
        /// The worst single reading.
        public var instant_mHz = 0.0
        public var phase_deg = 0.0
        public var rocof_Hz_s = 0.0
        public var shift_deg = 0.0
        /// Until voltages stay within 2 % of nominal.
        public var voltageSettled_ms = 0.0
        /// Until frequency stays within 100 mHz and phase within 1.5° (3° at a ramp).
        public var phaseSettled_ms = 0.0
        public var disturbed_ms = 0.0
        public var unsettled_ms = 0.0
        public var finalFrequency_Hz = 0.0

        /// The worse of the two, figure by figure.
        public mutating func absorb(_ other: Result) {
            voltage_pct = max(voltage_pct, other.voltage_pct)
            sequence_pct = max(sequence_pct, other.sequence_pct)
            current_pct = max(current_pct, other.current_pct)
            power_pct = max(power_pct, other.power_pct)
            frequency_mHz = max(frequency_mHz, other.frequency_mHz)
            instant_mHz = max(instant_mHz, other.instant_mHz)
            phase_deg = max(phase_deg, other.phase_deg)
            rocof_Hz_s = max(rocof_Hz_s, other.rocof_Hz_s)
            shift_deg = max(shift_deg, other.shift_deg)
            voltageSettled_ms = max(voltageSettled_ms, other.voltageSettled_ms)
            phaseSettled_ms = max(phaseSettled_ms, other.phaseSettled_ms)
            disturbed_ms = max(disturbed_ms, other.disturbed_ms)
            unsettled_ms = max(unsettled_ms, other.unsettled_ms)
            finalFrequency_Hz = max(finalFrequency_Hz, other.finalFrequency_Hz)
        }
    }

    /// IEEE 1547-2018 Table 3; the phase is ours, for the synchronism check.
    public var voltageLimit_pct: Double { kind == .steady ? 1 : 2 }
    public var frequencyLimit_mHz: Double { kind == .steady ? 10 : 100 }
    public var powerLimit_pct: Double { 5 }
    public var phaseLimit_deg: Double { 1 }

    public func holds(_ r: Result) -> Bool {
        r.voltage_pct <= voltageLimit_pct + allowance_pct
            && r.sequence_pct <= voltageLimit_pct + allowance_pct
            && r.frequency_mHz <= frequencyLimit_mHz
            && r.power_pct <= powerLimit_pct + allowance_pct
            && (kind != .steady || r.phase_deg <= phaseLimit_deg)
    }

    public func run(
        nominal_Hz: Double, phases: Int, rate_Hz: Double, seed: UInt64,
        rocofWindow: Seconds? = nil
    ) -> Result {
        var wave = Waveform(
            nominal_Hz: nominal_Hz, phases: phases, rate_Hz: rate_Hz, course: course, dirt: dirt,
            seed: seed)
        let volts = 230.0
        let amperes = 20.0
        var meter = ACMeter(
            ACMeterSettings(
                nominalFrequency: Hertz(Float(nominal_Hz)), nominalVoltage: Volts(Float(volts)),
                phases: phases, sampleRate: Hertz(Float(rate_Hz)),
                nominalCurrent: Amperes(Float(amperes)), rocofWindow: rocofWindow))
        let nominalPower = Double(phases) * volts * amperes
        let block = Int(rate_Hz / 1000)
        let cycle_s = 1 / nominal_Hz
        let from_s = kind == .steady ? 0.4 : course.event_s
        let grace_s = kind == .steady ? 0 : max(2, grace_cycles) * cycle_s
        let settledFrequency = 100.0
        let settledPhase = kind == .ramp ? 3.0 : 1.5
        var result = Result()
        var errors: [Double] = []
        let span = Int((kind == .steady ? 60 : 5) * cycle_s * 1000)
        var sum = 0.0

        for tick in 0..<Int(duration_s * 1000) {
            for _ in 0..<block {
                let (v, i) = wave.next()
                meter.take(
                    va: Float(v[0] * volts), vb: Float(v[1] * volts), vc: Float(v[2] * volts),
                    ia: Float(i[0] * amperes), ib: Float(i[1] * amperes),
                    ic: Float(i[2] * amperes))
            }
            let m = meter.read()
            let now_s = Double(tick + 1) / 1000
            let truth = wave.truth
            guard now_s > from_s else { continue }
            let since_ms = (now_s - from_s) * 1000
            let seen = [m.phaseA, m.phaseB, m.phaseC]
            let worst = (0..<phases).map {
                abs(Double(seen[$0].value) / volts - truth.phases[$0]) * 100
            }.max()!
            let sequence =
                max(
                    abs(Double(m.positive.value) / volts - truth.positive),
                    abs(Double(m.negative.value) / volts - truth.negative)) * 100
            let current = abs(Double(m.currentA.value) / amperes - truth.current) * 100
            let power =
                max(
                    abs(Double(m.active.value) / nominalPower - truth.active),
                    abs(Double(m.reactive.value) / nominalPower - truth.reactive)) * 100
            let frequency = (Double(m.frequency.value) - truth.frequency_Hz) * 1000
            let turns = truth.turns - truth.turns.rounded(.down)
            let phase = abs(Double((m.phase - Turns(raw: UInt32(turns * 4_294_967_295))).degrees))
            result.finalFrequency_Hz = Double(m.frequency.value)
            if !m.isSettled { result.unsettled_ms = since_ms }
            if m.isDisturbed { result.disturbed_ms = since_ms }
            if max(worst, sequence) > 2 { result.voltageSettled_ms = since_ms }
            if abs(frequency) > settledFrequency || phase > settledPhase {
                result.phaseSettled_ms = since_ms
            }
            result.rocof_Hz_s = max(result.rocof_Hz_s, Double(m.rocof.value.magnitude))
            result.shift_deg = max(result.shift_deg, Double(m.vectorShift.magnitude))
            if m.isSettled && m.frequency.value > 0 {
                result.instant_mHz = max(result.instant_mHz, abs(frequency))
            }
            let late = now_s > from_s + grace_s
            if late {
                result.voltage_pct = max(result.voltage_pct, worst)
                result.sequence_pct = max(result.sequence_pct, sequence)
                result.current_pct = max(result.current_pct, current)
                result.power_pct = max(result.power_pct, power)
                if kind != .step || now_s > from_s + 5 * cycle_s {
                    result.phase_deg = max(result.phase_deg, phase)
                }
            }
            guard now_s > from_s + grace_cycles * cycle_s else { continue }
            errors.append(frequency)
            sum += frequency
            if errors.count > span { sum -= errors[errors.count - 1 - span] }
            if errors.count >= span {
                result.frequency_mHz = max(result.frequency_mHz, abs(sum) / Double(span))
            }
        }
        return result
    }
}
