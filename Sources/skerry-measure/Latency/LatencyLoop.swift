import BoardProfile
import Control
import Foundation
import Loop
import Synchronization

/// `skerry-measure latency-loop`: one run of the real loop, in a process and on a thread of its own as
/// cyclictest's is. Pacer, controller on its simulated board, ring: everything on.
final class LatencyLoop: Sendable {
    static let usage = """
        usage: skerry-measure latency-loop --site home|battery --rate_Hz R --seconds S \
        [--samples N] [--priority P] [--boards DIR] [--free] [--histogram]
        """
    /// The boards that are timed.
    private static let boards = ["home": "sim-village", "battery": "sim-dc48"]

    private let profile: SiteProfile
    private let rate_Hz: Double
    private let samples: Int
    private let wakes: Int
    private let priority: Int32
    /// Turn after turn, without sleep.
    private let isFree: Bool
    /// Also how many wake-ups were how late.
    private let hasHistogram: Bool
    private let figures = Mutex<[String: Double]?>(nil)
    private let ended = DispatchSemaphore(value: 0)

    private init(
        _ profile: SiteProfile, rate_Hz: Double, samples: Int, wakes: Int, priority: Int32,
        isFree: Bool, hasHistogram: Bool
    ) {
        self.profile = profile
        self.rate_Hz = rate_Hz
        self.samples = samples
        self.wakes = wakes
        self.priority = priority
        self.isFree = isFree
        self.hasHistogram = hasHistogram
    }

    /// Prints a figure a line, name and value, for `LatencyBench`.
    /// - Returns: 0; 1 where the site does not come on; 2 for arguments that are none.
    static func run(_ arguments: [String]) -> Int32 {
        let options = Options(arguments)
        guard let rate_Hz = options.number("--rate_Hz", 100...20_000),
            let seconds = options.number("--seconds", 0.1...3600),
            let samples = options.number("--samples", 0...20, default: 20),
            let priority = options.number("--priority", 1...98, default: 80),
            let board = options["--site"].flatMap({ boards[$0] })
        else { return say(usage, 2) }
        let reading = SiteProfile.load("\(options["--boards"] ?? "boards")/\(board)")
        guard let profile = reading.value else { return say("\(reading.problems)", 1) }
        let loop = LatencyLoop(
            profile, rate_Hz: rate_Hz, samples: Int(samples), wakes: Int(rate_Hz * seconds),
            priority: Int32(priority), isFree: options.has("--free"),
            hasHistogram: options.has("--histogram"))
        Thread.detachNewThread { loop.turn() }
        loop.ended.wait()
        guard let figures = loop.figures.withLock({ $0 }) else {
            return say("\(board) did not come on, or did not stay so", 1)
        }
        for (name, value) in figures.sorted(by: { $0.key < $1.key }) { print(name, value) }
        return 0
    }

    private static func say(_ words: String, _ status: Int32) -> Int32 {
        FileHandle.standardError.write(Data((words + "\n").utf8))
        return status
    }

    /// The thread.
    private func turn() {
        let sensing = Sensing(rate_Hz: rate_Hz, samplesPerTick: samples)
        var seen: [String: Double]?
        if let site = profile.nanogrid == nil
            ? TimedSite.home(profile, sensing, ticks: wakes)
            : TimedSite.battery(profile, sensing, ticks: wakes)
        {
            seen = measure(site)
        }
        figures.withLock { $0 = seen }
        ended.signal()
    }

    /// The machine's own noise: the longest that a loop which only reads the clock did not run, ns. For
    /// 0.4 s: the kernel takes such threads the processor after 0.95 (sched_rt_runtime_us).
    private func gap_ns() -> Int64 {
        let end = Pacer.now_ns() + 400_000_000
        var last = Pacer.now_ns(), longest: Int64 = 0
        while last < end {
            let now = Pacer.now_ns()
            longest = max(longest, now - last)
            last = now
        }
        return longest
    }

    /// Every wake-up and every turn, to the nanosecond.
    /// - Returns: nil where the controller has let go of something meanwhile.
    private func measure(_ site: consuming TimedSite) -> [String: Double]? {
        var late_ns = [UInt32](repeating: 0, count: wakes)
        var cycle_ns = late_ns
        // Without a sleep it would take the core for itself.
        let granted = isFree ? nil : RealTime.request(priority: priority)
        var pacer = Pacer(perSecond: rate_Hz, from: site.origin)
        for n in 0..<wakes {
            let tick = isFree ? site.origin + UInt32(n + 1) : pacer.next()
            late_ns[n] = UInt32(truncatingIfNeeded: min(pacer.late_ns, 4_000_000_000))
            site.go(to: tick)
            let start_ns = Pacer.now_ns()
            site.turn(tick)
            cycle_ns[n] = UInt32(truncatingIfNeeded: min(Pacer.now_ns() - start_ns, 4_000_000_000))
        }
        let gap = isFree ? 0 : gap_ns()
        RealTime.release()
        guard site.isOn else { return nil }
        let (late, cycle) = (Quantiles(late_ns), Quantiles(cycle_ns))
        var figures = [
            "late_p50_ns": late[0.5], "late_p99_ns": late[0.99], "late_p99.9_ns": late[0.999],
            "late_max_ns": late[1], "wakes": Double(wakes),
            "cycle_p50_ns": cycle[0.5], "cycle_p99_ns": cycle[0.99], "cycle_max_ns": cycle[1],
            "gap_ns": Double(gap), "overruns": Double(pacer.overruns),
            "skipped": Double(pacer.skipped),
        ]
        if hasHistogram {
            // Steps of a fiftieth.
            for late in late_ns {
                let upper = pow(1.02, (log(Double(max(1, late))) / log(1.02)).rounded(.up))
                figures["late_upto_\(Int(upper.rounded()))_ns", default: 0] += 1
            }
        }
        if let granted {
            figures["priority"] = Double(granted.priority ?? 0)
            figures["locked"] = granted.isLocked ? 1 : 0
        }
        return figures
    }
}
