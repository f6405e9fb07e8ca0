import Foundation
import Glibc
import Synchronization
import Testing

@testable import Instruments

/// A server on the loopback, at a port of the kernel's choice. Serves each connection on a thread of
/// its own; what it says to whom is the test's business. Ends with its owner.
final class Listener: @unchecked Sendable {
    // Sendable is true: what changes is behind the lock.
    private struct State {
        var open: Set<Int32> = []
        var accepted = 0
        var hasEnded = false
    }
    private let socket: Int32
    private let state = Mutex(State())
    let port: UInt16
    /// As a reference writes it.
    let host: String

    /// - Parameter serve: has one connection, and which it is, from 0.
    init(isIPv6: Bool = false, _ serve: @escaping @Sendable (Wire, Int) -> Void) throws {
        host = isIPv6 ? "[::1]" : "127.0.0.1"
        socket = Glibc.socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(socket >= 0)
        port = try Self.bound(socket, isIPv6: isIPv6)
        try #require(listen(socket, 16) == 0)
        let socket = socket
        Thread.detachNewThread { [weak self] in
            while true {
                let one = accept(socket, nil, nil)
                guard one >= 0 else { return }
                guard let self, let n = self.enter(one) else {
                    Glibc.close(one)
                    continue
                }
                Thread.detachNewThread {
                    serve(Wire(one), n)
                    self.leave(one)
                }
            }
        }
    }
    deinit { end() }

    var accepted: Int { state.withLock { $0.accepted } }

    /// Lets go of every client and takes no more.
    func end() {
        state.withLock {
            guard !$0.hasEnded else { return }
            $0.hasEnded = true
            for one in $0.open { shutdown(one, Int32(SHUT_RDWR)) }
            shutdown(socket, Int32(SHUT_RDWR))
            Glibc.close(socket)
        }
    }

    private func enter(_ one: Int32) -> Int? {
        state.withLock {
            guard !$0.hasEnded else { return nil }
            $0.open.insert(one)
            $0.accepted += 1
            return $0.accepted - 1
        }
    }
    private func leave(_ one: Int32) {
        state.withLock {
            $0.open.remove(one)
            Glibc.close(one)
        }
    }

    /// A port that is taken and does not listen: who connects is refused.
    static func refusingPort() throws -> (port: UInt16, socket: Int32) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(socket >= 0)
        return (try bound(socket, isIPv6: false), socket)
    }

    private static func bound(_ socket: Int32, isIPv6: Bool) throws -> UInt16 {
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_addr = in6addr_loopback
        func with(_ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
            if isIPv6 {
                let size = socklen_t(MemoryLayout<sockaddr_in6>.size)
                return withUnsafeMutablePointer(to: &six) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
                }
            }
            let size = socklen_t(MemoryLayout<sockaddr_in>.size)
            return withUnsafeMutablePointer(to: &four) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
            }
        }
        try #require(with { bind(socket, $0, $1) } == 0)
        try #require(
            with { address, size in
                var size = size
                return getsockname(socket, address, &size)
            } == 0)
        return UInt16(bigEndian: isIPv6 ? six.sin6_port : four.sin_port)
    }
}

/// The server's end of a connection, blocking. The listener closes it.
final class Wire {
    let descriptor: Int32
    private var kept: [UInt8] = []

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Up to the line feed, which is left out; nil where the client is gone.
    func line() -> String? {
        while true {
            if let end = kept.firstIndex(of: 0x0A) {
                defer { kept.removeFirst(end + 1) }
                return String(decoding: kept[..<end], as: UTF8.self)
            }
            guard let more = some() else { return nil }
            kept += more
        }
    }
    /// Exactly so many; nil where the client is gone.
    func bytes(_ count: Int) -> [UInt8]? {
        while kept.count < count {
            guard let more = some() else { return nil }
            kept += more
        }
        defer { kept.removeFirst(count) }
        return Array(kept.prefix(count))
    }
    private func some() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let n = recv(descriptor, &buffer, buffer.count, 0)
        return n > 0 ? Array(buffer.prefix(n)) : nil
    }

    /// False where the client is gone.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        bytes.isEmpty
            || Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }
}

/// How long something took, and what came of it.
func timed<Result>(_ body: () throws -> Result) rethrows -> (result: Result, seconds: Double) {
    let clock = ContinuousClock()
    let begin = clock.now
    let result = try body()
    return (result, (clock.now - begin) / .seconds(1))
}

/// The fault that `body` ends with; nil: it ended well.
func fault<Result>(_ body: () throws(InstrumentFault) -> Result) -> InstrumentFault? {
    do throws(InstrumentFault) {
        _ = try body()
        return nil
    } catch {
        return error
    }
}
