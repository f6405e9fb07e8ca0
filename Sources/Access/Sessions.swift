import Synchronization

/// Who is signed in. Sessions live in memory: a restart signs everybody out.
public final class Sessions: Sendable {
    public struct Session: Equatable, Sendable {
        public var user: String
        public var role: Role
        /// Must come with everything that changes something; a page of another site cannot read it.
        public var csrf: String
        fileprivate var used_ns: Int64
        fileprivate var begun_ns: Int64
    }
    /// A session that nobody uses ends after this long, and each after a day: OWASP's session guidance.
    public static let idle_ns: Int64 = 3600 * 1_000_000_000
    public static let longest_ns: Int64 = 24 * 3600 * 1_000_000_000
    /// At once; beyond, the one that was not used for longest ends.
    public static let most = 64

    private let sessions = Mutex<[String: Session]>([:])
    private let random: @Sendable (Int) -> [UInt8]

    /// - Parameter random: so many bytes that nobody can guess.
    public init(random: @escaping @Sendable (Int) -> [UInt8]) { self.random = random }

    /// - Returns: the cookie's value and the session.
    public func begin(_ user: User, at now_ns: Int64) -> (token: String, session: Session) {
        let token = Self.hex(random(32))
        let session = Session(
            user: user.name, role: user.role, csrf: Self.hex(random(32)), used_ns: now_ns,
            begun_ns: now_ns)
        sessions.withLock { sessions in
            sessions = sessions.filter { !Self.isOver($0.value, now_ns) }
            if sessions.count >= Self.most,
                let oldest = sessions.min(by: { $0.value.used_ns < $1.value.used_ns })
            {
                sessions[oldest.key] = nil
            }
            sessions[token] = session
        }
        return (token, session)
    }

    /// The session of a cookie; its use is noted.
    public func session(_ token: String, at now_ns: Int64) -> Session? {
        sessions.withLock { sessions in
            guard let session = sessions[token] else { return nil }
            guard !Self.isOver(session, now_ns) else {
                sessions[token] = nil
                return nil
            }
            sessions[token]!.used_ns = now_ns
            return session
        }
    }

    public func end(_ token: String) { sessions.withLock { $0[token] = nil } }

    private static func isOver(_ session: Session, _ now_ns: Int64) -> Bool {
        now_ns - session.used_ns > idle_ns || now_ns - session.begun_ns > longest_ns
    }
    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
