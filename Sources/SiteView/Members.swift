import BoardProfile

/// An object of the API, member by member. What is not known is null, and there.
struct Members {
    private var pairs: [(String, JSON)] = []

    mutating func put(_ key: String, _ value: JSON?) { pairs.append((key, value ?? .null)) }
    mutating func put(_ key: String, _ text: String?) { put(key, text.map { JSON.text($0) }) }
    mutating func put(_ key: String, _ flag: Bool?) { put(key, flag.map { JSON.flag($0) }) }
    /// As it is; NaN is null.
    mutating func put(_ key: String, _ value: Double?) { put(key, value.map { JSON.number($0) }) }
    /// To five figures.
    mutating func put(_ key: String, _ value: Float) { put(key, number(value)) }
    mutating func put(_ key: String, _ items: [JSON]) { put(key, JSON.list(items)) }
    mutating func put(_ key: String, _ members: Members?) { put(key, members?.json) }

    var json: JSON { .object(pairs) }
}
