@testable import Bench
import Foundation
import Glibc
import HAL
import Synchronization
import Testing

// The doors themselves, with the test in the kernel's place: a socket pair that keeps the bounds of
// messages speaks as /dev/uhid does.

/// The kernel's end of a device. Events as <linux/uhid.h> lays them out, packed.
private final class Kernel: Sendable {
    let descriptor: Int32
    init(_ descriptor: Int32) { self.descriptor = descriptor }
    deinit { close(descriptor) }

    enum Kind { static let destroy: UInt32 = 1, output: UInt32 = 6, get: UInt32 = 9 }
    enum Reply { static let get: UInt32 = 10, create: UInt32 = 11, input: UInt32 = 12 }
    static let set: UInt32 = 13
    static let setReply: UInt32 = 14
    static let most = 4096

    /// The next thing the device says, within 10 s; empty: nothing.
    func hear() -> [UInt8] {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 10_000) == 1 else { return [] }
        var buffer = [UInt8](repeating: 0, count: 8192)
        let n = recv(descriptor, &buffer, buffer.count, 0)
        return Array(buffer.prefix(max(0, n)))
    }
    private func say(_ bytes: [UInt8]) { _ = send(descriptor, bytes, bytes.count, 0) }
    private func word(_ x: UInt32) -> [UInt8] { (0..<4).map { UInt8(x >> (8 * $0) & 0xFF) } }
    private func filled(_ report: [UInt8]) -> [UInt8] {
        report + [UInt8](repeating: 0, count: Self.most - report.count)
    }
    private func size(_ report: [UInt8]) -> [UInt8] {
        [UInt8(report.count & 0xFF), UInt8(report.count >> 8)]
    }

    func output(_ report: [UInt8]) {
        say(word(Kind.output) + filled(report) + size(report) + [1])
    }
    func get(_ report: UInt8, request: UInt32) {
        say(word(Kind.get) + word(request) + [report, 0])
    }
    func set(_ report: [UInt8], request: UInt32) {
        say(
            word(Self.set) + word(request) + [report.first ?? 0, 0] + size(report) + filled(report))
    }
    /// What the device gives for a report: its reply's error and bytes.
    func ask(_ report: UInt8, request: UInt32) -> (request: UInt32, error: UInt16, data: [UInt8])? {
        get(report, request: request)
        let r = hear()
        guard r.count >= 12, Self.number(r, 0) == Reply.get else { return nil }
        let size = Int(r[10]) | Int(r[11]) << 8
        return (Self.number(r, 4), UInt16(r[8]) | UInt16(r[9]) << 8, Array(r[12...].prefix(size)))
    }
    static func number(_ r: [UInt8], _ place: Int) -> UInt32 {
        guard r.count >= place + 4 else { return .max }
        return (0..<4).reduce(0) { $0 | UInt32(r[place + $1]) << (8 * $1) }
    }
}

private func pair() -> (kernel: Kernel, device: Int32) {
    var ends: [Int32] = [0, 0]
    precondition(socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &ends) == 0)
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    return (Kernel(ends[0]), ends[1])
}

/// A client of the control socket.
private final class Client {
    let descriptor: Int32
    init?(_ path: String) {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let joined = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard joined == 0 else {
            close(descriptor)
            return nil
        }
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    deinit { close(descriptor) }

    func put(_ bytes: [UInt8]) {
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
    /// One line without its end; nil: none came, or the other side has gone.
    func line() -> String? {
        var got: [UInt8] = []
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: got, as: UTF8.self) }
            got.append(byte)
        }
        return nil
    }
    func say(_ text: String) -> String? {
        put(Array((text + "\n").utf8))
        return line()
    }
}

@Suite("The bench's doors") struct DoorTests {
    private static func path() -> String {
        NSTemporaryDirectory() + "skerry-bench-\(UUID().uuidString.prefix(8)).sock"
    }

