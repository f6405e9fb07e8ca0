/// The figures on the page: cards for the key ones, and a table of all.
enum PageFigures {
    /// Figures marked as key; when none is, the first eight.
    static func cards(_ figures: [Trace.Figure]) -> String {
        let key = figures.filter(\.isKey)
        let shown = key.isEmpty ? Array(figures.prefix(8)) : key
        if shown.isEmpty { return "" }
        let cards = shown.map { figure in
            let unit = figure.unit.symbol
            let note = Escape.html(figure.note)
            return """
                <div class="card t-\(figure.tone.rawValue)"><dt>\(Escape.html(figure.name))\
                \(flag(figure.tone))</dt><dd><div class="figure">\(Escape.html(figure.valueText))\
                \(unit.isEmpty ? "" : "<small>\(Escape.html(unit))</small>")</div>\
                \(note.isEmpty ? "" : "<div class=\"note\">\(note)</div>")</dd></div>
                """
        }
        return "<dl class=\"cards\" aria-label=\"Key figures\">\n"
            + cards.joined(separator: "\n") + "\n</dl>"
    }

    static func table(_ figures: [Trace.Figure]) -> String {
        if figures.isEmpty { return "" }
        var rows = ""
        for (group, members) in figures.grouped {
            rows += "<tr><th class=\"group\" colspan=\"4\" scope=\"rowgroup\">"
            rows += "\(Escape.html(group))</th></tr>\n"
            for figure in members {
                rows += """
                    <tr class="t-\(figure.tone.rawValue)"><th scope="row">\(Escape.html(figure.name))\
                    \(flag(figure.tone))</th><td class="number">\(Escape.html(figure.valueText))</td>\
                    <td>\(Escape.html(figure.unit.symbol))</td>\
                    <td class="note">\(Escape.html(figure.note))</td></tr>

                    """
            }
        }
        return """
            <h2 id="figures">Figures</h2>
            <div class="sheet free scroll"><table aria-labelledby="figures">
            <thead><tr><th scope="col">Figure</th><th scope="col" class="number">Value</th>\
            <th scope="col">Unit</th><th scope="col">Note</th></tr></thead>
            <tbody>\(rows)</tbody></table></div>
            """
    }

    /// A word beside the colour, for those who do not see it.
    private static func flag(_ tone: Tone) -> String {
        switch tone {
        case .normal: ""
        case .attention: "<span class=\"flag t-attention\">▲ attention</span>"
        case .alarm: "<span class=\"flag t-alarm\">✕ alarm</span>"
        }
    }
}

extension Trace.Figure {
    /// The value alone, without its unit.
    var valueText: String {
        switch value {
        case .number(let number): NumberText.figure(number)
        case .text(let text): text
        case .missing: "–"
        }
    }
}

extension [Trace.Figure] {
    /// Groups in the order of their first figure, each with its figures in their order.
    var grouped: [(group: String, members: [Trace.Figure])] {
        var groups: [(group: String, members: [Trace.Figure])] = []
        for figure in self {
            if let known = groups.firstIndex(where: { $0.group == figure.group }) {
                groups[known].members.append(figure)
            } else {
                groups.append((figure.group, [figure]))
            }
        }
        return groups
    }
}
