/// What a point must pass, in this order. Each throws with a sentence and a remedy.
extension ChannelSession {
    private var unit: String { plan.channel.unit }
    private func text(_ value: Double) -> String {
        let u = max(plan.required.allowed(at: value) / 5, plan.fullScale * 1e-5)
        return Digits.matched(value, to: u) + (unit.isEmpty ? "" : " \(unit)")
    }

    func steady(_ figures: WindowFigures?, span_s: Double) throws(PointRefusal) -> WindowFigures {
        let steadiness = Steadiness(figures, plan: plan, span_s: span_s)
        guard let fault = steadiness.faults.first else {
            if let figures { return figures }
            throw PointRefusal(.silent, "No readings.", "Is the board powered?")
        }
        let words = "\(plan.channel.key): \(Steadiness.words(fault, unit: unit))."
        switch fault {
        case .silent:
            throw PointRefusal(
                .silent, words, "`skerry probe` says whether its chip answers; then take it again.")
        case .saturated:
            throw PointRefusal(
                .saturated, words, "Set a smaller level, or a wider range in the board file.")
        case .gathering:
            throw PointRefusal(.unsteady, words, "Wait until it says steady.")
        case .noisy:
            throw PointRefusal(
                .unsteady, words, "Twist and shorten the leads, or use a quieter source.")
        case .drifting, .unsettled:
            throw PointRefusal(.unsteady, words, "Let the source and the load settle.")
        }
    }

    /// The reference moved since the last point: so must this channel have.
    func moved(
        _ seen: WindowFigures, from marks: [Calibrated: WindowFigures], _ reference: Double,
        _ last: Double, _ moment: Moment
    ) throws(PointRefusal) {
        guard let mark = marks[plan.channel],
            (reference - last).magnitude > plan.required.allowed(at: reference)
        else { return }
        let step = ((seen.mean - mark.mean) * plan.nominal.gain).magnitude
        let expected = ((reference - last) / ratio).magnitude
        guard step < 0.1 * expected else { return }
        let own = Self.inNoise(seen, mark, plan.nominal)
        var (other, most): (Calibrated?, Double) = (nil, max(10, own))
        for (channel, window) in moment.windows where channel != plan.channel {
            guard let before = marks[channel], let now = window.figures(at: moment.time_s) else {
                continue
            }
            let size = Self.inNoise(now, before, window.nominal)
            let isFirst = size == most && channel.key < (other?.key ?? "")
            if size > most || isFirst { (other, most) = (channel, size) }
        }
        let said = "The meter went from \(text(last)) to \(text(reference)); "
        guard let other else {
            throw PointRefusal(
                .unmoved, said + "\(plan.channel.key) did not move, nor did any other channel.",
                "Check the leads and the meter's socket and range.")
        }
        throw PointRefusal(
            .wrongChannel, said + "\(other.key) moved, \(plan.channel.key) did not.",
            "Connect the source to \(plan.channel.key), or mend `from` of the two in the board file.",
            other: other)
    }

    /// How far a channel moved, in standard deviations of one of its readings.
    static func inNoise(_ now: WindowFigures, _ before: WindowFigures, _ nominal: Nominal) -> Double
    {
        let rounding = nominal.resolution.magnitude / 12.0.squareRoot()
        let noise = max(now.deviation, before.deviation, rounding, now.mean.magnitude * 1e-9)
        return noise > 0 ? (now.mean - before.mean).magnitude / noise : 0
    }

    /// No second point where one is.
    func unlike(
        _ seen: WindowFigures, _ reference: Double, except: Int?
    ) throws(PointRefusal) {
        let sameReference = max(plan.required.allowed(at: reference) / 10, meter.resolution / 2)
        for (n, point) in points.enumerated() where n != except {
            let u = seen.meanUncertainty
            let v = point.deviation / Double(max(1, point.count)).squareRoot()
            let noise = max(3 * (u * u + v * v).squareRoot(), plan.nominal.resolution.magnitude)
            guard (seen.mean - point.raw).magnitude <= noise,
                (reference - point.reference).magnitude <= sameReference
            else { continue }
            throw PointRefusal(
                .duplicate, "This is point \(n + 1) again: \(text(point.reference)).",
                "Set another level, or redo point \(n + 1).")
        }
    }

