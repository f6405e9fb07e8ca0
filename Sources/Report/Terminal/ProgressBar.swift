import Foundation

/// How far a simulation is, on standard error: a bar that redraws itself on a terminal; elsewhere
/// nothing, or a line for each ten percent when asked for.
public struct ProgressBar: Sendable {
    public enum Mode: Sendable { case bar, lines, silent }

    public var label: String
    /// How long the run will be, simulated seconds.
    public var length_s: Double
    public var mode: Mode
    public var ability: Ability
    private var drawn_s = -Double.infinity
    private var reached = 0

    public init(label: String, length_s: Double, mode: Mode, ability: Ability) {
        self.label = label
        self.length_s = length_s
        self.mode = mode
        self.ability = ability
    }

    /// A bar if standard error is a terminal; otherwise lines if `plainLines`, else nothing.
    public init(label: String, length_s: Double, plainLines: Bool = false) {
        let environment = ProcessInfo.processInfo.environment
        let terminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
        self.init(
            label: label, length_s: length_s,
            mode: terminal ? .bar : plainLines ? .lines : .silent,
            ability: Ability(environment: environment, isTerminal: terminal))
    }

    /// `done_s` of the run are simulated after `wall_s` on the wall. Draws ten times a second at
    /// most; calling it more often costs next to nothing.
    public mutating func show(done_s: Double, wall_s: Double) {
        if let text = update(done_s: done_s, wall_s: wall_s, columns: Self.columns) {
            Self.put(text)
        }
    }

    /// Takes the bar off the screen. Call it once, before anything else is written.
    public func finish() {
        if mode == .bar { Self.put("\r\u{1B}[K") }
    }

    /// What to write now, if anything.
    mutating func update(done_s: Double, wall_s: Double, columns: Int) -> String? {
        let share = length_s > 0 ? min(1, max(0, done_s / length_s)) : 1
        switch mode {
        case .silent: return nil
        case .lines:
            let tenth = Int(share * 10)
            guard tenth > reached else { return nil }
            reached = tenth
            return Styled.ascii(
                Width.cleaned("\(label): \(tenth * 10) %\(tail(done_s, wall_s, share))")) + "\n"
        case .bar:
            guard wall_s >= drawn_s + 0.1 || (share >= 1 && reached == 0) else { return nil }
            drawn_s = wall_s
            if share >= 1 { reached = 1 }
            return "\r" + line(done_s, wall_s, share).cut(to: columns).text(for: ability)
                + "\u{1B}[K"
        }
    }

    private func line(_ done_s: Double, _ wall_s: Double, _ share: Double) -> Styled {
        Styled(label + " ") + Bars.level(share, columns: 24, look: .accent)
            + Styled(Width.padded(NumberText.fixed(share * 100, 0), to: 4, right: true) + " %")
            + Styled(tail(done_s, wall_s, share), .faint)
    }

    /// Speed as simulated seconds per second, and what is left on the wall at that speed.
    private func tail(_ done_s: Double, _ wall_s: Double, _ share: Double) -> String {
        guard wall_s > 0, done_s > 0 else { return "" }
        let speed = done_s / wall_s
        let digits = speed < 10 ? 1 : 0
        let left_s = max(0, length_s - done_s) / speed
        let left =
            share >= 1 ? "in \(TimeText.long(wall_s))" : "\(TimeText.long(left_s.rounded())) left"
        return "  ×\(NumberText.fixed(speed, digits))  \(left)"
    }

    private static var columns: Int {
        max(20, TerminalScreen.size(of: STDERR_FILENO)?.columns ?? 80) - 1
    }

    private static func put(_ text: String) {
        TerminalScreen.put(Array(text.utf8), to: STDERR_FILENO)
    }
}
