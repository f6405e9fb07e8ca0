/// Writes the YAML of our own files: one spelling for each value, so that two files differ where their
/// contents do, and nowhere else.
struct YAMLLines {
    private(set) var text = ""
    private var indent = ""

    mutating func comment(_ words: String) { text += "# \(words)\n" }

    /// `key: value`, for words that YAML takes for nothing but text.
    mutating func word(_ key: String, _ value: String) { text += "\(indent)\(key): \(value)\n" }
    /// A text between quotes; an empty one is left out.
    mutating func words(_ key: String, _ value: String) {
        if !value.isEmpty { word(key, Self.quoted(value)) }
    }
    mutating func number(_ key: String, _ value: Double) { word(key, Self.number(value)) }
    mutating func numbers(_ key: String, _ values: [Double]) {
        word(key, "[" + values.map(Self.number).joined(separator: ", ") + "]")
    }
    mutating func section(_ key: String, _ body: (inout YAMLLines) -> Void) {
        text += "\(indent)\(key):\n"
        indent += "  "
        body(&self)
        indent.removeLast(2)
    }
    /// A list with an item a line; of none, `[]`.
    mutating func list(_ key: String, _ items: [[(String, String)]]) {
        if items.isEmpty { return word(key, "[]") }
        text += "\(indent)\(key):\n"
        for item in items {
            let fields = item.map { "\($0.0): \($0.1)" }.joined(separator: ", ")
            text += "\(indent)  - {\(fields)}\n"
        }
    }

    /// The shortest text that reads back as the same number, without `.0` on whole ones.
    static func number(_ number: Double) -> String {
        if number.magnitude < 1e15, number == number.rounded() { return String(Int64(number)) }
        return "\(number)"
    }

    /// Between double quotes, with escapes for what a file of ours may not hold (YAML 1.2.2, 5.7).
    static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: out += "\\\""
            case 0x5C: out += "\\\\"
            case 0x20..<0x7F: out.unicodeScalars.append(scalar)
            case 0..<0x20, 0x7F..<0xA1, 0xAD, 0x2000...0x206F, 0x3000, 0xFE00...0xFFFF:
                let hex = String(scalar.value, radix: 16, uppercase: true)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
