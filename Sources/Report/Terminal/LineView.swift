/// A running site as plain lines, for where there is no terminal: what happened as it happens,
/// and one line of figures for each second on the wall.
public struct LineView: Sendable {
    private var next_s = -Double.infinity
    private var seen: [LiveFrame.Line] = []

    public init() {}

    /// The lines to print now; often none. `wall_s` is any clock that only goes forward, seconds.
    public mutating func lines(_ frame: LiveFrame, wall_s: Double) -> [String] {
        var lines = fresh(frame.log).map { line in
            "\(instant(line.time_s)) \(line.tone == .normal ? "-" : line.tone.rawValue): "
                + Styled.ascii(Width.cleaned(line.text))
        }
        if wall_s >= next_s {
            // Whole periods are skipped after a pause; nothing is caught up.
            next_s = next_s.isFinite && wall_s < next_s + 1 ? next_s + 1 : wall_s + 1
            lines.append(Styled.ascii(Width.cleaned(Self.line(frame))))
        }
        return lines
    }

    /// One line of figures.
    public static func line(_ frame: LiveFrame) -> String {
        func sum(_ part: (LiveFrame.Home) -> Double) -> String {
            NumberText.fixed(frame.homes.reduce(0) { $0 + part($1) } / 1000, 2) + " kW"
        }
        let frequency =
            frame.isDC ? "" : " \(NumberText.fixed(frame.bus.frequency_Hz, 3)) Hz"
        var parts = [
            "t=\(NumberText.fixed(frame.time_s, 2)) s",
            "grid \(frame.grid.state)",
            "site \(frame.island.state) \(NumberText.fixed(frame.island.inState_s, 1)) s",
            "bus \(NumberText.fixed(frame.bus.voltage_V, 1)) V" + frequency,
        ]
        if frame.isDC { parts.remove(at: 1) }
        if !frame.homes.isEmpty {
            parts.append(
                "load \(sum(\.load_W)), solar \(sum(\.pv_W)), battery \(sum(\.battery_W))")
            let soc = frame.homes.map(\.soc)
            if let least = soc.min(), let most = soc.max() {
                parts.append(
                    "charge \(NumberText.fixed(least * 100, 0))...\(NumberText.fixed(most * 100, 0)) %"
                )
            }
        }
        parts.append("overruns \(frame.ticks.overruns)")
        if !frame.alarms.isEmpty {
            parts.append("alarms: " + frame.alarms.map(\.text).joined(separator: "; "))
        }
        return parts.joined(separator: " | ")
    }

    /// What the log has gained since it was last looked at. The log is a window that slides, so
    /// the longest end of the old one that the new one starts with is what was seen.
    private mutating func fresh(_ log: [LiveFrame.Line]) -> ArraySlice<LiveFrame.Line> {
        defer { seen = log }
        for start in seen.indices where log.starts(with: seen[start...]) {
            return log[(seen.count - start)...]
        }
        return log[...]
    }

    private func instant(_ time_s: Double) -> String { "t=\(NumberText.fixed(time_s, 3)) s" }
}
