import Foundation

/// What is published, before it is text.
enum JSON: Equatable, Sendable {
    case null
    case truth(Bool)
    case number(Double)
    case text(String)
    case list([JSON])
    case object([String: JSON])

    /// Rounded to so many decimals; null for what is unknown: nil, NaN, infinite.
    static func rounded(_ value: Double?, decimals: Int) -> JSON {
        guard let value, value.isFinite else { return .null }
        let scale = [1.0, 10, 100, 1000, 10_000][min(max(decimals, 0), 4)]
        let rounded = (value * scale).rounded() / scale
        // No minus before a nought.
        return .number(rounded == 0 ? 0 : rounded)
    }

    /// Keys in order: equal values are equal texts.
    func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension JSON: Encodable {
    func encode(to encoder: any Encoder) throws {
        var one = encoder.singleValueContainer()
        switch self {
        case .null: try one.encodeNil()
        case .truth(let truth): try one.encode(truth)
        case .number(let number): try one.encode(number)
        case .text(let text): try one.encode(text)
        case .list(let list): try one.encode(list)
        case .object(let object): try one.encode(object)
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    init(stringLiteral text: String) { self = .text(text) }
}
