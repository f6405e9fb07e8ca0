/// Whether a channel stands still enough for a point, and why not.
///
/// The bar follows from the accuracy asked for at the reading, here `allowed` (half the width of its
/// band):
///
/// - The mean must be known to a tenth of it: it then adds 0.5 % to what is allowed, by root of
///   squares. No better than one rounding of the converter is ever asked.
/// - It may drift by a quarter of it over the window, for the meter is read within that time. A
///   slope below twice its own uncertainty is noise.
/// - Not one reading may be saturated, nor the last one old.
public struct Steadiness: Equatable, Sendable {
    public enum Fault: Equatable, Sendable {
        /// Seconds since the last reading; nil: never one.
        case silent(age_s: Double?)
        /// Seconds of readings that are there, of those needed.
        case gathering(have_s: Double, need_s: Double)
        /// Share of the readings, 0 ... 1.
        case saturated(share: Double)
        /// Standard uncertainty of the mean, and its limit, in the channel's unit.
        case noisy(uncertainty: Double, limit: Double)
        /// The mean is unsure because readings follow each other: a step, or a slow wander. Their
        /// standard deviation, in the channel's unit.
        case unsettled(deviation: Double)
        /// In the channel's unit a second, and its limit.
        case drifting(perSecond: Double, limit: Double)
    }
    public var faults: [Fault] = []
    /// Every reading is the same number. A quiet converter may do that; so does a dead one.
    public var isStuck = false
    public var isSteady: Bool { faults.isEmpty }

    /// Of figures out of a window of `span_s`, for a channel as `plan` has it.
    public init(_ figures: WindowFigures?, plan: ChannelPlan, span_s: Double) {
        guard let figures else {
            faults = [.silent(age_s: nil)]
            return
        }
        let gain = plan.nominal.gain.magnitude
        let interval = figures.covered_s / Double(max(1, figures.count - 1))
        isStuck =
            figures.deviation == 0 && figures.count >= 5 && figures.saturatedShare == 0
        // Slow thermometers answer every few seconds; three of their own intervals are silence.
        if figures.age_s > max(1, 3 * interval) { faults.append(.silent(age_s: figures.age_s)) }
        if figures.saturatedShare > 0 { faults.append(.saturated(share: figures.saturatedShare)) }
        let need_s = 0.8 * span_s
        if figures.covered_s < need_s || figures.count < 5 {
            faults.append(.gathering(have_s: figures.covered_s, need_s: need_s))
            return
        }
        let allowed = plan.required.allowed(at: plan.nominal.reading(figures.mean))
        let rounding = plan.nominal.resolution.magnitude * gain / 12.0.squareRoot()
        let limit = max(allowed / 10, rounding)
        let uncertainty = figures.meanUncertainty * gain
        let drift = figures.driftPerSecond * plan.nominal.gain
        let most = max(allowed / 4, rounding) / span_s
        if drift.magnitude > most && drift.magnitude > 2 * figures.driftUncertainty * gain {
            faults.append(.drifting(perSecond: drift, limit: most))
        } else if uncertainty > limit {
            // A drift makes readings alike and their mean unsure: one of the two is the cause.
            let isSlow = figures.independent < Double(figures.count) / 2
            faults.append(
                isSlow
                    ? .unsettled(deviation: figures.deviation * gain)
                    : .noisy(uncertainty: uncertainty, limit: limit))
        }
    }

    /// `drifting 12 mV per s; 2 mV is steady`.
    public static func words(_ fault: Fault, unit: String) -> String {
        switch fault {
        case .silent(nil): "no readings"
        case .silent(let age?): "no new reading for \(Digits.significant(age, 2)) s"
        case .gathering(let have, let need):
            "gathering, \(Digits.fixed(have, 1)) of \(Digits.fixed(need, 1)) s"
        case .saturated(let share):
            "saturated in \(max(1, Int((share * 100).rounded()))) % of its readings"
        case .noisy(let u, let limit):
            "too noisy: mean known to ±\(Digits.quantity(2 * u, unit)), "
                + "needed ±\(Digits.quantity(2 * limit, unit))"
        case .unsettled(let deviation):
            "not settled: ±\(Digits.quantity(deviation, unit)) over the last seconds"
        case .drifting(let rate, let limit):
            "drifting \(Digits.quantity(rate, unit)) per s; "
                + "below \(Digits.quantity(limit, unit)) is steady"
        }
    }
}
