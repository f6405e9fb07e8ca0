import BoardProfile
import Plant
import Report

/// A scenario of a DC site on its way, one tick at a time: the surface of `Simulation`.
public struct NanogridSimulation {
    public let scenario: Scenario
    public let site: DCSite
    public private(set) var recording: NanogridRecording
    public private(set) var tally: NanogridTally
    private var next = 0
    private var clouds: CloudCover
    private var weatherDue_s = 0.0
    private let ticks: UInt64

    /// - Parameters:
    ///   - scenario: its profile has a `nanogrid`. Of its fidelity only a waveform's step is used,
    ///     50 µs at most.
    ///   - command: what reproduces the run; goes into the report.
    public init(_ scenario: Scenario, command: String) {
        self.scenario = scenario
        site = DCSite(
            scenario.profile, sensing: scenario.sensing,
            step_s: min(scenario.fidelity.step_s, 50e-6), seed: scenario.seed)
        ticks = UInt64((scenario.duration_s * scenario.sensing.rate_Hz).rounded())
        // At most 20 000 rows, at least 5 ms apart.
        let every = max(1, scenario.sensing.rate_Hz * 0.005, Double(ticks) / 20_000)
        recording = NanogridRecording(
            site, title: scenario.title, subtitle: scenario.subtitle, seed: scenario.seed,
            command: command, every: UInt64(every.rounded(.up)))
        tally = NanogridTally(site)
        var random = Random(seed: scenario.seed).fork("clouds")
        clouds = CloudCover(seed: random.next())
        site.nanogrid.conditions.irradiance_Wm2 = scenario.irradiance_Wm2
        site.nanogrid.conditions.air_C = scenario.air_C
    }

    public var isDone: Bool { site.now.count >= ticks }

    /// One tick, with what is due before it. `passed` above 1: ticks that were missed.
    public mutating func step(passed: UInt32 = 1) {
        let time_s = site.time_s
        while next < scenario.happenings.count, scenario.happenings[next].at_s <= time_s {
            apply(scenario.happenings[next])
            next += 1
        }
        if time_s >= weatherDue_s {
            weather(at: time_s)
            weatherDue_s = time_s + 0.1
        }
        site.turn(ticks: passed)
        tally.take(site)
        recording.take(site)
    }

    /// Lets something happen now, scheduled or by hand.
    public mutating func apply(_ event: ScheduledHappening) {
        tally.disturb()
        let done = site.apply(event.happening)
        let kind: Trace.Event.Kind =
            switch event.happening {
            case .grid: .grid
            case .sensor, .relay, .driver, .busFault: .fault
            default: .info
            }
        recording.note(
            site.time_s, kind, "scenario",
            done ? event.text : "\(event.text): no such board, channel or thing on a DC site")
    }

    private mutating func weather(at time_s: Double) {
        if scenario.hasClouds {
            site.nanogrid.conditions.irradiance_Wm2 =
                scenario.irradiance_Wm2 * clouds.step(dt_s: 0.1)
        }
        guard let recorded = scenario.recorded.first else { return }
        if let load = recorded.load_W {
            let d = site.nanogrid.description
            let total = d.critical_W + d.comfort_W + d.deferrable_W
            site.nanogrid.conditions.demand(load.value(at: time_s) / max(total, 1), of: d)
        }
        if let pv = recorded.pv_W { site.nanogrid.conditions.pv_W = pv.value(at: time_s) }
    }

    /// Runs to the end. `progress` hears simulated seconds, about two hundred times; false stops.
    public mutating func run(progress: (Double) -> Bool = { _ in true }) -> Trace {
        let every = max(1, ticks / 200)
        while !isDone {
            step()
            if site.now.count % every == 0, !progress(site.time_s) { break }
        }
        return finish()
    }

    /// Leaves the plant safe and answers the trace with its figures.
    public mutating func finish() -> Trace {
        let figures = NanogridFigures(tally, site).all
        site.makeSafe()
        return recording.finish(figures)
    }
}
