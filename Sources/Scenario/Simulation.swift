import BoardProfile
import Control
import Plant
import Report
import SimBoard

/// A scenario on its way, one tick at a time, in simulated time or paced by somebody else.
public struct Simulation {
    public let scenario: Scenario
    public let village: Village
    public private(set) var recording: Recording
    public private(set) var tally: Tally
    private var next = 0
    private var clouds: [CloudCover]
    private var weatherDue_s = 0.0
    /// Sun behind the clouds, wind, and demand as a factor, home by home.
    private var sun_Wm2: [Double]
    private var wind_mps: [Double]
    private var demand: [Double]
    private let ticks: UInt64

    /// - Parameter command: what reproduces the run; goes into the report.
    public init(_ scenario: Scenario, command: String) {
        self.scenario = scenario
        village = Village(
            scenario.profile, sensing: scenario.sensing, fidelity: scenario.fidelity,
            seed: scenario.seed)
        ticks = UInt64((scenario.duration_s * scenario.sensing.rate_Hz).rounded())
        // At most 20 000 rows, at least 5 ms apart.
        let every = max(1, scenario.sensing.rate_Hz * 0.005, Double(ticks) / 20_000)
        recording = Recording(
            village, title: scenario.title, subtitle: scenario.subtitle, seed: scenario.seed,
            command: command, every: UInt64(every.rounded(.up)))
        tally = Tally(village)
        var random = Random(seed: scenario.seed).fork("clouds")
        sun_Wm2 = scenario.profile.homes.map { _ in scenario.irradiance_Wm2 }
        wind_mps = scenario.profile.homes.map { _ in scenario.wind_mps }
        demand = scenario.profile.homes.map { _ in 1 }
        clouds = scenario.profile.homes.map { _ in CloudCover(seed: random.next()) }
        for h in scenario.profile.homes.indices { applyWeather(home: h, index: 1) }
    }

    public var isDone: Bool { village.now.count >= ticks }

    /// One tick, with what is due before it. `passed` above 1: ticks that were missed.
    public mutating func step(passed: UInt32 = 1) {
        let time_s = village.time_s
        while next < scenario.happenings.count, scenario.happenings[next].at_s <= time_s {
            apply(scenario.happenings[next])
            next += 1
        }
        if time_s >= weatherDue_s {
            // Weather and recorded powers move ten times a second at most.
            weather(at: time_s)
            weatherDue_s = time_s + 0.1
        }
        village.turn(ticks: passed)
        tally.take(village)
        recording.take(village)
    }

    /// Lets something happen now, scheduled or by hand.
    public mutating func apply(_ event: ScheduledHappening) {
        switch event.happening {
        case .grid(.loss): tally.gridLost(at: village.time_s)
        case .grid(.fault): tally.gridLost(at: village.time_s)
        default: break
        }
        tally.disturb()
        remember(event.happening)
        let done = village.apply(event.happening)
        let kind: Trace.Event.Kind =
            switch event.happening {
            case .grid: .grid
            case .sensor, .relay, .driver, .busFault: .fault
            default: .info
            }
        recording.note(
            village.time_s, kind, "scenario",
            done ? event.text : "\(event.text): no such board or channel")
    }

    /// What a happening changes stays changed under the weather and the recorded powers.
    private mutating func remember(_ happening: Happening) {
        for (h, site) in village.homes.enumerated() {
            switch happening {
            case .irradiance(let home, let value) where home == nil || home == site.name:
                sun_Wm2[h] = value
            case .demand(let home, let factor) where home == nil || home == site.name:
                demand[h] = factor
            case .wind(let home, let value) where home == nil || home == site.name:
                wind_mps[h] = value
            default: break
            }
        }
    }

    private mutating func weather(at time_s: Double) {
        for h in village.homes.indices where scenario.hasClouds {
            applyWeather(home: h, index: clouds[h].step(dt_s: 0.1))
        }
        for r in scenario.recorded {
            var c = village.microgrid.homes[r.home].conditions
            let d = village.microgrid.description.homes[r.home]
            if let load = r.load_W {
                let total = d.critical_W + d.comfort_W + d.deferrable_W
                let factor = load.value(at: time_s) / max(total, 1) * demand[r.home]
                c.critical_W = d.critical_W * factor
                c.comfort_W = d.comfort_W * factor
                c.deferrable_W = d.deferrable_W * factor
            }
            if let pv = r.pv_W { c.pv_W = pv.value(at: time_s) }
            village.microgrid.set(c, home: r.home)
        }
    }
    private func applyWeather(home h: Int, index: Double) {
        var c = village.microgrid.homes[h].conditions
        c.irradiance_Wm2 = sun_Wm2[h] * index
        c.wind_mps = wind_mps[h]
        c.air_C = scenario.air_C
        village.microgrid.set(c, home: h)
    }

    /// Runs to the end. `progress` hears simulated seconds, about a hundred times; false stops.
    public mutating func run(progress: (Double) -> Bool = { _ in true }) -> Trace {
        let every = max(1, ticks / 200)
        while !isDone {
            step()
            if village.now.count % every == 0, !progress(village.time_s) { break }
        }
        return finish()
    }

    /// Leaves the plant safe and answers the trace with its figures.
    public mutating func finish() -> Trace {
        let figures = Figures(tally, village).all
        village.makeSafe()
        return recording.finish(figures)
    }
}
