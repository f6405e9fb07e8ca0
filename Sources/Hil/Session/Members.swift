/// The members of a request, taken one by one; what is left over in the end is refused.
struct Members {
    private var left: [JSONObject.Member]
    let request: String
    let id: JSONValue?

    /// - Throws: where it says no request, or an id that is none.
    init(_ object: JSONObject) throws(SessionError) {
        left = object.members
        guard case .text(let name)? = object["request"] else {
            throw SessionError(
                .notUnderstood, "the line says no request", "write {\"request\":\"hello\", …}")
        }
        request = name
        switch object["id"] {
        case .number, .text, nil: id = object["id"]
        default: throw SessionError(.notUnderstood, "id is no text or number", "write one of them")
        }
        left.removeAll { $0.name == "request" || $0.name == "id" }
    }
    /// The members of a part of a request.
    init(part object: JSONObject, of request: String) {
        (left, self.request, id) = (object.members, request, nil)
    }

    mutating func take(_ name: String) -> JSONValue? {
        left.firstIndex { $0.name == name }.map { left.remove(at: $0).value }
    }
    func finish() throws(SessionError) {
        guard let first = left.first else { return }
        throw SessionError(
            "\(request) has no key \(first.name)", "see the protocol for those it has")
    }

    private func wrong(_ name: String, _ value: JSONValue, _ wanted: String) -> SessionError {
        SessionError("\(name) is \(value.words)", "write \(wanted)")
    }
    mutating func number(
        _ name: String, _ range: ClosedRange<Double>
    ) throws(SessionError) -> Double? {
        switch take(name) {
        case nil: return nil
        case .number(let number)? where range.contains(number): return number
        case let value?:
            throw wrong(
                name, value, "a number, \(plain(range.lowerBound)) to \(plain(range.upperBound))")
        }
    }
    mutating func whole(_ name: String, _ range: ClosedRange<Int>) throws(SessionError) -> Int? {
        let wide = Double(range.lowerBound)...Double(range.upperBound)
        guard let number = try number(name, wide) else { return nil }
        guard number == number.rounded() else {
            throw SessionError("\(name) = \(number) is not whole", "write a whole number")
        }
        return Int(number)
    }
    mutating func flag(_ name: String) throws(SessionError) -> Bool? {
        switch take(name) {
        case nil: return nil
        case .flag(let flag)?: return flag
        case let value?: throw wrong(name, value, "true or false")
        }
    }
    mutating func text(_ name: String) throws(SessionError) -> String? {
        switch take(name) {
        case nil: return nil
        case .text(let text)?: return text
        case let value?: throw wrong(name, value, "a text")
        }
    }
    mutating func choice(_ name: String, _ words: [String]) throws(SessionError) -> String? {
        guard let text = try text(name) else { return nil }
        guard words.contains(text) else {
            throw SessionError("\(name) is \(text)", "write \(words.joined(separator: " or "))")
        }
        return text
    }
    mutating func texts(_ name: String) throws(SessionError) -> [String]? {
        switch take(name) {
        case nil: return nil
        case .numbers(let list)? where list.isEmpty: return []
        case .list(let items)?:
            var texts: [String] = []
            for item in items {
                guard case .text(let text) = item else { throw wrong(name, item, "texts in it") }
                texts.append(text)
            }
            return texts
        case let value?: throw wrong(name, value, "a list of texts")
        }
    }
    mutating func object(_ name: String) throws(SessionError) -> JSONObject? {
        switch take(name) {
        case nil: return nil
        case .object(let object)?: return object
        case let value?: throw wrong(name, value, "an object")
        }
    }
}
