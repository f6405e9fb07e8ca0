import BoardProfile
import Control
import Plant
import SimBoard

/// A scenario file as written: a board, how it is simulated, the weather, and what happens.
public struct ScenarioFile: Sendable {
    public var title = ""
    public var about = ""
    /// Read from the board file the scenario names; nil only in what no file gave.
    public var profile: SiteProfile?
    public var duration_s = 60.0
    public var seed: UInt64 = 1
    /// waveform or phasor.
    public var physics = "waveform"
    /// Ticks a second of a phasor run.
    public var tick_Hz: Double?
    public var weather = Weather()
    public var recorded: Recorded?
    public var events: [Event] = []
    /// Made from `recorded` once its table is read.
    public internal(set) var series: [RecordedHome] = []
    public init() {}

    public struct Weather: Sendable, Equatable {
        public var irradiance_W_per_m2 = 600.0
        public var clouds = false
        public var wind_m_per_s = 7.0
        public var air_degC = 20.0
        public init() {}

        static let section = Section(
            "Weather", of: Weather(), "The weather until an event changes it."
        ) { s in
            s.number(
                "irradiance_W_per_m2", \.irradiance_W_per_m2, 0...1500, "Sun on the modules.")
            s.flag("clouds", \.clouds, "Clouds pass, as the seed says.")
            s.number("wind_m_per_s", \.wind_m_per_s, 0...60, "Wind at the hub.")
            s.number("air_degC", \.air_degC, -50...60, "Temperature of the air.")
        }
    }
}

extension ScenarioFile {
    /// A file `boards/<board>/scenarios/<name>.yaml`.
    public static let section = Section(
        "Scenario", of: ScenarioFile(), "A run to be simulated: a board and what happens to it."
    ) { s in
        s.text("title", \.title, "What happens, in a line.", .required, example: "The grid fails")
        s.text("about", \.about, "What to look at.")
        s.document(
            "board", \.profile, SiteProfile.section, "The board file.", .required,
            example: "../board.yaml")
        s.duration(
            "duration_s", \.duration_s, 0.1...31_622_400, "How long it runs.", .required,
            example: 60)
        s.integer(
            "seed", \.seed, 0...Int.max, "Decides every error, noise and cloud.")
        s.choice(
            "physics", \.physics, of: ["waveform", "phasor"],
            "Waveforms in steps of 50 µs, or phasors in steps of a tick for long runs.")
        s.number(
            "tick_Hz", \.tick_Hz, 10...1000,
            "Ticks a second of a phasor run, whose boards measure by meter chips; 100 if left out.")
        s.section("weather", \.weather, Weather.section)
        s.section("recorded", \.recorded, Recorded.section)
        s.list("events", \.events, 0...1000, Event.section, "What happens, in any order.")
        s.rule { $0.checkPhysics(&$1) }
        s.rule { $0.checkEvents(&$1) }
    }

    private func checkPhysics(_ check: inout Check<ScenarioFile>) {
        if physics == "waveform", tick_Hz != nil {
            check.refuse(
                \.tick_Hz, "is for phasor runs; waveforms run at the board's rate",
                "remove it, or write physics: phasor")
        }
        if physics == "waveform", duration_s > 3600 {
            check.warn(
                \.duration_s, "takes hours to simulate as waveforms",
                "write physics: phasor for long runs")
        }
    }

    var sensing: Sensing? {
        physics == "phasor"
            ? Sensing(rate_Hz: tick_Hz ?? 100, samplesPerTick: 0) : profile?.sensing
    }

    private func checkEvents(_ check: inout Check<ScenarioFile>) {
        for (n, event) in events.enumerated() {
            if event.time_s >= duration_s {
                check.refuse(
                    \.events, item: n, key: event.at == nil ? "at_s" : "at",
                    "is not before the end of the run",
                    "make duration_s longer, or the time earlier")
            }
            if physics == "phasor", event.isWaveformOnly {
                let key = event.harmonic != nil ? "harmonic" : "negative_sequence_pu"
                check.refuse(
                    \.events, item: n, key: key, "is not seen in a phasor run",
                    "remove it, or write physics: waveform")
            }
            if profile?.nanogrid != nil, let key = event.alternatingKey {
                check.refuse(
                    \.events, item: n, key: key, "does not happen on a DC site", "remove it")
            }
            checkPlace(event, n, &check)
        }
    }

    /// A fault needs a sensor or relay that the board has.
    private func checkPlace(_ event: Event, _ n: Int, _ check: inout Check<ScenarioFile>) {
        guard let profile, let sensing else { return }
        for (section, board, channel) in [
            ("fault", event.fault?.board, event.fault?.channel),
            ("clear", event.clear?.board, event.clear?.channel),
        ] {
            guard let board, let place = channel.flatMap(FaultPlace.sensor),
                let settings = profile.settings(of: board, sensing),
                !settings.fitted.meets(place.channels)
            else { continue }
            let fitted = FaultPlace.sensors.filter { settings.fitted.meets($0.place.channels) }
            check.refuse(
                \.events, item: n, key: "\(section).channel", "is not a sensor of \(board)",
                "write one of \(fitted.map(\.key).joined(separator: ", "))")
        }
        for (section, board, contact) in [
            ("relay", event.relay?.board, event.relay?.contact),
            ("clear", event.clear?.board, event.clear?.contact),
        ] {
            guard let board, let contact else { continue }
            let isCoupling = board == profile.coupling?.name
            guard profile.settings(of: board, sensing) != nil else { continue }
            if isCoupling != (contact == "islanding_switch") {
                check.refuse(
                    \.events, item: n, key: "\(section).contact", "is not a relay of \(board)",
                    isCoupling
                        ? "write islanding_switch"
                        : "write pre_charge, main_contactor or a load_ group")
            }
        }
    }
}

extension ScenarioFile {
    /// The run, with the file's seed or another.
    public func scenario(seed: UInt64? = nil) -> Scenario {
        guard let profile, let sensing else {
            preconditionFailure("a scenario that was read has a board")
        }
        return Scenario(
            title: title, subtitle: about, profile: profile, duration_s: duration_s,
            seed: seed ?? self.seed,
            fidelity: physics == "phasor"
                ? .phasor(step_s: 1 / sensing.rate_Hz) : .waveform(step_s: 50e-6),
            sensing: sensing, happenings: events.map(\.scheduled), recorded: series,
            irradiance_Wm2: weather.irradiance_W_per_m2, hasClouds: weather.clouds,
            wind_mps: weather.wind_m_per_s, air_C: weather.air_degC)
    }
}
