/// Draws a `LiveFrame` into a terminal of a given size: never wider, never higher.
///
/// From top to bottom: title and clock; grid and island; bus with a small graph of its frequency;
/// synchronising while it goes on; the homes; alarms; how the fixed rate is kept; what happened;
/// the keys. A small terminal drops what is least telling, a large one gets longer graphs and log.
public struct TerminalView: Sendable {
    public var columns: Int
    public var rows: Int
    public var ability: Ability

    public init(columns: Int, rows: Int, ability: Ability) {
        self.columns = max(1, columns)
        self.rows = max(1, rows)
        self.ability = ability
    }

    /// At most `rows` lines of at most `columns` columns, without newlines.
    public func lines(_ frame: LiveFrame) -> [String] {
        var body = [title(frame)]
        body += gridAndIsland(frame)
        body += bus(frame)
        if let sync = frame.sync { body.append(synchronising(sync)) }
        let headed = body.count

        let foot = [tickLine(frame.ticks), hint(frame)].compactMap(\.self)
        let alarms = alarmLines(frame.alarms, most: rows >= 30 ? 4 : 2)
        let free = rows - body.count - foot.count - alarms.count
        let homes = homeLines(frame.homes, most: max(0, free - (rows >= 20 ? 4 : 1)))
        body += homes
        body += alarms
        let log = logLines(frame.log, most: rows - body.count - foot.count)
        body += log
        var gap = rows - body.count - foot.count
        // Room to spare goes between the parts before it goes to the bottom.
        for place in [headed, 1] where gap >= 4 {
            body.insert(Styled(), at: place)
            gap -= 1
        }
        if gap > 0 { body += Array(repeating: Styled(), count: gap) }
        body += foot
        return body.prefix(rows).map { $0.cut(to: columns).text(for: ability) }
    }

    /// Tells the tones apart without colour.
    static func mark(_ tone: Tone) -> String {
        switch tone {
        case .normal: "●"
        case .attention: "▲"
        case .alarm: "✕"
        }
    }

    // MARK: The parts, from top to bottom

    private func title(_ frame: LiveFrame) -> Styled {
        let clock =
            "\(TimeText.instant(frame.time_s, span: frame.time_s))  ×\(ratio(frame.clockRatio))"
        let room = columns - Width.of(clock) - 2
        guard room > 8 else { return Styled(frame.title, .title) }
        return Styled(" ") + Styled(frame.title, .title).fitted(to: room) + Styled(clock, .strong)
            + Styled(" ")
    }

    private func gridAndIsland(_ frame: LiveFrame) -> [Styled] {
        let tone: Tone = frame.grid.isHealthy ? .normal : .alarm
        let grid =
            label("GRID") + Styled("\(Self.mark(tone)) \(frame.grid.state)", .of(tone))
            + Styled("  \(volts(frame.grid.voltage_V))  \(hertz(frame.grid.frequency_Hz))")
        var island =
            label("SITE")
            + Styled(
                "\(Self.mark(frame.island.tone)) \(frame.island.state)", .of(frame.island.tone))
            + Styled("  for \(TimeText.long((frame.island.inState_s * 10).rounded() / 10))")
        if !frame.island.cause.isEmpty { island += Styled("  \(frame.island.cause)", .faint) }
        if frame.isDC { return [island] }
        if columns >= 110 {
            let half = columns / 2
            return [grid.fitted(to: half) + island]
        }
        return [grid, island]
    }

    private func bus(_ frame: LiveFrame) -> [Styled] {
        var head = label("BUS") + Styled(volts(frame.bus.voltage_V) + "  ", .strong)
        if !frame.isDC { head += Styled(hertz(frame.bus.frequency_Hz) + "  ", .strong) }
        let all = frame.isDC ? frame.bus.voltageHistory_V : frame.bus.frequencyHistory_Hz
        let tall = rows >= 30 ? min(5, (rows - 24) / 4) : 1
        let room = min(240, columns - head.width - (tall > 1 ? 7 : 13))
        let history = all.suffix(max(0, tall > 1 ? 2 * room : room))
        let known = history.filter(\.isFinite)
        guard room >= 4, let least = known.min(), let most = known.max() else { return [head] }
        // A quiet bus is drawn quiet: the graph spans 0.1 Hz or 0.1 V at least.
        let middle = least + (most - least) / 2
        let half = max(0.05, (most - least) / 2)
        let low = middle - half, high = middle + half
        let span = "\(NumberText.fixed(low, 2))…\(NumberText.fixed(high, 2))"
        let draw = tall > 1 ? Bars.curve : Bars.graph
        let graph = draw(Array(history), room, tall, low, high)
        if tall == 1 { return [head + Styled(graph[0], .accent) + Styled(" " + span, .faint)] }
        return graph.enumerated().map { n, line in
            let lead = n == 0 ? head : Styled(String(repeating: " ", count: head.width))
            let scale =
                n == 0
                ? " " + NumberText.fixed(high, 2)
                : n == graph.count - 1 ? " " + NumberText.fixed(low, 2) : ""
            return lead + Styled(line, .accent) + Styled(scale, .faint)
        }
    }

