import Calibration

/// Takes the points of one channel without a person: whenever channel and reference stand still at a
/// level that has no point yet.
///
/// Something else moves the source: a script, a programmable supply, the day. What a walk refuses is
/// refused here too, told once, and waited out.
public struct Unattended: Sendable {
    /// What happened, for progress.
    public enum News: Equatable, Sendable {
        case waiting(String)
        case taken(Int, Point)
        case refused(PointRefusal)
    }
    /// What the reference says now: mean and standard deviation of the mean, in the channel's unit.
    public typealias Reference = () throws -> (mean: Double, deviation: Double)

    /// So many points, 1 or more, within so many seconds of the source's time.
    public var count: Int
    public var within_s: Double
    /// Between two levels at least, in the channel's unit; a level nearer has a point already.
    public var apart: Double
    /// Somebody answered beforehand for what a person may confirm: a reversed sensor, another ratio.
    public var confirms: Bool

    public init(count: Int, within_s: Double, apart: Double, confirms: Bool = false) {
        (self.count, self.within_s, self.apart) = (count, within_s, apart)
        self.confirms = confirms
    }

    /// - Parameters:
    ///   - windows: of every channel that is read, so that one that moves instead is named.
    ///   - utc_s: seconds since 1970.
    ///   - isAsked: to end early; what was taken stays in `session`.
    /// - Returns: true where there are `count` points.
    public func run(
        _ session: inout ChannelSession, _ source: any RawSource,
        windows: inout [Calibrated: Window], reference: Reference, utc_s: () -> Double,
        isAsked: () -> Bool, tell: (News) -> Void
    ) throws -> Bool {
        let end_s = source.time_s + within_s
        var told = ""
        while session.points.count < count {
            if isAsked() || source.time_s >= end_s { return false }
            for (channel, readings) in try source.gather(0.2) { windows[channel]?.add(readings) }
            let window = windows[session.plan.channel]
            let figures = window?.figures(at: source.time_s)
            let steadiness = Steadiness(figures, plan: session.plan, span_s: window?.span_s ?? 5)
            if let fault = steadiness.faults.first {
                say(Steadiness.words(fault, unit: session.plan.channel.unit), &told, tell)
                continue
            }
            let known = session.points.map(\.reference)
            let before = try reference()
            if known.contains(where: { ($0 - before.mean).magnitude < apart }) {
                say("steady at a level that has a point", &told, tell)
                continue
            }
            // The reference stood still too, for as long as the channel was looked at.
            let moment = ChannelSession.Moment(
                time_s: source.time_s, windows: windows,
                temperature_degC: source.temperature_degC, at_s: utc_s())
            do throws(PointRefusal) {
                let point = try session.take(
                    before.mean, deviation: before.deviation, at: moment, confirmed: confirms)
                tell(.taken(session.points.count, point))
                told = ""
            } catch {
                if told != error.message { tell(.refused(error)) }
                told = error.message
            }
        }
        return true
    }

    private func say(_ text: String, _ told: inout String, _ tell: (News) -> Void) {
        // Numbers in it change ten times a second; its first word says what it is about.
        let kind = String(text.prefix { $0 != " " })
        if told != kind { tell(.waiting(text)) }
        told = kind
    }
}
