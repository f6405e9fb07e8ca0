import BoardProfile
import LinuxBoard
import Loop
import Report
import Station
import Synchronization

/// What people and scripts see of a running board, from beside its loop.
public final class FieldPanel: Sendable {
    private let site: SiteProfile
    private let run: FieldRun
    private let reader: Mutex<TurnReader>
    private let field: Mutex<FieldLog>

    /// Begins with the turns that `run` makes from now on. It drains the log of `run`.
    ///
    /// - Parameter site: of `run`.
    public init(_ site: SiteProfile, _ run: FieldRun) {
        (self.site, self.run) = (site, run)
        reader = Mutex(TurnReader(run.ring))
        let controls = site.hardware?.controls ?? ""
        field = Mutex(
            FieldLog(
                name: controls.isEmpty ? site.name : controls,
                stages: site.hardwareStages.map(\.name), period_s: 1 / site.rate_Hz,
                origin_ns: run.origin_ns))
    }

    /// What happened since the last look, and how it stands. Called by one reader.
    public func look() -> FieldView {
        let (entries, dropped) = run.log.drain()
        let t = run.ticks
        return field.withLock { field in
            let lost = reader.withLock { $0.read { field.see($0.pointee.record) } }
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
