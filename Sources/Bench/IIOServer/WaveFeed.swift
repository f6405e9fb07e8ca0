import Foundation

/// Runs one source for all clients who have its device open, in a thread of its own, and ends when the
/// last lets go. Each client has a tap that holds what it has not yet taken.
///
/// `@unchecked Sendable`: everything that changes is touched under `condition` alone, save the source,
/// which only the one producing thread asks; `producer` says whether that thread runs.
final class WaveFeed: @unchecked Sendable {
    /// What one client has not yet taken, a ring of rows and their times.
    final class Tap {
        fileprivate let columns: Int
        fileprivate let every: Int
        fileprivate var rows: [Int32]
        fileprivate var stamps: [Int64]
        fileprivate var head = 0
        fileprivate var count = 0
        fileprivate var lost = 0
        fileprivate init(columns: Int, every: Int, capacity: Int) {
            self.columns = columns
            self.every = every
            rows = Array(repeating: 0, count: columns * capacity)
            stamps = Array(repeating: 0, count: capacity)
        }
        fileprivate var room: Int { stamps.count - count }
        fileprivate func put(_ row: UnsafePointer<Int32>, _ stamp_ns: Int64) {
            guard room > 0 else { return lost += 1 }
            let at = (head + count) % stamps.count
            for c in 0..<columns { rows[at * columns + c] = row[c] }
            stamps[at] = stamp_ns
            count += 1
        }
    }

    private let source: any WaveSource
    private let pace: Pace
    private let condition = NSCondition()
    private var taps: [Tap] = []
    private var producer = false
    private var isOver = false
    /// Samples made since the feed was made.
    private var made: Int64 = 0
    private var slips = 0
    private var lost = 0

    init(_ source: any WaveSource, _ pace: Pace) {
        precondition(source.rate_Hz > 0 && source.block > 0 && source.columns > 0)
        self.source = source
        self.pace = pace
    }

    /// - Parameters:
    ///   - capacity: rows kept while the client takes none.
    ///   - every: keeps one sample of so many.
    func open(capacity: Int, every: Int) -> Tap {
        let tap = Tap(
            columns: source.columns, every: every, capacity: max(capacity, 2 * source.block))
        condition.lock()
        taps.append(tap)
        if !producer, !isOver {
            producer = true
            Thread { [self] in produce() }.start()
        }
        condition.unlock()
        return tap
    }

    func close(_ tap: Tap) {
        condition.lock()
        taps.removeAll { $0 === tap }
        lost += tap.lost
        condition.broadcast()
        condition.unlock()
    }

    /// Waits until `count` rows are there and appends them to `out` as scans. False after `timeout_s`
    /// or once the feed has stopped.
    func take(
        _ count: Int, from tap: Tap, timeout_s: Double, as row: ScanRow, to out: inout [UInt8]
    ) -> Bool {
        let end = Date(timeIntervalSinceNow: timeout_s)
        condition.lock()
        defer { condition.unlock() }
        while tap.count < count {
            if isOver { return false }
            if !condition.wait(until: end), tap.count < count { return false }
        }
        tap.rows.withUnsafeBufferPointer { rows in
            for _ in 0..<count {
                let from = tap.head * tap.columns
                row.write(
                    UnsafeBufferPointer(rebasing: rows[from..<from + tap.columns]),
                    stamp_ns: tap.stamps[tap.head], to: &out)
                tap.head = (tap.head + 1) % tap.stamps.count
            }
        }
        tap.count -= count
        if pace.isFree { condition.broadcast() }
        return true
    }

    /// Ends the thread and everybody's waiting, for good.
    func stop() {
        condition.lock()
        isOver = true
        condition.broadcast()
        condition.unlock()
    }

    /// Samples made, rows lost by slow clients, and times the source was half a second late.
    var figures: (made: Int64, lost: Int, slips: Int) {
        condition.lock()
        defer { condition.unlock() }
        return (made, lost + taps.reduce(0) { $0 + $1.lost }, slips)
    }

    private func produce() {
        let columns = source.columns
        let block = source.block
        let rows = UnsafeMutableBufferPointer<Int32>.allocate(capacity: block * columns)
        rows.initialize(repeating: 0)
        defer { rows.deallocate() }
        let period_ns = 1e9 / source.rate_Hz
        var start_ns = now_ns(CLOCK_MONOTONIC)
        var origin_ns = pace.isFree ? 0 : now_ns(CLOCK_REALTIME)
        condition.lock()
        let first = made
        condition.unlock()
        if pace.isFree { origin_ns = Int64((Double(first) * period_ns).rounded()) }
        var k = 0
        while true {
            source.next(block, into: rows)
            if !pace.isFree {
                let due = start_ns + Int64((Double(k + block) * period_ns).rounded())
                let late = now_ns(CLOCK_MONOTONIC) - due
                if late > 500_000_000 {
                    start_ns += late
                    origin_ns += late
                    condition.lock()
                    slips += 1
                    condition.unlock()
                } else {
                    sleep(until_ns: due)
                }
            }
            condition.lock()
            while pace.isFree, !isOver, taps.contains(where: { $0.room < block }) {
                condition.wait()
            }
            for tap in taps {
                for j in 0..<block where (k + j) % tap.every == 0 {
                    let stamp = origin_ns + Int64((Double(k + j) * period_ns).rounded())
                    tap.put(rows.baseAddress! + j * columns, stamp)
                }
            }
            made += Int64(block)
            if taps.isEmpty || isOver {
                producer = false
                condition.unlock()
                return
            }
            condition.broadcast()
            condition.unlock()
            k += block
        }
    }
}

extension Pace {
    fileprivate var isFree: Bool {
        if case .free = self { true } else { false }
    }
}

private func now_ns(_ clock: clockid_t) -> Int64 {
    var t = timespec()
    clock_gettime(clock, &t)
    return Int64(t.tv_sec) * 1_000_000_000 + Int64(t.tv_nsec)
}

/// CLOCK_MONOTONIC; called again after a signal.
private func sleep(until_ns: Int64) {
    var t = timespec(
        tv_sec: Int(until_ns / 1_000_000_000), tv_nsec: Int(until_ns % 1_000_000_000))
    while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, nil) == EINTR {}
}
