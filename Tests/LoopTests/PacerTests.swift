import AskedClocks
import Control
import Plant
import Testing

@testable import Loop

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A pacer at 1 kHz, and the time it goes by. Both clocks have the origin of the tick count in view.
private struct Paced {
    static let ms: Int64 = 1_000_000
    var time = ScriptedTime()
    var pacer: Pacer
    let monotonic: Int64
    let boottime: Int64

    init() {
        pacer = Pacer(perSecond: 1000, by: &time)
        (monotonic, boottime) = (time.monotonic, time.boottime)
        for _ in 0..<100 { _ = pacer.next(by: &time) }
    }
    mutating func next() -> UInt64 { pacer.next(by: &time).count }
    /// Real time since the first deadline in whole periods.
    var elapsed: UInt64 { UInt64((time.boottime - boottime) / Self.ms) }
}

@Suite("Pacer")
struct PacerTests {
    private let ms = Paced.ms

    @Test("A wake-up late by 0.4 of a period costs nothing, and the next deadline is where it was")
    func lateALittle() {
        var p = Paced()
        p.time.late_ns = 4 * ms / 10
        #expect(p.next() == 101 && p.pacer.late_ns == 400_000)
        #expect(p.pacer.overruns == 0 && p.pacer.skipped == 0)
        #expect(p.next() == 102 && p.pacer.late_ns == 0)
        #expect(p.time.monotonic - p.monotonic == 102 * ms)
        #expect(p.pacer.lateness.count == 102 && p.pacer.lateness.highest_us == 400)
    }

    @Test("A wake-up late by 3.2 periods skips three ticks and keeps to the old deadlines")
    func lateByPeriods() {
        var p = Paced()
        p.time.late_ns = 32 * ms / 10
        #expect(p.next() == 104 && p.pacer.late_ns == 3_200_000)
        #expect(p.pacer.overruns == 1 && p.pacer.skipped == 3)
        #expect(p.next() == 105 && p.pacer.late_ns == 0)
        #expect(p.time.monotonic - p.monotonic == 105 * ms)
        #expect(p.pacer.suspensions == 0)
    }

    @Test("A wake-up at the very next deadline has missed one tick; a nanosecond before, none")
    func lateByOne() {
        var p = Paced()
        p.time.late_ns = ms - 1
        #expect(p.next() == 101 && p.pacer.overruns == 0)
        p.time.late_ns = ms
        #expect(p.next() == 103 && p.pacer.overruns == 1 && p.pacer.skipped == 1)
    }

    @Test("A stall of 10 s is one overrun and ten thousand ticks, without a burst after it")
    func stall() {
        var p = Paced()
        p.time.late_ns = 10_000 * ms
        #expect(p.next() == 10_101)
        #expect(p.pacer.overruns == 1 && p.pacer.skipped == 10_000)
        #expect(p.next() == 10_102 && p.pacer.late_ns == 0 && p.pacer.overruns == 1)
        #expect(p.pacer.suspensions == 0 && p.elapsed == 10_102)
    }

    @Test("An hour of suspension is missed ticks, though CLOCK_MONOTONIC stood still")
    func suspended() {
        var p = Paced()
        p.time.suspended_ns = 3_600_000 * ms + 300_000
        #expect(p.next() == 3_600_101)
        #expect(p.pacer.suspensions == 1 && p.pacer.suspended_ns == 3_600_000 * ms + 300_000)
        #expect(p.pacer.skipped == 3_600_000)
        #expect(p.pacer.overruns == 0 && p.pacer.lateness.highest_us == 0, "it did not wake late")
        // Deadlines stay on whole periods of real time: this one is 0.7 ms away.
        #expect(p.next() == 3_600_102 && p.elapsed == 3_600_102)
        #expect((p.time.boottime - p.boottime) % ms == 0)
        #expect(p.pacer.suspensions == 1)
    }

