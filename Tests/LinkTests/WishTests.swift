import Control
import Quantities
import Testing
import Wire

@testable import Link

@Suite("Setpoints over the link")
struct WishTests {
    private static func answers(
        _ table: Table, _ client: inout RawClient, _ wish: Setpoints, _ validity_ms: UInt32
    ) throws -> Answer {
        client.set(wish, validity_ms)
        table.round()
        return try #require(client.hear().answers.first)
    }

    @Test("An accepted wish ends the asked time after the newest tick, and is kept with its sender")
    func accepted() throws {
        let peer = PeerCredentials(pid: 4711, uid: 0, gid: 5)
        let table = try Table(peer: peer)
        var client = try RawClient(table.path)
        table.push(10)
        table.round()
        let asked = Setpoints(
            expires: Tick(3), island: true, voltageBias: Volts(-30), active: Watts(5000))
        let answer = try Self.answers(table, &client, asked, 2500)
        // Tick 1009, 1000 ticks a second.
        #expect(answer.code == .accepted && answer.to == 101 && answer.expires == Tick(3509))
        var wish = asked
        wish.expires = Tick(3509)
        #expect(table.wishes.take() == wish && table.wishes.take() == nil)
        let kept = table.news.drain()
        #expect(kept.wishes == [AcceptedWish(peer: peer, at: Tick(1009), wish: wish)])
        #expect(kept.dropped == 0 && table.news.drain().wishes.isEmpty)
        #expect(table.news.counts.acceptedWishes == 1)
    }

    @Test("The controller holds it until then and not a tick longer")
    func expiry() throws {
        let table = try Table()
        var client = try RawClient(table.path)
        table.push(1)
        table.round()
        _ = try Self.answers(table, &client, Setpoints(island: true), 5)
        let wish = try #require(table.wishes.take())
        let limits = table.exchange.options.limits
        #expect(limits.admit(wish, at: Tick(1000)))
        #expect(wish.expires > Tick(1004) && wish.expires == Tick(1005))
    }

    @Test("Of two senders the last one wins, and both are kept")
    func lastWins() throws {
        let table = try Table()
        var a = try RawClient(table.path)
        var b = try RawClient(table.path)
        table.push(1)
        table.round()
        _ = try Self.answers(table, &a, Setpoints(active: Watts(1)), 1000)
        _ = try Self.answers(table, &b, Setpoints(active: Watts(2)), 1000)
        #expect(table.wishes.take()?.active == Watts(2))
        #expect(table.news.drain().wishes.map(\.wish.active) == [Watts(1), Watts(2)])
    }

    @Test("Each field outside its limit is named, with value and limit; NaN is outside")
    func refused() throws {
        let table = try Table()
        var client = try RawClient(table.path)
        table.push(1)
        table.round()
        let cases: [(Setpoints, UInt32, Answer.Field, Float, String)] = [
            (
                Setpoints(frequencyBias: Hertz(2.5)), 1, .frequency_bias_Hz, 2,
                "2.5: must be -2.0 ... 2.0"
            ),
            (Setpoints(voltageBias: Volts(-31)), 1, .voltage_bias_V, 30, "voltage_bias_V -31.0"),
            (Setpoints(active: Watts(.infinity)), 1, .active_W, 5000, "active_W inf"),
            (Setpoints(active: Watts(.nan)), 1, .active_W, 5000, "active_W is no number"),
            (Setpoints(reactive: Vars(3000.5)), 1, .reactive_var, 3000, "-3000.0 ... 3000.0"),
            (Setpoints(), 0, .validity_ms, 60_000, "validity_ms 0: must be 1 ... 60000"),
            (Setpoints(), 60_001, .validity_ms, 60_000, "validity_ms 60001"),
            (Setpoints(), .max, .validity_ms, 60_000, "must be 1 ... 60000"),
        ]
        for (wish, validity, field, limit, words) in cases {
            let answer = try Self.answers(table, &client, wish, validity)
            #expect(answer.code == .outsideLimit && answer.field == field, "\(words)")
            #expect(answer.limit == limit && answer.text.contains(words), "\(answer.text)")
        }
        #expect(table.wishes.take() == nil && table.news.drain().wishes.isEmpty)
        #expect(table.exchange.counts.refusedRequests == UInt64(cases.count))
        let most = try Self.answers(table, &client, Setpoints(active: Watts(-5000)), 60_000)
        #expect(most.code == .accepted, "the limit itself is inside")
    }

    @Test("What the server admits, the controller admits: the fields and limits are the same")
    func sameLimits() throws {
        let table = try Table()
        var client = try RawClient(table.path)
        table.push(1)
        table.round()
        let limits = table.exchange.options.limits
        var differing: [String] = []
        for x in [0, 1.9, 2, 2.1, 29, 31, 2999, 3001, 4999, 5001, -5001] as [Float] {
            let wishes = [
                Setpoints(frequencyBias: Hertz(x)), Setpoints(voltageBias: Volts(x)),
                Setpoints(active: Watts(x)), Setpoints(reactive: Vars(x)),
            ]
            for (k, wish) in wishes.enumerated() {
                var whole = wish
                whole.expires = Tick(1100)
                let answer = try Self.answers(table, &client, wish, 100)
                if (answer.code == .accepted) != limits.admit(whole, at: Tick(1000)) {
                    differing.append("field \(k), \(x)")
                }
            }
        }
        #expect(differing.isEmpty)
    }

    @Test("Before the first turn, and in another layout, a wish is refused with the reason")
    func early() throws {
        let table = try Table()
        var client = try RawClient(table.path)
        table.round()
        #expect(try Self.answers(table, &client, Setpoints(), 5).code == .notRunning)
        table.push(1)
        table.round()
        client.ask(.setpoints) {
            WishRequest(digest: 1, validity_ms: 5, wish: Setpoints()).write(into: &$0)
        }
        table.round()
        let answer = try #require(client.hear().answers.first)
        #expect(answer.code == .otherLayout && answer.text.contains("release"))
        #expect(table.wishes.take() == nil)
    }

    @Test("Of wishes that nobody fetches the newest 256 are kept, and the rest counted")
    func bounded() throws {
        let news = LinkNews()
        let peer = PeerCredentials(pid: 1, uid: 1, gid: 1)
        for n in 0..<300 as Range<UInt64> {
            news.accepted(AcceptedWish(peer: peer, at: Tick(n), wish: Setpoints()))
        }
        let kept = news.drain()
        #expect(kept.dropped == 44 && kept.wishes.map(\.at.count) == Array(44..<300))
    }
}
