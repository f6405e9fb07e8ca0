import Control
import Foundation
import Link
import Loop
import Quantities
import Synchronization
import Testing

@testable import Feed

/// A controller that is only its link: whoever holds it pushes its records.
final class LinkOnly: Sendable {
    let ring = TurnRing()
    let wishes = WishBox()
    let server: LinkServer

    init(_ path: String) throws {
        server = try LinkServer(
            LinkOptions(
                path: path, site: "mill", stages: ["UV"], rate: TickRate(perSecond: 1000),
                limits: SetpointLimits(
                    frequencyBias: Hertz(0.5), voltageBias: Volts(20), active: Watts(5000),
                    reactive: Vars(3000), horizon: 10_000)), ring: ring, wishes: wishes
        ) { "turns: 7\nwake p99: 35 us" }
        try server.start()
    }
    func push(_ tick: UInt64, charge: Float = .nan) {
        var record = Record()
        record.measured.stateOfCharge = charge
        record.tick = Tick(tick)
        ring.push(Sample(tick: Tick(tick)), Setpoints(), record)
    }
}

/// Nanoseconds that a test may put forward.
final class Nanoseconds: Sendable {
    private let ahead = Mutex<Int64>(0)
    var now: Int64 { Pacer.now_ns() + ahead.withLock { $0 } }
    func skip(_ seconds: Double) { ahead.withLock { $0 += Int64(seconds * 1e9) } }
}

