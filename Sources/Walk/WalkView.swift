import Calibration
import Report

/// Draws a ``WalkScreen`` into a terminal of a given size: never wider, never higher; from 60 × 18
/// on with all that matters.
public struct WalkView: Sendable {
    public var columns: Int
    public var rows: Int
    public var ability: Ability

    public init(columns: Int, rows: Int, ability: Ability) {
        (self.columns, self.rows, self.ability) = (max(1, columns), max(1, rows), ability)
    }

    /// At most `rows` lines of at most `columns` columns, without newlines.
    public func lines(_ screen: WalkScreen) -> [String] {
        let head = [title(screen)] + (rows >= 22 ? [Styled()] : [])
        var foot = message(screen.message)
        if !screen.prompt.isEmpty { foot.append(prompt(screen)) }
        foot.append(keys(screen.keys))
        let room = max(0, rows - head.count - foot.count)
        var body = body(screen, rows: room)
        if body.count > room {
            body = Array(body.prefix(room))
        } else {
            body += Array(repeating: Styled(), count: room - body.count)
        }
        return (head + body + foot).prefix(rows).map {
            plain($0).cut(to: columns).text(for: ability)
        }
    }

    /// Without Unicode ± would become ~, which means about.
    private func plain(_ line: Styled) -> Styled {
        if ability.unicode { return line }
        var line = line
        for n in line.pieces.indices {
            line.pieces[n].text = line.pieces[n].text.split(
                separator: "±", omittingEmptySubsequences: false
            ).joined(separator: "+-")
        }
        return line
    }

    private func title(_ screen: WalkScreen) -> Styled {
        let meter = screen.meter.isEmpty ? "" : "meter \(screen.meter) "
        let room = columns - Width.of(meter) - 2
        guard room > Width.of(screen.title) else { return Styled(" " + screen.title, .title) }
        return Styled(" ") + Styled(screen.title, .title).fitted(to: room)
            + Styled(" " + meter, .faint)
    }

    private func body(_ screen: WalkScreen, rows: Int) -> [Styled] {
        switch screen.body {
        case .list(let channels, let selected): list(channels, selected, rows)
        case .connect(let connection, let rest): connect(connection, rest, rows)
        case .live(let live): self.live(live, screen.plan, rows)
        case .summary(let summary, let fit, let live):
            self.summary(summary, fit, live, screen.plan, rows)
        case .help: help
        }
    }

    private func list(_ channels: [WalkScreen.Row], _ selected: Int, _ rows: Int) -> [Styled] {
        let wide = (channels.map { Width.of($0.name) }.max() ?? 0) + 2
        let asked = (channels.map { Width.of($0.required) }.max() ?? 0) + 2
        // The chosen one stays in sight.
        let room = max(1, rows - 1)
        let first = max(0, min(selected - room / 2, channels.count - room))
        let head = Styled(
            "     " + Width.padded("channel", to: wide) + Width.padded("required", to: asked)
                + "state", .faint)
        return [head]
            + channels.enumerated().dropFirst(first).prefix(room).map { n, row in
                let mark = n == selected ? (ability.unicode ? "→" : ">") : " "
                let number = Width.padded("\(n + 1)", to: 2, right: true)
                return Styled(" \(mark)\(number) ", .accent)
                    + Styled(Width.padded(row.name, to: wide), n == selected ? .strong : .plain)
                    + Styled(Width.padded(row.required, to: asked))
                    + Styled(row.state, row.state == "new" ? .faint : .of(row.tone))
            }
    }

    private func connect(_ connection: Connection, _ rest: String, _ rows: Int) -> [Styled] {
        var parts: [(String, [String], Styled.Look)] = [
            ("board", [rest], .good), ("safety", connection.safety, .attention),
            ("connect", connection.connect, .plain), ("meter", [connection.meter], .plain),
        ]
        if !connection.polarity.isEmpty { parts.append(("sign", [connection.polarity], .plain)) }
        parts.append(("zero", [connection.zero], .plain))
        var lines: [Styled] = []
        let blocks = parts.map { block($0.0, $0.1, $0.2) }
        let gap = blocks.reduce(0) { $0 + $1.count } + blocks.count - 1 <= rows
        for block in blocks {
            if gap && !lines.isEmpty { lines.append(Styled()) }
            lines += block
        }
        return lines
    }

    private func block(_ name: String, _ sentences: [String], _ look: Styled.Look) -> [Styled] {
        let wrapped = sentences.flatMap { wrap($0, to: min(columns, 100) - 11) }
        return wrapped.enumerated().map { n, line in
            Styled(" " + Width.padded(n == 0 ? name : "", to: 9), .faint) + Styled(line, look)
        }
    }

    private var help: [Styled] {
        let keys = [
            ("48.213", "enter takes a point at the meter's reading; or 48.213 V, 12 m, -1.25 A"),
            ("5.02 @ 30", "of an alternating channel: the meter's phase as well, in degrees"),
            ("r3", "enter redoes point 3"), ("x3", "enter removes point 3"),
            ("u", "takes back the last point, redo or removal"),
            ("f", "finishes the channel: errors, uncertainty, verdict"),
            ("s", "skips the channel; its points stay saved"), ("b", "back to the list"),
            ("q", "quits; all points are saved and the next walk goes on from them"),
        ]
        return keys.map { key, words in
            Styled(" " + Width.padded(key, to: 11), .accent) + Styled(words)
        } + [
            Styled(),
            Styled(
                " A point is the mean of the last seconds; read the meter while it says steady."),
            Styled(
                " The plot shows reading minus meter: bars k = 2, dashed lines allowed."
            ),
        ]
    }

    /// Two lines: what, and what to do; more where they are long.
    private func message(_ message: WalkScreen.Message?) -> [Styled] {
        guard let message else { return [Styled(), Styled()] }
        let mark = ability.unicode ? mark(message.tone) : message.tone == .normal ? "*" : "!"
        let look = Styled.Look.of(message.tone)
        var lines = wrap(message.text, to: columns - 4).enumerated().map { n, line in
            Styled(n == 0 ? " \(mark) " : "   ", look) + Styled(line, look)
        }
        lines += wrap(message.remedy, to: columns - 4).map { Styled("   " + $0) }
        if lines.count < 2 { lines.append(Styled()) }
        return Array(lines.prefix(message.tone == .normal ? 3 : 4))
    }

    func mark(_ tone: Tone) -> String {
        switch tone {
        case .normal: "●"
        case .attention: "▲"
        case .alarm: "✕"
        }
    }

    private func prompt(_ screen: WalkScreen) -> Styled {
        Styled(" \(screen.prompt) ", .strong) + Styled(ability.unicode ? "› " : "> ", .accent)
            + Styled(screen.typed, .strong) + Styled(ability.unicode ? "▏" : "_", .accent)
    }

    /// As many whole keys as there is room for; help and quit are the last to go.
    private func keys(_ all: [String]) -> Styled {
        let dot = ability.unicode ? " · " : " - "
        var kept = all
        while kept.count > 2, Width.of(kept.joined(separator: dot)) > columns - 2 {
            kept.remove(at: kept.count - 3)
        }
        return Styled(" " + kept.joined(separator: dot), .faint)
    }

    /// Broken at spaces; a longer word stands alone and is cut later.
    func wrap(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, Width.of(last) + 1 + Width.of(String(word)) <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
