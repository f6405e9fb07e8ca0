import Control
import Foundation
import Testing

@testable import Calibration

@Suite("Cycles of a board at rest")
struct CycleReaderTests {
    static let voltage = Nominal(
        gain: 0.25, offset: 2048, resolution: 1, lowest: 0, highest: 4095, isAlternating: true)
    static let current = Nominal(
        gain: -0.02, offset: 2000, resolution: 1, lowest: 0, highest: 4095, isAlternating: true)

    /// Two seconds of 230 V and of 10 A that lags by 30° in truth, 8 kHz, mean counts 3 above offset.
    private static func read(
        current_A: Double = 10, frequency_Hz: Double = 50, crest: Double = 0, losesAt: Int? = nil
    ) -> [(Calibrated, RawReading)] {
        var reader = CycleReader(
            [(.busA, voltage, scale: 230), (.currentA, current, scale: 10)], rate_Hz: 8000,
            nominal_Hz: 50)
        var (sample, found, n) = (Sample(), [(Calibrated, RawReading)](), 0)
        sample.blockLength = 8
        for tick in 0..<2000 {
            sample.lostSamples = tick == losesAt ? 160 : 0
            n += sample.lostSamples
            for k in 0..<8 {
                let turns = 2 * Double.pi * frequency_Hz * Double(n) / 8000
                let v = (230 + crest) * 2.0.squareRoot() * cos(turns) / 0.25 + 2051
                let i = current_A * 2.0.squareRoot() * cos(turns - .pi / 6) / -0.02 + 2003
                sample.waves[3].counts[k] = Int32(min(max(v.rounded(), 0), 4095))
                sample.waves[6].counts[k] = Int32(min(max(i.rounded(), 0), 4095))
                n += 1
            }
            found += reader.take(sample, at_s: Double(tick + 1) / 1000)
        }
        return found
    }
    private static func of(_ channel: Calibrated, _ all: [(Calibrated, RawReading)]) -> [RawReading]
    {
        all.filter { $0.0 == channel }.map(\.1)
    }

    @Test("RMS about the mean, the mean, the phase against the voltage, and the frequency")
    func figures() throws {
        let all = Self.read()
        let (v, i) = (Self.of(.wave(.busA), all), Self.of(.wave(.currentA), all))
        let clock = Self.of(.clock, all)
        // Twenty tenths of a second, less what the meters need to settle.
        #expect(v.count >= 18 && v.count == i.count && v.count == clock.count)
        #expect(v.allSatisfy { abs($0.raw - 920) < 0.1 && abs(($0.mean ?? 0) - 2051) < 0.1 })
        #expect(i.allSatisfy { abs($0.raw - 500) < 0.1 && abs(($0.mean ?? 0) - 2003) < 0.1 })
        // The gain is negative: the meter sees the true current.
        #expect(i.allSatisfy { abs(($0.phase_deg ?? 0) + 30) < 0.05 })
        #expect(v.allSatisfy { $0.phase_deg == nil && !$0.isSaturated })
        #expect(clock.allSatisfy { abs($0.raw - 50) < 0.01 })
        let gaps = zip(v.dropFirst(), v).map { $0.time_s - $1.time_s }
        #expect(gaps.allSatisfy { abs($0 - 0.1) < 1e-9 })
    }

    @Test("Next to nothing has an RMS, and neither phase nor frequency")
    func quiet() {
        let i = Self.of(.wave(.currentA), Self.read(current_A: 0.2))
        #expect(!i.isEmpty)
        #expect(i.allSatisfy { $0.phase_deg == nil && $0.frequency_Hz == nil && $0.raw < 20 })
    }

    @Test("A count at the end of the converter marks its reading")
    func saturated() {
        let all = Self.read(crest: 150)
        #expect(Self.of(.wave(.busA), all).allSatisfy { $0.isSaturated })
        #expect(Self.of(.wave(.currentA), all).allSatisfy { !$0.isSaturated })
    }

    @Test("Samples that are missing begin a reading again, and leave no wrong one")
    func lost() {
        let whole = Self.of(.wave(.currentA), Self.read())
        let i = Self.of(.wave(.currentA), Self.read(losesAt: 1050))
        #expect(i.count < whole.count && i.count >= whole.count - 3)
        #expect(i.allSatisfy { abs($0.raw - 500) < 0.5 && abs(($0.phase_deg ?? 0) + 30) < 0.1 })
    }

    @Test("A current is told against its own voltage, a voltage against the first there is")
    func pairs() {
        let pairs = WaveChannel.allCases.map(\.pair)
        #expect(pairs == [nil, .gridA, .gridA, .gridA, .busA, .busA, .busA, .busB, .busC])
    }
}