    @Test("Suspensions shorter than a period add up")
    func shortSuspensions() {
        var p = Paced()
        for _ in 0..<50 {
            p.time.suspended_ns = 4 * ms / 10
            _ = p.next()
        }
        #expect(p.pacer.suspensions == 50 && p.pacer.suspended_ns == 20 * ms)
        #expect(p.elapsed == 150, "their time is part of the fifty periods")
        #expect(p.pacer.skipped == 0 && p.next() == 151)
    }

    @Test("A thread kept waiting between its readings was not suspended")
    func preempted() {
        var p = Paced()
        p.time.wait_ns = 5 * ms
        #expect(p.next() == 101, "the wake-up itself was in time")
        #expect(p.pacer.suspensions == 0 && p.pacer.suspended_ns == 0)
        #expect(p.next() == 106, "the next came four periods late")
        #expect(p.pacer.overruns == 1 && p.pacer.skipped == 4)

        // The same before the first deadline.
        var time = ScriptedTime()
        time.wait_ns = 50 * ms
        var pacer = Pacer(perSecond: 1000, by: &time)
        for _ in 0..<10 { _ = pacer.next(by: &time) }
        #expect(pacer.suspensions == 0)
        time.suspended_ns = 1000 * ms
        _ = pacer.next(by: &time)
        #expect(pacer.suspensions == 1 && pacer.suspended_ns == 1000 * ms)
    }