    private func synchronising(_ sync: LiveFrame.Sync) -> Styled {
        label("SYNC")
            + Styled(
                "angle \(signed(sync.angle_deg, 1))°  slip \(signed(sync.slip_Hz, 3)) Hz  "
                    + "ΔV \(signed(sync.voltage_percent, 1)) %")
            + Styled("  " + needle(sync.angle_deg), .accent)
    }

    /// A synchroscope laid flat: −180° at its left, +180° at its right.
    private func needle(_ angle_deg: Double) -> String {
        guard angle_deg.isFinite, columns >= 72 else { return "" }
        let cells = 21
        let turned = angle_deg.remainder(dividingBy: 360)
        let at = Int(((turned + 180) / 360 * Double(cells - 1)).rounded())
        return String(
            (0..<cells).map { $0 == at ? "●" : $0 == cells / 2 ? "│" : "─" } as [Character])
    }

    private func homeLines(_ homes: [LiveFrame.Home], most: Int) -> [Styled] {
        guard !homes.isEmpty, most >= 2 else { return [] }
        let room = most - (rows >= 20 ? 2 : 1)
        var shown = homes
        var rest = 0
        if homes.count > room {
            shown = Array(homes.prefix(max(1, room - 1)))
            rest = homes.count - shown.count
        }
        var lines = rows >= 20 ? [rule("kW")] : []
        let table = HomeTable(homes: shown, columns: columns - 2, colour: ability.colour).lines()
        lines += table.map { Styled(" ") + $0 }
        if rest > 0 { lines.append(Styled(" … and \(rest) more", .faint)) }
        return Array(lines.prefix(most))
    }

    private func alarmLines(_ alarms: [LiveFrame.Alarm], most: Int) -> [Styled] {
        let worst = alarms.filter { $0.tone == .alarm } + alarms.filter { $0.tone != .alarm }
        var lines = worst.prefix(most).map {
            Styled(" \(Self.mark($0.tone)) \($0.text)", .of($0.tone))
        }
        if alarms.count > most, let last = lines.indices.last {
            lines[last] = Styled(" ✕ … and \(alarms.count - most + 1) more alarms", .alarm)
        }
        return lines
    }

    private func tickLine(_ ticks: LiveFrame.Ticks) -> Styled? {
        guard rows >= 8 else { return nil }
        let late: Styled.Look = ticks.overruns > 0 ? .attention : .plain
        var line =
            label("LOOP") + Styled("\(NumberText.figure(ticks.rate_Hz)) Hz  \(ticks.count) ticks  ")
            + Styled("\(ticks.overruns) overruns", late)
        let wake =
            "  wake-up \(micro(ticks.wakeUpP50_us))/\(micro(ticks.wakeUpP99_us))/"
            + "\(micro(ticks.wakeUpMax_us)) µs"
        let busy = "  busy \(NumberText.fixed(ticks.busy_percent, 1)) %"
        for extra in [wake, busy] where line.width + Width.of(extra) <= columns {
            line += Styled(extra)
        }
        return line
    }

    private func logLines(_ log: [LiveFrame.Line], most: Int) -> [Styled] {
        guard most >= 2, !log.isEmpty else { return [] }
        return [rule("")]
            + log.suffix(most - 1).map { line in
                let time = TimeText.instant(line.time_s, span: line.time_s)
                return Styled(" " + Width.padded(time, to: 11, right: true) + "  ", .faint)
                    + Styled(line.text, line.tone == .normal ? .plain : .of(line.tone))
            }
    }

    /// As many whole keys as there is room for.
    private func hint(_ frame: LiveFrame) -> Styled? {
        if frame.hint.isEmpty { return nil }
        var line = ""
        for key in frame.hint.split(separator: " · ") {
            let longer = line.isEmpty ? " \(key)" : "\(line) · \(key)"
            if !line.isEmpty && Width.of(longer) > columns { break }
            line = longer
        }
        return Styled(line, .faint)
    }

    // MARK: Words and numbers

    private func label(_ text: String) -> Styled {
        Styled(" " + Width.padded(text, to: 6), .faint)
    }

    private func rule(_ word: String) -> Styled {
        let tail = word.isEmpty ? "" : " \(word) ─"
        return Styled(
            String(repeating: "─", count: max(0, columns - Width.of(tail))) + tail, .faint)
    }

    private func volts(_ value: Double) -> String {
        Width.padded(NumberText.fixed(value, 1), to: 5, right: true) + " V"
    }

    private func hertz(_ value: Double) -> String {
        Width.padded(NumberText.fixed(value, 3), to: 6, right: true) + " Hz"
    }

    private func micro(_ value: Double) -> String {
        value.isFinite ? NumberText.fixed(value, value < 10 ? 1 : 0) : "–"
    }

    private func signed(_ value: Double, _ places: Int) -> String {
        (value >= 0 ? "+" : "") + NumberText.fixed(value, places)
    }

    private func ratio(_ value: Double) -> String {
        NumberText.fixed(value, value < 10 ? 2 : value < 100 ? 1 : 0)
    }
}
