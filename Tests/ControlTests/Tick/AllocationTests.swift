import AllocationCount
import Quantities
import Testing

@testable import Control

/// The tick allocates nothing: the compiler proves it (`@_noLocks`), and this counts. In debug the
/// compiler copies what it will not copy in release, so there is nothing to count.
@Suite("Allocations")
struct AllocationTests {
    #if DEBUG
        static let isDebug = true
    #else
        static let isDebug = false
    #endif

    @Test("The counter counts", .enabled(if: allocations_of_this_thread() >= 0, "needs glibc"))
    func counts() {
        let before = allocations_of_this_thread()
        var list: [Int] = []
        for n in 0..<100 { list.append(n) }
        let after = allocations_of_this_thread()
        #expect(after > before && list.count == 100)
    }

    @Test(
        "100 000 ticks of each site allocate nothing",
        .disabled(if: isDebug, "counted in release: swift test -c release"),
        .enabled(if: allocations_of_this_thread() >= 0, "needs glibc"),
        arguments: ["everything", "coupling", "home", "nanogrid", "der"])
    func none(site: String) throws {
        let settings = try #require(TestSite.named(site))
        // A cycle of samples that was recorded before, so that the bench's own work is not counted.
        var bench = TestBench(settings)
        bench.grid.voltage_V = 230
        if site == "der" { bench.neighbours.voltage_V = 230 }
        bench.power_W = 2000
        var samples: [Sample] = []
        for _ in 0..<4000 {
            bench.turn()
            samples.append(bench.sample)
        }
        var controller = Controller(settings)
        var record = Record()
        var wish = Setpoints.fallback
        controller.tick(samples[0], wanting: wish, into: &record)
        var sample = Sample()
        let before = allocations_of_this_thread()
        for n in 0..<100_000 {
            sample = samples[n % 4000]
            sample.tick = Tick(UInt64(n + 2))
            if n % 1000 == 0 {
                wish = Setpoints(
                    expires: Tick(UInt64(n + 900)), island: n % 3000 == 0, active: Watts(.nan))
            }
            controller.tick(sample, wanting: wish, into: &record)
        }
        let after = allocations_of_this_thread()
        #expect(after - before == 0)
        #expect(record.tick == Tick(100_001))
    }
}