    @Test("A CLOCK_BOOTTIME that runs back is counted and ignored")
    func boottimeBack() {
        var p = Paced()
        p.time.boottimeError_ns = -3_600_000 * ms
        #expect(p.next() == 101 && p.pacer.clockFaults == 1)
        #expect(p.next() == 102 && p.pacer.clockFaults == 1 && p.pacer.suspensions == 0)

        // One that is set back by 5 ms: until it is where it was.
        p.time.set(boottimeBy: -5 * ms)
        for n in 103...120 as ClosedRange<UInt64> { #expect(p.next() == n) }
        #expect(p.pacer.clockFaults == 1 + 4 && p.pacer.suspensions == 0)
        #expect(p.pacer.skipped == 0)
        p.time.suspended_ns = 7 * ms
        #expect(p.next() == 128 && p.pacer.suspended_ns == 7 * ms, "it is believed again")
    }

    @Test("A CLOCK_MONOTONIC that runs back is counted and ignored")
    func monotonicBack() {
        var p = Paced()
        p.time.monotonicError_ns = -40 * ms
        #expect(p.next() == 101 && p.pacer.clockFaults == 1)
        #expect(p.next() == 102 && p.pacer.late_ns == 0 && p.pacer.skipped == 0)
        #expect(p.time.monotonic - p.monotonic == 102 * ms)
    }

    @Test("A CLOCK_MONOTONIC that is set back in a sleep does not stop the loop")
    func monotonicSet() {
        var p = Paced()
        // Ten seconds back from where the sleep ends.
        p.time.late_ns = -10_000 * ms
        p.time.set(boottimeBy: 10_000 * ms)
        #expect(p.next() == 101 && p.pacer.clockFaults == 1)
        let before = p.time.monotonic
        for n in 102...200 as ClosedRange<UInt64> { #expect(p.next() == n) }
        #expect(p.time.monotonic - before == 99 * ms, "the rate is kept")
        #expect(p.pacer.clockFaults == 1 && p.pacer.suspensions == 0 && p.pacer.skipped == 0)
    }

    @Test("A million wakes, however late, count what has passed", arguments: 1...4 as ClosedRange)
    func neverDrifts(seed: UInt64) {
        var random = Random(seed: seed)
        // A rate whose period is no whole number of anything: 333 333 ns.
        var time = ScriptedTime()
        var pacer = Pacer(perSecond: 3000, by: &time)
        let monotonic = time.monotonic, boottime = time.boottime
        var last: UInt64 = 0
        var wrong = 0, suspensions: UInt64 = 0, overruns: UInt64 = 0
        for _ in 0..<1_000_000 {
            let u = random.unit()
            switch u {
            case ..<0.9: time.late_ns = Int64(random.unit() * 100_000)
            case ..<0.99: time.late_ns = Int64(random.unit() * 3_000_000)
            case ..<0.9999: time.late_ns = Int64(random.unit() * 1e9)
            default: time.late_ns = Int64(random.unit() * 60e9)
            }
            if time.late_ns >= pacer.period_ns { overruns += 1 }
            if random.unit() < 0.001 {
                time.suspended_ns = Int64(20_000 + random.unit() * 1e12)
                suspensions += 1
            }
            // The work of a tick.
            time.pass(Int64(random.unit() * 400_000))
            let tick = pacer.next(by: &time).count
            let passed = (time.boottime - boottime) / pacer.period_ns
            if tick != UInt64(passed) || tick <= last { wrong += 1 }
            last = tick
        }
        #expect(wrong == 0, "replay: seed \(seed)")
        #expect(pacer.suspensions == suspensions && pacer.clockFaults == 0)
        #expect(pacer.overruns >= overruns && pacer.lateness.count == 1_000_000)
        #expect(pacer.suspended_ns == time.boottime - boottime - (time.monotonic - monotonic))
        #expect(last == 1_000_000 + pacer.skipped)
    }

    @Test("Readings that take time make a suspension seem shorter, never longer")
    func dearReadings() {
        var random = Random(seed: 7)
        var time = ScriptedTime()
        time.cost_ns = 900
        var pacer = Pacer(perSecond: 1000, by: &time)
        let lead = time.boottime - time.monotonic
        var long = 0
        for n in 0..<100_000 {
            if n % 100 == 0 { time.suspended_ns = Int64(1e6 + random.unit() * 1e9) }
            if random.unit() < 0.01 { time.wait_ns = Int64(random.unit() * 3e6) }
            _ = pacer.next(by: &time)
            if pacer.suspended_ns > time.boottime - time.monotonic - lead { long += 1 }
        }
        #expect(long == 0)
        let missing = time.boottime - time.monotonic - lead - pacer.suspended_ns
        // Two readings at each of a thousand.
        #expect(missing <= 1000 * 2 * 900 + 10_000, "\(missing) ns of \(pacer.suspended_ns)")
    }

    @Test("The kernel's clocks: CLOCK_REALTIME is not asked, so its steps change nothing")
    func realtimeSteps() {
        let before = Pacer.now_ns()
        asked_clocks_forget()
        var pacer = Pacer(perSecond: 1000)
        let after = Pacer.now_ns()
        var tick = Tick(0), asked_ns: Int64 = 0
        for n in 0..<200 {
            if n == 60 { asked_clocks_step_realtime(3600) }
            if n == 120 { asked_clocks_step_realtime(-86_400) }
            asked_ns = Pacer.now_ns()
            tick = pacer.next()
        }
        let end = Pacer.now_ns()
        let read = asked_clocks_read(), slept = asked_clocks_slept_on()
        #expect(read == 1 << UInt32(CLOCK_MONOTONIC) | 1 << UInt32(CLOCK_BOOTTIME))
        #expect(slept == 1 << UInt32(CLOCK_MONOTONIC))
        // The step was there to be seen.
        var real = timespec(), coarse = timespec()
        clock_gettime(CLOCK_REALTIME, &real)
        clock_gettime(CLOCK_REALTIME_COARSE, &coarse)
        #expect(abs(real.tv_sec - coarse.tv_sec + 82_800) <= 1)
        asked_clocks_step_realtime(82_800)
        // However fast this machine is: what has passed, to the tick.
        #expect(tick.count <= UInt64((end - before) / pacer.period_ns))
        #expect(tick.count >= UInt64(max(0, asked_ns - after) / pacer.period_ns))
        #expect(pacer.clockFaults == 0)
    }
}
