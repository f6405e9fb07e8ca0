import Foundation
import Glibc
import Synchronization

@testable import Prometheus

/// A socket of the loopback interface.
enum Loopback {
    static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
    static func socket() -> Int32 { Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }

    /// Listens where the kernel finds a port.
    static func listen() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket()
        var address = address(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && Glibc.listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRINUSE) }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }
    static func connect(_ port: UInt16) -> Int32? {
        let descriptor = socket()
        var address = address(port)
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        if isConnected { return descriptor }
        close(descriptor)
        return nil
    }
    static func send(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }
    /// Until the other side ends, or `isWhole`.
    static func receive(_ descriptor: Int32, until isWhole: ([UInt8]) -> Bool) -> [UInt8] {
        var all: [UInt8] = []
        var some = [UInt8](repeating: 0, count: 65536)
        while !isWhole(all) {
            let count = recv(descriptor, &some, some.count, 0)
            guard count > 0 else { break }
            all += some[..<count]
        }
        return all
    }
}

/// A tiny HTTP server with one page of metrics, and how often it was fetched.
final class Scraped: Sendable {
    /// Its job, as Prometheus is told.
    let job: String
    let port: UInt16
    private let descriptor: Int32
    private let fetched = Mutex(0)
    private let shown = Mutex<PrometheusMetrics?>(nil)
    var count: Int { fetched.withLock { $0 } }

    init(job: String) throws {
        self.job = job
        (descriptor, port) = try Loopback.listen()
        let thread = Thread { [self, descriptor] in
            while true {
                let peer = accept(descriptor, nil, nil)
                // Closed by whoever accepts on it: a number that is closed elsewhere may be another's by now.
                guard peer >= 0 else {
                    close(descriptor)
                    return
                }
                let end = Array("\r\n\r\n".utf8)
                _ = Loopback.receive(peer) { $0.suffix(4).elementsEqual(end) }
                let body = shown.withLock { $0?.expose() } ?? ""
                Loopback.send(
                    "HTTP/1.1 200 OK\r\nContent-Type: \(PrometheusMetrics.contentType)\r\n"
                        + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n" + body,
                    to: peer)
                close(peer)
                fetched.withLock { $0 += 1 }
            }
        }
        thread.start()
    }
    func show(_ metrics: PrometheusMetrics) { shown.withLock { $0 = metrics } }
    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// What is shown now has been fetched and stored: of four fetches from now on the last begins after the one
    /// before was stored, and one more of them may have been too slow.
    func wait() throws {
        let wanted = count + 4
        let end = Date().addingTimeInterval(30)
        while count < wanted {
            guard Date() < end else { throw RealPrometheus.Fault("Prometheus fetches nothing") }
            usleep(20_000)
        }
    }
}
