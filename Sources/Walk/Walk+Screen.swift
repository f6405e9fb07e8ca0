import Calibration
import Control
import Report

/// What is shown of a walk as it stands.
extension Walk {
    public var screen: WalkScreen {
        var screen = WalkScreen()
        screen.meter = sessions.isEmpty ? "" : session.meter.model
        screen.message = message
        screen.typed = typed
        screen.title = "calibrate \(board)"
        if showsHelp {
            screen.body = .help
            screen.message = nil
            screen.typed = ""
            screen.keys = ["any key goes back"]
            return screen
        }
        if case .list(let n) = place {
            screen.body = .list(rows, selected: n)
            screen.prompt = isDone && !sessions.isEmpty ? "all done: q, or a number" : "channel"
            screen.keys = ["arrows, enter choose", "? help", "q quit"]
            return screen
        }
        let plan = session.plan
        screen.plan = plan
        screen.title += " · \(plan.channel.key) · \(current + 1) of \(sessions.count)"
        switch place {
        case .list: break
        case .connect:
            screen.body = .connect(Connection(plan), rest: rest)
            screen.keys = ["enter connected", "s skip", "b list", "? help", "q quit"]
        case .live:
            screen.body = .live(live)
            screen.prompt = "meter" + (plan.channel.unit.isEmpty ? "" : ", \(plan.channel.unit)")
            screen.keys = [
                "number enter takes", "r3 redo", "x3 remove", "u undo", "f finish", "s skip",
                "b list", "? help", "q quit",
            ]
        case .confirm:
            screen.body = .live(live)
            screen.prompt = "take it all the same, y or n"
            screen.keys = ["y yes", "n no", "q quit"]
        case .summary:
            if case .success(let fit) = fit {
                let summary = SessionSummary(plan: plan, points: session.points, fit: fit)
                screen.body = .summary(summary, fit, live)
            }
            screen.keys = ["enter keep", "b back to the points", "? help", "q quit"]
        }
        return screen
    }

    private var rows: [WalkScreen.Row] {
        zip(sessions, standings).map { session, standing in
            let unit = session.plan.channel.unit
            let (state, tone): (String, Tone) =
                switch standing {
                case .skipped: ("skipped", .attention)
                case .kept(let s):
                    (
                        "kept, ±\(Digits.quantity(s.worst.expanded, unit)) "
                            + (s.passes ? "passes" : "fails"), s.passes ? .normal : .alarm
                    )
                case .open:
                    switch session.points.count {
                    case 0: ("new", .attention)
                    case 1: ("1 point saved", .attention)
                    default: ("\(session.points.count) points saved", .attention)
                    }
                }
            return .init(
                name: session.plan.channel.key,
                required: "±(\(session.plan.required.words(unit: unit)))", state: state, tone: tone)
        }
    }

    private var live: WalkScreen.Live {
        let plan = session.plan
        let unit = plan.channel.unit
        var live = WalkScreen.Live(wanted: wanted, practice: practice)
        live.redoing = session.redoing
        live.points = pointRows
        if case .success(let fit) = fit {
            live.isFitted = true
            live.fit = Self.words(fit, unit: unit)
        }
        guard let moment, let window = moment.windows[plan.channel] else {
            live.remarks = ["no readings"]
            return live
        }
        let figures = window.figures(at: moment.time_s)
        let steadiness = Steadiness(figures, plan: plan, span_s: window.span_s)
        live.isSteady = steadiness.isSteady
        live.remarks = steadiness.faults.map { Steadiness.words($0, unit: unit) }
        if steadiness.isStuck { live.remarks.append("always the same number: quiet, or dead?") }
        live.trace = window.readings.suffix(400).map { plan.nominal.reading($0.raw) }
        guard let figures else { return live }
        let gain = plan.nominal.gain.magnitude
        let reading = plan.nominal.reading(figures.mean)
        // A digit below what is allowed is read by nobody.
        let shown = max(
            figures.meanUncertainty * gain, plan.required.allowed(at: reading) / 200,
            plan.fullScale * 1e-7)
        // One uncertain digit, for two of them flicker.
        live.raw = Digits.matched(figures.mean, to: 10 * shown / gain)
        live.reading = Digits.matched(reading, to: 10 * shown) + (unit.isEmpty ? "" : " \(unit)")
        live.noise = Digits.quantity(figures.deviation * gain, unit)
        let drift = figures.driftPerSecond * plan.nominal.gain
        live.drift =
            (drift > 0 ? "+" : "") + Digits.quantity(drift, unit) + (unit.isEmpty ? " /s" : "/s")
        live.readings = "\(max(1, Int(figures.independent))) of \(figures.count)"
        if let hertz = figures.frequency_Hz { live.readings += ", \(Digits.fixed(hertz, 2)) Hz" }
        return live
    }

    private var wanted: String {
        let plan = session.plan
        let unit = plan.channel.unit
        guard let level = session.wanted else {
            return "All levels are there: f finishes; more points are welcome."
        }
        let value = Digits.plain(level, unit)
        if let n = session.redoing { return "Point \(n + 1) again, about \(value)." }
        let number = "Level \((session.nextLevel ?? 0) + 1) of \(plan.levels.count): "
        if level == 0 && unit != "°C" { return number + "zero. \(Connection(plan).zero)" }
        return number + "set the source to about \(value)."
    }

    private var pointRows: [WalkScreen.PointRow] {
        let nominal = session.plan.nominal
        return session.points.enumerated().map { n, point in
            var residual = nominal.reading(point.raw) - point.reference
            var isOutlier = false
            if case .success(let fit) = fit, fit.residuals.indices.contains(n) {
                residual = fit.residuals[n]
                isOutlier = fit.outliers.contains(n)
            }
            let own = point.deviation * nominal.gain
            let squares = [
                own * own / Double(max(1, point.count)),
                point.referenceDeviation * point.referenceDeviation,
                session.meter.readingUncertainty * session.meter.readingUncertainty,
            ]
            return .init(
                number: n + 1, reference: point.reference, residual: residual,
                expanded: 2 * squares.reduce(0, +).squareRoot(), isOutlier: isOutlier)
        }
    }

    /// `gain +1.23 %, zero −0.12 V`; of a reversed sensor the gain itself, `−1.0052`.
    static func words(_ fit: ChannelFit, unit: String) -> String {
        let c = fit.coefficients
        var text =
            fit.isReversed
            ? "gain \(Digits.fixed(1 + c.scale, 5))" : "gain \(signed(c.scale * 100)) %"
        text += ", zero \(c.zero > 0 ? "+" : "")\(Digits.quantity(c.zero, unit, 3))"
        if c.curvature != 0 { text += ", curved" }
        if c.phase_deg != 0 { text += ", phase \(signed(c.phase_deg))°" }
        return text
    }

    private static func signed(_ v: Double) -> String {
        (v > 0 ? "+" : "") + Digits.fixed(v, 3)
    }
}
