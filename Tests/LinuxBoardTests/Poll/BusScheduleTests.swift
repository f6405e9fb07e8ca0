import HAL
import Testing

@testable import LinuxBoard

@Suite("What a bus thread does next")
struct BusScheduleTests {
    static let ms: Int64 = 1_000_000
    /// Part 0 with a fast job (10 ms), part 1 with a slow one (1 s); open and configured.
    static func running() -> BusSchedule {
        var s = BusSchedule(
            parts: 2,
            jobs: [.init(part: 0, period_ns: 10 * ms), .init(part: 1, period_ns: 1000 * ms)],
            now_ns: 0)
        _ = s.opened(now_ns: 0)
        _ = s.configured(0, now_ns: 0)
        _ = s.configured(1, now_ns: 0)
        return s
    }

    @Test("Opens, identifies and configures before it reads")
    func order() {
        var s = BusSchedule(parts: 1, jobs: [.init(part: 0, period_ns: Self.ms)], now_ns: 0)
        #expect(s.next(now_ns: 0) == .open)
        #expect(s.opened(now_ns: 0) == nil)
        #expect(s.next(now_ns: 1) == .configure(0))
        #expect(s.configured(0, now_ns: 2) == nil)
        #expect(s.next(now_ns: 3) == .job(0))
    }

    @Test("A slow job does not drag a fast one")
    func rates() {
        var s = Self.running()
        var done = [0, 0]
        var now: Int64 = 0
        while now < 1000 * Self.ms {
            switch s.next(now_ns: now) {
            case .job(let n):
                done[n] += 1
                now += 300_000
                s.done(n, now_ns: now)
            case .sleep(let until): now = until
            default: Issue.record("nothing else is due")
            }
        }
        #expect(done == [100, 1])
    }

    @Test("A job that fell behind skips what it missed and keeps its phase")
    func behind() {
        var s = Self.running()
        s.done(0, now_ns: 47 * Self.ms)
        s.done(1, now_ns: 47 * Self.ms)
        #expect(s.next(now_ns: 47 * Self.ms) == .sleep(until_ns: 50 * Self.ms))
        #expect(s.next(now_ns: 50 * Self.ms) == .job(0))
    }

    @Test("A part is told lost after three failures, once, and is configured anew")
    func lost() {
        var s = Self.running()
        s.done(1, now_ns: 0)
        let fault = BoardFault(.timeout, code: 110)
        #expect(s.failed(part: 0, fault, now_ns: 0) == nil)
        #expect(s.next(now_ns: 10 * Self.ms) == .sleep(until_ns: 20 * Self.ms))
        #expect(s.next(now_ns: 20 * Self.ms) == .job(0))
        #expect(s.failed(part: 0, fault, now_ns: 20 * Self.ms) == nil)
        #expect(s.failed(part: 0, fault, now_ns: 60 * Self.ms) == .lost(part: 0, fault))
        #expect(s.next(now_ns: 139 * Self.ms) == .sleep(until_ns: 140 * Self.ms))
        #expect(s.next(now_ns: 140 * Self.ms) == .configure(0))
        #expect(s.failed(part: 0, fault, now_ns: 140 * Self.ms) == nil)
        #expect(s.configured(0, now_ns: 400 * Self.ms) == .found(part: 0))
        #expect(s.next(now_ns: 400 * Self.ms) == .job(0))
    }

    @Test("The pause grows to a second and no further")
    func pause() {
        var s = Self.running()
        for _ in 0..<40 { _ = s.failed(part: 0, BoardFault(.bus), now_ns: 0) }
        _ = s.failed(part: 1, BoardFault(.bus), now_ns: 0)
        s.done(1, now_ns: 0)
        #expect(s.next(now_ns: 1000 * Self.ms) == .configure(0))
    }

    @Test("A bus that is gone is told once and looked for every second")
    func bus() {
        var s = Self.running()
        #expect(!s.isSilent)
        for n in 0...1 {
            for _ in 0..<3 { _ = s.failed(part: n, BoardFault(.bus), now_ns: 0) }
        }
        #expect(s.isSilent)
        let gone = BoardFault(.notPresent)
        #expect(s.closed(gone, now_ns: 0) == .busLost(gone))
        #expect(s.next(now_ns: 0) == .sleep(until_ns: 1000 * Self.ms))
        #expect(s.next(now_ns: 1000 * Self.ms) == .open)
        #expect(s.closed(gone, now_ns: 1000 * Self.ms) == nil)
        #expect(s.opened(now_ns: 2000 * Self.ms) == .busFound)
        #expect(s.next(now_ns: 2000 * Self.ms) == .configure(0))
    }
}
