/// Text made harmless for the place it is put in.
enum Escape {
    /// For element content and for attribute values in double quotes.
    static func html(_ text: String) -> String {
        var out = ""
        out.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            case "\t", "\n", "\r": out.unicodeScalars.append(scalar)
            case let control where control.value < 0x20 || control.value == 0x7F:
                out.unicodeScalars.append("\u{FFFD}")
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// A JSON string with its quotes (RFC 8259 §7). Also safe inside an HTML script element, for
    /// no `<`, `>` or `&` is left in it, and inside JavaScript, for U+2028 and U+2029 are escaped.
    static func json(_ text: String) -> String {
        var out = "\""
        out.reserveCapacity(text.utf8.count + 2)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{7F}": out += escaped(scalar)
            case let control where control.value < 0x20: out += escaped(control)
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    /// A JSON number, or `null` for what JSON has no number for.
    static func json(_ number: Double) -> String {
        number.isFinite ? plain(number) : "null"
    }

    /// The shortest decimal that reads back as the same number, without a needless `.0`.
    static func plain(_ number: Double) -> String {
        let text = number == 0 ? "0" : number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// As for `Double`, in the digits a `Float` needs.
    static func plain(_ number: Float) -> String {
        let text = number == 0 ? "0" : number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// A time free of the dust of binary fractions: whole nanoseconds, as far as a `Double` tells
    /// them apart (2^53 ns, 104 days).
    static func seconds(_ time_s: Double) -> String {
        let ns = (time_s * 1e9).rounded()
        return plain(ns.magnitude < 0x1p53 ? ns / 1e9 : time_s)
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let hex = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    }
}
