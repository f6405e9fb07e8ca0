import Control
import HAL
import Synchronization
import Testing

@testable import LinuxBoard

/// A converter that gives what it is told to.
private final class FakeCapture: CapturePort {
    let columns: [String]
    private let blocks: Blocks
    init(_ columns: [String], _ blocks: Blocks) { (self.columns, self.blocks) = (columns, blocks) }
    func refill(_ block: inout ScanBlock) throws(BoardFault) { try blocks.next(&block) }
}

/// Blocks that a test queues; a fault where there is none.
private final class Blocks: Sendable {
    private struct State {
        var queued: [[UInt16]] = []
        var opened = 0
    }
    private let state = Mutex(State())
    private let layout: ScanLayout

    init(_ columns: [String]) {
        let format = ScanFormat(isSigned: false, bits: 16, storage: 16)!
        layout = ScanLayout(columns.map { ScanElement($0, format) })!
    }
    var opened: Int { state.withLock { $0.opened } }
    func queue(_ rows: [UInt16]) { state.withLock { $0.queued.append(rows) } }
    func open() { state.withLock { $0.opened += 1 } }
    func next(_ block: inout ScanBlock) throws(BoardFault) {
        let rows = state.withLock { $0.queued.isEmpty ? nil : $0.queued.removeFirst() }
        guard let rows else { throw BoardFault(.timeout, code: 110) }
        rows.withUnsafeBytes { block.fill(layout, from: $0) }
    }
}

@Suite("Waveforms on their way to the tick")
struct WaveTests {
    static let ms: Int64 = 1_000_000
    private func rows(_ ring: WaveRing, _ counts: ClosedRange<Int32>, at_ns: Int64) {
        for count in counts { ring.put(at_ns: at_ns) { column in count + 1000 * Int32(column) } }
    }
    private func tap(_ ring: WaveRing) -> WaveTap {
        WaveTap(
            ring, [.init(.gridA, column: 0), .init(.busA, column: 1)], block: 8, samplesPerTick: 8,
            period_ns: Self.ms)
    }
    private func counts(_ sample: Sample, _ c: WaveChannel) -> [Int32] {
        (0..<sample.blockLength).map { sample.waves[Int(c.rawValue)].counts[$0] }
    }

    @Test("What came since the last tick, in order, with its age; no more than a block holds")
    func order() {
        let ring = WaveRing(columns: 2)
        var tap = tap(ring), sample = Sample()
        tap.fill(&sample, now_ns: 10 * Self.ms, elapsed: 1)
        #expect(sample.blockLength == 0)
        #expect(sample.waves[0].age == .max)
        rows(ring, 1...26, at_ns: 10 * Self.ms)
        tap.fill(&sample, now_ns: 12 * Self.ms, elapsed: 1)
        #expect(counts(sample, .gridA) == Array(1...20))
        #expect(counts(sample, .busA) == Array(1001...1020))
        #expect(sample.waves[0].age == 2)
        #expect(sample.waves[1].age == .max, "not wired")
        #expect(sample.lostSamples == 0)
        tap.fill(&sample, now_ns: 13 * Self.ms, elapsed: 1)
        #expect(counts(sample, .gridA) == Array(21...26))
        tap.fill(&sample, now_ns: 14 * Self.ms, elapsed: 1)
        #expect(sample.blockLength == 0)
        #expect(sample.waves[0].age == 4, "nothing new: it grows")
        for _ in 0..<2 { tap.fill(&sample, now_ns: 15 * Self.ms, elapsed: .max) }
        #expect(sample.waves[0].age == .max)
    }

    @Test("A block ends before a gap, and the next says how long it is")
    func gaps() {
        let ring = WaveRing(columns: 2)
        var tap = tap(ring), sample = Sample()
        rows(ring, 1...3, at_ns: 0)
        ring.miss(5)
        ring.miss(2)
        rows(ring, 11...12, at_ns: 0)
        tap.fill(&sample, now_ns: 0, elapsed: 1)
        #expect(counts(sample, .gridA) == [1, 2, 3])
        #expect(sample.lostSamples == 0)
        tap.fill(&sample, now_ns: 0, elapsed: 1)
        #expect(counts(sample, .gridA) == [11, 12])
        #expect(sample.lostSamples == 7)
        tap.fill(&sample, now_ns: 0, elapsed: 1)
        #expect(sample.lostSamples == 0)
    }

    @Test("Old samples do not pass for new ones: a backlog is skipped, and counted")
    func backlog() {
        let ring = WaveRing(columns: 2)
        var tap = tap(ring), sample = Sample()
        rows(ring, 1...1000, at_ns: 0)
        ring.miss(4)
        rows(ring, 1001...2000, at_ns: 0)
        tap.fill(&sample, now_ns: 0, elapsed: 1)
        // A block and two ticks are kept: 8 + 16.
        #expect(counts(sample, .gridA).first == 1977)
        #expect(sample.lostSamples == 1976 + 4)
        #expect(sample.blockLength == 20)
    }

