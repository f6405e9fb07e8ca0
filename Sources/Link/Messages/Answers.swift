import Control
import Wire

/// Whether a request was accepted, else why not.
public struct Answer: Equatable, Sendable {
    /// Bytes before the text.
    public static let fixedBytes = 22
    public static let mostText = 512

    public enum Code: UInt8, CaseIterable, Sendable {
        case accepted = 0
        /// The peer may watch and not command.
        case noRight = 1
        /// The request's layout is not the server's: another `FieldDigest`.
        case otherLayout = 2
        /// `field` is outside its limit, or no number.
        case outsideLimit = 3
        /// The loop has not turned yet: there is no tick a wish could end at.
        case notRunning = 4
    }
    /// What a refusal is about.
    public enum Field: UInt8, CaseIterable, Sendable {
        case none = 0
        case validity_ms = 1
        case frequency_bias_Hz = 2
        case voltage_bias_V = 3
        case active_W = 4
        case reactive_var = 5
        case every = 6
    }

    /// `sequence` of the request's frame.
    public var to: UInt32
    public var code: Code
    public var field: Field
    /// Of `field`: what was asked, and the limit its magnitude may have. 0 where there is no field.
    public var value: Float
    public var limit: Float
    /// When an accepted wish ends.
    public var expires: Tick
    /// For people; names field, value and limit.
    public var text: String

    public init(
        to: UInt32, code: Code = .accepted, field: Field = .none, value: Float = 0,
        limit: Float = 0, expires: Tick = Tick(0), text: String
    ) {
        self.to = to
        self.code = code
        self.field = field
        self.value = value
        self.limit = limit
        self.expires = expires
        self.text = text
    }
    func write(into bytes: inout ByteWriter) {
        bytes.put(to)
        bytes.put(code.rawValue)
        bytes.put(field.rawValue)
        bytes.put(value)
        bytes.put(limit)
        bytes.put(expires.count)
        bytes.put(text: text, most: Self.mostText)
    }
    static func read(_ bytes: inout ByteReader) -> Answer? {
        let to: UInt32 = bytes.take()
        let code = Code(rawValue: bytes.take())
        let field = Field(rawValue: bytes.take())
        let answer = Answer(
            to: to, code: code ?? .accepted, field: field ?? .none, value: bytes.takeFloat(),
            limit: bytes.takeFloat(), expires: Tick(bytes.take()), text: bytes.takeText())
        return bytes.isSound && code != nil && field != nil ? answer : nil
    }
}

/// How the daemon stands, in lines `key: value`.
public struct Status: Equatable, Sendable {
    public static let fixedBytes = 4
    public static let mostText = 8192

    /// `sequence` of the request's frame.
    public var to: UInt32
    public var text: String

    public init(to: UInt32, text: String) {
        self.to = to
        self.text = text
    }
    /// Its lines, in order; a line without a colon is a key without a value.
    public var pairs: [(key: String, value: String)] {
        text.split(separator: "\n").map { line in
            guard let colon = line.firstIndex(of: ":") else { return (String(line), "") }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (String(line[..<colon]), String(value))
        }
    }
    func write(into bytes: inout ByteWriter) {
        bytes.put(to)
        bytes.put(text: text, most: Self.mostText)
    }
    static func read(_ bytes: inout ByteReader) -> Status? {
        let status = Status(to: bytes.take(), text: bytes.takeText())
        return bytes.isSound ? status : nil
    }
}

/// The last frame of a connection, and why.
public struct Goodbye: Equatable, Sendable {
    /// Bytes before the text.
    public static let fixedBytes = 1
    public static let mostText = 512

    public enum Code: UInt8, CaseIterable, Sendable {
        /// The sender has no more to say.
        case done = 0
        /// The peer may not even watch.
        case noRight = 1
        /// As many clients as the server takes are there.
        case full = 2
        /// The server ends.
        case ending = 3
        /// What came is no frame, or none a client may send.
        case notUnderstood = 4
    }
    public var code: Code
    /// For people.
    public var text: String

    public init(_ code: Code, _ text: String) {
        self.code = code
        self.text = text
    }
    func write(into bytes: inout ByteWriter) {
        bytes.put(code.rawValue)
        bytes.put(text: text, most: Self.mostText)
    }
    static func read(_ bytes: inout ByteReader) -> Goodbye? {
        let code = Code(rawValue: bytes.take())
        let text = bytes.takeText()
        guard bytes.isSound, let code else { return nil }
        return Goodbye(code, text)
    }
}
