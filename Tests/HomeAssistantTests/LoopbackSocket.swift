import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A TCP connection that writes what it is told, and as much of MQTT 3.1.1 as a hostile publisher needs.
struct LoopbackSocket: ~Copyable {
    private let file: Int32

    init(port: Int) throws {
        file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(port)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Missing(description: "nobody listens on \(port)") }
    }
    deinit { close(file) }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return address
    }

    /// A port that was free a moment ago.
    static func freePort() throws -> Int {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(file) }
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, length) == 0 ? getsockname(file, $0, &length) : -1
            }
        }
        guard result == 0 else { throw Missing(description: "no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// Cuts every connection of this process to that port, without a goodbye.
    static func cutAll(to port: Int) -> Int {
        var cut = 0
        for file in Int32(3)..<1024 {
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let result = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    getpeername(file, $0, &length)
                }
            }
            guard result == 0, address.sin_family == sa_family_t(AF_INET),
                UInt16(bigEndian: address.sin_port) == UInt16(port)
            else { continue }
            shutdown(file, Int32(SHUT_RDWR))
            cut += 1
        }
        return cut
    }

    private func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { throw Missing(description: "the broker hung up") }
            rest = rest.dropFirst(sent)
        }
    }
    private func string(_ text: [UInt8]) -> [UInt8] {
        [UInt8(text.count >> 8), UInt8(text.count & 255)] + text
    }
    private func packet(_ head: UInt8, _ body: [UInt8]) -> [UInt8] {
        var length = body.count
        var bytes = [head]
        repeat {
            let low = UInt8(length & 127)
            length >>= 7
            bytes.append(length > 0 ? low | 128 : low)
        } while length > 0
        return bytes + body
    }

    /// CONNECT, and its answer.
    func greet() throws {
        try write(
            packet(0x10, string(Array("MQTT".utf8)) + [4, 2, 0, 60] + string(Array("raw".utf8))))
        var answer = [UInt8](repeating: 0, count: 4)
        let got = recv(file, &answer, 4, Int32(MSG_WAITALL))
        guard got == 4, answer[3] == 0 else { throw Missing(description: "not let in") }
    }
    /// PUBLISH at QoS 0.
    func publish(_ topic: String, _ payload: [UInt8], isRetained: Bool = false) throws {
        try write(packet(isRetained ? 0x31 : 0x30, string(Array(topic.utf8)) + payload))
    }
    /// PINGREQ and its answer: everything before it has been taken.
    func settle() throws {
        try write([0xC0, 0])
        var answer = [UInt8](repeating: 0, count: 2)
        guard recv(file, &answer, 2, Int32(MSG_WAITALL)) == 2, answer[0] == 0xD0 else {
            throw Missing(description: "no answer to a ping")
        }
    }
}
