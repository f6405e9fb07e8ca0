internal import Glibc

/// A connected TCP socket that never waits beyond a deadline and never raises SIGPIPE. Closed when it
/// goes.
struct TCPSocket: ~Copyable {
    private let descriptor: Int32

    /// Tries the addresses in their order, each with its share of the time.
    /// - Throws: the fault of the last.
    init(to addresses: [SocketAddress], by deadline: Deadline) throws(WireFault) {
        var last = WireFault.system(EADDRNOTAVAIL)
        for (n, address) in addresses.enumerated() {
            do throws(WireFault) {
                descriptor = try Self.connected(
                    to: address, by: deadline.share(of: addresses.count - n))
                return
            } catch {
                last = error
            }
        }
        throw last
    }

    deinit { close(descriptor) }

    /// Hands the descriptor over to who will close it.
    consuming func release() -> Int32 {
        let given = descriptor
        discard self
        return given
    }

    /// Sends all of it.
    func send(_ bytes: [UInt8], by deadline: Deadline) throws(WireFault) {
        var sent = 0
        while sent < bytes.count {
            do throws(WireFault) {
                sent += try check {
                    bytes.withUnsafeBytes {
                        Glibc.send(
                            descriptor, $0.baseAddress! + sent, $0.count - sent,
                            Int32(MSG_NOSIGNAL))
                    }
                }
            } catch  where error == .system(EAGAIN) {
                try Self.wait(descriptor, Int16(POLLOUT), by: deadline)
            }
        }
    }

    /// What has come, 1 to `most` bytes; waits for the first.
    /// - Throws: `.closed` where nothing will come any more.
    func receive(most: Int, by deadline: Deadline) throws(WireFault) -> [UInt8] {
        while true {
            try Self.wait(descriptor, Int16(POLLIN), by: deadline)
            do throws(WireFault) {
                let bytes = try receiveNow(most: most)
                guard !bytes.isEmpty else { throw .closed }
                return bytes
            } catch  where error == .system(EAGAIN) {
                continue
            }
        }
    }

    /// Whether it is open and nothing lies in it that nobody has asked for. A meter that let go is
    /// found here, before a question is lost on it.
    var isQuiet: Bool {
        do throws(WireFault) {
            _ = try receiveNow(most: 1)
            return false
        } catch {
            return error == .system(EAGAIN)
        }
    }

    /// Empty at the end of the stream.
    private func receiveNow(most: Int) throws(WireFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: most)
        let n = try check { recv(descriptor, &bytes, most, 0) }
        return Array(bytes.prefix(n))
    }

    private static func connected(
        to address: SocketAddress, by deadline: Deadline
    ) throws(WireFault) -> Int32 {
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let made = try check { socket(address.family, Int32(kind), 0) }
        do throws(WireFault) {
            do throws(WireFault) {
                // Not through `check`: an interrupted connect goes on by itself and must not be called
                // again.
                let result = address.withPointer { connect(made, $0, $1) }
                if result < 0 { throw .system(errno) }
            } catch  where error == .system(EINPROGRESS) || error == .system(EINTR) {
                try wait(made, Int16(POLLOUT), by: deadline)
                var code: Int32 = 0
                var size = socklen_t(MemoryLayout<Int32>.size)
                try check { getsockopt(made, SOL_SOCKET, SO_ERROR, &code, &size) }
                guard code != ETIMEDOUT else { throw .timedOut }
                guard code == 0 else { throw .system(code) }
            }
            var on: Int32 = 1
            let size = socklen_t(MemoryLayout<Int32>.size)
            try check { setsockopt(made, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size) }
        } catch {
            close(made)
            throw error
        }
        return made
    }

    private static func wait(
        _ descriptor: Int32, _ events: Int16, by deadline: Deadline
    ) throws(WireFault) {
        var watched = pollfd(fd: descriptor, events: events, revents: 0)
        // Computed anew after each signal.
        let ready = try check { poll(&watched, 1, deadline.left_ms) }
        guard ready > 0 else { throw .timedOut }
    }
}