@Suite("Controllers as the hub sees them")
struct FeedTests {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        UUID().uuidString)
    let time = Nanoseconds()
    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    private var path: String { folder.appendingPathComponent("s").path }
    private func feed() -> Feed {
        let time = time
        return Feed([("mill", path)], perSecond: 50, clock: { time.now })
    }
    /// Only a failure waits this long.
    private func until(_ what: Comment, _ holds: () -> Bool) {
        let end = Date().addingTimeInterval(60)
        while !holds() && Date() < end { usleep(5000) }
        #expect(holds(), what)
    }

    @Test("It is absent, comes, falls silent, goes and comes back; nothing old is called live")
    func comesAndGoes() throws {
        let feed = feed()
        #expect(feed.start())
        defer { feed.stop() }
        until("nobody is there, and that is said") {
            if case .absent(let words) = feed.seen[0].connection {
                words.contains("no daemon")
            } else {
                false
            }
        }
        #expect(feed.seen[0].live == nil && feed.seen[0].age_s == .infinity)
        var mill: LinkOnly? = try LinkOnly(path)
        until("it connects by itself") { feed.seen[0].connection == .connected }
        var tick: UInt64 = 0
        until("its records arrive") {
            tick += 20
            mill!.push(tick)
            return feed.seen[0].live != nil
        }
        let seen = feed.seen[0]
        #expect(seen.stages == ["UV"] && seen.rate_Hz == 1000 && seen.mayCommand)
        until("what it says of itself") { feed.seen[0].status.first?.value == "7" }
        time.skip(Seen.silence_s + 1)
        #expect(feed.seen[0].connection == .silent && feed.seen[0].live == nil)
        #expect(feed.seen[0].record != nil && feed.seen[0].age_s > Seen.silence_s)
        mill?.server.stop()
        mill = nil
        until("it is gone") {
            if case .absent = feed.seen[0].connection { true } else { false }
        }
        let again = try LinkOnly(path)
        let old = tick
        until("it is back") {
            tick += 20
            again.push(tick)
            return feed.seen[0].live.map { $0.tick.count > old } ?? false
        }
        #expect(feed.seen[0].connections == 2)
    }

    @Test("What is wanted reaches the controller, is renewed, and what it refuses is not kept")
    func commands() throws {
        let mill = try LinkOnly(path)
        mill.push(1)
        let feed = feed()
        #expect(feed.start())
        defer { feed.stop() }
        until("it connects") { feed.seen[0].connection == .connected }
        var wish: Setpoints?
        func newest() -> Setpoints? {
            while let next = mill.wishes.take() { wish = next }
            return wish
        }
        // Nothing is asked for: nothing is sent.
        time.skip(2)
        usleep(200_000)
        #expect(newest() == nil)
        #expect(feed.ask(.island, of: "mill").isAccepted)
        #expect(newest()?.island == true)
        mill.push(500)
        until("it is renewed from the newest tick on") {
            time.skip(1.1)
            return newest()?.expires == Tick(500 + UInt64(Feed.validity_ms))
        }
        #expect(wish?.island == true)
        let refused = feed.ask(
            .setpoints(active: Watts(6000), reactive: Vars(0), for_s: 60), of: "mill")
        #expect(!refused.isAccepted && refused.words.contains("6000"))
        #expect(feed.wants(of: "mill")?.scheduled == nil)
        #expect(
            feed.ask(.setpoints(active: Watts(900), reactive: Vars(0), for_s: 60), of: "mill")
                .isAccepted)
        #expect(newest()?.active == Watts(900) && wish?.island == true)
        until("its time ends") {
            time.skip(61)
            return newest()?.active == Watts(0)
        }
        #expect(feed.ask(.reconnect, of: "mill").isAccepted)
        #expect(newest()?.island == false && wish?.connect == true)
        #expect(feed.ask(.acknowledge, of: "mill").isAccepted)
        #expect(newest()?.acknowledge == true)
        until("a press, not a hold") {
            time.skip(1.1)
            return newest()?.acknowledge == false
        }
    }

    @Test("A reserve of before holds from the first wish on")
    func kept() throws {
        let mill = try LinkOnly(path)
        let time = time
        let feed = Feed(
            [("mill", path)], reserves: ["mill": 0.5], perSecond: 50, clock: { time.now })
        #expect(feed.wants(of: "mill")?.reserve == 0.5)
        #expect(feed.start())
        defer { feed.stop() }
        until("it connects") { feed.seen[0].connection == .connected }
        mill.push(20, charge: 0.4)
        until("it is heard") { feed.seen[0].live?.measured.stateOfCharge == 0.4 }
        #expect(
            feed.ask(
                .setpoints(active: Watts(900), reactive: Vars(0), for_s: 86_400), of: "mill"
            ).isAccepted)
        var wish: Setpoints?
        until("nothing is scheduled out of the battery") {
            time.skip(1.1)
            while let next = mill.wishes.take() { wish = next }
            return wish?.active == Watts(0)
        }
    }

    @Test(
        "Below the reserve, or with a charge that nobody knows now, nothing is scheduled out of a battery"
    )
    func reserve() throws {
        let mill = try LinkOnly(path)
        let feed = feed()
        #expect(feed.start())
        defer { feed.stop() }
        until("it connects") { feed.seen[0].connection == .connected }
        mill.push(20, charge: 0.8)
        until("it is heard") { feed.seen[0].live?.measured.stateOfCharge == 0.8 }
        #expect(feed.ask(.reserve(0.5), of: "mill").isAccepted)
        let scheduled = AskedCommand.setpoints(active: Watts(900), reactive: Vars(0), for_s: 86_400)
        #expect(feed.ask(scheduled, of: "mill").isAccepted)
        var wish: Setpoints?
        func newest(after charge: Float, at tick: UInt64) -> Watts? {
            time.skip(1.1)
            mill.push(tick, charge: charge)
            while let next = mill.wishes.take() { wish = next }
            return wish?.active
        }
        var tick: UInt64 = 40
        func settles(_ active: Watts, _ charge: Float, _ what: Comment) {
            until(what) {
                tick += 20
                return newest(after: charge, at: tick) == active
            }
        }
        settles(Watts(900), 0.8, "above")
        settles(Watts(0), 0.4, "below")
        settles(Watts(900), 0.8, "above again")
        settles(Watts(0), .nan, "not measured")
        settles(Watts(900), 0.8, "measured again")
        // Full when it was last heard, and silent since.
        time.skip(Seen.silence_s + 1.5)
        until("silent") {
            while let next = mill.wishes.take() { wish = next }
            return wish?.active == Watts(0)
        }
    }

    @Test("Who is not there cannot be asked, and says so at once")
    func nobody() {
        let feed = feed()
        #expect(feed.start())
        defer { feed.stop() }
        let reply = feed.ask(.island, of: "mill")
        #expect(!reply.isAccepted && reply.words.contains("mill is not there"))
        #expect(feed.ask(.island, of: "inn").words.contains("there is no controller inn"))
        #expect(feed.wants(of: "mill") == Wants())
    }
}
