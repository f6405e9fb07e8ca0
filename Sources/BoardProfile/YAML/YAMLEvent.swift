/// A place in a text: line and column from 1, columns in Unicode scalars.
struct Mark: Equatable, Sendable {
    var line: Int
    var column: Int
}

/// What stands next in a YAML text, in the words of its specification's event stream.
struct YAMLEvent: Sendable {
    enum Kind: Equatable, Sendable {
        /// `quoted`: between quotes or as a block, so it can only be text.
        case scalar(String, quoted: Bool)
        case listStart, mapStart
        /// Of the list or map that was begun last and is still open.
        case end
        case alias
        case documentStart, documentEnd, streamStart, streamEnd
    }
    var kind: Kind
    /// Where it begins, its anchor and tag included.
    var mark: Mark
    var hasAnchor = false
    var hasTag = false
}

/// Why a text is not the YAML we read.
enum YAMLFault: Error {
    /// libyaml's words for what is wrong at `mark`, and for what it was reading then.
    case syntax(String, Mark, since: (text: String, mark: Mark)?)
    /// The bytes are no text to it.
    case unreadable(String)
    case outOfMemory
    /// A key of one map, the first of that name and the second.
    case twice(String, first: Mark, second: Mark)
    case tooDeep(Mark)
}
