import Control
import Foundation
import Plant
import Quantities
import Testing
import Wire

@testable import Link

/// Streams that no honest client sends, from a seed.
struct Hostility {
    var random: Random
    init(seed: UInt64) { random = Random(seed: seed) }

    mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    /// A frame as an honest client sends it, with any values.
    mutating func honest() -> [UInt8] {
        let number = UInt32(truncatingIfNeeded: random.next())
        switch below(3) {
        case 0:
            let every = below(5) == 0 ? UInt32(truncatingIfNeeded: random.next()) : 5
            return frame(LinkKind.subscribe.rawValue, number) {
                Subscription(every: every, events: true).write(into: &$0)
            }
        case 1: return frame(LinkKind.statusRequest.rawValue, number) { _ in }
        default:
            let active = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            let validity = UInt32(below(100_000))
            return frame(LinkKind.setpoints.rawValue, number) {
                WishRequest(validity_ms: validity, wish: Setpoints(active: Watts(active)))
                    .write(into: &$0)
            }
        }
    }
    /// A frame whose head and sum are right and whose kind and body are anything.
    mutating func odd() -> [UInt8] {
        let kind = UInt8(below(4) == 0 ? below(256) : below(11))
        let right = LinkKind(rawValue: kind)?.lengths.lowerBound ?? 0
        let body = bytes(below(3) == 0 ? below(700) : right)
        return frame(kind, 0) { writer in body.withUnsafeBytes { writer.put(bytes: $0) } }
    }
    mutating func stream() -> [UInt8] {
        var stream: [UInt8] = []
        for _ in 0..<below(4) { stream += honest() }
        switch below(6) {
        case 0: stream = bytes(below(600))
        case 1: stream += bytes(1 + below(40))
        case 2: stream += odd()
        case 3:
            stream += honest()
            for _ in 0...below(4) { stream[below(stream.count)] ^= 1 << UInt8(below(8)) }
        case 4: stream += honest().dropLast(1 + below(16))
        default: stream += odd() + honest()
        }
        return stream
    }
    /// The stream in pieces, some of one byte.
    mutating func pieces(_ stream: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var rest = stream[...]
        while !rest.isEmpty {
            let size = min(rest.count, below(3) == 0 ? 1 : 1 + below(400))
            pieces.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return pieces
    }
}

/// What a server makes of a stream: requests it serves, and whether it ends in what it refuses.
struct Judged: ~Copyable {
    private var cutter = FrameCutter(requests: true)
    var served = 0
    var isRefused = false
    var isOver = false

    /// Takes a piece; nothing counts after what is refused, or after goodbye.
    mutating func take(_ piece: ArraySlice<UInt8>) {
        var rest = piece
        while !isOver {
            let count = cutter.fill(most: rest.count) { memory in
                rest.prefix(memory.count).withUnsafeBytes { memory.copyMemory(from: $0) }
                return min(memory.count, rest.count)
            }
            rest = rest.dropFirst(count)
            cutting: while !isOver {
                switch cutter.next() {
                case .more: break cutting
                case .fault: (isRefused, isOver) = (true, true)
                case .frame(let kind, _, let body): judge(kind, body)
                }
            }
            if rest.isEmpty { return }
        }
    }
    func isSame(as other: borrowing Judged) -> Bool {
        served == other.served && isRefused == other.isRefused && isOver == other.isOver
    }
    private mutating func judge(_ kind: LinkKind, _ body: UnsafeRawBufferPointer) {
        served += 1
        var bytes = ByteReader(body)
        switch kind {
        case .subscribe: isRefused = Subscription.read(&bytes) == nil
        case .setpoints: isRefused = WishRequest.read(&bytes) == nil
        case .statusRequest: isRefused = !body.isEmpty
        case .goodbye: isOver = true
        default: Issue.record("\(kind) let through")
        }
        isOver = isOver || isRefused
    }
}

private func replay(_ seed: UInt64) -> String {
    "seed \(seed), always the same: swift test --filter LinkTests.HostileTests"
}

@Suite("Hostile bytes")
struct HostileTests {
    @Test(
        "20 000 streams in pieces: the same frames and the same refusal as in one piece",
        arguments: [1, 2, 3, 4] as [UInt64])
    func parser(seed: UInt64) {
        var hostility = Hostility(seed: seed)
        var differing = 0
        var refused = 0
        for _ in 0..<5000 {
            let stream = hostility.stream()
            var whole = Judged()
            whole.take(stream[...])
            var parts = Judged()
            for piece in hostility.pieces(stream) { parts.take(piece) }
            if !whole.isSame(as: parts) { differing += 1 }
            if whole.isRefused { refused += 1 }
        }
        #expect(differing == 0 && refused > 1000, "\(replay(seed))")
    }

