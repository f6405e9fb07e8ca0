import AllocationCount
import HAL
import Loop
import Testing

@testable import Control
@testable import skerry_measure

/// Everything that a real loop does in a tick, but for the sleep: the boards' sample and act, two
/// controllers, the ring. `AllocationTests` has the tick alone.
@Suite("A quiet loop")
struct QuietLoopTests {
    @Test(
        "A million turns of coupling and home on simulated boards, with the ring, allocate nothing",
        .disabled(if: AllocationTests.isDebug, "counted in release: swift test -c release"),
        .enabled(if: allocations_of_this_thread() >= 0, "needs glibc"))
    func none() {
        let seed: UInt64 = 1
        // The testing library hears of every error that is thrown and keeps where: that is its own
        // allocation, measured here on the very error of a driver. In any other program it is none.
        _ = Self.allocationsOfAThrow()
        let thrown = Self.allocationsOfAThrow()
        var site = QuietSite(rate_Hz: 1000, seed: seed)
        var allocated: UInt64 = 0, worst: UInt64 = 0
        var tied = 0, forming = 0, islanded = 0, failing = 0
        for n in 0..<1_000_001 as Range<UInt64> {
            // Every hundred seconds: the grid fails and returns, a sensor lies, the driver fails.
            switch n % 100_000 {
            case 30_000: site.microgrid.network.set(grid: .loss)
            case 50_000: site.microgrid.network.set(grid: .restoration())
            case 80_000: site.fault(.scalar(.batteryTemperature), .nan)
            case 81_000: site.fault(.scalar(.batteryTemperature), nil)
            case 90_000: site.fail(BoardFault(.timeout, code: 110))
            case 90_050: site.fail(nil)
            default: break
            }
            site.microgrid.tick()
            let failed = site.home.sampleFaults + site.home.actFaults
            let before = allocations_of_this_thread()
            site.turn(Tick(n + 1))
            let after = allocations_of_this_thread()
            let failures = site.home.sampleFaults + site.home.actFaults - failed
            let own = Int64(after - before) - Int64(failures) * thrown
            // The first warms up.
            if n > 0 && own != 0 {
                allocated += own.magnitude
                if worst == 0 { worst = n }
            }
            if site.coupling.record.islanding == .gridTied { tied += 1 } else { islanded += 1 }
            if site.home.record.source == .forming { forming += 1 }
            if site.home.lastFault != nil { failing += 1 }
        }
        #expect(allocated == 0, "first in turn \(worst), seed \(seed)")
        // It was a life, not a rest.
        #expect(tied > 300_000 && islanded > 100_000 && forming > 500_000 && failing > 0)
        #expect(site.home.sampleFaults == 500)
    }

    private static func allocationsOfAThrow() -> Int64 {
        let before = allocations_of_this_thread()
        do throws(BoardFault) { try fail() } catch {}
        return Int64(allocations_of_this_thread() - before)
    }
    @inline(never) private static func fail() throws(BoardFault) {
        throw BoardFault(.timeout, code: 110)
    }

    @Test("A loop's ticks come out of its ring, in order and whole")
    func ring() {
        var site = QuietSite(rate_Hz: 1000, seed: 2)
        var reader = TurnReader(site.ring)
        var next: UInt64 = 1, wrong = 0
        for n in 1...10_000 as ClosedRange<UInt64> {
            site.microgrid.tick()
            site.turn(Tick(n))
            guard n % 100 == 0 else { continue }
            let lost = reader.read {
                if $0.pointee.record.tick != Tick(next) { wrong += 1 }
                next += 1
            }
            wrong += Int(lost)
        }
        #expect(wrong == 0 && next == 10_001)
    }
}
