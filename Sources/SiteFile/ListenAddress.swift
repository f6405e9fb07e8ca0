/// An IP address of this machine and a port, as `127.0.0.1:8480` or `[::1]:8480`.
public struct ListenAddress: Equatable, Sendable {
    public var host: String
    public var port: Int

    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port), !text[colon...].contains("+")
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("[") && host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." })
            else { return nil }
        } else {
            let parts = host.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 4,
                parts.allSatisfy({ UInt8($0) != nil && $0.allSatisfy(\.isNumber) })
            else { return nil }
        }
        (self.host, self.port) = (String(host), port)
    }

    /// Only programs of this machine reach it.
    public var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }
    /// As a browser wants it.
    public var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
