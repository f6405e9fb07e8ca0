#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Why there is no link.
public enum LinkFault: Error, Equatable, Sendable {
    /// Nobody listens at the path.
    case noServer(path: String)
    /// The file's mode, or its folder's, keeps this user out.
    case notPermitted(path: String)
    /// A Unix socket's path has at most `LinkOptions.mostPath` bytes.
    case pathTooLong(path: String)
    /// Another server listens there.
    case taken(path: String)
    /// Something that is no socket lies there.
    case notSocket(path: String)
    /// A system call failed.
    case system(call: String, path: String, code: Int32)
    /// The server closed, and said why.
    case refused(Goodbye)
    /// The server speaks another version of frames or kinds.
    case otherVersion(theirs: UInt8, ours: UInt8)
    /// The server lays records out in another way.
    case otherLayout(theirs: UInt64, ours: UInt64)
    /// What came is no frame a server sends.
    case notUnderstood(String)
    /// Nothing came in time.
    case timeout(seconds: Double)
    /// The server is gone without a word.
    case closed

    /// What is wrong, and the remedy.
    public var words: String {
        switch self {
        case .noServer(let path):
            "\(path): no daemon listens there; is skerryd running?"
        case .notPermitted(let path):
            "\(path): this user may not open it; ask whoever runs skerryd to be made a member of the "
                + "socket's group"
        case .pathTooLong(let path):
            "\(path): longer than the \(LinkOptions.mostPath) bytes that a socket's path may have; "
                + "choose a shorter one"
        case .taken(let path):
            "\(path): another daemon listens there; stop it, or choose another path"
        case .notSocket(let path):
            "\(path): is there and no socket; move it away, or choose another path"
        case .system(let call, let path, let code):
            "\(path): \(call): \(String(cString: strerror(code)))"
        case .refused(let goodbye):
            goodbye.code == .ending ? "the daemon has ended" : "refused: \(goodbye.text)"
        case .otherVersion(let theirs, let ours):
            "the daemon speaks version \(theirs) and this program \(ours); install both from one release"
        case .otherLayout(let theirs, let ours):
            "the daemon's records have layout \(hex(theirs)) and this program's \(hex(ours)); install "
                + "both from one release"
        case .notUnderstood(let text): "what came is not from a skerryd: \(text)"
        case .timeout(let seconds): "the daemon did not answer within \(seconds) s"
        case .closed: "the daemon closed the connection"
        }
    }
    private func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Runs a system call again where a signal interrupted it.
func retrying<N: SignedInteger>(_ call: () -> N) -> N {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}

/// Runs `body` on the address of a Unix socket as C wants it.
func withSocketAddress<T>(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T
) throws(LinkFault) -> T {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard !path.isEmpty, path.utf8.count <= LinkOptions.mostPath, !path.utf8.contains(0) else {
        throw .pathTooLong(path: path)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}

/// A stream socket of the Unix family, closed on exec, not blocking.
func unixSocket(_ path: String) throws(LinkFault) -> Int32 {
    let type =
        Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let made = socket(AF_UNIX, type, 0)
    guard made >= 0 else { throw .system(call: "socket", path: path, code: errno) }
    return made
}
