import Access
import Foundation
import Testing

@testable import Dashboard

#if canImport(Glibc)
    import Glibc
#endif

/// `SKERRY_HTTP_SEED=17` sends the one stream of that seed, `SKERRY_HTTP_STREAMS=100000` more of them.
@Suite("Whatever is sent", .serialized)
struct HostileTests {
    private static let streams =
        Int(ProcessInfo.processInfo.environment["SKERRY_HTTP_STREAMS"] ?? "") ?? 10_000
    private static let only = UInt64(ProcessInfo.processInfo.environment["SKERRY_HTTP_SEED"] ?? "")

    /// Resident memory, bytes.
    private static func memory() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0) * Int(getpagesize())
    }
    /// Of this process, sockets of this house's port alone: other tests have theirs.
    private static func sockets(_ port: Int) -> Int {
        let wanted = ":" + String(port, radix: 16, uppercase: true) + " "
        let table = (try? String(contentsOfFile: "/proc/self/net/tcp", encoding: .utf8)) ?? ""
        let nodes = Set(
            table.split(separator: "\n").filter { $0.contains(wanted) }
                .compactMap { $0.split(separator: " ").dropFirst(9).first.map(String.init) })
        let own = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return own.filter { name in
            guard
                let to = try? FileManager.default.destinationOfSymbolicLink(
                    atPath: "/proc/self/fd/\(name)")
            else { return false }
            return to.hasPrefix("socket:[") && nodes.contains(String(to.dropFirst(8).dropLast()))
        }.count
    }

    @Test(
        "Hostile streams: it goes on answering, grows by little, leaks no descriptor, commands nothing"
    )
    func hostile() throws {
        let house = try House()
        let cookie = try house.signIn(.engineer)[0].1
        let idle = Self.sockets(house.port)
        #expect(idle >= 1, "the listener at least is seen")
        // Those that wait and send slowly.
        var slow: [(wire: Wire, rest: ArraySlice<UInt8>)] = []
        var settled = 0
        let seeds = Self.only.map { [$0] } ?? (1...UInt64(Self.streams)).map { $0 }
        for (n, seed) in seeds.enumerated() {
            let stream = HostileStream(seed: seed, cookie: cookie)
            let wire = try Wire(port: house.port, patience_s: 5)
            var isTaken = true
            for piece in stream.pieces where isTaken { isTaken = wire.send(piece) }
            switch stream.ending {
            case .close: wire.close()
            case .reset: wire.abort()
            case .half:
                wire.endOutput()
                _ = wire.receiveWaiting()
                wire.close()
            case .wait:
                slow.append(
                    (wire, Array("GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ".utf8)[...]))
            }
            for k in slow.indices {
                slow[k].wire.send(slow[k].rest.prefix(1))
                slow[k].rest = slow[k].rest.dropFirst()
            }
            if slow.count > 60 { slow.removeFirst(20) }
            guard n % 100 == 99 || n == seeds.count - 1 else { continue }
            let answer = try? house.client.get("/api/v1/live")
            guard answer?.status == 200 else {
                Issue.record(
                    "no answer after seed \(seed): SKERRY_HTTP_SEED=\(seed) swift test --filter HostileTests"
                )
                return
            }
            let asked = try house.store.commands(most: 1)
            guard asked.isEmpty, house.mill.wish == nil, house.pcc.wish == nil else {
                Issue.record("a command by a seed of \(seed - 99)...\(seed): \(asked)")
                return
            }
            // What is warm by then stays.
            if n == 1999 { settled = Self.memory() }
        }
        slow = []
        let grown = Self.memory() - settled
        if settled > 0 { #expect(grown < 64 << 20, "\(grown >> 20) MB") }
        house.until("all sockets are closed") { Self.sockets(house.port) <= idle }
        #expect(try house.client.get("/api/v1/site").status == 200)
        // Who was kept out for the tries of these streams comes in again.
        house.time.skip(3000)
        let engineer = try house.signIn(.engineer)
        #expect(
            try house.command(#"{"controller": "mill", "command": "island"}"#, engineer).status
                == 200)
        #expect(house.mill.wish?.island == true)
    }

    @Test("An address that has as many connections as it may gets no more until one ends")
    func places() throws {
        var terms = ConnectionTerms()
        terms.mostOfOwn = 2
        #expect(terms.most("192.0.2.7") == 64 && terms.most("::1") == 2)
        let house = try House(terms: terms)
        var held = try (0..<2).map { _ in try Wire(port: house.port) }
        // By its patience it would be left after a minute.
        let refused = try Wire(port: house.port)
        #expect(refused.isAtEnd(within_s: 20))
        #expect(held.allSatisfy { !$0.isAtEnd(within_s: 0.2) })
        held.removeFirst()
        house.until("the place of one that ended is free") {
            (try? house.client.get("/api/v1/site").status) == 200
        }
    }

    @Test(
        "Who drips a request for ever is left, who is answered for long is not; another is let in then"
    )
    func drips() throws {
        var terms = ConnectionTerms()
        (terms.patience_s, terms.mostOfOwn) = (1, 3)
        let house = try House(terms: terms)
        let stream = try Wire(port: house.port, patience_s: 5)
        let request = "GET /api/v1/live/stream HTTP/1.1\r\nHost: 127.0.0.1:\(house.port)\r\n\r\n"
        #expect(stream.send(request.utf8))
        #expect(!stream.receive().isEmpty)
        let drippers = try (0..<2).map { _ in try Wire(port: house.port, patience_s: 5) }
        let begun = Date()
        var left: [Double] = []
        for dripper in drippers {
            var rest =
                (Array("GET /api/v1/live HTTP/1.1\r\nX: ".utf8) + Array(repeating: 97, count: 4000))[
                    ...]
            while Date().timeIntervalSince(begun) < 30, !dripper.isAtEnd(within_s: 0.05) {
                dripper.send(rest.prefix(1))
                rest = rest.dropFirst()
            }
            left.append(Date().timeIntervalSince(begun))
        }
        #expect(left.allSatisfy { $0 < 20 }, "\(left)")
        house.until("a place is free again") {
            (try? house.client.get("/api/v1/site").status) == 200
        }
        // Three times its patience later the stream still flows.
        usleep(2_000_000)
        #expect(!stream.isAtEnd(within_s: 0.05))
    }
}
