import Glibc
import HAL

extension Bench {
    /// Gives one order to the bench that listens at `path`, and answers with its answer: `ok`, a JSON
    /// object, or `error: ` and why. The words are those of `Order`; `help` lists them.
    ///
    /// - Throws: `.notPresent` where no bench listens, `.timeout` where none answers within 10 s,
    ///   `.notPermitted`, or `.bus` with the errno.
    public static func ask(_ line: String, at path: String) throws(BoardFault) -> String {
        let client = try call { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) }
        defer { close(client) }
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        try call { setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, size) }
        try call { setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, size) }
        do throws(BoardFault) {
            try withAddress(path) { address, size throws(BoardFault) in
                try call { connect(client, address, size) }
            }
        } catch {
            guard error.code == ECONNREFUSED else { throw error }
            throw BoardFault(.notPresent, code: error.code)
        }
        // The first line alone: the rest would be answered too, and nobody would read it.
        let bytes = Array(line.prefix { !$0.isNewline }.utf8) + [UInt8(ascii: "\n")]
        try call { Int32(send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))) }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while answer.last != UInt8(ascii: "\n") {
            let n = try call { Int32(recv(client, &chunk, chunk.count, 0)) }
            guard n > 0 else { throw BoardFault(.notPresent) }
            answer += chunk[..<Int(n)]
        }
        return String(decoding: answer.dropLast(), as: UTF8.self)
    }
}

/// Runs `body` on the address of a Unix socket as C wants it.
@discardableResult func withAddress<T>(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(BoardFault) -> T
) throws(BoardFault) -> T {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard !path.isEmpty, path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
        throw BoardFault(.bus, code: ENAMETOOLONG)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    return try withUnsafePointer(to: &address) { pointer throws(BoardFault) in
        try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            pointer throws(BoardFault) in try body(pointer, size)
        }
    }
}
