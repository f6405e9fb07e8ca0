/// Bars and little graphs out of block elements, an eighth of a cell fine.
package enum Bars {
    private static let fromLeft: [Character] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
    private static let fromBelow: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// `share` of `columns` filled from the left, 0 ... 1.
    package static func level(_ share: Double, columns: Int, look: Styled.Look) -> Styled {
        guard columns > 0 else { return Styled() }
        let eighths = Int((clamped(share) * Double(columns * 8)).rounded())
        let whole = eighths / 8
        var filled = String(repeating: "█", count: whole)
        if eighths % 8 > 0 { filled.append(fromLeft[eighths % 8]) }
        let rest = String(repeating: "─", count: columns - filled.count)
        return Styled(filled, look) + Styled(rest, .faint)
    }

    /// A bar from the middle: to the right when positive, to the left when negative. `share` is
    /// −1 ... 1 of what the half stands for; `columns` is made odd by leaving the last one blank.
    package static func signed(
        _ share: Double, columns: Int, look: Styled.Look, colour: Bool
    ) -> Styled {
        let half = (columns - 1) / 2
        guard half > 0 else { return Styled(String(repeating: " ", count: max(0, columns))) }
        let eighths = Int((clamped(share.magnitude) * Double(half * 8)).rounded())
        let whole = eighths / 8, part = eighths % 8
        let blank = String(repeating: "─", count: half - whole - (part > 0 ? 1 : 0))
        let solid = Styled(String(repeating: "█", count: whole), look)
        let empty = Styled(String(repeating: "─", count: half), .faint)
        let middle = Styled("│")
        var line: Styled
        if share < 0 {
            var edge = Styled()
            if part > 0 {
                // No block grows from the right in eighths: reverse the one that grows from the left.
                edge =
                    colour
                    ? Styled(String(fromLeft[8 - part]), look.reversed)
                    : Styled(part >= 4 ? "▐" : "─", part >= 4 ? look : .faint)
            }
            line = Styled(blank, .faint) + edge + solid + middle + empty
        } else {
            let edge = part > 0 ? Styled(String(fromLeft[part]), look) : Styled()
            line = empty + middle + solid + edge + Styled(blank, .faint)
        }
        if columns % 2 == 0 { line += Styled(" ") }
        return line
    }

    /// The newest values as columns `rows` high, top row first, between `low` and `high`; a blank
    /// where a value is missing.
    package static func graph(
        _ values: [Double], columns: Int, rows: Int, low: Double, high: Double
    ) -> [String] {
        guard columns > 0, rows > 0 else { return [] }
        let shown = values.suffix(columns)
        let heights = shown.map { value -> Int in
            guard value.isFinite, high > low else { return 0 }
            let share = clamped((value - low) / (high - low))
            return 1 + Int((share * Double(rows * 8 - 1)).rounded())
        }
        let blank = String(repeating: " ", count: columns - heights.count)
        return (0..<rows).reversed().map { row in
            blank + String(heights.map { fromBelow[min(8, max(0, $0 - row * 8))] })
        }
    }

    /// The newest values as a line `rows` high out of Braille dots, two values and four levels to
    /// a cell; broken where a value is missing.
    package static func curve(
        _ values: [Double], columns: Int, rows: Int, low: Double, high: Double
    ) -> [String] {
        guard columns > 0, rows > 0, high > low else { return [] }
        // Unicode 15, chapter 21.1: dots 1-2-3-7 down the left of a cell, 4-5-6-8 down its right.
        let dots: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
        var cells = Array(repeating: Array(repeating: UInt32(0), count: columns), count: rows)
        let shown = values.suffix(2 * columns)
        let lead = 2 * columns - shown.count
        var previous: Int?
        for (n, value) in shown.enumerated() {
            guard value.isFinite else {
                previous = nil
                continue
            }
            let share = clamped((value - low) / (high - low))
            let level = Int(((1 - share) * Double(4 * rows - 1)).rounded())
            let from = min(level, previous.map { $0 < level ? $0 + 1 : $0 - 1 } ?? level)
            let to = max(level, previous.map { $0 < level ? $0 + 1 : $0 - 1 } ?? level)
            let covered = previous == level ? level...level : from...to
            for dot in covered {
                cells[dot / 4][(lead + n) / 2] |= dots[(lead + n) % 2][dot % 4]
            }
            previous = level
        }
        return cells.map { row in
            var line = String.UnicodeScalarView()
            for cell in row { line.append(Unicode.Scalar(cell == 0 ? 0x20 : 0x2800 + cell)!) }
            return String(line)
        }
    }

    private static func clamped(_ share: Double) -> Double {
        share.isFinite ? min(1, max(0, share)) : 0
    }
}
