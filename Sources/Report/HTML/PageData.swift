import Foundation

/// The run as JSON for the page's script: decimated, samples in base64.
///
/// Instants are `UInt32` fractions of the run (0 its start, 2^32 − 1 its end: 14 ns in a minute,
/// 20 µs in a day), values `Float`, both little-endian. Series kept at the same rows share a clock.
struct PageData {
    var trace: Trace
    var points: Int

    func json() -> String {
        let start = trace.time_s.first ?? 0
        let end = trace.time_s.last ?? 0
        var clocks: [String] = []
        var clockOfRows: [[Int]: Int] = [:]

        var panels: [String] = []
        for panel in trace.panels {
            var series: [String] = []
            for one in panel.series {
                let rows = Decimation.rows(of: one.values, points: points)
                let clock: Int
                if let known = clockOfRows[rows] {
                    clock = known
                } else {
                    clock = clocks.count
                    clockOfRows[rows] = clock
                    clocks.append("\"\(base64(instants(rows, start, end)))\"")
                }
                let values = rows.map { one.values[$0].isFinite ? one.values[$0] : .nan }
                series.append(
                    "{\"name\":\(Escape.json(one.name)),\"label\":\(Escape.json(one.label)),"
                        + "\"clock\":\(clock),\"values\":\"\(base64(values.map(\.bitPattern)))\"}")
            }
            let bands = trace.bands.filter { $0.group == panel.group && $0.unit == panel.unit }
            panels.append(
                "{\"title\":\(Escape.json(panel.group)),\"unit\":\(Escape.json(panel.unit.symbol)),"
                    + "\"bands\":[\(bands.map(json).joined(separator: ","))],"
                    + "\"series\":[\(series.joined(separator: ",\n"))]}")
        }
        return """
            {"start":\(Escape.json(start)),"end":\(Escape.json(end)),
            "clocks":[\(clocks.joined(separator: ",\n"))],
            "panels":[\(panels.joined(separator: ",\n"))],
            "states":[\(trace.states.map(json).joined(separator: ",\n"))],
            "events":[\(trace.eventsInOrder.map(json).joined(separator: ",\n"))]}
            """
    }

    private func instants(_ rows: [Int], _ start: Double, _ end: Double) -> [UInt32] {
        guard end > start else { return rows.map { _ in 0 } }
        return rows.map { row in
            let share = (trace.time_s[row] - start) / (end - start)
            return UInt32((min(max(share, 0), 1) * 4_294_967_295).rounded())
        }
    }

    private func base64(_ words: [UInt32]) -> String {
        words.map(\.littleEndian).withUnsafeBytes { Data($0) }.base64EncodedString()
    }

    private func json(_ band: Trace.Band) -> String {
        "{\"lower\":\(Escape.json(band.lower)),\"upper\":\(Escape.json(band.upper)),"
            + "\"label\":\(Escape.json(band.label)),\"tone\":\"\(band.tone.rawValue)\"}"
    }

    private func json(_ track: Trace.StateTrack) -> String {
        let changes = track.changes.map {
            "[\(Escape.seconds($0.time_s)),\(Escape.json($0.state)),\"\($0.tone.rawValue)\"]"
        }
        return "{\"label\":\(Escape.json(track.label)),\"changes\":["
            + changes.joined(separator: ",") + "]}"
    }

    private func json(_ event: Trace.Event) -> String {
        "[\(Escape.seconds(event.time_s)),\"\(event.kind.rawValue)\","
            + "\(Escape.json(event.source)),\(Escape.json(event.text))]"
    }
}

extension Trace {
    /// Series that share one plot.
    struct Panel {
        var group: String
        var unit: Unit
        var series: [Series]
    }

    /// One panel for each group and unit, in the order of their first series.
    var panels: [Panel] {
        var panels: [Panel] = []
        for one in series {
            let known = panels.firstIndex { $0.group == one.group && $0.unit == one.unit }
            if let known {
                panels[known].series.append(one)
            } else {
                panels.append(Panel(group: one.group, unit: one.unit, series: [one]))
            }
        }
        return panels
    }

    /// By time; those of one instant as they were given.
    var eventsInOrder: [Event] {
        events.enumerated()
            .sorted { ($0.element.time_s, $0.offset) < ($1.element.time_s, $1.offset) }
            .map(\.element)
    }
}