    /// Runs the bench on a thread of its own while `body` plays the kernel and its people; ends it by
    /// the order `quit` and answers what `serve` threw.
    private func whileServing(
        _ body: (_ kernels: [Kernel], _ path: String) throws -> Void
    ) throws -> BoardFault? {
        let path = Self.path()
        var options = Bench.Options()
        options.controlPath = path
        options.priority = nil
        let pairs = [pair(), pair(), pair()]
        let spare = Mutex(pairs.map(\.device))
        let ended = Mutex<BoardFault?>(nil)
        let ready = DispatchSemaphore(value: 0)
        let done = DispatchSemaphore(value: 0)
        // Semaphores and mutexes alone are shared; the pairs outlive the thread.
        let thread = Thread { [options] in
            do throws(BoardFault) {
                try Bench.serve(options, ready: { ready.signal() }) { serial throws(BoardFault) in
                    let end = spare.withLock { $0.removeFirst() }
                    return try UHIDDevice(owning: end, serial: serial)
                }
            } catch {
                ended.withLock { $0 = error }
                ready.signal()
            }
            done.signal()
        }
        thread.start()
        ready.wait()
        defer {
            if let client = Client(path) { _ = client.say("quit") }
            #expect(done.wait(timeout: .now() + 20) == .success)
            #expect(access(path, F_OK) != 0, "the socket goes with the bench")
            // To the bench a closed end is a kernel that has gone.
            withExtendedLifetime(pairs) {}
        }
        try body(pairs.map(\.kernel), path)
        return ended.withLock { $0 }
    }

    @Test(
        "Two bridges are plugged in, with names to tell them apart, and answer as the driver asks")
    func probe() throws {
        let fault = try whileServing { kernels, path in
            for (n, serial) in ["SKERRY-BENCH-A", "SKERRY-BENCH-B"].enumerated() {
                let create = kernels[n].hear()
                #expect(Kernel.number(create, 0) == Kernel.Reply.create)
                // type, name 128, phys 64, uniq 64, size 2, bus 2, vendor 4, product 4 ...
                let unique = create[196..<260].prefix { $0 != 0 }
                #expect(String(decoding: unique, as: UTF8.self) == serial)
                #expect(Kernel.number(create, 264) == 0x10C4)
                #expect(Kernel.number(create, 268) == 0xEA90)
                let size = Int(create[260]) | Int(create[261]) << 8
                #expect(Array(create[280..<280 + size]) == CP2112.descriptor)
                #expect(Int(create[262]) == 3, "bus USB")
                let version = try #require(kernels[n].ask(0x05, request: 7))
                #expect(version.request == 7 && version.error == 0)
                #expect(version.data == [0x05, 0x0C, 0x03])
                let settings = try #require(kernels[n].ask(0x06, request: 8))
                #expect(settings.data.count == 14)
                kernels[n].set(settings.data, request: 9)
                let reply = kernels[n].hear()
                #expect(Kernel.number(reply, 0) == Kernel.setReply)
                #expect(Kernel.number(reply, 4) == 9 && reply[8] == 0 && reply[9] == 0)
                let stranger = try #require(kernels[n].ask(0x7F, request: 10))
                #expect(stranger.error == UInt16(EIO))
            }
        }
        #expect(fault == nil)
    }

    @Test("A chip is read through the device, and orders change what it says")
    func transfer() throws {
        let fault = try whileServing { kernels, path in
            let kernel = kernels[0]
            _ = kernel.hear()
            func word(_ register: UInt8) -> UInt16? {
                kernel.output([0x11, 0x41 << 1, 0, 2, 1, register])
                kernel.output([0x15, 0x01])
                let status = kernel.hear()
                guard Kernel.number(status, 0) == Kernel.Reply.input, status[6] == 0x16,
                    status[7] == 2
                else { return nil }
                kernel.output([0x12, 0, 2])
                let r = kernel.hear()
                guard r.count == 70, r[6] == 0x13, r[8] == 2 else { return nil }
                return UInt16(r[9]) << 8 | UInt16(r[10])
            }
            #expect(word(0xFE) == 0x5449)
            usleep(50_000)
            let bus = try #require(word(0x02))
            #expect(bus > 17_600 && bus < 22_400, "44 ... 56 V by 1:2")
            let client = try #require(Client(path))
            #expect(client.say("nack 0x41") == "ok")
            #expect(word(0xFE) == nil)
            #expect(client.say("ack 0x41") == "ok")
            #expect(word(0xFE) == 0x5449)
            #expect(client.say("slow 30") == "ok")
            let before = Date()
            #expect(word(0xFE) == 0x5449)
            #expect(Date().timeIntervalSince(before) > 0.029)
        }
        #expect(fault == nil)
    }

    @Test("Unplugged, the device is destroyed; replugged, it is made again")
    func plug() throws {
        let fault = try whileServing { kernels, path in
            _ = kernels[0].hear()
            _ = kernels[1].hear()
            let client = try #require(Client(path))
            #expect(client.say("unplug b") == "ok")
            #expect(Kernel.number(kernels[1].hear(), 0) == Kernel.Kind.destroy)
            #expect(kernels[1].hear().isEmpty, "closed")
            #expect(kernels[0].ask(0x05, request: 1)?.data == [0x05, 0x0C, 0x03])
            #expect(client.say("replug b") == "ok")
            #expect(Kernel.number(kernels[2].hear(), 0) == Kernel.Reply.create)
            #expect(kernels[2].ask(0x05, request: 2)?.data == [0x05, 0x0C, 0x03])
        }
        #expect(fault == nil)
    }

