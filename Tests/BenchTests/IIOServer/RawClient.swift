import Glibc

/// A client without manners: sends what it likes, reads what comes.
final class RawClient {
    private let s: Int32
    private var pending: [UInt8] = []

    init?(port: UInt16) {
        s = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var a = sockaddr_in()
        a.sin_family = sa_family_t(AF_INET)
        a.sin_port = port.bigEndian
        a.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let joined = withUnsafePointer(to: &a) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(s, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if joined != 0 { return nil }
    }
    deinit { close(s) }

    /// False where the server has hung up.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var at = 0
        while at < bytes.count {
            let n = bytes.withUnsafeBytes {
                Glibc.send(s, $0.baseAddress! + at, bytes.count - at, Int32(MSG_NOSIGNAL))
            }
            guard n > 0 else { return false }
            at += n
        }
        return true
    }
    func send(_ line: String) { send(Array((line + "\r\n").utf8)) }
    func finish() { shutdown(s, Int32(SHUT_WR)) }

    /// The next line; nil where the server hangs up or is silent for five seconds.
    func line() -> String? {
        while true {
            if let end = pending.firstIndex(of: 0x0A) {
                defer { pending.removeFirst(end + 1) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            guard receive() else { return nil }
        }
    }
    /// Takes up to `most` bytes away, until the server hangs up.
    func drain(most: Int) {
        var taken = pending.count
        pending = []
        while taken < most, receive() {
            taken += pending.count
            pending = []
        }
    }
    func ask(_ request: String) -> String? {
        send(request)
        return line()
    }
    private func receive() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let n = recv(s, &chunk, chunk.count, 0)
        guard n > 0 else { return false }
        pending += chunk[..<n]
        return true
    }
}
