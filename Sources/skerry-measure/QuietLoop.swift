import Control
import Foundation
import Loop
import Synchronization

/// The real loop on a simulated board, for a tracer to look at: `Tests/Proof/system-calls`.
///
/// The loop's thread says when its steady part begins and ends, with one `write` each; between the two
/// it may do nothing that the kernel hears of but sleep.
enum QuietLoop {
    static let usage = "loop [--seconds S] [--rate HZ] [--seed S]"

    /// - Returns: 0; 2 where an argument is not understood.
    static func run(_ arguments: [String]) -> Int32 {
        var seconds = 5.0, rate_Hz = 1000.0, seed: UInt64 = 1
        var left = arguments[...]
        while let key = left.popFirst() {
            let value = left.popFirst() ?? ""
            switch (key, Double(value), UInt64(value)) {
            case ("--seconds", let s?, _) where s >= 0.1 && s <= 86_400: seconds = s
            case ("--rate", let r?, _) where r >= 100 && r <= 10_000: rate_Hz = r
            case ("--seed", _, let s?): seed = s
            default:
                print(
                    "skerry-measure loop: \(key) \(value): not understood. Seconds are 0.1 ... "
                        + "86400, the rate 100 ... 10000 Hz.\nusage: skerry-measure \(usage)")
                return 2
            }
        }
        let loop = Turning(site: QuietSite(rate_Hz: rate_Hz, seed: seed), rate_Hz: rate_Hz)
        let ticks = UInt64((seconds * rate_Hz).rounded())
        let thread = Thread { loop.run(ticks) }
        thread.stackSize = 1 << 20
        thread.start()
        // The reader comes ten times a second, as the screen and the files do.
        while !loop.isOver {
            usleep(100_000)
            loop.look()
        }
        loop.look()
        print(loop.words)
        return 0
    }

    /// What the loop's thread and its reader share. Sendable is true: the site and the pacer belong
    /// to the loop until `isOver`, the ring serves one writer and one reader, the counts the reader.
    private final class Turning: @unchecked Sendable {
        private var site: QuietSite
        private var pacer: Pacer
        private let reader: Mutex<TurnReader>
        private var granted: RealTime?
        private var seen: UInt64 = 0
        private var lost: UInt64 = 0
        private let over = Atomic(false)
        var isOver: Bool { over.load(ordering: .acquiring) }

        init(site: consuming QuietSite, rate_Hz: Double) {
            reader = Mutex(TurnReader(site.ring))
            self.site = site
            pacer = Pacer(perSecond: rate_Hz)
        }

        func run(_ ticks: UInt64) {
            granted = RealTime.request()
            // The first ticks touch pages and bind symbols.
            for _ in 0..<64 { turn() }
            say("loop begins\n")
            for _ in 0..<ticks { turn() }
            say("loop ends after \(ticks) ticks\n")
            RealTime.release()
            over.store(true, ordering: .releasing)
        }
        private func turn() {
            let now = pacer.next()
            site.microgrid.tick()
            site.turn(now)
        }
        private func say(_ words: String) {
            var words = words
            words.withUTF8 { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        }

        func look() {
            reader.withLock { lost += $0.read { _ in seen += 1 } }
        }

        var words: String {
            let priority = granted?.priority.map { "SCHED_FIFO \($0)" } ?? "no real-time priority"
            let memory = granted?.isLocked ?? false ? "memory locked" : "memory not locked"
            let late = [0.5, 0.99].map { "\(pacer.lateness.quantile_us($0))" }
            return
                "\(priority), \(memory); late by \(late[0]) µs p50, \(late[1]) µs p99; skipped "
                + "\(pacer.skipped) ticks; records read \(seen), lost \(lost)"
        }
    }
}
