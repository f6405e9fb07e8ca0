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
        /// Times the machine was suspended, and readings of a clock that ran back.
        public var suspensions: UInt64 = 0
        public var suspended_ns: Int64 = 0
        public var clockFaults: UInt64 = 0
        /// How late it woke, and how long a turn took: sample, tick, act.
        public var lateness = Histogram()
        public var cycles = Histogram()
        /// The share of its time that it works; NaN before the first tenth of a second.
        public var busy_percent = Double.nan
        /// Samples that the board's drivers did not give, and commands they did not take.
        public var sampleFaults: UInt64 = 0
        public var actFaults: UInt64 = 0
    }
    /// The stack that `run` wants of its thread, bytes: the controller lives on it. 264 kB were seen to be
    /// used where it is optimised.
    public static let stack_B = 1 << 20

    private let site: SiteProfile
    private let settings: ControllerSettings
    private let switchboard: Switchboard
    private let doors: Doors
    private let start: FieldStart
    /// Every turn, whole.
    public var ring: TurnRing { start.ring }
    /// Buses, chips and lines that were lost and found. It is drained by one reader.
    public let log = BoardLog()
    /// CLOCK_MONOTONIC when it was made, from which the log's times are counted.
    public let origin_ns: Int64
    private let newest = Mutex(Ticks())
    private let stage = Mutex(FieldPhase.testing([]))
    private let mustStop = Atomic(false)
    private let turns = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - switchboard: of `site`, without refusals, and of the same settings.
    ///   - settings: of its controller, calibrated and guarded; nil: as the file says.
    /// - Returns: nil where the site has no hardware.
    public init?(
        _ site: SiteProfile, _ switchboard: Switchboard, settings: ControllerSettings? = nil,
        doors: Doors, start: FieldStart? = nil
    ) {
        guard let settings = settings ?? site.hardwareSettings(), switchboard.refusals.isEmpty
        else {
            return nil
        }
        self.site = site
        self.settings = settings
        self.switchboard = switchboard
        self.doors = doors
        self.start = start ?? FieldStart(rate_Hz: site.rate_Hz)
        origin_ns = Pacer.now_ns()
    }

    public func stop() { mustStop.store(true, ordering: .releasing) }
    public var ticks: Ticks { newest.withLock { $0 } }
    public var phase: FieldPhase { stage.withLock { $0 } }
    /// Grows for as long as the loop turns, in self-test too: what a watchdog asks.
    public var pulse: UInt64 { turns.load(ordering: .relaxed) }
    /// False where outputs could not be proved at rest at the end.
    public var isProvedSafe: Bool { phase != .ended(isProvedSafe: false) }

    /// The loop; returns after `stop` or `length_s`, with every output at rest.
    public func run(until length_s: Double, realTime: Bool, granted: (RealTime) -> Void) {
        if realTime { granted(RealTime.request()) }
        var board = switchboard.board(
            rate_Hz: site.rate_Hz, doors: doors, log: log,
            initial: start.left?.command ?? Command())
        var pacer = Pacer(perSecond: site.rate_Hz, from: firstTick)
        var controller = start.left?.controller ?? Controller(settings)
        if start.left == nil, start.selfTest_s > 0 { test(&board, controller, &pacer) }
        if !mustStop.load(ordering: .acquiring) {
            var runner = Runner(board: board, controller: controller)
            control(&runner, &pacer, last: UInt64(min(length_s * site.rate_Hz, 1e15)))
            controller = runner.controller
            board = runner.end()
        }
        let isSafe = board.shutDown()
        stage.withLock { $0 = .ended(isProvedSafe: isSafe) }
        start.state?.end()
        if realTime { RealTime.release() }
    }

    /// Where the last one left off, and what passed since.
    private var firstTick: Tick {
        guard let left = start.left else { return Tick(0) }
        let passed = max(0, Double(Pacer.boottime_ns() - left.at_ns) * 1e-9 * site.rate_Hz)
        return Tick(left.tick.count + UInt64(passed))
    }

    /// Looks, with every output at rest and the heartbeat silent, until everything is sound.
    private func test(
        _ board: inout WiredBoard, _ controller: borrowing Controller, _ pacer: inout Pacer
    ) {
        var test = SelfTest(
            settings, controller, contacts: site.wiredContacts, seconds: start.selfTest_s)
        var sample = Sample()
        let every = UInt64(max(1, (site.rate_Hz / 5).rounded()))
        // Buses that are only just found are nothing to tell of.
        var due = UInt64((start.selfTest_s + 0.5) * site.rate_Hz)
        while !mustStop.load(ordering: .acquiring), !test.isPassed {
            let now = pacer.next()
            turns.add(1, ordering: .relaxed)
            do throws(BoardFault) {
                try board.sample(at: now, into: &sample)
            } catch {
                sample = Sample(tick: now)
            }
            test.see(sample)
            guard now.count >= due else { continue }
            due = now.count + every
            let findings = test.findings
            stage.withLock { $0 = .testing(findings) }
        }
        let remarks = test.remarks
        stage.withLock { $0 = .armed(remarks) }
    }

    private func control(
        _ runner: inout Runner<WiredBoard>, _ pacer: inout Pacer, last: UInt64
    ) {
        stage.withLock { if case .testing = $0 { $0 = .armed([]) } }
        let offerEvery = UInt64(max(1, (site.rate_Hz / 10).rounded()))
        // Fifty times a second: what a restart loses is less than any contact's travel.
        let leaveEvery = UInt64(max(1, (site.rate_Hz / 50).rounded()))
        var due: UInt64 = 0, leaveDue: UInt64 = 0
        var busy_ns: Int64 = 0, window_ns = Pacer.now_ns()
        var cycles = Histogram()
        var wish = Setpoints()
        start.state?.begin(wentOn_ns: start.left.map { _ in Pacer.boottime_ns() })
        while !mustStop.load(ordering: .acquiring) {
            let now = pacer.next()
            let began = Pacer.now_ns()
            if let new = start.wishes?.take() { wish = new }
            runner.turn(now, wanting: wish)
            start.ring.push(runner.sample, wish, runner.record, hadLetGo: runner.hadLetGo)
            if let box = start.checkpoints, box.isAsked {
                box.offer(runner.controller, after: now)
            }
            turns.add(1, ordering: .relaxed)
            if now.count >= leaveDue {
                leaveDue = now.count + leaveEvery
                start.state?.offer(
                    runner.controller, runner.record.command, tick: now,
                    at_ns: Pacer.boottime_ns())
            }
            let spent_ns = Pacer.now_ns() - began
            busy_ns += spent_ns
            cycles.add(UInt32(truncatingIfNeeded: spent_ns / 1000))
            if now.count >= last { break }
            guard now.count >= due else { continue }
            due = now.count + offerEvery
            let passed = Pacer.now_ns() - window_ns
            let faults = (runner.sampleFaults, runner.actFaults)
            let kept = copy pacer
            let busy = 100 * Double(busy_ns) / Double(max(passed, 1))
            (busy_ns, window_ns) = (0, window_ns + passed)
            let spent = cycles
            newest.withLockIfAvailable {
                $0 = Ticks(
                    count: now.count, overruns: kept.overruns, suspensions: kept.suspensions,
                    suspended_ns: kept.suspended_ns, clockFaults: kept.clockFaults,
                    lateness: kept.lateness, cycles: spent,
                    busy_percent: busy, sampleFaults: faults.0, actFaults: faults.1)
            }
        }
    }
}

extension SiteProfile {
    /// Contacts whose feedback is wired.
    var wiredContacts: LineSet {
        var set = LineSet()
        for contact in Contact.allCases
        where hardware?.lines.contains(where: { $0.contact == contact.key }) ?? false {
            set[contact] = true
        }
        return set
    }
}
