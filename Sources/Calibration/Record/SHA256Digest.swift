import CMD

/// The SHA-256 of some bytes (FIPS 180-4), by the distribution's libmd.
public struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
    /// 64 digits, in lower case.
    public let hex: String

    /// Of `bytes`.
    public init(_ bytes: [UInt8]) {
        var context = SHA2_CTX()
        SHA256Init(&context)
        bytes.withUnsafeBufferPointer { all in
            if let base = all.baseAddress { SHA256Update(&context, base, all.count) }
        }
        var digest = [UInt8](repeating: 0, count: 32)
        SHA256Final(&digest, &context)
        hex = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// As files have it: `sha256:` and 64 digits; nil for any other text.
    public init?(text: some StringProtocol) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let digits = text.utf8.dropFirst(Self.prefix.utf8.count)
        guard digits.count == 64,
            digits.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        hex = String(decoding: digits, as: UTF8.self)
    }

    /// `sha256:` and 64 digits.
    public var text: String { Self.prefix + hex }
    public var description: String { text }
    static let prefix = "sha256:"
}
