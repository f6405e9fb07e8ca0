import Control
import Foundation
import Loop
import Quantities
import Wire

@testable import Link

/// A folder of its own that goes with the value.
final class ScratchFolder: Sendable {
    let path: String
    init() throws {
        var template = Array(NSTemporaryDirectory().utf8CString.dropLast())
        template += "link-XXXXXX".utf8CString
        path = try template.withUnsafeMutableBufferPointer {
            guard mkdtemp($0.baseAddress!) != nil else { throw CocoaError(.fileWriteUnknown) }
            return String(cString: $0.baseAddress!)
        }
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension LinkOptions {
    static func test(_ folder: ScratchFolder, rate: Float = 1000) -> LinkOptions {
        LinkOptions(
            path: "\(folder.path)/site.sock", site: "test-site", stages: ["over", "under"],
            rate: TickRate(perSecond: rate),
            limits: SetpointLimits(
                frequencyBias: Hertz(2), voltageBias: Volts(30), active: Watts(5000),
                reactive: Vars(3000), horizon: 60_000), stallAfter_s: 3600)
    }
}

/// A server that turns when the test says so, in the time the test says it is.
final class Table {
    let folder: ScratchFolder
    let ring: TurnRing
    let wishes = WishBox()
    let news = LinkNews()
    let exchange: Exchange
    private(set) var pushed: UInt64 = 0
    private let clock = Clock()
    private final class Clock {
        var now_ns: Int64 = 1_000_000_000
    }

    init(
        ring capacity: Int = 1024, status: String = "state: armed",
        peer: PeerCredentials? = PeerCredentials(pid: 77, uid: 0, gid: 0),
        _ change: (inout LinkOptions) -> Void = { _ in }
    ) throws {
        folder = try ScratchFolder()
        ring = TurnRing(capacity: capacity)
        var options = LinkOptions.test(folder)
        change(&options)
        let clock = clock
        exchange = try Exchange(
            options, ring: ring, wishes: wishes, news: news, doorbell: -1, status: { status },
            credentials: { _ in peer }, now: { clock.now_ns })
    }
    var path: String { exchange.options.path }

    func pass(_ seconds: Double) { clock.now_ns += Int64(seconds * 1e9) }
    func round(_ count: Int = 1) { for _ in 0..<count { exchange.round(wait_ms: 0) } }
    func push(_ count: Int, _ change: (inout Record) -> Void = { _ in }) {
        for _ in 0..<count {
            var record = Record()
            record.tick = Tick(1000 + pushed)
            change(&record)
            ring.push(Sample(tick: record.tick), Setpoints(), record)
            pushed += 1
        }
    }
}

/// A client without blocking and without rules.
struct RawClient: ~Copyable {
    let descriptor: Int32
    private var input = FrameCutter(requests: false)
    private var sequence: UInt32 = 100

    init(_ path: String) throws {
        let made = try unixSocket(path)
        do {
            try LinkClient.connect(made, path, 1)
        } catch {
            close(made)
            throw error
        }
        descriptor = made
    }
    deinit { close(descriptor) }

    /// What has come; throws where the server said goodbye or is gone.
    mutating func take() throws(LinkFault) -> LinkClient.Message? {
        try LinkClient.take(descriptor, &input, Deadline(0))
    }
    /// How many of the bytes were taken; -1 where none were.
    @discardableResult func put(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBytes {
            sendBytes(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }
    @discardableResult mutating func ask(
        _ kind: LinkKind, _ body: (inout ByteWriter) -> Void = { _ in }
    ) -> UInt32 {
        sequence += 1
        put(frame(kind.rawValue, sequence, body))
        return sequence
    }
    mutating func subscribe(_ every: UInt32, events: Bool = false) {
        ask(.subscribe) { Subscription(every: every, events: events).write(into: &$0) }
    }
    mutating func set(_ wish: Setpoints, _ validity_ms: UInt32) {
        ask(.setpoints) { WishRequest(validity_ms: validity_ms, wish: wish).write(into: &$0) }
    }

    struct Heard {
        var records: [SentRecord] = []
        var losses = Losses()
        var answers: [Answer] = []
        var statuses: [Status] = []
        var hellos: [Hello] = []
        var fault: LinkFault?
        var goodbye: Goodbye? { if case .refused(let goodbye) = fault { goodbye } else { nil } }
        var ticks: [UInt64] { records.map(\.record.tick.count) }
    }
    /// All that has come.
    mutating func hear() -> Heard {
        var heard = Heard()
        hear(into: &heard)
        return heard
    }
    mutating func hear(into heard: inout Heard) {
        do throws(LinkFault) {
            while let message = try take() {
                switch message {
                case .hello(let hello): heard.hellos.append(hello)
                case .event(.record(let record)): heard.records.append(record)
                case .event(.lost(let more)):
                    heard.losses.records += more.records
                    heard.losses.unseenTurns += more.unseenTurns
                case .answer(let answer): heard.answers.append(answer)
                case .status(let status): heard.statuses.append(status)
                }
            }
        } catch {
            heard.fault = error
        }
    }
}

/// A whole frame.
func frame(_ kind: UInt8, _ sequence: UInt32, _ body: (inout ByteWriter) -> Void) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 16_384) { memory, count in
        let memory = UnsafeMutableRawBufferPointer(memory)
        var writer = ByteWriter(UnsafeMutableRawBufferPointer(rebasing: memory[FrameHead.size...]))
        body(&writer)
        let end = FrameHead.size + writer.count
        count =
            FrameHead.write(
                kind: kind, sequence: sequence,
                body: UnsafeRawBufferPointer(rebasing: memory[FrameHead.size..<end]),
                crc: CRC32C(), into: memory) ?? 0
    }
}
