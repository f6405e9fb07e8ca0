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
            // A column free at each side: a bar on the axis is not seen.
            return 1 + Int((min(1, max(0, share)) * Double(wide - 3)).rounded())
        }
        for x in 0..<wide {
            let value =
                ends.lowerBound
                + Double(x - 1) / Double(wide - 3) * (ends.upperBound - ends.lowerBound)
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

    /// Residuals far inside the band are drawn large and the band is left off; else all is shown.
    private var height: Double {
        let tops = points.map { $0.residual.magnitude + $0.expanded }.max() ?? 0
        let most = bandIsOff ? tops : max(tops, bands.max() ?? 0)
        return most.isFinite && most > 0 ? most * 1.05 : 1
    }

    private var bands: [Double] {
        var values = [plan.span.lowerBound, plan.span.upperBound]
        if plan.span.contains(0) { values.append(0) }
        return values.map(plan.required.allowed)
    }

    /// One point is always on the line; two say something.
    private var bandIsOff: Bool {
        let tops = points.map { $0.residual.magnitude + $0.expanded }.max() ?? 0
        return points.count >= 2 && tops > 0 && (bands.min() ?? 0) > 4 * tops
    }

    private var horizontal: ClosedRange<Double> {
        let all = points.map(\.reference) + [plan.span.lowerBound, plan.span.upperBound]
        let (low, high) = (all.min() ?? 0, all.max() ?? 1)
        return high > low ? low...high : low...(low + 1)
    }

    private func axis(_ ends: ClosedRange<Double>, margin: Int, wide: Int) -> Styled {
        let unit = plan.channel.unit
        let low = Digits.plain(ends.lowerBound)
        let high = Digits.plain(ends.upperBound, unit)
        // The band's nearest edge, where it does not fit into the field.
        let off = "allowed ±\(Digits.plain(bands.min() ?? 0, unit)): off scale"
        let isRoomy = wide - Width.of(low) - Width.of(high) >= Width.of(off) + 2
        let middle = !bandIsOff ? "meter" : isRoomy ? off : "band off scale"
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
