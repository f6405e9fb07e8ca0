import Quantities

/// Frequency-droop (IEEE 1547-2018, 6.5.2.7, table 22; LFSM-O and LFSM-U of EN 50549-1, 4.6).
///
///     over:   p = max(p_pre − base · (f − f_n − db_o) / (f_n · k_o), lowest)
///     under:  p = min(p_pre + base · (f_n − db_u − f) / (f_n · k_u), 1)
///
/// p_pre is the power that flowed when the dead band was left; base is 1 (of the rating) or p_pre.
/// Back inside the dead band power returns to p_pre, or to what is asked for, and then is free.
struct FrequencyDroop: Sendable, BitwiseCopyable {
    enum Phase: UInt8, BitwiseCopyable {
        /// Frequency is inside the dead band and power is free.
        case rest
        case over, under
        /// Inside again, on the way back to the power of before, then to what is asked for.
        case returning, freeing
    }
    private(set) var phase = Phase.rest
    private var before: Float = 0
    private var waited: UInt32 = 0
    private var response = OpenLoopResponse()

    /// The power it demands, per unit; meaningful unless at rest.
    var power: Float { response.now }

    mutating func rest() { phase = .rest }

    /// - Parameters:
    ///   - frequency: NaN or nil where it is not known: everything holds.
    ///   - flowing: active power before any disturbance, per unit of the rating out.
    ///   - normal: what would flow were there no droop, per unit.
    ///   - returnsToNormal: what is asked for is known to be what would flow (storage).
    ///   - lowest: the least power, per unit; negative where it can charge.
    mutating func step(
        _ s: FrequencyDroopSettings, frequency: Hertz, nominal: Hertz, flowing: Float,
        normal: Float, returnsToNormal: Bool, lowest: Float, elapsed: UInt32, passed: Double
    ) {
        guard frequency.value > 0, frequency.isFinite else { return }
        let above = frequency.value - nominal.value - s.over.deadBand.value
        let below = nominal.value - s.under.deadBand.value - frequency.value
        let isOver = s.over.isEnabled && above > 0
        let isUnder = s.under.isEnabled && below > 0
        guard isOver || isUnder else {
            release(
                s, left(s.response, nominal), normal: normal, returnsToNormal: returnsToNormal,
                passed: passed)
            return
        }
        let side = isOver ? Phase.over : .under
        if phase != side {
            let wasFree = phase == .rest || phase == .freeing
            // Out again before power had come back: the power of before is still that.
            if wasFree || phase == .over || phase == .under {
                before = wasFree && flowing.isFinite ? flowing : response.now
                if !before.isFinite { before = normal }
            }
            // Free, a ceiling may have risen above what flows: power falls from what flows.
            if phase == .rest || (wasFree && flowing.isFinite) { response.jump(to: before) }
            waited = 0
            phase = side
        }
        waited = longer(waited, by: elapsed)
        guard waited > s.delay else { return }
        let base = s.base == .rated ? 1 : before.magnitude
        let target =
            isOver
            ? max(before - base * above / (nominal.value * s.over.droop), lowest)
            : min(before + base * below / (nominal.value * s.under.droop), 1)
        response.step(towards: target, response: left(s.response, nominal), passed: passed)
    }

    /// Of the open-loop response time what the meter leaves: it takes 3 cycles to see a step of
    /// frequency. At least half.
    private func left(_ whole: Seconds, _ nominal: Hertz) -> Seconds {
        max(whole - Seconds(3 / nominal.value), whole * 0.5)
    }

    private mutating func release(
        _ s: FrequencyDroopSettings, _ within: Seconds, normal: Float, returnsToNormal: Bool,
        passed: Double
    ) {
        guard phase != .rest, normal.isFinite else { return }
        if phase == .over || phase == .under { phase = returnsToNormal ? .freeing : .returning }
        let last = response.now
        let target = phase == .returning ? min(before, normal) : normal
        response.step(towards: target, response: within, passed: passed)
        response.hold(below: max(last, last + s.release_per_s * Float(passed)))
        let left = (response.now - target).magnitude
        if phase == .returning && left < 0.005 {
            phase = .freeing
        } else if phase == .freeing && left < 0.001 {
            phase = .rest
        }
    }
}
