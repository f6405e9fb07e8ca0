/// The last line of a file of ours, `digest: sha256:…` over every byte above it: whoever changes the
/// file by hand is found out, and so is a file that was not written to its end.
enum Seal {
    case whole(SHA256Digest)
    /// There is no line with a digest: the file was not written to its end.
    case torn
    /// The digest, on this line, is of other bytes; or something stands below it.
    case broken(line: Int)

    static let key = "digest"

    /// `body`, whose lines all end, with its last line.
    static func sealed(_ body: String) -> (bytes: [UInt8], digest: SHA256Digest) {
        let bytes = Array(body.utf8)
        let digest = SHA256Digest(bytes)
        return (bytes + Array("\(key): \(digest.text)\n".utf8), digest)
    }

    init(_ bytes: [UInt8]) {
        let start = Array("\(Self.key): \(SHA256Digest.prefix)".utf8)
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard let at = lines.lastIndex(where: { $0.starts(with: start) }) else {
            self = .torn
            return
        }
        let line = lines[at]
        let text = String(decoding: line.dropFirst(Self.key.utf8.count + 2), as: UTF8.self)
        // The line's own end is the file's: one empty piece follows.
        guard at == lines.count - 2, lines[at + 1].isEmpty, let digest = SHA256Digest(text: text)
        else {
            let isCut = at == lines.count - 1
            self = isCut ? .torn : .broken(line: at + 1)
            return
        }
        let isSame = SHA256Digest(Array(bytes[..<line.startIndex])) == digest
        self = isSame ? .whole(digest) : .broken(line: at + 1)
    }
}
