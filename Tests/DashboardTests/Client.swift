import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A TCP connection to this machine that sends what it is told to, byte by byte.
final class Wire {
    private(set) var descriptor: Int32
    struct Fault: Error { var words: String }

    /// - Parameter patience_s: a read or write that waits longer fails.
    init(port: Int, patience_s: Double = 20) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Fault(words: "socket: \(errno)") }
        var time = timeval(
            tv_sec: Int(patience_s),
            tv_usec: Int(patience_s.truncatingRemainder(dividingBy: 1) * 1e6))
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Fault(words: "connect: \(errno)") }
    }
    deinit { close() }
    func close() {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }
    /// With a reset instead of a farewell.
    func abort() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        close()
    }
    func endOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// - Returns: false where the other side took no more.
    @discardableResult
    func send(_ bytes: some Collection<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let n = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard n > 0 else { return false }
            rest = rest.dropFirst(n)
        }
        return true
    }
    /// Empty at the end, and where nothing comes.
    func receive() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let n = recv(descriptor, &buffer, buffer.count, 0)
        return n > 0 ? Array(buffer.prefix(n)) : []
    }
    /// Whether the other side ends within a time; what it says meanwhile is passed over.
    func isAtEnd(within_s: Double) -> Bool {
        let end = Date().addingTimeInterval(within_s)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let n = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if n == 0 || (n < 0 && errno == ECONNRESET) { return true }
            if n < 0, Date() >= end { return false }
            if n < 0 { usleep(2000) }
        }
    }
    /// What waits now.
    func receiveWaiting() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let n = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return n > 0 ? Array(buffer.prefix(n)) : []
    }
}

/// An answer as it came.
struct Answer {
    var status = 0
    /// By their names in small letters.
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    var text: String { String(decoding: body, as: UTF8.self) }
    var json: Any? {
        try? JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed)
    }
    var object: [String: Any] { json as? [String: Any] ?? [:] }
    /// What it was refused with.
    var error: String { object["error"] as? String ?? "" }
    /// The cookie that was set, without what is said of it.
    var cookie: String? { headers["set-cookie"]?.split(separator: ";").first.map(String.init) }

    /// - Returns: nil where the head is not there whole.
    init?(head: some Collection<UInt8>) {
        let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            return nil
        }
        self.status = status
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...]
                .trimmingCharacters(in: .whitespaces)
        }
    }
}

/// Requests, one connection each.
struct Client {
    var port: Int
    var host = "127.0.0.1"

    func request(
        _ method: String, _ target: String, _ headers: [(String, String)] = [],
        _ body: String? = nil, host: String? = nil
    ) -> String {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: \(host ?? "\(self.host):\(port)")\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
        return text + "Connection: close\r\n\r\n" + (body ?? "")
    }

    func ask(
        _ method: String, _ target: String, _ headers: [(String, String)] = [],
        _ body: String? = nil, host: String? = nil
    ) throws -> Answer {
        try ask(raw: Array(request(method, target, headers, body, host: host).utf8))
    }
    func get(_ target: String, _ headers: [(String, String)] = []) throws -> Answer {
        try ask("GET", target, headers)
    }

    /// Sends, and reads until the other side has said all.
    func ask(raw: [UInt8]) throws -> Answer {
        let wire = try Wire(port: port)
        _ = wire.send(raw)
        var all: [UInt8] = []
        while true {
            let more = wire.receive()
            if more.isEmpty { break }
            all += more
        }
        guard let answer = Self.parse(all) else {
            throw Wire.Fault(words: "no answer in \(all.count) bytes")
        }
        return answer
    }

    static func parse(_ all: [UInt8]) -> Answer? {
        let mark = Array("\r\n\r\n".utf8)
        guard let end = Data(all).range(of: Data(mark)),
            var answer = Answer(head: all[..<end.lowerBound])
        else { return nil }
        let rest = Array(all[end.upperBound...])
        answer.body =
            answer.headers["transfer-encoding"] == "chunked" ? unchunked(rest) : rest
        return answer
    }
    private static func unchunked(_ bytes: [UInt8]) -> [UInt8] {
        var found: [UInt8] = []
        var rest = bytes[...]
        while let line = rest.firstIndex(of: 13) {
            let size =
                Int(String(decoding: rest[rest.startIndex..<line], as: UTF8.self), radix: 16) ?? 0
            guard size > 0, line + 2 + size <= rest.endIndex else { break }
            found += rest[(line + 2)..<(line + 2 + size)]
            rest = rest[(line + 2 + size)...].dropFirst(2)
        }
        return found
    }
}
