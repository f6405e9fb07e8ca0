/// How many columns of a terminal a text takes, and cutting and padding to columns.
///
/// Zero: combining marks, joiners, controls. Two: the wide and full-width ranges of Unicode
/// Standard Annex #11 and what terminals draw as emoji. One: the rest.
public enum Width {
    public static func of(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + of($1) }
    }

    /// Counted by scalars, not by the emoji they may form together: never too few.
    static func of(_ scalar: Unicode.Scalar) -> Int {
        let code = scalar.value
        if code < 0x20 || (0x7F..<0xA0).contains(code) { return 0 }
        if code < 0x300 { return 1 }
        // Box drawing, blocks, geometric shapes, Braille: what bars and graphs are made of.
        if (0x2500...0x25FC).contains(code) || (0x2800...0x28FF).contains(code) { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator,
            .paragraphSeparator, .surrogate:
            return 0
        default: break
        }
        let wide: [ClosedRange<UInt32>] = [
            0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23F3,
            0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x26AA...0x26AB, 0x26BD...0x26BE,
            0x26C4...0x26C5, 0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA, 0x26F2...0x26F5,
            0x26FA...0x26FD, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728, 0x274C...0x274E,
            0x2753...0x2757, 0x2795...0x2797, 0x27B0...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B55,
            0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F004...0x1F004, 0x1F0CF...0x1F0CF,
            0x1F18E...0x1F19A, 0x1F200...0x1F64F, 0x1F680...0x1F6FF, 0x1F7E0...0x1F7F0,
            0x1F900...0x1FAFF, 0x20000...0x3FFFD,
        ]
        return wide.contains { $0.contains(code) } ? 2 : 1
    }

    /// At most `columns` wide, the last of them `…` where something was cut; controls are dropped.
    public static func cut(_ text: String, to columns: Int, mark: Unicode.Scalar = "…") -> String {
        let clean = cleaned(text)
        if columns <= 0 { return "" }
        if of(clean) <= columns { return clean }
        var out = String.UnicodeScalarView()
        var used = 0
        for scalar in clean.unicodeScalars {
            let next = of(scalar)
            if used + next > columns - 1 { break }
            out.append(scalar)
            used += next
        }
        out.append(mark)
        return String(out)
    }

    /// Spaces added on the right, or on the left if `right` aligned. Never cuts.
    public static func padded(_ text: String, to columns: Int, right: Bool = false) -> String {
        let spaces = String(repeating: " ", count: max(0, columns - of(text)))
        return right ? spaces + text : text + spaces
    }

    /// Without the spaces at its end.
    static func trimmed(_ text: String) -> String {
        var out = Substring(text)
        while out.last == " " { out.removeLast() }
        return String(out)
    }

    /// Without what would move the cursor or colour the screen.
    static func cleaned(_ text: String) -> String {
        let harmful: (Unicode.Scalar) -> Bool = {
            $0.value < 0x20 || (0x7F..<0xA0).contains($0.value)
                || [.lineSeparator, .paragraphSeparator, .format].contains(
                    $0.properties.generalCategory)
        }
        guard text.unicodeScalars.contains(where: harmful) else { return text }
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { out.append(harmful(scalar) ? " " : scalar) }
        return String(out)
    }
}
