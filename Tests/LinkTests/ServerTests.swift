import Control
import Foundation
import Loop
import Quantities
import Synchronization
import Testing
import Wire

@testable import Link

/// A server on its thread.
final class Served: Sendable {
    let folder: ScratchFolder
    let ring: TurnRing
    let wishes = WishBox()
    let server: LinkServer
    var path: String { "\(folder.path)/site.sock" }

    init(
        ring capacity: Int = 1024, status: @escaping @Sendable () -> String = { "state: armed" }
    ) throws {
        folder = try ScratchFolder()
        ring = TurnRing(capacity: capacity)
        server = try LinkServer(.test(folder), ring: ring, wishes: wishes, status: status)
        try server.start()
    }
    func push(_ ticks: Range<UInt64>) {
        var record = Record()
        for n in ticks {
            record.tick = Tick(n)
            ring.push(Sample(tick: Tick(n)), Setpoints(), record)
        }
    }
}

/// Far longer than anything takes; only a failure waits for it.
private let long_s = 60.0

@Suite("A server on its thread, and its clients")
struct ServerTests {
    @Test("A client is told who answers, watches, asks how it stands, and sets")
    func talk() throws {
        let served = try Served()
        served.push(0..<5)
        var client = try LinkClient(path: served.path, timeout_s: long_s)
        let hello = client.hello
        #expect(hello.site == "test-site" && hello.stages == ["over", "under"])
        #expect(
            hello.rate_Hz == 1000 && hello.role == .command && hello.limits.active == Watts(5000))
        #expect(hello.version == linkVersion && hello.mostRequest == 513)
        #expect(try client.subscribe(every: 2).code == .accepted)
        served.push(5..<10)
        var ticks: [UInt64] = []
        while ticks.count < 2, case .record(let sent) = try client.next(timeout_s: long_s) {
            ticks.append(sent.record.tick.count)
        }
        #expect(ticks == [6, 8])
        #expect(try client.next(timeout_s: 0) == nil)
        let status = try client.status()
        #expect(status.pairs.first?.key == "state" && status.pairs.first?.value == "armed")
        // Records that come while an answer is waited for are not lost.
        served.push(10..<13)
        let answer = try client.set(Setpoints(island: true), validity_ms: 1000)
        #expect(answer.code == .accepted && answer.expires == Tick(1012))
        #expect(served.wishes.take()?.island == true)
        #expect(served.server.drainAccepted().wishes.first?.peer.pid == getpid())
        let refused = try client.set(Setpoints(active: Watts(6000)), validity_ms: 1000)
        #expect(refused.field == .active_W && refused.value == 6000 && refused.limit == 5000)
        while ticks.count < 4, case .record(let sent) = try client.next(timeout_s: long_s) {
            ticks.append(sent.record.tick.count)
        }
        #expect(ticks == [6, 8, 10, 12])
    }

    @Test("A server that ends says so, its file goes with it, and another may take its place")
    func end() throws {
        let folder = try ScratchFolder()
        let options = LinkOptions.test(folder)
        for _ in 0..<3 {
            let server = try LinkServer(options, ring: TurnRing(), wishes: WishBox()) { "" }
            try server.start()
            var client = try LinkClient(path: options.path, timeout_s: long_s)
            server.stop()
            server.stop()
            do {
                _ = try client.next(timeout_s: long_s)
                Issue.record("it went on")
            } catch {
                #expect(error == .refused(Goodbye(.ending, "the daemon ends")))
            }
            #expect(server.counts.connections == 1 && server.counts.clients == 0)
        }
        #expect(!FileManager.default.fileExists(atPath: options.path))
        do {
            _ = try LinkClient(path: options.path)
            Issue.record("nobody is there")
        } catch {
            #expect(error == .noServer(path: options.path) && error.words.contains("skerryd"))
        }
    }

    @Test("The server's thread hangs: the loop goes on, and each reader is told what it lost")
    func suspended() throws {
        let gate = DispatchSemaphore(value: 0)
        let entered = DispatchSemaphore(value: 0)
        let served = try Served(ring: 64) {
            entered.signal()
            gate.wait()
            return "late"
        }
        var watcher = try LinkClient(path: served.path, timeout_s: long_s)
        #expect(try watcher.subscribe(every: 1).code == .accepted)
        let asker = Thread {
            var client = try? LinkClient(path: served.path, timeout_s: long_s)
            _ = try? client?.status()
        }
        asker.start()
        entered.wait()
        // Its thread is inside `status` now. A push that waited for it would never come back.
        served.push(0..<5000)
        #expect(served.ring.count == 5000)
        gate.signal()
        var seen: UInt64 = 0
        var losses = Losses()
        while seen + losses.records < 5000, let event = try watcher.next(timeout_s: long_s) {
            switch event {
            case .record: seen += 1
            case .lost(let more):
                losses.records += more.records
                losses.unseenTurns += more.unseenTurns
            }
        }
        #expect(seen == 48 && losses == Losses(records: 4952, unseenTurns: 4952))
    }

    /// A server of one frame.
    private func told(_ bytes: [UInt8]) throws -> LinkFault? {
        let folder = try ScratchFolder()
        let listener = try Listener(.test(folder))
        let file = listener.descriptor
        let thread = Thread {
            var polled = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
            poll(&polled, 1, -1)
            let come = accept(file, nil, nil)
            _ = write(come, bytes, bytes.count)
            // Until the client has gone.
            var byte: UInt8 = 0
            if !bytes.isEmpty { _ = read(come, &byte, 1) }
            close(come)
        }
        thread.start()
        do {
            _ = try LinkClient(path: LinkOptions.test(folder).path, timeout_s: long_s)
            return nil
        } catch {
            return error
        }
    }
    private func hello(_ change: (inout Hello) -> Void) -> [UInt8] {
        var hello = Hello(
            role: .watch, rate_Hz: 1000, tick: Tick(0), limits: LinkOptions.limits,
            mostRequest: 513, site: "s", stages: [])
        change(&hello)
        let said = hello
        return frame(LinkKind.hello.rawValue, 0) { said.write(into: &$0) }
    }

    @Test("A server of another version or layout is refused, with what each side is")
    func others() throws {
        #expect(try told(hello { _ in }) == nil)
        let version = try #require(try told(hello { $0.version = 9 }))
        #expect(version == .otherVersion(theirs: 9, ours: 1) && version.words.contains("9"))
        let layout = try #require(try told(hello { $0.digest = 0xAB }))
        #expect(layout == .otherLayout(theirs: 0xAB, ours: FieldDigest.ofThisProgram))
        #expect(layout.words.contains("00000000000000ab"))
        var envelope = hello { _ in }
        envelope[4] = 2
        #expect(try told(envelope)?.words.contains("version 2") == true)
        #expect(try told(Array("220 mail ESMTP ready\r\n".utf8))?.words.contains("SKRY") == true)
        #expect(try told([]) == .closed)
        let refusal = Goodbye(.noRight, "not you")
        let turnedAway = frame(LinkKind.goodbye.rawValue, 0) { refusal.write(into: &$0) }
        #expect(try told(turnedAway) == .refused(refusal))
    }

    @Test("A server that says nothing is waited for as long as was told")
    func silent() throws {
        let folder = try ScratchFolder()
        let listener = try Listener(.test(folder))
        #expect(listener.descriptor >= 0)
        #expect(throws: LinkFault.timeout(seconds: 0.02)) {
            _ = try LinkClient(path: LinkOptions.test(folder).path, timeout_s: 0.02)
        }
    }
}

