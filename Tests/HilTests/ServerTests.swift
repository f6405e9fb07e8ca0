import Foundation
import Testing

@testable import Hil

/// A server in a thread of its own, at a Unix socket in a folder that goes with it.
private final class Served {
    let path: String
    private let folder: String
    private let stop: @Sendable () -> Void
    private let ended = DispatchSemaphore(value: 0)

    init(_ change: (inout HilOptions) -> Void = { _ in }) throws {
        var template = Array(NSTemporaryDirectory().utf8CString.dropLast())
        template += "hil-XXXXXX".utf8CString
        folder = try template.withUnsafeMutableBufferPointer {
            guard mkdtemp($0.baseAddress!) != nil else { throw CocoaError(.fileWriteUnknown) }
            return String(cString: $0.baseAddress!)
        }
        path = folder + "/socket"
        var options = HilOptions(SmallBoard.source)
        options.place = .unix(path: path)
        options.controllers = ["mill"]
        change(&options)
        let server = Holder(try HilServer(options) { _ in })
        stop = server.server.stopper
        let ended = ended
        Thread.detachNewThread {
            server.server.run()
            ended.signal()
        }
    }
    private final class Holder: @unchecked Sendable {
        // Sendable is true: the thread alone uses it after this.
        let server: HilServer
        init(_ server: HilServer) { self.server = server }
    }
    /// True where the server ended in time.
    func hasEnded(within seconds: Double = 20) -> Bool {
        ended.wait(timeout: .now() + seconds) == .success
    }
    func end() { stop() }
    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: folder)
    }
}

/// A connection that sends what it likes.
private final class Plug {
    let descriptor: Int32
    private var buffer: [UInt8] = []
    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else { throw CocoaError(.fileReadUnknown) }
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    deinit { close(descriptor) }
    func put(_ text: String) {
        let bytes = Array(text.utf8)
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
    /// The next line; nil at the end of the stream.
    func line() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                defer { buffer.removeFirst(end + 1) }
                return String(decoding: buffer[..<end], as: UTF8.self)
            }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            buffer += chunk[..<count]
        }
    }
    func ask(_ text: String) -> String {
        put(text + "\n")
        return line() ?? "closed"
    }
    func hello() -> String { ask("{\"request\":\"hello\",\"protocol\":1}") }
}

@Suite("The server")
struct ServerTests {
    @Test("One partner at a time: another is told busy, and served when the first has gone")
    func busy() throws {
        let served = try Served()
        var mode = stat()
        stat(served.path, &mode)
        #expect(mode.st_mode & 0o777 == 0o600)
        var first: Plug? = try Plug(served.path)
        #expect(first!.hello().contains("\"reply\":\"hello\""))
        let second = try Plug(served.path)
        let told = second.line() ?? ""
        #expect(told.contains("\"busy\"") && second.line() == nil)
        #expect(first!.ask("{\"request\":\"advance\",\"for_s\":0.1}").contains("\"tick\":100"))
        // It vanishes without a word; the next finds everything anew.
        first = nil
        let third = try Plug(served.path)
        var reply = third.hello()
        if reply.contains("busy") { reply = try Plug(served.path).hello() }
        #expect(reply.contains("\"reply\":\"hello\""))
    }

    @Test("Another is told busy while a long step is calculated")
    func busyInStep() throws {
        let served = try Served()
        let first = try Plug(served.path)
        _ = first.hello()
        first.put("{\"request\":\"advance\",\"for_s\":20,\"want\":[]}\n")
        let second = try Plug(served.path)
        #expect(second.line()?.contains("\"busy\"") == true)
        #expect(first.line()?.contains("\"tick\":20000") == true)
    }

    @Test("Who says nothing is let go, and is told why")
    func late() throws {
        let served = try Served { $0.patience_s = 0.3 }
        let silent = try Plug(served.path)
        #expect(silent.line()?.contains("\"late\"") == true && silent.line() == nil)
        let half = try Plug(served.path)
        _ = half.hello()
        half.put("{\"request\":\"adv")
        let told = half.line() ?? ""
        #expect(told.contains("\"late\"") && told.contains("\"main_contactor\":false"))
    }

