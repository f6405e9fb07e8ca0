/// A JSON value as it was read.
enum JSONValue: Equatable, Sendable {
    case null
    case flag(Bool)
    /// Finite.
    case number(Double)
    case text(String)
    /// A list of numbers and of nothing else; an empty list is one.
    case numbers([Double])
    case list([JSONValue])
    case object(JSONObject)

    /// For a message: what stands there.
    var words: String {
        switch self {
        case .null: "null"
        case .flag(let flag): "\(flag)"
        case .number(let number): plain(number)
        case .text(let text):
            "\"\(text.unicodeScalars.count > 40 ? text.prefix(39) + "…" : text[...])\""
        case .numbers(let list): "a list of \(list.count)"
        case .list(let list): "a list of \(list.count)"
        case .object: "an object"
        }
    }
}

/// The members of a JSON object in their order; every name once.
struct JSONObject: Equatable, Sendable {
    struct Member: Equatable, Sendable {
        var name: String
        var value: JSONValue
    }
    var members: [Member] = []
    subscript(_ name: String) -> JSONValue? { members.first { $0.name == name }?.value }
}

/// A number as people write it: without `.0`.
func plain(_ number: Double) -> String {
    number.magnitude < 1e15 && number == number.rounded() ? "\(Int64(number))" : "\(number)"
}
