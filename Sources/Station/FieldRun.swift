import BoardProfile
import Control
import HAL
import LinuxBoard
import Loop
import Report
import Switchboard
import Synchronization

/// A real board under its controller, paced by the clock. `run` is the loop and wants a thread of its
/// own; `look` may be called from one other.
public final class FieldRun: Sendable {
    private struct Ticks: Sendable {
        var count: UInt64 = 0
        var overruns: UInt64 = 0
        var suspended_ns: Int64 = 0
        var clockFaults: UInt64 = 0
        var lateness = Histogram()
        var cycles = Histogram()
        var busy_percent = Double.nan
        var sampleFaults: UInt64 = 0
    }
    private let site: SiteProfile
    private let settings: ControllerSettings
    private let switchboard: Switchboard
    private let doors: Doors
    private let ring = RecordRing()
    private let log = BoardLog()
    private let ticks = Mutex(Ticks())
    private let field: Mutex<FieldLog>
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
        field = Mutex(
            FieldLog(
                name: site.hardware!.controls.isEmpty ? site.name : site.hardware!.controls,
                stages: site.hardwareStages.map(\.name), period_s: 1 / site.rate_Hz,
                origin_ns: Pacer.now_ns()))
    }

    public func stop() { mustStop.store(true, ordering: .releasing) }
    /// False where outputs could not be proved at rest at the end.
    public var isProvedSafe: Bool { proved.load(ordering: .acquiring) }

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
        while !mustStop.load(ordering: .acquiring) {
            let now = pacer.next()
            let start = Pacer.now_ns()
            runner.turn(now, wanting: Setpoints())
            ring.push(runner.record)
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
            let (suspended, clockFaults) = (pacer.suspended_ns, pacer.clockFaults)
            ticks.withLockIfAvailable {
                $0 = Ticks(
                    count: now.count, overruns: overruns, suspended_ns: suspended,
                    clockFaults: clockFaults, lateness: lateness, cycles: spent,
                    busy_percent: busy, sampleFaults: faults)
            }
        }
        proved.store(runner.board.shutDown(), ordering: .releasing)
        if realTime { RealTime.release() }
    }

    /// What happened since the last look, and how it stands. Called by one reader.
    public func look() -> FieldView {
        let (entries, dropped) = log.drain()
        let t = ticks.withLock { $0 }
        return field.withLock { field in
            let lost = ring.read { field.see($0) }
            field.lost(lost)
            for entry in entries { field.see(entry) }
            field.time(suspended_ns: t.suspended_ns, faults: t.clockFaults)
            var view = FieldView(
                title: site.title, events: field.fresh(), record: field.record,
                time_s: field.time_s)
            view.newest = field.newest
            view.converter = field.converterWords
            view.eventsDropped = dropped
            view.parts = entries
            view.contactorCause = field.contactorCause
            view.cycle_us = (
                Double(t.cycles.quantile_us(0.5)), Double(t.cycles.quantile_us(0.99)),
                Double(t.cycles.highest_us)
            )
            view.recordsLost = field.recordsLost
            view.suspended_s = Double(t.suspended_ns) * 1e-9
            view.clockFaults = t.clockFaults
            view.ticks.rate_Hz = site.rate_Hz
            view.ticks.count = t.count
            view.ticks.overruns = t.overruns
            view.ticks.wakeUpP50_us = Double(t.lateness.quantile_us(0.5))
            view.ticks.wakeUpP99_us = Double(t.lateness.quantile_us(0.99))
            view.ticks.wakeUpMax_us = Double(t.lateness.highest_us)
            view.ticks.busy_percent = t.busy_percent
            return view
        }
    }
}
