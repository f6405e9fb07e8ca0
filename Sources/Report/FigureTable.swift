/// The table of figures for a terminal and for programs.
public struct FigureTable: Sendable {
    public var figures: [Trace.Figure]

    public init(_ figures: [Trace.Figure]) { self.figures = figures }
    public init(_ trace: Trace) { self.init(trace.figures) }

    /// Aligned plain text, a block for each group, ending in a newline unless empty. Numbers
    /// stand with their points under each other; `!` marks attention and `!!` alarm.
    public func text() -> String {
        let names = figures.map { Width.of($0.name) }.max() ?? 0
        let heads = figures.map { Width.of(parts($0).head) }.max() ?? 0
        let tails = figures.map { Width.of(parts($0).tail) }.max() ?? 0
        let units = figures.map { Width.of($0.unit.symbol) }.max() ?? 0
        var lines: [String] = []
        for (group, members) in figures.grouped {
            if !lines.isEmpty { lines.append("") }
            lines.append(group)
            for figure in members {
                let (head, tail) = parts(figure)
                let mark =
                    switch figure.tone {
                    case .normal: "  "
                    case .attention: "! "
                    case .alarm: "!!"
                    }
                let line =
                    "\(mark)\(Width.padded(figure.name, to: names))  "
                    + Width.padded(head, to: heads, right: true) + Width.padded(tail, to: tails)
                    + " " + Width.padded(figure.unit.symbol, to: units) + "  " + figure.note
                lines.append(Width.trimmed(line))
            }
        }
        return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
    }

    /// The figures as a JSON array of objects with `group`, `name`, `value` (number, string or
    /// null), `unit`, `note`, `tone`. Full precision.
    public func json() -> String {
        let rows = figures.map { figure in
            let value =
                switch figure.value {
                case .number(let number): Escape.json(number)
                case .text(let text): Escape.json(text)
                case .missing: "null"
                }
            return "{\"group\":\(Escape.json(figure.group)),\"name\":\(Escape.json(figure.name)),"
                + "\"value\":\(value),\"unit\":\(Escape.json(figure.unit.symbol)),"
                + "\"note\":\(Escape.json(figure.note)),\"tone\":\"\(figure.tone.rawValue)\"}"
        }
        return "[\n  " + rows.joined(separator: ",\n  ") + "\n]\n"
    }

    /// A number before and from its point on; a text stands to the left of where points are.
    private func parts(_ figure: Trace.Figure) -> (head: String, tail: String) {
        let text = figure.valueText
        guard case .number = figure.value,
            let point = text.firstIndex(where: { $0 == "." || $0 == "e" })
        else { return (text, "") }
        return (String(text[..<point]), String(text[point...]))
    }
}

extension Trace {
    /// The run's origin, figures and events as one JSON object, for `--json`: `title`, `subtitle`,
    /// `seed` (a string, for it may exceed what other programs count exactly), `command`,
    /// `duration_s`, `figures` as `FigureTable.json`, `events`.
    public func summaryJSON() -> String {
        let events = eventsInOrder.map {
            "{\"time_s\":\(Escape.seconds($0.time_s)),\"source\":\(Escape.json($0.source)),"
                + "\"kind\":\"\($0.kind.rawValue)\",\"text\":\(Escape.json($0.text))}"
        }
        let duration_s = (time_s.last ?? 0) - (time_s.first ?? 0)
        return """
            {"title":\(Escape.json(title)),"subtitle":\(Escape.json(subtitle)),
            "seed":"\(seed)","command":\(Escape.json(command)),
            "duration_s":\(Escape.seconds(duration_s)),
            "figures":\(FigureTable(figures).json()),
            "events":[\(events.joined(separator: ",\n"))]}

            """
    }
}