extension LinkOptions {
    fileprivate static var limits: SetpointLimits {
        SetpointLimits(
            frequencyBias: Hertz(1), voltageBias: Volts(1), active: Watts(1), reactive: Vars(1),
            horizon: 1)
    }
}

@Suite("Clients that are killed", .serialized)
struct KilledClientTests {
    /// Names the socket to a child, and what it does; absent in the tests themselves.
    private static let key = "SKERRY_TEST_LINK_CHILD"

    /// What the child does until it is killed.
    @Test("The child", .enabled(if: ProcessInfo.processInfo.environment[key] != nil))
    func child() throws {
        let order = try #require(ProcessInfo.processInfo.environment[Self.key])
        var client = try RawClient(String(order.dropFirst()))
        let subscribe = frame(LinkKind.subscribe.rawValue, 0) {
            Subscription(every: 1, events: false).write(into: &$0)
        }
        let request = frame(LinkKind.statusRequest.rawValue, 0) { _ in }
        // In one piece: when the first is served, the half of the second is there.
        client.put(subscribe + (order.first == "h" ? Array(request.prefix(9)) : []))
        if order.first == "h" {
            // Named in the loop, it stays open until then.
            while client.descriptor >= 0 { sleep(1) }
        }
        while client.hear().fault == nil {
            for byte in request {
                // The socket takes few pieces so small before they are read.
                while client.put([byte]) != 1, client.hear().fault == nil {}
            }
        }
        Issue.record("nobody killed the child")
    }

    @Test(
        "Killed in the middle of a frame, or of many: the server goes on, nobody else loses a record"
    )
    func killed() throws {
        let served = try Served(ring: 1 << 14)
        var good = try LinkClient(path: served.path, timeout_s: long_s)
        #expect(try good.subscribe(every: 1).code == .accepted)
        var pushed: UInt64 = 0
        var seen: UInt64 = 0
        var lost: UInt64 = 0
        func turn() throws {
            served.push(pushed..<pushed + 20)
            pushed += 20
            while seen + lost < pushed, let event = try good.next(timeout_s: long_s) {
                switch event {
                case .record: seen += 1
                case .lost(let more): lost += more.records
                }
            }
        }
        // Counts are a round old: the good client's own request is to be among them.
        while served.server.counts.frames < 1 { try turn() }
        for round in 0..<6 {
            let child = Process()
            child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            child.arguments = [
                "--testing-library", "swift-testing", "--filter", "KilledClientTests/child",
            ]
            let order = (round % 2 == 0 ? "h" : "c") + served.path
            child.environment = ProcessInfo.processInfo.environment.merging(
                [Self.key: order], uniquingKeysWith: { _, new in new })
            child.standardOutput = FileHandle.nullDevice
            child.standardError = FileHandle.nullDevice
            let before = served.server.counts
            try child.run()
            let needed = before.frames + (round % 2 == 0 ? 1 : 200)
            let end = ContinuousClock.now + .seconds(long_s)
            while served.server.counts.frames < needed, ContinuousClock.now < end { try turn() }
            #expect(served.server.counts.frames >= needed, "the child asked")
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
            while served.server.counts.clients > 1, ContinuousClock.now < end { try turn() }
            let after = served.server.counts
            #expect(after.clients == 1 && after.refusedFrames == 0)
            if round % 2 == 0 { #expect(after.brokenOff == before.brokenOff + 1) }
        }
        #expect(seen == pushed && lost == 0)
    }
}
