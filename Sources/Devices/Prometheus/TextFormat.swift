/// Names, labels and numbers in Prometheus' text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats).
enum TextFormat {
    /// What an answer with such a text says of itself.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// A name that the format allows. A colon is for the rules of whoever runs Prometheus.
    static func name(_ text: String) -> String {
        var name = String(
            String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) ? $0 : "_" }))
        if name.isEmpty || name.utf8.first!.isDigit { name = "_" + name }
        return name
    }
    private static func isPlain(_ c: Unicode.Scalar) -> Bool {
        switch c {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }

    /// A label's name. Those with a meaning of their own are moved aside, as Prometheus does with its own.
    static func labelName(_ text: String, of kind: Family.Kind) -> String {
        let name = name(text)
        let isTaken =
            name.hasPrefix("__") || (name == "le" && kind == .histogram)
            || (name == "quantile" && kind != .summary)
        return isTaken ? "exported_\(name)" : name
    }

    /// What stands between the braces, by name; of two with one name the later.
    static func labels(_ dimensions: [(String, String)], of kind: Family.Kind) -> String {
        var labels: [String: String] = [:]
        for (name, value) in dimensions { labels[labelName(name, of: kind)] = value }
        return labels.sorted { $0.key < $1.key }
            .map { "\($0.key)=\"\(value($0.value))\"" }.joined(separator: ",")
    }

    /// A label's value: any UTF-8, with `\`, `"` and line feeds escaped.
    static func value(_ text: String) -> String { escaped(text, quotes: true) }
    /// A help text: the same, but quotes stay.
    static func help(_ text: String) -> String { escaped(text, quotes: false) }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var out = ""
        // By scalars: a carriage return and a line feed are one character to Swift.
        for c in text.unicodeScalars {
            switch c {
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\"" where quotes: out += "\\\""
            default: out.unicodeScalars.append(c)
            }
        }
        return out
    }

    /// A number as Go reads it, the shortest that gives the same bits.
    static func number(_ x: Double) -> String {
        if x.isNaN { return "NaN" }
        if x.isInfinite { return x < 0 ? "-Inf" : "+Inf" }
        let text = "\(x)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

extension UInt8 {
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
}