    /// A hidden error may be 15 % of the reading and 5 % of the span: beyond that something is not
    /// what it is said to be.
    func isPlausible(_ reading: Double, _ reference: Double, ratio: Double) -> Bool {
        let expected = reading * ratio
        let size = max(expected.magnitude, reference.magnitude)
        return (expected - reference).magnitude <= 0.15 * size + 0.05 * plan.fullScale
    }

    func plausible(
        _ seen: WindowFigures, _ reference: Double, _ moment: Moment
    ) throws(PointRefusal) {
        let reading = plan.nominal.reading(seen.mean)
        if isPlausible(reading, reference, ratio: ratio) { return }
        let said =
            "\(plan.channel.key) reads \(text(reading)) where the meter says "
            + "\(text(reference))"
        if isPlausible(reading, reference, ratio: -1) {
            let what =
                unit == "A" ? "current sensor reversed?" : "leads or sensor the wrong way round?"
            throw PointRefusal(
                .reversed, said + ": \(what)",
                "Turn it round, or confirm: the calibration then turns the sign.",
                canBeConfirmed: true)
        }
        // Nothing here, and the value there: the leads are on the other one.
        if reading.magnitude < 0.1 * reference.magnitude,
            let other = showing(reference, in: moment)
        {
            throw PointRefusal(
                .wrongChannel, said + "; \(other.key) shows it.",
                "Connect the source to \(plan.channel.key), or mend `from` of the two in the board file.",
                other: other)
        }
        guard reading.magnitude > 0.01 * plan.fullScale else {
            throw PointRefusal(
                .implausible, said + ".",
                "Check the leads; the channel does not see the source.")
        }
        let factor = Digits.significant(reference / reading, 3)
        let known = RatioMistake.find(reference / reading).map { " " + $0.sentence } ?? ""
        throw PointRefusal(
            .implausible, said + ": \(factor) times the reading." + known,
            "Check the number and the meter's range. A shunt, CT or divider of another ratio than "
                + "the board file's: confirm.", canBeConfirmed: reference != 0)
    }

    /// Of a waveform whose phase the meter knows: its sensor the right way round, on its own phase.
    func aligned(_ seen: WindowFigures, _ phase_deg: Double?) throws(PointRefusal) {
        guard let phase_deg, let measured = seen.phase_deg else { return }
        let off =
            "\(plan.channel.key) is at \(Digits.fixed(measured, 1))° where the meter says "
            + "\(Digits.fixed(phase_deg, 1))°"
        switch Polarity(error_deg: phase_deg - measured) {
        case .right: return
        case .reversed:
            // The same question is not asked twice.
            if Polarity(points) == .reversed { return }
            throw PointRefusal(
                .reversed, off + ": sensor reversed?",
                "Turn it round, or confirm: the calibration then turns the phase.",
                canBeConfirmed: true)
        case .otherPhase:
            throw PointRefusal(
                .wrongChannel, off + ": that is another phase.",
                "See that voltage and current of the pair are of the same phase, at the terminals "
                    + "and in the board file.")
        }
    }

    /// A channel of the same unit that reads about this.
    private func showing(_ reference: Double, in moment: Moment) -> Calibrated? {
        moment.windows.filter { channel, window in
            guard channel != plan.channel, channel.unit == unit,
                let figures = window.figures(at: moment.time_s)
            else { return false }
            let reading = window.nominal.reading(figures.mean)
            return (reading - reference).magnitude <= 0.15 * reference.magnitude
        }.keys.min { $0.key < $1.key }
    }
}
