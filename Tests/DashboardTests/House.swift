import Access
import BoardProfile
import Control
import Feed
import Foundation
import Link
import Loop
import Quantities
import Recorder
import SiteFile
import SiteView
import Synchronization
import Testing

@testable import Dashboard

/// A controller that is only its link: whoever holds it pushes its records and takes its wishes.
final class LinkOnly: Sendable {
    private let ring = TurnRing()
    private let wishes = WishBox()
    private let server: LinkServer
    private let tick = Mutex<UInt64>(0)
    private let newest = Mutex<Setpoints?>(nil)

    init(_ path: String) throws {
        server = try LinkServer(
            LinkOptions(
                path: path, site: "mill", stages: ["UV"], rate: TickRate(perSecond: 1000),
                limits: SetpointLimits(
                    frequencyBias: Hertz(0.5), voltageBias: Volts(20), active: Watts(5000),
                    reactive: Vars(3000), horizon: 10_000)), ring: ring, wishes: wishes
        ) { "turns: 7" }
        try server.start()
    }
    func stop() { server.stop() }
    func push() {
        var record = Record()
        record.islanding = .gridTied
        tick.withLock {
            $0 += 20
            record.tick = Tick($0)
        }
        ring.push(Sample(tick: record.tick), Setpoints(), record)
    }
    /// What was asked of it last; nil: nothing yet.
    var wish: Setpoints? {
        newest.withLock {
            while let next = wishes.take() { $0 = next }
            return $0
        }
    }
}

/// Nanoseconds that a test may put forward.
final class Nanoseconds: Sendable {
    private let ahead = Mutex<Int64>(0)
    var now: Int64 { Pacer.now_ns() + ahead.withLock { $0 } }
    func skip(_ seconds: Double) { ahead.withLock { $0 += Int64(seconds * 1e9) } }
}

/// Whoever waits for something that another task finds out.
private final class Found<T: Sendable>: Sendable {
    private let value = Mutex<Result<T, any Error>?>(nil)
    func put(_ result: Result<T, any Error>) { value.withLock { if $0 == nil { $0 = result } } }
    func get() throws -> T {
        let end = Date().addingTimeInterval(60)
        while Date() < end {
            if let value = value.withLock({ $0 }) { return try value.get() }
            usleep(2000)
        }
        throw Wire.Fault(words: "nothing came")
    }
}

/// Threads for a server: tests that wait hold those of the language's own pool, of which there is one a
/// core.
private final class OwnThreads: TaskExecutor {
    private let queue = DispatchQueue(label: "page", attributes: .concurrent)
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let own = asUnownedTaskExecutor()
        queue.async { job.runSynchronously(on: own) }
    }
}

/// A village with its page on a port of its own. Only `pcc` and `mill` have somebody behind their links.
final class House: Sendable {
    static let password = "correct horse"
    /// One hash takes a while to make: made once.
    private static let hash = PasswordHash(of: password, random: [UInt8](1...32))!
    private static let users = Users(
        Role.allCases.map { User(name: $0.rawValue, role: $0, password: hash) },
        random: [UInt8](33...64))
    static let wall_ns: Int64 = 1_800_000_000_000_000_000

    let folder: String
    let store: Store
    let feed: Feed
    let pcc: LinkOnly
    let mill: LinkOnly
    let time = Nanoseconds()
    let port: Int

    init(
        users: Users = House.users, metrics: String? = "skerry_up 1\n",
        terms: ConnectionTerms = ConnectionTerms(),
        page: (inout SiteFile.PageSettings) -> Void = { _ in }
    ) throws {
        folder = NSTemporaryDirectory() + "skerry-dashboard-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = try Store(path: folder + "/store.sqlite")
        pcc = try LinkOnly(folder + "/pcc")
        mill = try LinkOnly(folder + "/mill")
        let time = time
        let plan = try Self.plan()
        let folder = folder
        feed = Feed(
            plan.units.map { ($0.name, "\(folder)/\($0.name)") }, clock: { time.now })
        #expect(feed.start())
        let hub = Self.hub(
            plan, feed, store, users, metrics: metrics,
            Clocks(wall_ns: { Self.wall_ns }, monotonic_ns: { time.now }))
        var settings = SiteFile.PageSettings()
        settings.listen = "127.0.0.1:0"
        page(&settings)
        let server = try PageServer(hub, settings, terms)
        let opened = Found<Int>()
        Task.detached(executorPreference: OwnThreads()) {
            do {
                try await server.run { opened.put(.success($0)) }
            } catch {
                opened.put(.failure(error))
                throw error
            }
        }
        port = try opened.get()
        let feed = feed
        let end = Date().addingTimeInterval(60)
        while Date() < end, !(feed.seen.filter { $0.live != nil }.count == 2) {
            pcc.push()
            mill.push()
            usleep(10_000)
        }
        #expect(feed.seen.filter { $0.live != nil }.map(\.name) == ["pcc", "mill"])
    }
    deinit {
        // The server lives on until the process ends, as it does in a hub: NIO traps where a server is cancelled
        // while a connection waits to be taken (NIOAsyncWriter's deinit).
        feed.stop()
        pcc.stop()
        mill.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    static func plan() throws -> SitePlan {
        let board = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("boards/sim-village").path
        return SitePlan(try SiteProfile.load(board).get(), try SiteFile.beside(board).get())
    }
    static func hub(
        _ plan: SitePlan, _ feed: Feed, _ store: Store, _ users: Users, metrics: String? = nil,
        _ clocks: Clocks
    ) -> Hub {
        let dice = Mutex<UInt64>(1)
        return Hub(
            plan: plan, version: "1.2.3", feed: feed, store: store, users: users, clocks: clocks,
            ring: { "/nowhere/\($0)/ring.skbb" }, metrics: { metrics },
            random: { count in
                dice.withLock { dice in
                    (0..<count).map { _ in
                        dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                        return UInt8(truncatingIfNeeded: dice >> 40)
                    }
                }
            })
    }

    var client: Client { Client(port: port) }
    /// Only a failure waits this long.
    func until(_ what: Comment, _ holds: () -> Bool) {
        let end = Date().addingTimeInterval(30)
        while Date() < end {
            if holds() { return }
            usleep(5000)
        }
        Issue.record(what)
    }

    /// Somebody who signed in: what comes with each request.
    func signIn(_ role: Role) throws -> [(String, String)] {
        let answer = try client.ask(
            "POST", "/api/v1/session", [],
            #"{"user": "\#(role.rawValue)", "password": "\#(Self.password)"}"#)
        #expect(answer.status == 200, "\(answer.text)")
        let cookie = try #require(answer.cookie)
        let csrf = try #require(answer.object["csrf"] as? String)
        return [("Cookie", cookie), ("X-CSRF-Token", csrf)]
    }
    func command(_ body: String, _ headers: [(String, String)]) throws -> Answer {
        try client.ask("POST", "/api/v1/commands", headers, body)
    }
}
