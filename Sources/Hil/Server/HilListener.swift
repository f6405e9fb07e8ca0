#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The socket that partners come to.
struct HilListener: ~Copyable {
    let descriptor: Int32
    /// With the port that was free, where any was asked for.
    let place: HilPlace
    /// Of a Unix socket's file: ours for as long as it is this one.
    private let inode: ino_t

    init(_ wanted: HilPlace) throws(HilFault) {
        switch wanted {
        case .unix(let path):
            descriptor = try Self.open(unix: path, wanted)
            var status = stat()
            lstat(path, &status)
            inode = status.st_ino
            place = wanted
        case .tcp(let address, let port):
            descriptor = try Self.open(address, port, wanted)
            inode = 0
            place = .tcp(address: address, port: Self.port(of: descriptor) ?? port)
        }
    }

    deinit {
        close(descriptor)
        guard case .unix(let path) = place else { return }
        var status = stat()
        if lstat(path, &status) == 0, status.st_ino == inode { unlink(path) }
    }

    private static func socket(_ family: Int32, _ place: HilPlace) throws(HilFault) -> Int32 {
        let type =
            Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            | Int32(SOCK_NONBLOCK.rawValue)
        #if canImport(Glibc)
            let made = Glibc.socket(family, type, 0)
        #else
            let made = Musl.socket(family, type, 0)
        #endif
        guard made >= 0 else { throw .system("socket", place) }
        return made
    }

    private static func open(unix path: String, _ place: HilPlace) throws(HilFault) -> Int32 {
        var address = sockaddr_un()
        let most = MemoryLayout.size(ofValue: address.sun_path) - 1
        guard !path.isEmpty, path.utf8.count <= most, !path.utf8.contains(0) else {
            throw HilFault("\(path): a socket's path has 1 to \(most) bytes; choose another one")
        }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        try makeWay(address, path, place)
        let made = try socket(AF_UNIX, place)
        let isBound = withPointer(to: address) { bind(made, $0, $1) == 0 }
        // Before listen(2) nobody is let in, whatever the file's mode.
        guard isBound, chmod(path, 0o600) == 0, listen(made, 8) == 0 else {
            let fault = HilFault.system("bind", place)
            close(made)
            throw fault
        }
        return made
    }

    /// Removes the socket of a program that is gone; a live one's, and what is no socket, stay.
    private static func makeWay(
        _ address: sockaddr_un, _ path: String, _ place: HilPlace
    ) throws(HilFault) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw .system("lstat", place)
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw HilFault("\(path): is there and no socket; move it away, or choose another path")
        }
        let probe = try socket(AF_UNIX, place)
        defer { close(probe) }
        let isRefused = withPointer(to: address) {
            connect(probe, $0, $1) != 0 && errno == ECONNREFUSED
        }
        guard isRefused else {
            throw HilFault(
                "\(path): another program listens there; stop it, or choose another path")
        }
        guard unlink(path) == 0 else { throw .system("unlink", place) }
    }

    private static func open(
        _ address: String, _ port: UInt16, _ place: HilPlace
    ) throws(HilFault) -> Int32 {
        let family = HilPlace.family(of: address) ?? AF_INET
        let made = try socket(family, place)
        var one: Int32 = 1
        setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        let isBound: Bool
        if family == AF_INET6 {
            var six = sockaddr_in6()
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            inet_pton(AF_INET6, address, &six.sin6_addr)
            isBound = withPointer(to: six) { bind(made, $0, $1) == 0 }
        } else {
            var four = sockaddr_in()
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            inet_pton(AF_INET, address, &four.sin_addr)
            isBound = withPointer(to: four) { bind(made, $0, $1) == 0 }
        }
        guard isBound, listen(made, 8) == 0 else {
            let fault = HilFault.system("bind", place)
            close(made)
            throw fault
        }
        return made
    }

    private static func port(of descriptor: Int32) -> UInt16? {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let isKnown = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length) == 0
            }
        }
        // The port of an IPv4 address lies at the same place.
        return isKnown ? UInt16(bigEndian: address.sin6_port) : nil
    }

    private static func withPointer<A, R>(
        to address: A, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R
    ) -> R {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<A>.size))
            }
        }
    }
}
