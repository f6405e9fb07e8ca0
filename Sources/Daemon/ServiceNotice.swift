#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Tells the service's keeper how it stands: sd_notify(3), whose protocol is one datagram of
/// `NAME=value` lines to the socket that `NOTIFY_SOCKET` names. Without that variable nobody listens
/// and every call is nothing.
public struct ServiceNotice: ~Copyable {
    private let file: Int32
    private var address = sockaddr_un()
    private var length: socklen_t = 0
    /// Datagrams that could not be sent; the service goes on without.
    public private(set) var lost: UInt64 = 0

    /// - Parameter socket: the value of `NOTIFY_SOCKET`: a path, or `@name` in the kernel's own list;
    ///   nil: nobody listens.
    public init(socket path: String?) {
        guard let path, path.hasPrefix("/") || path.hasPrefix("@"), path.utf8.count > 1 else {
            file = -1
            return
        }
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard bytes.count < room else {
            file = -1
            return
        }
        if path.hasPrefix("@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) {
            for (k, byte) in bytes.enumerated() { $0[k] = byte }
        }
        length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        file = socket(AF_UNIX, type, 0)
    }
    deinit { if file >= 0 { close(file) } }

    /// Somebody listens.
    public var isHeard: Bool { file >= 0 }

    /// Sends `lines`, such as `READY=1`. Never waits: a full socket loses the datagram.
    public mutating func send(_ lines: String...) {
        guard file >= 0 else { return }
        // What a status says must not begin a line of its own.
        let text = lines.map(oneLine).joined(separator: "\n")
        let sent = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { to in
                text.utf8.withContiguousStorageIfAvailable {
                    sendto(
                        file, $0.baseAddress, $0.count,
                        Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL),
                        to, length)
                } ?? -1
            }
        }
        if sent != text.utf8.count { lost &+= 1 }
    }

    /// Everything may rely on the service now.
    public mutating func ready(_ status: String) { send("READY=1", "STATUS=\(status)") }
    public mutating func status(_ text: String) { send("STATUS=\(text)") }
    /// Still alive, and the loop turns.
    public mutating func alive() { send("WATCHDOG=1") }
    /// A start that takes its time is not a start that failed.
    public mutating func stillStarting(_ status: String, within_s: Double) {
        send("EXTEND_TIMEOUT_USEC=\(UInt64(within_s * 1e6))", "STATUS=\(status)")
    }
    /// Settings are read again; `READY=1` ends it (systemd 253: with the monotonic time, µs).
    public mutating func reloading(monotonic_us: UInt64) {
        send("RELOADING=1", "MONOTONIC_USEC=\(monotonic_us)")
    }
    public mutating func stopping(_ status: String) { send("STOPPING=1", "STATUS=\(status)") }
}

/// A text without ends of lines.
func oneLine(_ text: String) -> String { String(text.map { $0.isNewline ? " " : $0 }) }
