#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One program at a time on a board: a controller that runs is never calibrated, nor the other way
/// round.
///
/// A name in the kernel's own list of Unix sockets (unix(7), abstract), which all users of a machine
/// share, which no file system must hold, and which is free the moment its program ends, however it
/// ends. Nothing is ever read from it.
public struct BoardLock: ~Copyable {
    /// Who has it.
    public struct Held: Error, Equatable, Sendable {
        public var board: String
        /// The other program's process id, where the kernel tells.
        public var pid: Int32?
    }
    private let file: Int32

    /// - Parameter board: the name of its folder.
    public init(_ board: String) throws(Held) {
        var address = sockaddr_un()
        let length = Self.fill(&address, "skerry-board-\(board)")
        let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard file >= 0 else { throw Held(board: board, pid: nil) }
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        let isOurs = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, length) == 0 && listen(file, 4) == 0
            }
        }
        guard isOurs else {
            let pid = Self.holder(address, length)
            close(file)
            throw Held(board: board, pid: pid)
        }
        self.file = file
    }
    deinit { close(file) }

    /// Abstract: the path begins with a nil byte, and the length says where it ends.
    private static func fill(_ address: inout sockaddr_un, _ name: String) -> socklen_t {
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path) - 1
        let bytes = Array(name.utf8.prefix(room))
        withUnsafeMutableBytes(of: &address.sun_path) {
            for (k, byte) in bytes.enumerated() { $0[1 + k] = byte }
        }
        return socklen_t(MemoryLayout<sa_family_t>.size + 1 + bytes.count)
    }

    /// The process behind the name (unix(7), SO_PEERCRED).
    private static func holder(_ address: sockaddr_un, _ length: socklen_t) -> Int32? {
        var address = address
        let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let isThere = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(file, $0, length) == 0 }
        }
        // struct ucred: pid, uid, gid.
        var credentials: (pid: Int32, uid: UInt32, gid: UInt32) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: credentials))
        guard isThere, getsockopt(file, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0,
            credentials.pid > 0
        else { return nil }
        return credentials.pid
    }
}
