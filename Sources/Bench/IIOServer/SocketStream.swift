import Glibc

/// One connected client, blocking. Lines and bytes come out, answers go in; memory is bounded whatever
/// the client sends. Owns the descriptor.
final class SocketStream {
    enum Line: Equatable {
        case bytes([UInt8])
        /// Longer than any request; skipped to its end.
        case overlong
        case closed
    }
    static let longestLine = 1024
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 16_384)
    private var head = 0
    private var tail = 0

    /// - Parameter descriptor: a connected stream socket.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
        // A client that takes nothing for ten seconds is let go.
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience,
            socklen_t(MemoryLayout<timeval>.size))
    }
    deinit { close(descriptor) }

    /// Up to the newline, which is left out.
    func readLine() -> Line {
        var line: [UInt8] = []
        var isOverlong = false
        while true {
            guard head < tail || fill() else { return .closed }
            let end = buffer[head..<tail].firstIndex(of: 0x0A)
            if line.count + (end ?? tail) - head > Self.longestLine { isOverlong = true }
            if isOverlong { line = [] } else { line += buffer[head..<(end ?? tail)] }
            head = end.map { $0 + 1 } ?? tail
            if end != nil { return isOverlong ? .overlong : .bytes(line) }
        }
    }

    /// Exactly `count` bytes; nil where the client goes first. The caller bounds `count`.
    func read(_ count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            guard head < tail || fill() else { return nil }
            let n = min(count - bytes.count, tail - head)
            bytes += buffer[head..<head + n]
            head += n
        }
        return bytes
    }

    /// False where the client is gone.
    func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let n = bytes.withUnsafeBytes {
                send(
                    descriptor, $0.baseAddress! + sent, bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if n < 0 && errno == EINTR { continue }
            guard n > 0 else { return false }
            sent += n
        }
        return true
    }

    private func fill() -> Bool {
        while true {
            let n = recv(descriptor, &buffer, buffer.count, 0)
            if n < 0 && errno == EINTR { continue }
            guard n > 0 else { return false }
            head = 0
            tail = n
            return true
        }
    }
}
