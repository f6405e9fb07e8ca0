/// A person who may sign in.
public struct User: Equatable, Sendable {
    public var name: String
    public var role: Role
    public var password: PasswordHash
    public init(name: String, role: Role, password: PasswordHash) {
        (self.name, self.role, self.password) = (name, role, password)
    }
}

/// Who may sign in. A wrong name takes as long as a wrong password, so that nobody learns which names
/// there are.
public struct Users: Sendable {
    private let users: [String: User]
    private let nobody: PasswordHash

    /// - Parameters:
    ///   - users: each name once.
    ///   - random: 32 bytes that nobody can guess, for the hash that is tried for names that are not there.
    public init(_ users: [User], random: [UInt8]) {
        self.users = Dictionary(
            users.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        nobody = PasswordHash(of: "a password of nobody", random: random)!
    }
    public var isEmpty: Bool { users.isEmpty }

    /// - Returns: the person, or nil; it takes a while either way.
    public func user(_ name: String, password: String) -> User? {
        let user = users[name]
        let isRight = (user?.password ?? nobody).matches(password)
        return isRight ? user : nil
    }
}