    @Test("A hung bridge says nothing, and the other goes on")
    func hang() throws {
        let fault = try whileServing { kernels, path in
            _ = kernels[0].hear()
            _ = kernels[1].hear()
            let client = try #require(Client(path))
            #expect(client.say("hang a") == "ok")
            kernels[0].get(0x03, request: 1)
            #expect(kernels[1].ask(0x03, request: 2) != nil)
            #expect(client.say("heal a") == "ok")
            #expect(kernels[0].ask(0x05, request: 3)?.request == 3, "the first was never answered")
        }
        #expect(fault == nil)
    }

    @Test("Hostile input on the control socket is answered or cut off, and others are served")
    func hostile() throws {
        let fault = try whileServing { kernels, path in
            let rude = try #require(Client(path))
            rude.put([UInt8](repeating: 0xFF, count: 4096))
            #expect(rude.line() == "error: line too long")
            #expect(rude.line() == nil, "cut off")
            let binary = try #require(Client(path))
            binary.put([0, 1, 2, 0xC3, 0x28, 10])
            #expect(binary.line()?.hasPrefix("error: no such order") == true)
            binary.put(Array("nack 0x41\nack 0x41\n\nhelp\n".utf8))
            #expect(binary.line() == "ok")
            #expect(binary.line() == "ok")
            #expect(binary.line() == "error: an order is missing")
            #expect(binary.line()?.contains("outage") == true)
            // Half a line, and gone.
            Client(path)?.put(Array("nack 0x4".utf8))
            let many = (0..<12).compactMap { _ in Client(path) }
            for client in many { client.put(Array("state\n".utf8)) }
            let answers = many.map { $0.line() ?? "" }
            #expect(answers.filter { $0.hasPrefix("{") }.count >= 6)
            #expect(answers.contains("error: too many are talking to the bench"))
            // One who never reads is let go when the pipe is full.
            #expect(binary.say("state")?.hasPrefix("{") == true)
            let deaf = many.first { $0.say("state")?.hasPrefix("{") == true }
            deaf?.put(Array(String(repeating: "state\n", count: 600).utf8))
            #expect(binary.say("state")?.hasPrefix("{") == true)
            #expect(kernels[0].hear().isEmpty == false)
        }
        #expect(fault == nil)
    }

    @Test("A path that is taken is refused; a socket that was left behind is not in the way")
    func takenPath() throws {
        let path = Self.path()
        #expect(FileManager.default.createFile(atPath: path, contents: Data("mine".utf8)))
        defer { unlink(path) }
        #expect(throws: BoardFault(.bus, code: EADDRINUSE)) { _ = try ControlSocket(path: path) }
        #expect(FileManager.default.contents(atPath: path) == Data("mine".utf8))
        unlink(path)
        // Left behind: bound, never answered.
        let stale = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(stale, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        close(stale)
        let socket = try ControlSocket(path: path)
        #expect(throws: BoardFault(.bus, code: EADDRINUSE)) { _ = try ControlSocket(path: path) }
        #expect(socket.descriptors.count == 1)
        #expect(throws: BoardFault(.bus, code: ENAMETOOLONG)) {
            _ = try ControlSocket(path: String(repeating: "x", count: 200))
        }
    }

    @Test("One order from elsewhere in the program")
    func ask() throws {
        let fault = try whileServing { kernels, path in
            let taken = try Bench.ask("nack 0x40\nquit", at: path)
            #expect(taken == "ok")
            let state = try Bench.ask("state", at: path)
            #expect(state.hasPrefix("{\"time_s\""))
            let refused = try Bench.ask("nonsense", at: path)
            #expect(refused.hasPrefix("error: "))
        }
        #expect(fault == nil)
        #expect(throws: BoardFault(.notPresent, code: ENOENT)) {
            _ = try Bench.ask("state", at: "no-bench-listens-here.sock")
        }
    }

    @Test("Without the kernel's door it says so")
    func noDoor() {
        #expect(throws: BoardFault(.notPresent, code: ENOENT)) {
            _ = try UHIDDevice(path: "/dev/no-such-door", serial: "X")
        }
    }
}
