import Foundation
import HAL
import Synchronization

/// What all sessions of a server share.
struct IIOHouse: Sendable {
    let context: ServedContext
    let attributes: AttributeTable
    let triggers: TriggerTable
    let patience = Patience()
    /// By device; nil where it has no source.
    let feeds: [WaveFeed?]

    init(_ context: ServedContext, _ pace: Pace) {
        self.context = context
        attributes = AttributeTable(context)
        triggers = TriggerTable()
        feeds = context.devices.map { d in d.source.map { WaveFeed($0, pace) } }
    }
}

/// Which trigger starts which device, by their places in the context.
final class TriggerTable: Sendable {
    private let table = Mutex<[Int: Int]>([:])
    func of(_ device: Int) -> Int? { table.withLock { $0[device] } }
    func set(_ device: Int, _ trigger: Int?) { table.withLock { $0[device] = trigger } }
}

/// How long a READBUF waits. One for all clients, the last to set it wins, as in iiod: libiio sets it
/// on one connection and reads buffers on another.
final class Patience: Sendable {
    private let kept = Mutex(5.0)
    var timeout_s: Double {
        get { kept.withLock { $0 } }
        set { kept.withLock { $0 = newValue } }
    }
}

/// Serves IIO devices by iiod's text protocol on a port of the loopback: unmodified libiio 0.x programs
/// (`iio_info -u ip:127.0.0.1:PORT`) see them as they would see a board's.
///
/// One thread waits for clients, each client has one, each opened device's source has one. `stop` ends
/// them all, and must be called: they keep the server alive.
public final class IIOServer: Sendable {
    public let port: UInt16
    private let house: IIOHouse
    private let listener: Int32
    /// Descriptors of the clients that are here; nil after `stop`.
    private let clients = Mutex<Set<Int32>?>([])
    private let isServing = DispatchGroup()
    /// More are turned away at once.
    public static let mostClients = 32

    /// - Parameter port: 0: one that is free.
    /// - Throws: `.bus` with the errno of `socket`, `bind` (EADDRINUSE) or `listen`.
    public init(
        _ context: ServedContext, port: UInt16 = 0, pace: Pace = .realTime
    ) throws(BoardFault) {
        house = IIOHouse(context, pace)
        (listener, self.port) = try Self.listen(port)
        let server = self
        isServing.enter()
        Thread { server.welcome() }.start()
    }

    /// Ends every session and waits for their threads. No more clients are taken.
    public func stop() {
        let wasServing = clients.withLock { c in
            guard let here = c else { return false }
            for d in here { shutdown(d, Int32(SHUT_RDWR)) }
            shutdown(listener, Int32(SHUT_RDWR))
            c = nil
            return true
        }
        guard wasServing else { return }
        for f in house.feeds { f?.stop() }
        isServing.wait()
    }

    /// Samples that the device's source has made, rows that slow clients have lost, and times the
    /// source was half a second late. Nil where the device is unknown or has no source.
    public func figures(device word: String) -> (made: Int64, lost: Int, slips: Int)? {
        house.context.index(of: word).flatMap { house.feeds[$0]?.figures }
    }

    private static func listen(_ port: UInt16) throws(BoardFault) -> (Int32, UInt16) {
        let s = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard s >= 0 else { throw BoardFault(.bus, code: errno) }
        var on: Int32 = 1
        setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(s, $0, size) == 0 && Glibc.listen(s, 16) == 0
                    && getsockname(s, $0, &size) == 0
            }
        }
        guard isBound else {
            let code = errno
            close(s)
            throw BoardFault(.bus, code: code)
        }
        return (s, UInt16(bigEndian: address.sin_port))
    }

    private func welcome() {
        defer {
            close(listener)
            isServing.leave()
        }
        while true {
            let d = accept(listener, nil, nil)
            guard d >= 0 else {
                if clients.withLock({ $0 == nil }) { return }
                // Out of descriptors, or a client that went before it came.
                usleep(10_000)
                continue
            }
            _ = fcntl(d, F_SETFD, FD_CLOEXEC)
            let isWelcome = clients.withLock { c in
                guard let here = c, here.count < Self.mostClients else { return false }
                c?.insert(d)
                return true
            }
            guard isWelcome else {
                close(d)
                continue
            }
            isServing.enter()
            Thread { [self] in
                serve(d)
                isServing.leave()
            }.start()
        }
    }

    private func serve(_ descriptor: Int32) {
        let stream = SocketStream(descriptor)
        IIOSession(house, stream).run()
        // Out of the set while the number is still ours: the kernel may give it to another.
        clients.withLock { _ = $0?.remove(descriptor) }
        withExtendedLifetime(stream) {}
    }
}