    @Test("20 000 streams at a client: it understands or refuses", arguments: [5, 6] as [UInt64])
    func client(seed: UInt64) {
        var hostility = Hostility(seed: seed)
        var understood = 0
        var refused = 0
        for _ in 0..<10_000 {
            var cutter = FrameCutter(requests: false)
            let stream = hostility.below(2) == 0 ? hostility.odd() : hostility.stream()
            _ = cutter.fill(most: stream.count) { memory in
                stream.prefix(memory.count).withUnsafeBytes { memory.copyMemory(from: $0) }
                return min(stream.count, memory.count)
            }
            do throws(LinkFault) {
                cutting: while true {
                    switch cutter.next() {
                    case .more: break cutting
                    case .fault(let text): throw .notUnderstood(text)
                    case .frame(let kind, _, let body):
                        _ = try LinkClient.understand(kind, body)
                        understood += 1
                    }
                }
            } catch {
                refused += 1
            }
        }
        #expect(understood > 0 && refused > 1000, "\(replay(seed))")
    }

    @Test("600 hostile clients of a server: each refusal counted, a good client served throughout")
    func server() throws {
        let seed: UInt64 = 7
        var hostility = Hostility(seed: seed)
        let table = try Table()
        var good = try RawClient(table.path)
        table.round()
        good.subscribe(1)
        table.round()
        var heard = good.hear()
        var expected = (refused: UInt64(0), frames: UInt64(2))
        var gone: [Weak] = []
        for n in 0..<600 {
            var stranger = try RawClient(table.path)
            table.round()
            gone.append(Weak(caller: table.exchange.callers.last))
            var oracle = Judged()
            for piece in hostility.pieces(hostility.stream()) {
                // After its goodbye the server reads no more, and closes.
                if stranger.put(Array(piece)) < 0 { break }
                oracle.take(piece)
                table.round(1)
                if hostility.below(3) == 0 { _ = stranger.hear() }
            }
            if hostility.below(3) == 0 { shutdown(stranger.descriptor, Int32(SHUT_WR)) }
            table.round(2)
            if oracle.isRefused { expected.refused += 1 }
            expected.frames += UInt64(oracle.served)
            if n % 20 == 0 {
                table.push(3)
                good.ask(.statusRequest)
                expected.frames += 1
                table.round()
                good.hear(into: &heard)
            }
        }
        table.round(2)
        let counts = table.exchange.counts
        #expect(counts.refusedFrames == expected.refused, "\(replay(seed))")
        #expect(counts.frames == expected.frames - 1, "\(replay(seed))")
        #expect(counts.connections == 601 && counts.clients == 1 && counts.brokenOff > 0)
        #expect(heard.ticks == Array(1000..<1090) && heard.statuses.count == 30)
        // Nothing of any of them is left.
        #expect(gone.count == 600 && gone.allSatisfy { $0.caller == nil })
    }
    private struct Weak {
        weak var caller: Caller?
    }

    @Test("A flood of requests by one who does not read stops at its own door")
    func flood() throws {
        let text = String(repeating: "key: value\n", count: 700)
        let table = try Table(status: text) { $0.outputBytes = 32 << 10 }
        var flooder = try RawClient(table.path)
        var good = try RawClient(table.path)
        table.round()
        _ = (flooder.hear(), good.hear())
        let burst = (0..<64).flatMap { _ in frame(LinkKind.statusRequest.rawValue, 0) { _ in } }
        var answered = 0
        for _ in 0..<200 {
            flooder.put(burst)
            good.ask(.statusRequest)
            table.round(2)
            answered += good.hear().statuses.count
        }
        #expect(answered == 200)
        let before = table.exchange.counts.frames
        table.round(20)
        #expect(table.exchange.counts.frames == before, "it is not read from any more")
        // What it asked for is there once it listens.
        var heard = RawClient.Heard()
        for _ in 0..<50 {
            flooder.hear(into: &heard)
            table.round()
        }
        #expect(heard.fault == nil && heard.statuses.count > 10)
        #expect(heard.statuses.allSatisfy { $0.text == text })
    }

    @Test("One who closes half still gets its answer; goodbye is answered by closing")
    func halfClosed() throws {
        let table = try Table()
        var half = try RawClient(table.path)
        var polite = try RawClient(table.path)
        table.round()
        half.ask(.statusRequest)
        shutdown(half.descriptor, Int32(SHUT_WR))
        polite.ask(.goodbye) { Goodbye(.done, "").write(into: &$0) }
        table.round(3)
        let heard = half.hear()
        #expect(heard.statuses.map(\.text) == ["state: armed"] && heard.fault == .closed)
        #expect(polite.hear().fault == .closed)
        #expect(table.exchange.callers.isEmpty && table.exchange.counts.brokenOff == 0)
    }

    @Test("A status that is too long is cut at a line, and says so")
    func longStatus() throws {
        let table = try Table(status: String(repeating: "a: b\n", count: 5000))
        var client = try RawClient(table.path)
        table.round()
        client.ask(.statusRequest)
        table.round()
        let status = try #require(client.hear().statuses.first)
        #expect(status.text.utf8.count <= Status.mostText)
        #expect(status.pairs.last?.key == "truncated" && status.pairs.count > 1600)
        #expect(status.pairs.dropLast().allSatisfy { $0 == ("a", "b") })
    }
}
