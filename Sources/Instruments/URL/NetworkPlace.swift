internal import Glibc

/// A host and a port, as written: an IPv4 or IPv6 address (the latter in brackets), or a host name.
public struct NetworkPlace: Equatable, Sendable, CustomStringConvertible {
    /// Without brackets; `isLiteral` says whether a name server is needed for it.
    public let host: String
    /// 1 or more.
    public let port: UInt16
    /// It is an address. A name is looked up once, when the meter is opened: a calibration cannot
    /// wander from one meter to another because a name did (libiio alone looks it up each time).
    public let isLiteral: Bool

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// - Parameters:
    ///   - text: `host`, `host:port`, `[address]`, `[address]:port`.
    ///   - url: for the words of a fault.
    init(_ text: Substring, port standard: UInt16, in url: URLText) throws(InstrumentFault) {
        guard !text.contains("@") else {
            throw url.fault("host \(quoted(text)) has a user's name", "leave out what ends in @")
        }
        let host: Substring
        let after: Substring
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else {
                throw url.fault("host \(quoted(text)) lacks its ]", "write [address]:port")
            }
            host = text[text.index(after: text.startIndex)..<end]
            after = text[text.index(after: end)...]
            guard Self.isIPv6(host) else {
                throw url.fault(
                    "\(quoted(host)) is no IPv6 address", "write one as [fd00::17], or a host name")
            }
        } else {
            let end = text.firstIndex(of: ":") ?? text.endIndex
            host = text[..<end]
            after = text[end...]
            guard after.dropFirst().firstIndex(of: ":") == nil else {
                throw url.fault(
                    "host \(quoted(text)) has several colons", "write an IPv6 address in brackets")
            }
        }
        guard !host.isEmpty else {
            throw url.fault("the host is missing", "write \(url.scheme)://host")
        }
        isLiteral = text.first == "[" || Self.isIPv4(host)
        if !isLiteral { try Self.checkName(host, in: url) }
        // %25 is how a URL writes the percent sign of a link-local address.
        self.host = host.split(separator: "%25").joined(separator: "%")
        guard !after.isEmpty else {
            port = standard
            return
        }
        let digits = after.dropFirst()
        guard after.first == ":", digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt16(digits), number > 0
        else {
            throw url.fault(
                "port \(quoted(digits)) is no port", "write 1 to 65535, or none for \(standard)")
        }
        port = number
    }

    /// RFC 1123 letters, and the underscore that some routers give.
    private static func checkName(_ name: Substring, in url: URLText) throws(InstrumentFault) {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D
                        || $0 == 0x5F
                }
        }
        guard isName, name.utf8.count <= 253 else {
            throw url.fault(
                "host \(quoted(name)) is no host name", "write letters, digits, dots and hyphens")
        }
        // The C library would read 127.1, 017 and 0x7f000001 as addresses.
        let last = labels.last ?? ""
        guard last.utf8.contains(where: { !(0x30...0x39).contains($0) }),
            !last.lowercased().hasPrefix("0x")
        else {
            throw url.fault(
                "\(quoted(name)) is neither an IPv4 address nor a name",
                "write four numbers from 0 to 255, as 192.168.1.17")
        }
    }
    private static func isIPv4(_ text: Substring) -> Bool {
        var address = in_addr()
        return inet_pton(AF_INET, String(text), &address) == 1
    }
    /// With or without the interface of a link-local address.
    private static func isIPv6(_ text: Substring) -> Bool {
        let percent = text.firstIndex(of: "%") ?? text.endIndex
        let zone = text[percent...].dropFirst()
        let isZone = zone.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20)
                || [0x2D, 0x2E, 0x5F, 0x25].contains($0)
        }
        guard isZone, percent == text.endIndex || !zone.isEmpty else { return false }
        var address = in6_addr()
        return inet_pton(AF_INET6, String(text[..<percent]), &address) == 1
    }
}
