import Quantities
import Testing

@testable import Control

/// Samples that come by the converter's clock: the same waves as `TestBench` makes, in other blocks.
private struct Rechunked {
    var bench: TestBench
    var controller: Controller
    private(set) var record = Record()
    /// Rows that wait, oldest first.
    private var rows: [InlineArray<9, Int32>] = []
    var lost = 0

    init(_ settings: ControllerSettings) {
        bench = TestBench(settings)
        var s = settings
        s.frontEnd = .waveform(samplesPerTick: TestSite.samples, clock: .converter)
        controller = Controller(s)
        bench.grid.voltage_V = 230
        bench.power_W = 2000
    }

    /// A tick of the plant; `drop` of its samples never come, and the tick brings `take` of all that
    /// wait.
    mutating func turn(take: Int, drop: Int = 0, isSaid: Bool = true) {
        bench.turn()
        for k in drop..<TestSite.samples {
            var row = InlineArray<9, Int32>(repeating: 0)
            for c in 0..<9 { row[c] = bench.sample.waves[c].counts[k] }
            rows.append(row)
        }
        if isSaid { lost += drop }
        var sample = bench.sample
        sample.blockLength = min(take, rows.count, blockLimit)
        sample.lostSamples = lost
        if sample.blockLength > 0 { lost = 0 }
        for k in 0..<sample.blockLength {
            for c in 0..<9 { sample.waves[c].counts[k] = rows[k][c] }
        }
        rows.removeFirst(sample.blockLength)
        controller.tick(sample, wanting: bench.wish, into: &record)
    }
}

@Suite("Samples by the converter's clock") struct ConverterClockTests {
    @Test(
        "However they are bundled, they say the same",
        arguments: [[0, 8], [3, 5], [1], [20, 0, 0, 0, 0], [2, 6]])
    func bundles(_ pattern: [Int]) {
        var other = Rechunked(TestSite.coupling)
        for n in 0..<2000 { other.turn(take: pattern[n % pattern.count]) }
        let a = other.bench.record.measured, b = other.record.measured
        // One sample a tick falls ever further behind: it still reads the same waves.
        #expect((a.grid.frequency - b.grid.frequency).magnitude < Hertz(0.002))
        #expect((a.grid.positive - b.grid.positive).magnitude < Volts(0.2))
        #expect((a.grid.phaseB - b.grid.phaseB).magnitude < Volts(0.5))
        #expect(b.grid.isSettled && !b.grid.isDisturbed)
        #expect(b.blind.isEmpty)
    }

    @Test("Missing samples are a gap in time: the phase goes on, nothing is disturbed")
    func gaps() {
        var other = Rechunked(TestSite.coupling)
        for _ in 0..<1000 { other.turn(take: 20) }
        var isDisturbed = false, worst: Float = 0
        for n in 0..<1000 {
            other.turn(take: 20, drop: n % 100 == 40 ? 3 : 0)
            isDisturbed = isDisturbed || other.record.measured.grid.isDisturbed
            worst = max(worst, (other.record.measured.grid.frequency.value - 50).magnitude)
        }
        #expect(!isDisturbed)
        #expect(worst < 0.02, "\(worst) Hz off")
    }

    @Test("Unsaid, the same loss is a step of phase that is seen")
    func unsaid() {
        var other = Rechunked(TestSite.coupling)
        for _ in 0..<1000 { other.turn(take: 20) }
        var isDisturbed = false
        for n in 0..<200 {
            other.turn(take: 20, drop: n == 40 ? 3 : 0, isSaid: false)
            isDisturbed = isDisturbed || other.record.measured.grid.isDisturbed
        }
        #expect(isDisturbed, "or `gaps` shows nothing")
    }

    @Test("Everything is lost: the meter begins anew, and settles", arguments: [Int.max, 1 << 30])
    func restart(_ lost: Int) {
        var other = Rechunked(TestSite.coupling)
        for _ in 0..<1000 { other.turn(take: 20) }
        other.lost = lost
        other.turn(take: 20)
        #expect(!other.record.measured.grid.isSettled)
        for _ in 0..<200 { other.turn(take: 20) }
        #expect(other.record.measured.grid.isSettled)
    }

    @Test("A block that is too long, or of negative length, is not believed", arguments: [21, -1])
    func length(_ length: Int) {
        var s = TestSite.coupling
        s.frontEnd = .waveform(samplesPerTick: 4, clock: .converter)
        var controller = Controller(s), record = Record()
        var sample = Sample(tick: Tick(1))
        for c in 0..<WaveChannel.count { sample.waves[c].age = 0 }
        sample.blockLength = length
        sample.lostSamples = -7
        controller.tick(sample, wanting: .fallback, into: &record)
        #expect(
            record.verdict.blind.meets(.gridVoltages) && record.verdict.blind.meets(.busVoltages))
    }
}