    @Test("A ring that nobody empties loses the newest, and says so where they are missing")
    func full() {
        let ring = WaveRing(columns: 2, capacity: 16)
        var tap = tap(ring), sample = Sample()
        rows(ring, 1...30, at_ns: 0)
        tap.fill(&sample, now_ns: 0, elapsed: 1)
        #expect(counts(sample, .gridA) == Array(1...16))
        rows(ring, 31...32, at_ns: 0)
        tap.fill(&sample, now_ns: 0, elapsed: 1)
        #expect(counts(sample, .gridA) == [31, 32])
        #expect(sample.lostSamples == 14)
    }

    @Test(
        "Missing scans by their stamps",
        arguments: [
            ([0, 125_000, 250_000], [0, 0, 0]), ([0, 180_000, 260_000], [0, 0, 0]),
            ([0, 250_000, 375_000], [0, 1, 0]), ([0, 1_000_000], [0, 7]),
            ([0, 2_000_000_000], [0, 1 << 30]), ([9_000_000, 0, 125_000], [0, 1 << 30, 0]),
        ] as [([Int64], [UInt64])])
    func stamps(_ stamps: [Int64], _ missing: [UInt64]) {
        var watch = GapWatch(rate_Hz: 8000)
        #expect(stamps.map { watch.missing(before: $0) } == missing)
    }

    @Test(
        "The rate is proved by half a second of stamps, gaps or not, to a thousandth",
        arguments: [
            (250_000, true), (250_200, true), (250_300, false), (249_700, false), (125_000, false),
            (333_333, false),
        ] as [(Int64, Bool)])
    func rate(_ period_ns: Int64, _ isAtRate: Bool) {
        var watch = GapWatch(rate_Hz: 4000)
        for n in 0..<1900 where n % 500 != 77 {
            _ = watch.missing(before: Int64(n) * period_ns)
            if Int64(n) * period_ns < GapWatch.window_ns { #expect(watch.isAtRate == nil) }
        }
        for n in 1900..<6000 { _ = watch.missing(before: Int64(n) * period_ns) }
        #expect(watch.isAtRate == isAtRate)
    }

    @Test("Two threads at full speed: every row comes once, in order, or is counted")
    func race() async {
        let ring = WaveRing(columns: 1, capacity: 64)
        let total: Int32 = 200_000
        let writer = Task.detached {
            for n in 1...total { ring.put(at_ns: 0) { _ in n } }
            // The last row's gap tells of those lost at the end.
            while ring.waiting >= 64 { await Task.yield() }
            ring.put(at_ns: 0) { _ in total + 1 }
        }
        var tap = WaveTap(
            ring, [.init(.gridA, column: 0)], block: 64, samplesPerTick: 8, period_ns: Self.ms)
        var sample = Sample(), seen: Int32 = 0, wrong = 0
        while seen <= total {
            tap.fill(&sample, now_ns: 0, elapsed: 1)
            if sample.blockLength == 0 { await Task.yield() }
            for k in 0..<sample.blockLength {
                let expected = seen + 1 + (k == 0 ? Int32(sample.lostSamples) : 0)
                seen = sample.waves[0].counts[k]
                if seen != expected { wrong += 1 }
            }
        }
        await writer.value
        #expect(wrong == 0)
        #expect(seen == total + 1)
    }

    @Test("A converter that falls silent is named, opened anew, and what was missed is a gap")
    func thread() async throws {
        let ids = ["voltage1", "voltage0"]
        let blocks = Blocks(ids), ring = WaveRing(columns: 2), log = BoardLog()
        let plan = CaptureThread.Plan(
            name: "adc", columns: ["voltage0", "voltage1"], rate_Hz: 8000, block: 2)
        let thread = CaptureThread(
            plan,
            door: { (_) throws(BoardFault) in
                blocks.open()
                return FakeCapture(ids, blocks)
            }, ring: ring, log: log)
        blocks.queue([10, 20, 11, 21])
        thread.start()
        func until(_ holds: () -> Bool) async -> Bool {
            for _ in 0..<6000 {
                if holds() { return true }
                try? await Task.sleep(for: .milliseconds(10))
            }
            return false
        }
        #expect(await until { ring.waiting == 2 && blocks.opened > 1 })
        #expect((ring.count(0, 0), ring.count(0, 1)) == (20, 10), "by their ids, not their order")
        #expect(ring.gap(0) == 1 << 30, "before the first there was nothing")
        #expect(log.drain().entries.map(\.part) == ["adc"], "named once")
        blocks.queue([12, 22, 13, 23])
        #expect(await until { ring.waiting == 4 })
        #expect((ring.gap(1), ring.gap(2), ring.gap(3)) == (0, 1 << 30, 0))
        #expect(await until { log.drain().entries.contains(where: \.isRecovery) })
        #expect(thread.stop(within: 10))
    }
}
