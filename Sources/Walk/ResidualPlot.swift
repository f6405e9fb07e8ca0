import Calibration
import Report

/// Residuals over the reference, with k = 2 bars and the band that is allowed.
struct ResidualPlot {
    var points: [WalkScreen.PointRow]
    var plan: ChannelPlan
    var unicode: Bool

    /// At most `rows` lines (4 or more) of `columns` (24 or more): the field and a line of numbers.
    func lines(columns: Int, rows: Int) -> [Styled] {
        let unit = plan.channel.unit
        let half = height
        let top = "+" + Digits.quantity(half, unit)
        let bottom = "−" + Digits.quantity(half, unit)
        let margin = max(Width.of(top), Width.of(bottom), 3) + 1
        let wide = columns - margin - 2
        // Odd, so that nil has a line of its own.
        let high = (rows - 1) % 2 == 1 ? rows - 1 : rows - 2
        guard wide >= 8, high >= 3 else { return [] }
        var cells = Array(
            repeating: Array(repeating: (Character(" "), Styled.Look.plain), count: wide),
            count: high)
        let row = { (v: Double) -> Int in
            let share = min(1, max(-1, v / half))
            return Int(((1 - share) / 2 * Double(high - 1)).rounded())
        }
        let ends = horizontal
        let column = { (v: Double) -> Int in
            let share = (v - ends.lowerBound) / (ends.upperBound - ends.lowerBound)
            return Int((min(1, max(0, share)) * Double(wide - 1)).rounded())
        }
        for x in 0..<wide {
            let value =
                ends.lowerBound
                + Double(x) / Double(wide - 1) * (ends.upperBound - ends.lowerBound)
            let allowed = plan.required.allowed(at: value)
            cells[high / 2][x] = ("─", .faint)
            for edge in [allowed, -allowed] where edge.magnitude <= half * 1.0001 {
                cells[row(edge)][x] = (unicode ? "┄" : ".", .attention)
            }
        }
        for point in points {
            let x = column(point.reference)
            let isInside = point.residual.magnitude <= plan.required.allowed(at: point.reference)
            let look: Styled.Look = point.isOutlier ? .faint : isInside ? .good : .alarm
            let (from, to) = (
                row(point.residual + point.expanded), row(point.residual - point.expanded)
            )
            for y in from...max(from, to) { cells[y][x] = (unicode ? "│" : "|", look) }
            cells[row(point.residual)][x] = (
                point.isOutlier ? (unicode ? "○" : "o") : unicode ? "●" : "*", look
            )
        }
        var lines = cells.enumerated().map { y, line in
            let label = y == 0 ? top : y == high - 1 ? bottom : y == high / 2 ? "0" : ""
            return Styled(Width.padded(label, to: margin - 1, right: true) + " ", .faint)
                + Styled(unicode ? "│" : "|", .faint) + Self.joined(line)
        }
        lines.append(axis(ends, margin: margin, wide: wide))
        return lines
    }

    /// The tallest of bars, residuals and band: what fails is seen to, what passes sits inside.
    private var height: Double {
        let tops = points.map { $0.residual.magnitude + $0.expanded }
        let bands = [plan.span.lowerBound, plan.span.upperBound].map(plan.required.allowed)
        let most = max(tops.max() ?? 0, bands.max() ?? 0)
        return most.isFinite && most > 0 ? most * 1.05 : 1
    }

    private var horizontal: ClosedRange<Double> {
        let all = points.map(\.reference) + [plan.span.lowerBound, plan.span.upperBound]
        let (low, high) = (all.min() ?? 0, all.max() ?? 1)
        return high > low ? low...high : low...(low + 1)
    }

    private func axis(_ ends: ClosedRange<Double>, margin: Int, wide: Int) -> Styled {
        let unit = plan.channel.unit
        let low = Digits.significant(ends.lowerBound, 3)
        let high = Digits.significant(ends.upperBound, 3) + (unit.isEmpty ? "" : " \(unit)")
        let middle = "meter"
        let space = wide - Width.of(low) - Width.of(high)
        let text =
            space >= middle.count + 2
            ? low + Self.spaces((space - middle.count) / 2) + middle
                + Self.spaces(space - middle.count - (space - middle.count) / 2) + high
            : low + Self.spaces(max(1, space)) + high
        return Styled(Self.spaces(margin + 1) + text, .faint)
    }

    private static func spaces(_ n: Int) -> String { String(repeating: " ", count: max(0, n)) }

    private static func joined(_ cells: [(Character, Styled.Look)]) -> Styled {
        var line = Styled()
        var text = ""
        for (n, cell) in cells.enumerated() {
            text.append(cell.0)
            if n + 1 == cells.count || cells[n + 1].1 != cell.1 {
                line += Styled(text, cell.1)
                text = ""
            }
        }
        return line
    }
}
