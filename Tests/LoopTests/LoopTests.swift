import Control
import Testing

@testable import Loop

@Suite("Pacer")
struct PacerTests {
    /// 1 kHz, its deadline counted from 0.
    private func pacer() -> (Pacer, Int64) {
        let p = Pacer(perSecond: 1000, from: Tick(100))
        return (p, p.deadline_ns)
    }

    @Test("Lateness against the period: on time, late, very late, early")
    func account() {
        let rows: [(late_ns: Int64, ticks: UInt64, skipped: UInt64, overruns: UInt64)] = [
            (0, 1, 0, 0), (-5_000_000, 1, 0, 0), (999_999, 1, 0, 0), (1_000_000, 2, 1, 1),
            (1_000_001, 2, 1, 1), (1_999_999, 2, 1, 1), (7_500_000, 8, 7, 1),
            (3_600_000_000_000, 3_600_001, 3_600_000, 1),
        ]
        var wrong: [Int64] = []
        for row in rows {
            var (p, deadline) = pacer()
            let tick = p.account(now_ns: deadline + row.late_ns)
            // The deadline moves by whole periods and never past now, so the next is one period on.
            let moved = p.deadline_ns - deadline
            if tick.count != 100 + row.ticks || p.skipped != row.skipped
                || p.overruns != row.overruns || moved != Int64(row.skipped) * 1_000_000
                || (row.late_ns >= 0 && deadline + row.late_ns - p.deadline_ns >= 1_000_000)
            {
                wrong.append(row.late_ns)
            }
        }
        #expect(wrong.isEmpty, "\(wrong)")
    }

    @Test("Lateness is counted in microseconds")
    func lateness() {
        var (p, deadline) = pacer()
        _ = p.account(now_ns: deadline + 57_900)
        #expect(p.lateness.count == 1 && p.lateness.highest_us == 57)
        _ = p.account(now_ns: deadline - 1)
        #expect(p.lateness.quantile_us(0.5) == 0)
        _ = p.account(now_ns: .max / 2)
        #expect(p.lateness.highest_us == 4_000_000_000)
    }

    @Test("In real time the tick count is the time that passed, overruns or not")
    func realTime() {
        var p = Pacer(perSecond: 1000)
        let start = Pacer.now_ns()
        var tick = Tick(0), turns = 0
        while Pacer.now_ns() - start < 300_000_000 {
            tick = p.next()
            turns += 1
            // One tick of work that takes too long.
            if turns == 50 {
                let until = Pacer.now_ns() + 20_000_000
                while Pacer.now_ns() < until {}
            }
        }
        let passed_ms = (Pacer.now_ns() - start) / 1_000_000
        #expect(abs(Int64(tick.count) - passed_ms) <= 2)
        #expect(UInt64(turns) + p.skipped == tick.count)
        #expect(p.skipped >= 18 && p.overruns >= 1)
    }
}

@Suite("Histogram")
struct HistogramTests {
    @Test(
        "Every quantile of a sorted array, at most 1.6 % high and never low",
        arguments: [1, 2, 3] as [UInt64])
    func quantiles(seed: UInt64) {
        var h = Histogram()
        var values: [UInt32] = []
        var x = seed
        for _ in 0..<20_000 {
            x = x &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // Evenly over the octaves up to 2^26.
            let value = UInt32(truncatingIfNeeded: (x >> 33) >> ((x >> 20) % 26 + 5))
            values.append(value)
            h.add(value)
        }
        values.sort()
        var wrong: [Double] = []
        for share in [0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 0.9999, 1] {
            let rank = max(1, Int((Double(values.count) * share).rounded(.up)))
            let exact = values[rank - 1]
            let found = h.quantile_us(share)
            if found < exact || Double(found) > Double(exact) * 1.016 + 0.001 {
                wrong.append(share)
            }
        }
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(h.count == 20_000 && h.highest_us == values.last)
    }

    @Test("Each bucket's edge, exact below 128")
    func edges() {
        var wrong: [UInt32] = []
        var values: [UInt32] = Array(0...300)
        for k in 8...31 { values += [(1 << UInt32(k)) - 1, 1 << UInt32(k), (1 << UInt32(k)) + 1] }
        values.append(.max)
        for value in values {
            var h = Histogram()
            h.add(value)
            // A single count is its own highest.
            if h.quantile_us(0.5) != value { wrong.append(value) }
            var two = Histogram()
            two.add(value)
            two.add(.max)
            let half = two.quantile_us(0.5)
            let top = value < 128 ? Double(value) : Double(value) * 1.016
            let isBeyond = value >= 127 << 20  // the last bucket
            if !isBeyond && (half < value || Double(half) > top) { wrong.append(value) }
        }
        #expect(wrong.isEmpty, "\(wrong)")
    }

    @Test(
        "Any share may be asked for", arguments: [Double.nan, -1, 0, 1, 2, .infinity, -.infinity])
    func shares(share: Double) {
        var h = Histogram()
        #expect(h.quantile_us(share) == 0)
        h.add(10)
        h.add(90)
        #expect(h.quantile_us(share) == (share >= 1 ? 90 : 10))
    }
}

@Suite("Real-time privileges")
struct RealTimeTests {
    @Test("Refusal is told in one sentence that names what is missing and how to get it")
    func advice() {
        #expect(RealTime(priority: 80, isLocked: true).advice == nil)
        let neither = RealTime(priority: nil, isLocked: false).advice
        #expect(
            neither == "running without real-time priority (SCHED_FIFO) and locked memory; ticks "
                + "may come late under load. Run as root, or grant rtprio and memlock in "
                + "/etc/security/limits.d.")
        let unlocked = RealTime(priority: 80, isLocked: false).advice
        #expect(unlocked?.hasPrefix("running without locked memory;") == true)
        let slow = RealTime(priority: nil, isLocked: true).advice
        #expect(slow?.hasPrefix("running without real-time priority (SCHED_FIFO);") == true)
    }

    @Test("A request answers what was granted, and can be given back")
    func request() {
        let granted = RealTime.request(priority: 1)
        #expect(granted.priority == nil || granted.priority == 1)
        #expect((granted.advice == nil) == (granted.priority != nil && granted.isLocked))
        // A priority that does not exist is refused, not a trap.
        #expect(RealTime.request(priority: 1000).priority == nil)
        RealTime.release()
    }
}
