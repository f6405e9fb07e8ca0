import Glibc
import HAL

/// A Unix socket that takes lines and answers each with a line. Whoever may open the path may command
/// the bench: the socket is made for its owner alone. Hostile input is answered, cut off, or both.
struct ControlSocket: ~Copyable {
    private struct Client {
        var descriptor: Int32
        var pending: [UInt8] = []
    }
    private let path: String
    private let listener: Int32
    private var clients: [Client] = []

    private static let mostClients = 8

    /// - Throws: `.bus` with EADDRINUSE where another bench answers at `path`.
    init(path: String) throws(BoardFault) {
        let type =
            Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            | Int32(SOCK_NONBLOCK.rawValue)
        let made = try call { socket(AF_UNIX, type, 0) }
        do throws(BoardFault) {
            try withAddress(path) { address, size throws(BoardFault) in
                try ControlSocket.makeWay(at: path, for: address, size)
                let mask = umask(0o177)
                defer { umask(mask) }
                try call { bind(made, address, size) }
            }
            try call { listen(made, 4) }
        } catch {
            close(made)
            throw error
        }
        self.path = path
        listener = made
    }

    /// Removes the socket of a bench that is gone. Anything else at the path stays, and `bind` fails.
    private static func makeWay(
        at path: String, for address: UnsafePointer<sockaddr>, _ size: socklen_t
    ) throws(BoardFault) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        let probe = try call { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) }
        defer { close(probe) }
        if connect(probe, address, size) == 0 { throw BoardFault(.bus, code: EADDRINUSE) }
        unlink(path)
    }

    /// For poll(2).
    var descriptors: [Int32] { [listener] + clients.map(\.descriptor) }

    /// Takes what has come and answers every whole line by `obey`.
    mutating func attend(_ obey: (String) -> String) {
        welcome()
        var staying: [Client] = []
        for var client in clients {
            if serve(&client, obey) {
                staying.append(client)
            } else {
                close(client.descriptor)
            }
        }
        clients = staying
    }

    private mutating func welcome() {
        while true {
            let come = accept(listener, nil, nil)
            guard come >= 0 else { return }
            _ = fcntl(come, F_SETFD, FD_CLOEXEC)
            _ = fcntl(come, F_SETFL, O_NONBLOCK)
            if clients.count < Self.mostClients {
                clients.append(Client(descriptor: come))
            } else {
                _ = ControlSocket.say("error: too many are talking to the bench", to: come)
                close(come)
            }
        }
    }

    /// False: this one is to be let go.
    private func serve(_ client: inout Client, _ obey: (String) -> String) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 1024)
        let n = recv(client.descriptor, &chunk, chunk.count, 0)
        if n < 0 { return errno == EAGAIN || errno == EINTR }
        if n == 0 { return false }
        client.pending += chunk[..<n]
        while let end = client.pending.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: client.pending[..<end], as: UTF8.self)
            client.pending.removeSubrange(...end)
            guard ControlSocket.say(obey(line), to: client.descriptor) else { return false }
        }
        guard client.pending.count <= Order.longest else {
            _ = ControlSocket.say("error: line too long", to: client.descriptor)
            return false
        }
        return true
    }

    /// False: it did not take all of it.
    private static func say(_ line: String, to descriptor: Int32) -> Bool {
        let bytes = Array((line + "\n").utf8)
        return send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    deinit {
        for client in clients { close(client.descriptor) }
        close(listener)
        unlink(path)
    }
}
