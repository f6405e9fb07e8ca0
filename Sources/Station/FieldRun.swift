import BoardProfile
import Control
import HAL
import LinuxBoard
import Loop
import Switchboard
import Synchronization

/// A real board under its controller, paced by the clock. `run` is the loop and wants a thread of its
/// own; all else may be asked from any other. What it did is in its ring and its log, for whoever reads.
public final class FieldRun: Sendable {
    /// How the loop keeps its time, ten times a second.
    public struct Ticks: Sendable {
        /// The newest tick.
        public var count: UInt64 = 0
        public var overruns: UInt64 = 0
        /// How late it woke, and how long a turn took: sample, tick, act.
        public var lateness = Histogram()
        public var cycles = Histogram()
        /// The share of its time that it works; NaN before the first tenth of a second.
        public var busy_percent = Double.nan
        /// Samples that the board's drivers did not give.
        public var sampleFaults: UInt64 = 0
    }
    /// The stack that `run` wants of its thread, bytes: the controller lives on it. 264 kB were seen to be
    /// used where it is optimised.
    public static let stack_B = 1 << 20

    private let site: SiteProfile
    private let settings: ControllerSettings
    private let switchboard: Switchboard
    private let doors: Doors
    /// Every turn, whole.
    public let ring = TurnRing()
    /// Buses, chips and lines that were lost and found. It is drained by one reader.
    public let log = BoardLog()
    /// CLOCK_MONOTONIC when it was made, from which the log's times are counted.
    public let origin_ns: Int64
    private let newest = Mutex(Ticks())
    private let mustStop = Atomic(false)
    private let proved = Atomic(true)

    /// - Parameters:
    ///   - switchboard: of `site`, without refusals, and of the same settings.
    ///   - settings: of its controller, calibrated and guarded; nil: as the file says.
    /// - Returns: nil where the site has no hardware.
    public init?(
        _ site: SiteProfile, _ switchboard: Switchboard, settings: ControllerSettings? = nil,
        doors: Doors
    ) {
        guard let settings = settings ?? site.hardwareSettings(), switchboard.refusals.isEmpty
        else {
            return nil
        }
        self.site = site
        self.settings = settings
        self.switchboard = switchboard
        self.doors = doors
        origin_ns = Pacer.now_ns()
    }

    public func stop() { mustStop.store(true, ordering: .releasing) }
    /// False where outputs could not be proved at rest at the end.
    public var isProvedSafe: Bool { proved.load(ordering: .acquiring) }
    public var ticks: Ticks { newest.withLock { $0 } }

    /// The loop; returns after `stop` or `length_s`, with every output at rest.
    public func run(until length_s: Double, realTime: Bool, granted: (RealTime) -> Void) {
        if realTime { granted(RealTime.request()) }
        let board = switchboard.board(rate_Hz: site.rate_Hz, doors: doors, log: log)
        var runner = Runner(board: board, controller: Controller(settings))
        var pacer = Pacer(perSecond: site.rate_Hz)
        let last = UInt64(min(length_s * site.rate_Hz, 1e15))
        let offerEvery = UInt64(max(1, (site.rate_Hz / 10).rounded()))
        var due = offerEvery
        var busy_ns: Int64 = 0, window_ns = Pacer.now_ns()
        var cycles = Histogram()
        let wish = Setpoints()
        while !mustStop.load(ordering: .acquiring) {
            let now = pacer.next()
            let start = Pacer.now_ns()
            runner.turn(now, wanting: wish)
            ring.push(runner.sample, wish, runner.record, hadLetGo: runner.hadLetGo)
            let spent_ns = Pacer.now_ns() - start
            busy_ns += spent_ns
            cycles.add(UInt32(truncatingIfNeeded: spent_ns / 1000))
            if now.count >= last { break }
            guard now.count >= due else { continue }
            due = now.count + offerEvery
            let passed = Pacer.now_ns() - window_ns
            let faults = runner.sampleFaults
            let (overruns, lateness) = (pacer.overruns, pacer.lateness)
            let busy = 100 * Double(busy_ns) / Double(max(passed, 1))
            (busy_ns, window_ns) = (0, window_ns + passed)
            let spent = cycles
            newest.withLockIfAvailable {
                $0 = Ticks(
                    count: now.count, overruns: overruns, lateness: lateness, cycles: spent,
                    busy_percent: busy, sampleFaults: faults)
            }
        }
        proved.store(runner.board.shutDown(), ordering: .releasing)
        if realTime { RealTime.release() }
    }
}
