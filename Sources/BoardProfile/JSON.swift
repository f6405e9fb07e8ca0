/// A JSON value that keeps the order of its keys, so that what is generated reads as written.
public indirect enum JSON: Equatable, Sendable {
    case null
    case flag(Bool)
    /// Finite; NaN and infinity, which JSON cannot hold, are written as null.
    case number(Double)
    case text(String)
    case list([JSON])
    case object([(String, JSON)])

    public static func == (a: JSON, b: JSON) -> Bool {
        a.rendered(indent: 0) == b.rendered(indent: 0)
    }

    /// Two spaces per level; scalars of a list of scalars share a line.
    public var rendered: String { rendered(indent: 0) + "\n" }

    /// On one line.
    public var compact: String {
        switch self {
        case .list(let items): "[" + items.map(\.compact).joined(separator: ",") + "]"
        case .object(let pairs):
            "{" + pairs.map { Self.quote($0.0) + ":" + $0.1.compact }.joined(separator: ",") + "}"
        default: scalar
        }
    }

    private func rendered(indent: Int) -> String {
        let inner = String(repeating: "  ", count: indent + 1)
        let outer = String(repeating: "  ", count: indent)
        switch self {
        case .list(let items):
            if items.allSatisfy(\.isScalar) {
                return "[" + items.map(\.scalar).joined(separator: ", ") + "]"
            }
            let body = items.map { inner + $0.rendered(indent: indent + 1) }
            return "[\n" + body.joined(separator: ",\n") + "\n\(outer)]"
        case .object(let pairs):
            if pairs.isEmpty { return "{}" }
            let body = pairs.map {
                inner + Self.quote($0.0) + ": " + $0.1.rendered(indent: indent + 1)
            }
            return "{\n" + body.joined(separator: ",\n") + "\n\(outer)}"
        default: return scalar
        }
    }

    private var isScalar: Bool {
        switch self {
        case .list, .object: false
        default: true
        }
    }

    private var scalar: String {
        switch self {
        case .flag(let flag): flag ? "true" : "false"
        case .number(let number): number.isFinite ? plain(number) : "null"
        case .text(let text): Self.quote(text)
        default: "null"
        }
    }

    /// RFC 8259, section 7.
    private static func quote(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let hex = String(scalar.value, radix: 16)
                    out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }
}

/// A number as people write it: no `.0` on whole numbers, else the shortest text that reads back.
func plain(_ number: Double) -> String {
    if number.magnitude < 1e15, number == number.rounded() { return String(Int64(number)) }
    return "\(number)"
}
