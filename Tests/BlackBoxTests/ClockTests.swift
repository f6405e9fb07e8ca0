import Testing

@testable import BlackBox

@Suite("Wall time of ticks")
struct ClockTests {
    private static let second: Int64 = 1_000_000_000
    private func clock(_ anchors: [(UInt64, Int64)]) -> RunClock {
        var clock = RunClock(rate_Hz: 1000)
        for (tick, s) in anchors { clock.add(.init(tick: tick, wall_ns: s * Self.second)) }
        return clock
    }

    @Test("Before the first NTP answer nothing is lost: all is moved by the step")
    func step() {
        // Begun in 1970 by a board without a clock; 10 s on it is 2027.
        let clock = clock([(0, 0), (5000, 5), (10_000, 1_800_000_010), (20_000, 1_800_000_020)])
        #expect(clock.steps == 1)
        #expect(clock.wall_ns(at: 0) == 1_800_000_000 * Self.second)
        #expect(clock.wall_ns(at: 7500) == 1_800_000_007 * Self.second + Self.second / 2)
        #expect(clock.wall_ns(at: 25_000) == 1_800_000_025 * Self.second)
        #expect(clock.tick(at: 1_800_000_007 * Self.second + Self.second / 2) == 7500)
    }

    @Test(
        "Whatever clocks said, time goes on, and every time has its tick",
        arguments: 1...200 as ClosedRange<UInt64>)
    func any(seed: UInt64) {
        var dice = seed
        func roll(_ n: Int64) -> Int64 {
            dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64(dice >> 33) % n
        }
        var clock = RunClock(rate_Hz: 1000)
        var (tick, wall): (UInt64, Int64) = (0, 1_700_000_000 * Self.second)
        for _ in 0..<20 {
            tick += UInt64(1 + roll(3000))
            wall &+= roll(10) == 0 ? Int64(bitPattern: dice) : roll(6_000_000_000) - 2_500_000_000
            clock.add(.init(tick: tick, wall_ns: wall))
            wall = clock.anchors.last?.wall_ns ?? 0
        }
        var last = Int64.min
        for tick in stride(from: 0, through: tick + 5000, by: 61) {
            let now = clock.wall_ns(at: tick)!
            #expect(now >= last, "seed \(seed), tick \(tick)")
            #expect(
                clock.tick(at: now).map { $0 <= tick + 1 } == true, "seed \(seed), tick \(tick)")
            last = now
        }
        for time in [Int64.min, -1, 0, .max] { _ = clock.tick(at: time) }
    }

    @Test(
        "A run whose clock is set while it is recorded is on the time that was set, from its beginning",
        arguments: [-100, -3, 3, 86_400] as [Int64])
    func heads(set_s: Int64) throws {
        let rig = Rig(perSecond: 1000)
        let begun = rig.now
        rig.live(.couplingByWaveform, 6000, seed: 3) { n in
            if n == 3000 { rig.setClock(by: set_s * Self.second) }
        }
        rig.stop()
        let run = try #require(try rig.recording().runs.first)
        #expect(run.heads.count > 3)
        let clock = RunClock(run)
        #expect(clock.steps == 1 && clock.rate_Hz == 1000)
        let last = try #require(run.heads.last)
        #expect(clock.wall_ns(at: last.tick.count) == last.wall_ns)
        // By the clock as it was set at last, to the tenth of a second that a head may be late.
        let first = try #require(rig.turns.first).sample.tick.count
        let found = try #require(clock.wall_ns(at: first))
        #expect(abs(found - begun.wall_ns - set_s * Self.second) < Self.second / 10)
        for second in 0..<6 {
            let wall = found + Int64(second) * Self.second
            let tick = try #require(clock.tick(at: wall))
            #expect(abs(Int64(tick) - Int64(first) - Int64(second) * 1000) < 100)
        }
    }

    @Test("A clock set back and forth dates nothing twice; a leap second and drift are spread")
    func back() {
        let clock = clock([(0, 100), (10_000, 7310), (20_000, 120), (30_000, 131)])
        #expect(clock.steps == 2)
        var last = Int64.min
        for tick in stride(from: 0, through: 40_000, by: 500) {
            let wall = clock.wall_ns(at: UInt64(tick))!
            #expect(wall > last)
            last = wall
            #expect(clock.tick(at: wall) == UInt64(tick))
        }
        #expect(clock.wall_ns(at: 0) == 100 * Self.second)
    }
}
