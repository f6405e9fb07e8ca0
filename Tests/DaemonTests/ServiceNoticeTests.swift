import Daemon
import Foundation
import Testing

/// The keeper's end of the socket, in the kernel's own list of names.
private final class Keeper {
    let name: String
    private let file: Int32
    init(_ name: String) {
        self.name = "@\(name)-\(getpid())"
        file = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes: [UInt8] = [0] + self.name.utf8.dropFirst()
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(file, $0, length) == 0 }
        }
        precondition(isBound, "the name is free")
    }
    deinit { close(file) }
    func next() -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(file, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return count >= 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}

@Suite("What the service's keeper is told") struct ServiceNoticeTests {
    @Test("Ready, alive, starting, reloading and stopping, as sd_notify(3) has them")
    func words() {
        let keeper = Keeper("skerry-notice")
        var notice = ServiceNotice(socket: keeper.name)
        let isHeard = notice.isHeard
        #expect(isHeard)
        notice.ready("armed")
        notice.alive()
        notice.stillStarting("grid_a cannot be believed", within_s: 2.5)
        notice.reloading(monotonic_us: 123)
        notice.stopping("SIGTERM")
        #expect(keeper.next() == "READY=1\nSTATUS=armed")
        #expect(keeper.next() == "WATCHDOG=1")
        #expect(
            keeper.next() == "EXTEND_TIMEOUT_USEC=2500000\nSTATUS=grid_a cannot be believed")
        #expect(keeper.next() == "RELOADING=1\nMONOTONIC_USEC=123")
        #expect(keeper.next() == "STOPPING=1\nSTATUS=SIGTERM")
        let lost = notice.lost
        #expect(keeper.next() == nil && lost == 0)
    }

    @Test("A status cannot smuggle in a line of its own")
    func lines() {
        let keeper = Keeper("skerry-lines")
        var notice = ServiceNotice(socket: keeper.name)
        notice.status("a title\nWATCHDOG=trigger")
        #expect(keeper.next() == "STATUS=a title WATCHDOG=trigger")
    }

    @Test("Nobody listens, a name too long, a socket that is gone or full: it goes on")
    func unheard() {
        for path in [nil, "", "relative", "@", "/" + String(repeating: "a", count: 200)] {
            var notice = ServiceNotice(socket: path)
            notice.alive()
            let (isHeard, lost) = (notice.isHeard, notice.lost)
            #expect(!isHeard && lost == 0)
        }
        var gone = ServiceNotice(socket: "@skerry-nobody-\(getpid())")
        gone.alive()
        let (isHeard, lost) = (gone.isHeard, gone.lost)
        #expect(isHeard && lost == 1)
        let keeper = Keeper("skerry-full")
        var notice = ServiceNotice(socket: keeper.name)
        for _ in 0..<10_000 { notice.alive() }
        var heard: UInt64 = 0
        while keeper.next() != nil { heard += 1 }
        let all = heard + notice.lost
        #expect(heard > 0 && all == 10_000)
    }
}

@Suite("The machine's watchdog") struct WatchdogDeviceTests {
    @Test("What is not there, or is no watchdog, is refused with what to do")
    func refused() {
        func refusal(_ path: String) -> WatchdogDevice.Refusal? {
            do throws(WatchdogDevice.Refusal) {
                _ = try WatchdogDevice(path, timeout_s: 10)
                return nil
            } catch { return error }
        }
        #expect(
            refusal("/dev/no-watchdog")?.message
                == "/dev/no-watchdog cannot be opened: No such file or directory")
        let none = refusal("/dev/null")
        #expect(
            none?.message == "/dev/null takes no time of 10 s: Inappropriate ioctl for device")
        #expect(none?.remedy.contains("remove service.watchdog") == true)
    }
}
