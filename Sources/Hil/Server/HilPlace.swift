#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where a simulator finds the program.
public enum HilPlace: Equatable, Sendable, CustomStringConvertible {
    /// A Unix socket, for its owner alone (mode 0600).
    case unix(path: String)
    /// A numeric address, and a port; 0: any that is free.
    case tcp(address: String, port: UInt16)

    /// Loopback, where nobody said otherwise.
    public static let standard = HilPlace.tcp(address: "127.0.0.1", port: 7475)

    /// `ADDRESS:PORT`, `[ADDRESS]:PORT` for IPv6, or `PORT` on loopback; nil for anything else. Addresses
    /// are numbers: what a name would resolve to nobody can see.
    public init?(listen text: String) {
        if let port = UInt16(text) {
            self = .tcp(address: "127.0.0.1", port: port)
            return
        }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        guard let port = UInt16(text[text.index(after: colon)...]) else { return nil }
        var address = String(text[..<colon])
        if address.hasPrefix("["), address.hasSuffix("]") {
            address = String(address.dropFirst().dropLast())
        }
        guard Self.family(of: address) != nil else { return nil }
        self = .tcp(address: address, port: port)
    }

    /// Nobody but this machine can come.
    public var isLocal: Bool {
        switch self {
        case .unix: true
        case .tcp(let address, _): address == "::1" || address.hasPrefix("127.")
        }
    }

    public var description: String {
        switch self {
        case .unix(let path): path
        case .tcp(let address, let port):
            address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
        }
    }

    static func family(of address: String) -> Int32? {
        var memory = in6_addr()
        if inet_pton(AF_INET, address, &memory) == 1 { return AF_INET }
        return inet_pton(AF_INET6, address, &memory) == 1 ? AF_INET6 : nil
    }
}

/// Why nobody can be served.
public struct HilFault: Error, Equatable, Sendable {
    /// What is wrong, and what to do.
    public var words: String
    init(_ words: String) { self.words = words }

    static func system(_ call: String, _ place: HilPlace) -> HilFault {
        HilFault("\(place): \(call): \(String(cString: strerror(errno)))")
    }
}

/// Runs a system call again where a signal interrupted it.
func retrying<N: SignedInteger>(_ call: () -> N) -> N {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}

/// Monotonic time in seconds.
func monotonic_s() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}
