import CCrypt

/// A password as it is kept: a hash by libxcrypt, the library of the system's own logins (crypt(5)).
public struct PasswordHash: Equatable, Sendable {
    /// As crypt(5) writes them: method, cost, salt, hash.
    public let text: String

    /// The fewest characters of a new password, and the most bytes of any: NIST SP 800-63B, 5.1.1.2 asks for
    /// 8 and for 64 or more; the library takes 512.
    public static let fewest = 8
    public static let mostBytes = 256

    /// Of a file. Nil where it is none of the methods that crypt(5) calls strong: yescrypt, gost-yescrypt,
    /// scrypt, bcrypt, SHA-512.
    public init?(text: String) {
        let isStrong = ["$y$", "$gy$", "$7$", "$2b$", "$6$"].contains { text.hasPrefix($0) }
        guard isStrong, text.utf8.count <= 384,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") })
        else { return nil }
        self.text = text
    }

    /// Of a new password, by yescrypt with the library's own cost.
    ///
    /// - Parameter random: 32 bytes that nobody can guess.
    /// - Returns: nil where the password is too short, too long or holds a nil, or the library cannot.
    public init?(of password: String, random: [UInt8]) {
        precondition(random.count == 32, "32 bytes")
        guard password.count >= Self.fewest, Self.isPossible(password) else { return nil }
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let isMade = random.withUnsafeBytes { bytes in
            crypt_gensalt_rn(
                "$y$", 0, bytes.baseAddress!.assumingMemoryBound(to: CChar.self), 32, &setting,
                Int32(setting.count)) != nil
        }
        guard isMade, let text = Self.crypt(password, Self.string(setting)) else { return nil }
        self.text = text
    }

    /// Some tens of milliseconds, whether it is right or wrong.
    public func matches(_ password: String) -> Bool {
        guard Self.isPossible(password), let made = Self.crypt(password, text) else { return false }
        // In a time that does not tell how much of it was right.
        let (a, b) = (Array(made.utf8), Array(text.utf8))
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func isPossible(_ password: String) -> Bool {
        password.utf8.count <= mostBytes && !password.utf8.contains(0)
    }

    /// Nil where the library refuses the setting: its answer then begins with a star.
    private static func crypt(_ password: String, _ setting: String) -> String? {
        // 32 kB, on the heap and wiped by the library.
        let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        data.initialize(to: crypt_data())
        defer {
            data.deinitialize(count: 1)
            data.deallocate()
        }
        guard
            let made = crypt_rn(password, setting, data, Int32(MemoryLayout<crypt_data>.size))
        else { return nil }
        let text = String(cString: made)
        return text.hasPrefix("*") ? nil : text
    }
    private static func string(_ bytes: [CChar]) -> String {
        String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
