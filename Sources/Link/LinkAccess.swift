#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Who is at the other end of a connection, as the kernel knows it.
public struct PeerCredentials: Equatable, Sendable {
    public var pid: Int32
    public var uid: UInt32
    public var gid: UInt32
    /// Supplementary groups.
    public var groups: [UInt32]

    public init(pid: Int32, uid: UInt32, gid: UInt32, groups: [UInt32] = []) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
        self.groups = groups
    }

    /// Reads them of a connected Unix socket: unix(7) SO_PEERCRED, and SO_PEERGROUPS where the kernel
    /// has it (Linux 4.13). Nil where the kernel will not say.
    public static func ofPeer(_ descriptor: Int32) -> PeerCredentials? {
        // struct ucred: pid, uid, gid.
        var raw: (pid: Int32, uid: UInt32, gid: UInt32) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: raw))
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &raw, &size) == 0,
            size == socklen_t(MemoryLayout.size(ofValue: raw))
        else { return nil }
        // asm-generic/socket.h; no header of the C library has it on every release.
        let peerGroups: Int32 = 59
        var groups = [UInt32](repeating: 0, count: 64)
        size = socklen_t(4 * groups.count)
        let isKnown = getsockopt(descriptor, SOL_SOCKET, peerGroups, &groups, &size) == 0
        let count = isKnown ? min(Int(size) / 4, groups.count) : 0
        return PeerCredentials(
            pid: raw.pid, uid: raw.uid, gid: raw.gid, groups: Array(groups[..<count]))
    }
}

/// Who may watch and who may command. Root and the server's own user may always command; the file's
/// mode stands before all of it.
public struct LinkAccess: Equatable, Sendable {
    /// Users and groups by their numbers.
    public struct List: Equatable, Sendable {
        public var users: [UInt32]
        public var groups: [UInt32]
        public init(users: [UInt32] = [], groups: [UInt32] = []) {
            self.users = users
            self.groups = groups
        }
        func holds(_ peer: PeerCredentials) -> Bool {
            users.contains(peer.uid) || groups.contains(peer.gid)
                || peer.groups.contains { groups.contains($0) }
        }
    }
    /// May watch.
    public var readers: List
    /// May watch and command.
    public var commanders: List

    public init(readers: List = List(), commanders: List = List()) {
        self.readers = readers
        self.commanders = commanders
    }
    /// - Parameter own: the server's user.
    public func role(of peer: PeerCredentials, own: UInt32) -> LinkRole? {
        if peer.uid == 0 || peer.uid == own || commanders.holds(peer) { return .command }
        return readers.holds(peer) ? .watch : nil
    }
}
