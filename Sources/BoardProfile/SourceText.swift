/// The text of one file, checked to be plain: UTF-8, at most 1 MiB, no tabs, nothing invisible.
public struct SourceText: Sendable {
    /// The most a file may hold: 1 MiB. A large village's board file is near 100 KiB.
    public static let limit_B = 1 << 20

    public let file: String
    public let text: String
    /// The lines without their ends; line 1 is `lines[0]`.
    public let lines: [Substring]

    /// Checks `bytes`; nil, with the reasons in `problems`, where they are not plain text.
    public init?(_ bytes: [UInt8], file: String, problems: inout Problems) {
        func refuse(_ message: String, _ remedy: String, line: Int = 0, excerpt: String = "") {
            problems.add(
                Problem(
                    file: file, line: line, column: line > 0 ? 1 : 0, message: message,
                    remedy: remedy, excerpt: excerpt, width: excerpt.count))
        }
        guard bytes.count <= Self.limit_B else {
            refuse("is \(bytes.count) bytes long", "keep a file below \(Self.limit_B) bytes")
            return nil
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            refuse("is UTF-16 text", "save it as UTF-8")
            return nil
        }
        // A byte order mark at the very start is what some editors leave; it says UTF-8.
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        guard let text = String(validating: body, as: UTF8.self) else {
            for (n, line) in body.split(separator: 0x0A, omittingEmptySubsequences: false)
                .enumerated() where String(validating: line, as: UTF8.self) == nil
            {
                refuse(
                    "is not UTF-8 text", "save the file as UTF-8", line: n + 1,
                    excerpt: String(decoding: line, as: UTF8.self))
            }
            return nil
        }
        self.file = file
        self.text = text
        lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            Substring($0.last == 0x0D ? $0.dropLast() : $0)
        }
        let before = problems.errors
        for (n, line) in lines.enumerated() { Self.check(line, n + 1, file, &problems) }
        if problems.errors > before { return nil }
    }

    /// Refuses the first tab or invisible character of a line.
    private static func check(
        _ line: Substring, _ number: Int, _ file: String, _ problems: inout Problems
    ) {
        // ASCII from space to tilde is all that most lines hold.
        if line.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return }
        for (n, scalar) in line.unicodeScalars.enumerated() {
            guard let (what, remedy) = fault(scalar) else { continue }
            problems.add(
                Problem(
                    file: file, line: number, column: n + 1, message: what, remedy: remedy,
                    excerpt: excerpt(line)))
            return
        }
    }

    private static func fault(_ scalar: Unicode.Scalar) -> (String, String)? {
        let hex = String(scalar.value, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
        switch scalar.value {
        case 0x09: return ("holds a tab", "indent with spaces")
        case 0x0D: return ("holds a lone carriage return", "end lines with a line feed")
        case 0..<0x20, 0x7F..<0xA0: return ("holds the control character \(code)", "remove it")
        case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000:
            return ("holds the unusual space \(code)", "write an ordinary space")
        // Zero-width, direction-changing (CVE-2021-42574), separators, byte order mark.
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xAD, 0xFFF9...0xFFFF:
            return ("holds the invisible character \(code)", "remove it")
        default: return nil
        }
    }

    /// A line for a problem: control characters made visible, at most 200 characters.
    static func excerpt(_ line: Substring) -> String {
        var out = String.UnicodeScalarView()
        for scalar in line.unicodeScalars.prefix(200) {
            out.append(fault(scalar) == nil ? scalar : scalar.value == 9 ? " " : "\u{FFFD}")
        }
        return String(out)
    }

    /// Line `number`, from 1, for a problem; empty where there is none.
    func excerpt(_ number: Int) -> String {
        lines.indices.contains(number - 1) ? Self.excerpt(lines[number - 1]) : ""
    }
}