    @Test("Who does not read its replies is let go")
    func deaf() throws {
        let served = try Served { $0.patience_s = 0.5 }
        let deaf = try Plug(served.path)
        deaf.put("{\"request\":\"hello\",\"protocol\":1}\n")
        _ = fcntl(deaf.descriptor, F_SETFL, O_NONBLOCK)
        let line = Array("{\"request\":\"settings\"}\n".utf8)
        for _ in 0..<2000 { _ = send(deaf.descriptor, line, line.count, Int32(MSG_NOSIGNAL)) }
        var next = ""
        for _ in 0..<200 {
            usleep(50_000)
            next = try Plug(served.path).hello()
            if next.contains("\"reply\":\"hello\"") { break }
        }
        #expect(next.contains("\"reply\":\"hello\""))
    }

    @Test("Who closes half is still answered")
    func half() throws {
        let served = try Served()
        let half = try Plug(served.path)
        half.put("{\"request\":\"hello\",\"protocol\":1}\n{\"request\":\"advance\",\"for_s\":1}\n")
        shutdown(half.descriptor, Int32(SHUT_WR))
        #expect(half.line()?.contains("\"reply\":\"hello\"") == true)
        #expect(half.line()?.contains("\"tick\":1000") == true && half.line() == nil)
    }

    @Test("Paced, a second takes a second; told to end, it says so and ends")
    func paced() throws {
        let served = try Served { $0.isPaced = true }
        let plug = try Plug(served.path)
        #expect(plug.hello().contains("\"paced\":true"))
        let start = Date()
        for _ in 0..<5 { _ = plug.ask("{\"request\":\"advance\",\"for_s\":0.1,\"want\":[]}") }
        let took = Date().timeIntervalSince(start)
        #expect(took > 0.48, "\(took)")
        plug.put("{\"request\":\"advance\",\"for_s\":3600,\"want\":[]}\n")
        served.end()
        #expect(served.hasEnded())
    }

    @Test("Told to end between steps, it says so")
    func ending() throws {
        let served = try Served()
        let plug = try Plug(served.path)
        _ = plug.hello()
        served.end()
        let told = plug.line() ?? ""
        #expect(told.contains("\"ending\"") && told.contains("\"outputs\""))
        #expect(served.hasEnded())
        // The file goes with the server, a moment after its loop.
        for _ in 0..<100 where FileManager.default.fileExists(atPath: served.path) {
            usleep(20_000)
        }
        #expect(!FileManager.default.fileExists(atPath: served.path))
    }

    @Test("Once is once")
    func once() throws {
        let served = try Served { $0.isOnce = true }
        let plug = try Plug(served.path)
        _ = plug.hello()
        #expect(plug.ask("{\"request\":\"bye\"}") == "{\"reply\":\"bye\"}")
        #expect(served.hasEnded())
    }

    @Test(
        "A socket in use, and what is no socket, are left alone; one whose program is gone is not")
    func places() throws {
        let served = try Served()
        var options = HilOptions(SmallBoard.source)
        options.place = .unix(path: served.path)
        #expect(throws: HilFault.self) { try HilServer(options) { _ in } }
        let file = served.path + ".file"
        try Data().write(to: URL(fileURLWithPath: file))
        options.place = .unix(path: file)
        #expect(throws: HilFault.self) { try HilServer(options) { _ in } }
        options.place = .unix(path: String(repeating: "x", count: 200))
        #expect(throws: HilFault.self) { try HilServer(options) { _ in } }
        options.place = .tcp(address: "127.0.0.1", port: 0)
        let tcp = try HilServer(options) { _ in }
        guard case .tcp(_, let port) = tcp.place else { return }
        #expect(port != 0 && tcp.place.isLocal)
        options.place = tcp.place
        #expect(throws: HilFault.self) { try HilServer(options) { _ in } }
    }

    @Test(
        "Addresses are numbers, loopback unless it is said",
        arguments: [
            ("7475", "127.0.0.1:7475", true), ("127.0.0.1:0", "127.0.0.1:0", true),
            ("0.0.0.0:80", "0.0.0.0:80", false), ("[::1]:7475", "[::1]:7475", true),
            ("[::]:7475", "[::]:7475", false), ("192.0.2.7:1", "192.0.2.7:1", false),
        ])
    func addresses(text: String, words: String, isLocal: Bool) {
        let place = HilPlace(listen: text)
        #expect(place?.description == words && place?.isLocal == isLocal)
    }
    @Test(
        "What is no address is none",
        arguments: ["localhost:7475", "127.0.0.1", "1.2.3.4:99999", ":1", ""])
    func noAddresses(text: String) { #expect(HilPlace(listen: text) == nil) }
}
