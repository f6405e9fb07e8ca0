import BoardProfile
import Plant

/// What one home's recorded load and PV are over the run.
public struct RecordedHome: Sendable {
    public var home: Int
    /// Power of all its fixed loads, W; split among the groups as the board file's demands are.
    public var load_W: QuarterHours?
    public var pv_W: QuarterHours?
    public init(home: Int, load_W: QuarterHours? = nil, pv_W: QuarterHours? = nil) {
        self.home = home
        self.load_W = load_W
        self.pv_W = pv_W
    }
}

/// A run to be simulated: a site, what happens to it, and how finely.
public struct Scenario: Sendable {
    public var title: String
    public var subtitle: String
    public var profile: SiteProfile
    public var duration_s: Double
    public var seed: UInt64
    public var fidelity: Fidelity
    public var sensing: Sensing
    public var happenings: [ScheduledHappening]
    public var recorded: [RecordedHome]
    /// Clear-sky irradiance with seeded clouds over it; without, irradiance is constant.
    public var irradiance_Wm2: Double
    public var hasClouds: Bool
    public var wind_mps: Double
    public var air_C: Double

    public init(
        title: String, subtitle: String = "", profile: SiteProfile, duration_s: Double,
        seed: UInt64 = 1, fidelity: Fidelity = .waveform(step_s: 50e-6), sensing: Sensing? = nil,
        happenings: [ScheduledHappening] = [], recorded: [RecordedHome] = [],
        irradiance_Wm2: Double = 600, hasClouds: Bool = false, wind_mps: Double = 7,
        air_C: Double = 20
    ) {
        self.title = title
        self.subtitle = subtitle
        self.profile = profile
        self.duration_s = duration_s
        self.seed = seed
        self.fidelity = fidelity
        self.sensing = sensing ?? profile.sensing
        self.happenings = happenings.sorted { $0.at_s < $1.at_s }
        self.recorded = recorded
        self.irradiance_Wm2 = irradiance_Wm2
        self.hasClouds = hasClouds
        self.wind_mps = wind_mps
        self.air_C = air_C
    }
}
