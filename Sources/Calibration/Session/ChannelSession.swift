/// The points of one channel, taken one by one.
///
///     begin ─ take ─┬─ taken ──────────── take …            finish
///                   ├─ refused: remedy ── take again
///                   └─ refused, can be confirmed ── take(confirmed)
///     redo(n): the next one taken replaces point n.  undo: the last change, again and again.
///
/// Pure: time and readings are passed in. Everything it knows to resume is in `points`.
public struct ChannelSession: Equatable, Sendable {
    public let plan: ChannelPlan
    public let meter: ReferenceMeter
    public private(set) var points: [Point]
    /// The point the next one replaces.
    public private(set) var redoing: Int?
    private var history: [[Point]] = []
    /// Where all channels stood at the last point, and what the reference was.
    private var marks: [Calibrated: WindowFigures] = [:]
    private var lastReference: Double?
    /// True over nominal, as a person confirmed it: −1 of a reversed sensor.
    var ratio = 1.0

    /// `points`: those of a session that was interrupted.
    public init(plan: ChannelPlan, meter: ReferenceMeter, points: [Point] = []) {
        (self.plan, self.meter, self.points) = (plan, meter, points)
        // Points that are there were confirmed if they needed it.
        if let far = points.max(by: { $0.reference.magnitude < $1.reference.magnitude }) {
            confirm(far.reference, plan.nominal.reading(far.raw))
        }
    }

    /// What is seen at one instant.
    public struct Moment: Sendable {
        /// By the source's clock.
        public var time_s: Double
        public var windows: [Calibrated: Window]
        public var temperature_degC: Double?
        /// Seconds since 1970, UTC.
        public var at_s: Double
        public init(
            time_s: Double, windows: [Calibrated: Window], temperature_degC: Double? = nil,
            at_s: Double
        ) {
            (self.time_s, self.windows) = (time_s, windows)
            (self.temperature_degC, self.at_s) = (temperature_degC, at_s)
        }
    }

    /// Takes a point at the reference's reading, or says why not. `phase_deg`: the reference's own
    /// phase, of a waveform. `confirmed`: a person answered for what `canBeConfirmed`.
    @discardableResult
    public mutating func take(
        _ reference: Double, phase_deg: Double? = nil, deviation: Double = 0, at moment: Moment,
        confirmed: Bool = false
    ) throws(PointRefusal) -> Point {
        let window = moment.windows[plan.channel]
        let figures = window?.figures(at: moment.time_s)
        guard reference.isFinite, phase_deg?.isFinite != false, deviation.isFinite else {
            throw PointRefusal(
                .noNumber, "The reference is no finite number.", "Type what the meter shows.")
        }
        let seen = try steady(figures, span_s: window?.span_s ?? 5)
        if let lastReference {
            try moved(seen, from: marks, reference, lastReference, moment)
        }
        try unlike(seen, reference, except: redoing)
        // The phase of next to nothing is noise.
        let reading = plan.nominal.reading(seen.mean)
        let hasPhase = reading.magnitude > 0.02 * plan.fullScale
        do throws(PointRefusal) {
            try plausible(seen, reference, moment)
        } catch {
            guard confirmed, error.canBeConfirmed else { throw error }
            confirm(reference, reading)
        }
        do throws(PointRefusal) {
            if hasPhase { try aligned(seen, phase_deg) }
        } catch {
            guard confirmed, error.canBeConfirmed else { throw error }
        }
        let point = Point(
            raw: seen.mean, deviation: seen.deviation, count: max(1, Int(seen.independent)),
            reference: reference, referenceDeviation: deviation, mean: seen.waveMean,
            phase_deg: hasPhase ? seen.phase_deg : nil,
            referencePhase_deg: hasPhase ? phase_deg : nil,
            temperature_degC: moment.temperature_degC, at_s: moment.at_s,
            frequency_Hz: seen.frequency_Hz)
        history.append(points)
        if let n = redoing, points.indices.contains(n) {
            points[n] = point
        } else {
            points.append(point)
        }
        redoing = nil
        self.marks = moment.windows.compactMapValues { $0.figures(at: moment.time_s) }
        lastReference = reference
        return point
    }

    /// The next point taken replaces number `n`, 0 and up; nil leaves it alone again. False: no such
    /// point.
    @discardableResult
    public mutating func redo(_ n: Int?) -> Bool {
        guard n.map(points.indices.contains) ?? true else { return false }
        redoing = n
        return true
    }

    /// False: no such point.
    @discardableResult
    public mutating func remove(_ n: Int) -> Bool {
        guard points.indices.contains(n) else { return false }
        history.append(points)
        points.remove(at: n)
        forget()
        return true
    }

    /// Takes back the last point, replacement or removal. False: nothing is left to take back.
    @discardableResult
    public mutating func undo() -> Bool {
        if redoing != nil {
            redoing = nil
            return true
        }
        guard let before = history.popLast() else { return false }
        points = before
        forget()
        return true
    }

    /// The index in `plan.levels` of the next to set: the first without a point near it; nil when all
    /// are there.
    public var nextLevel: Int? {
        let sorted = plan.levels.sorted()
        let step = zip(sorted.dropFirst(), sorted).map { $0 - $1 }.filter { $0 > 0 }.min()
        let near = 0.4 * (step ?? plan.fullScale)
        return plan.levels.indices.first { n in
            !points.contains { ($0.reference - plan.levels[n]).magnitude <= near }
        }
    }

    /// What to set the source to: the level of the point being redone, or the next one.
    public var wanted: Double? {
        if let redoing { return points[redoing].reference }
        return nextLevel.map { plan.levels[$0] }
    }

    /// After a step back nobody knows where the channels stood.
    private mutating func forget() {
        redoing = nil
        (marks, lastReference) = ([:], nil)
    }

    /// A ratio is learned only where it could not be noise or an offset.
    private mutating func confirm(_ reference: Double, _ reading: Double) {
        guard reading.magnitude > 0.01 * plan.fullScale, reference != 0,
            !isPlausible(reading, reference, ratio: 1)
        else { return }
        ratio = reference / reading
    }
}
