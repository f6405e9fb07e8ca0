import Quantities
import Testing

@testable import Control

/// What a recorded run rests on: the same samples give the same records, bit for bit, on every
/// processor, in debug and release.
@Suite("Bit-exactness")
struct BitExactTests {
    /// A working day in 20 000 ticks: start, tie, sag, loss, island, return, a few hostile ticks.
    private func run(_ bench: inout TestBench, from: Int, to: Int, _ hash: inout RecordHash) {
        for n in from..<to {
            switch n {
            case 0: (bench.grid.voltage_V, bench.power_W) = (230, 2000)
            case 4000: bench.grid.voltage_V = 190
            case 4500: bench.grid.voltage_V = 0
            case 6000: bench.scalars[.batteryVoltage] = .nan
            case 6200: bench.scalars[.batteryVoltage] = 401
            case 9000: (bench.grid.voltage_V, bench.grid.frequency_Hz) = (231, 50.07)
            case 12_000: bench.wish = Setpoints(expires: Tick(UInt64(n)), guarded: true)
            case 15_000: bench.stale.insert(4)
            case 15_300: bench.stale.remove(4)
            case 17_000: bench.wish.island = true
            default: break
            }
            bench.turn(passed: n % 1777 == 5 ? 3 : 1)
            hash.add(bench.record)
        }
    }

    @Test("20 000 ticks of everything have the golden hash")
    func golden() {
        var bench = TestBench(TestSite.everything)
        var hash = RecordHash()
        run(&bench, from: 0, to: 20_000, &hash)
        #expect(hash.value == 6_125_318_306_931_264_373, "0x\(String(hash.value, radix: 16))")
    }

    @Test("Two runs are equal, and a copy taken half way goes on like its original")
    func copies() {
        var a = TestBench(TestSite.everything)
        var hashA = RecordHash()
        run(&a, from: 0, to: 5000, &hashA)
        var b = a
        var hashB = hashA
        run(&a, from: 5000, to: 10_000, &hashA)
        run(&b, from: 5000, to: 10_000, &hashB)
        var c = TestBench(TestSite.everything)
        var hashC = RecordHash()
        run(&c, from: 0, to: 10_000, &hashC)
        #expect(hashA.value == hashB.value && hashA.value == hashC.value)
        // A single bit of a single sample makes another run.
        c.scalars[.batteryTemperature] = 25.000002
        run(&a, from: 10_000, to: 10_001, &hashA)
        run(&c, from: 10_000, to: 10_001, &hashC)
        #expect(hashA.value != hashC.value)
    }
}
