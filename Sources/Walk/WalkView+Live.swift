import Calibration
import Report

/// The view in which points are taken, and what came of them.
extension WalkView {
    func live(_ live: WalkScreen.Live, _ plan: ChannelPlan?, _ rows: Int) -> [Styled] {
        var lines = wrap(live.wanted, to: columns - 2).map { Styled(" " + $0, .strong) }
        if let practice = live.practice {
            lines.append(Styled(" practice meter shows ", .faint) + Styled(practice, .accent))
        }
        if rows >= 16 { lines.append(Styled()) }
        lines += instruments(live)
        if rows >= 16 { lines.append(Styled()) }
        return lines + pointsAndPlot(live, plan, rows - lines.count)
    }

    private func instruments(_ live: WalkScreen.Live) -> [Styled] {
        let half = min(34, (columns - 2) / 2)
        let label = { (text: String, wide: Int) in
            Styled(" " + Width.padded(text, to: wide), .faint)
        }
        let left = { (name: String, text: String) in
            (label(name, 8) + Styled(text, .strong)).fitted(to: half)
        }
        let right = { (name: String, text: String) in label(name, 12) + Styled(text, .strong) }
        let tone: Styled.Look = live.isSteady ? .good : .attention
        let state = live.isSteady ? "\(mark(.normal)) steady" : "\(mark(.attention)) not yet"
        var verdict = Styled(" " + (ability.unicode ? state : String(state.dropFirst(2))), tone)
        let why = live.remarks.joined(separator: "; ")
        if !why.isEmpty { verdict += Styled((live.isSteady ? ", " : ": ") + why, tone) }
        return [
            left("reading", live.reading) + right("noise", live.noise),
            left("raw", live.raw) + right("drift", live.drift),
            sparkline(live.trace, half).fitted(to: half) + right("independent", live.readings),
            verdict,
        ]
    }

    /// The last readings, as high as they differ.
    private func sparkline(_ trace: [Double], _ wide: Int) -> Styled {
        let room = max(0, wide - 11)
        guard let low = trace.min(), let high = trace.max(), room > 0 else { return Styled() }
        // Averaged down to the cells there are.
        let cells = stride(from: 0, to: room, by: 1).map { cell -> Double in
            let from = cell * trace.count / room
            let to = max(from + 1, (cell + 1) * trace.count / room)
            let part = trace[min(from, trace.count - 1)..<min(to, trace.count)]
            return part.isEmpty ? trace[trace.count - 1] : part.reduce(0, +) / Double(part.count)
        }
        let flat = high > low ? (low, high) : (low - 1, high + 1)
        let drawn = Bars.graph(cells, columns: room, rows: 1, low: flat.0, high: flat.1)
        return Styled(" " + Width.padded("trace", to: 8), .faint)
            + Styled(drawn.first ?? "", .accent)
    }

    func pointsAndPlot(_ live: WalkScreen.Live, _ plan: ChannelPlan?, _ rows: Int) -> [Styled] {
        guard let plan, rows >= 3 else { return [] }
        let plot = ResidualPlot(points: live.points, plan: plan, unicode: ability.unicode)
        let wide = 36
        if columns >= 76 {
            let left = table(live, plan, rows)
            let right = plot.lines(columns: min(columns - wide - 2, 110), rows: min(rows, 21))
            return (0..<max(left.count, right.count)).map { n in
                let a = (n < left.count ? left[n] : Styled()).fitted(to: wide)
                return n < right.count ? a + right[n] : a
            }
        }
        // Heading and two points, then the plot.
        let drawn = rows >= 7 ? plot.lines(columns: columns - 2, rows: min(11, rows - 3)) : []
        return table(live, plan, rows - drawn.count) + drawn
    }

    /// The newest points that have room, under their heading.
    private func table(_ live: WalkScreen.Live, _ plan: ChannelPlan, _ rows: Int) -> [Styled] {
        let unit = plan.channel.unit
        let kind = live.isFitted ? "after fit" : "as wired"
        var lines = [
            Styled(
                "  # " + Width.padded("meter", to: 11, right: true)
                    + Width.padded(kind, to: 11, right: true)
                    + Width.padded("k=2", to: 9, right: true), .faint)
        ]
        let fit = live.fit.isEmpty || rows < 4 ? [] : [Styled(" " + live.fit, .accent)]
        let room = max(0, rows - 1 - fit.count)
        for point in live.points.suffix(room) {
            let isAgain = live.redoing == point.number - 1
            let look: Styled.Look = isAgain ? .accent : point.isOutlier ? .faint : .plain
            let meter = Digits.matched(
                point.reference, to: max(plan.required.allowed(at: 0) / 10, plan.fullScale * 1e-5))
            let off = (point.residual > 0 ? "+" : "") + Digits.quantity(point.residual, unit)
            lines.append(
                Styled(
                    Width.padded("\(point.number)", to: 3, right: true)
                        + (isAgain ? "r" : point.isOutlier ? "o" : " ")
                        + Width.padded(meter, to: 11, right: true)
                        + Width.padded(off, to: 11, right: true)
                        + Width.padded(Digits.quantity(point.expanded, unit), to: 9, right: true),
                    look))
        }
        return lines + fit
    }

    func summary(
        _ summary: SessionSummary, _ fit: ChannelFit, _ live: WalkScreen.Live, _ plan: ChannelPlan?,
        _ rows: Int
    ) -> [Styled] {
        let unit = summary.unit
        let share = { (v: Double) in
            summary.fullScale > 0 ? Digits.significant(v / summary.fullScale * 100, 2) + " %" : "–"
        }
        let errors = { (name: String, e: SessionSummary.Errors) -> Styled in
            Styled(" " + Width.padded(name, to: 9), .faint)
                + Styled(
                    Width.padded(Digits.quantity(e.most, unit), to: 10, right: true)
                        + Width.padded(share(e.most), to: 10, right: true)
                        + Width.padded(Digits.quantity(e.rms, unit), to: 12, right: true)
                        + Width.padded(share(e.rms), to: 10, right: true))
        }
        let full = "of \(Digits.plain(summary.fullScale, unit))"
        let head = Styled(
            "          " + Width.padded("most", to: 10, right: true)
                + Width.padded(full, to: 10, right: true)
                + Width.padded("rms", to: 12, right: true)
                + Width.padded(full, to: 10, right: true), .faint)
        let tone: Tone = summary.passes ? .normal : .alarm
        var lines = wrap(summary.verdict, to: columns - 4).enumerated().map { n, line in
            Styled(n == 0 ? " \(mark(tone)) " : "   ", .of(tone)) + Styled(line, .of(tone))
        }
        lines += [Styled(), head, errors("before", summary.before), errors("after", summary.after)]
        if rows >= 14 { lines.append(Styled()) }
        let ends = [summary.bands.first, summary.bands.last].compactMap(\.self)
        let known = ends.map {
            "±\(Digits.quantity($0.expanded, unit)) at \(Digits.plain($0.value, unit))"
        }.joined(separator: ", ")
        lines.append(Styled(" known to ", .faint) + Styled("\(known), k = 2"))
        lines.append(
            Styled(" required ", .faint)
                + Styled("±(\(summary.required.words(unit: unit))) \(summary.required.source)"))
        lines += fit.remarks.flatMap { wrap($0, to: columns - 4) }.map {
            Styled(" " + $0, .attention)
        }
        if rows >= 14 { lines.append(Styled()) }
        return lines + pointsAndPlot(live, plan, rows - lines.count)
    }
}
