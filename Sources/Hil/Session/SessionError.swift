import BoardProfile

/// What a partner is told when its request is not done.
struct SessionError: Error, Equatable {
    enum Code: String, Sendable, CaseIterable {
        case refused, settings
        case notUnderstood = "not_understood"
        case tooLong = "too_long"
        case otherVersion = "other_version"
        case busy, late, ending

        /// The connection ends with it.
        var isFatal: Bool {
            switch self {
            case .refused, .settings: false
            case .notUnderstood, .tooLong, .otherVersion, .busy, .late, .ending: true
            }
        }
    }
    var code: Code
    var message: String
    var remedy: String
    /// Of `settings`.
    var problems: [Problem] = []

    init(_ code: Code, _ message: String, _ remedy: String, _ problems: [Problem] = []) {
        (self.code, self.message, self.remedy) = (code, message, remedy)
        self.problems = problems
    }
    /// A refusal: nothing was changed, and the session goes on.
    init(_ message: String, _ remedy: String) { self.init(.refused, message, remedy) }

    /// As JSON, without the line's end.
    ///
    /// - Parameters:
    ///   - request: what was asked, where that is known.
    ///   - id: what the request called itself.
    ///   - safe: more members, of the outputs that were let go.
    func json(
        request: String? = nil, id: JSONValue? = nil, _ safe: (inout JSONWriter) -> Void = { _ in }
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { w in
            w.member("reply", "error")
            if let request { w.member("request", request) }
            if let id {
                w.name("id")
                w.value(id)
            }
            w.member("code", code.rawValue)
            w.member("message", message)
            w.member("remedy", remedy)
            w.member("closed", code.isFatal)
            if code == .settings {
                w.name("problems")
                w.list { w in
                    for problem in problems { w.raw(Array(problem.json.compact.utf8)) }
                }
            }
            safe(&w)
        }
        return writer.bytes
    }
}
