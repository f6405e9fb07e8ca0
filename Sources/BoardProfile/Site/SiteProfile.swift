/// A board file as written: plain numbers in the units of its keys, already range-checked by the
/// reader. `ControllerSettings` are made from it in `SiteProfile+Settings`.
public struct SiteProfile: Sendable, Equatable {
    public var name = ""
    public var title = ""
    /// Ticks a second, 50 ... 10 000.
    public var rate_Hz = 1000.0
    /// Waveform samples in a tick, 1 ... 20.
    public var samplesPerTick = 20
    public var frequency_Hz = 50.0
    /// Phase to neutral, RMS.
    public var voltage_V = 230.0
    public var phases = 3
    public var gridCode = GridCodeProfile()
    /// The point of common coupling with its islanding switch.
    public var coupling: CouplingProfile?
    public var homes: [HomeProfile] = []
    /// A DC site instead of homes.
    public var nanogrid: NanogridProfile?
    /// What the simulated board is made of besides.
    public var sensors = SensorsProfile()
    public var network = NetworkProfile()
    public init() {}
}

/// One protection stage as written.
public struct StageProfile: Sendable, Equatable {
    public var name = ""
    /// A key of `StageProfile.watchedKeys`.
    public var watched = ""
    public var sense = "over"
    /// In the unit of what is watched: per unit for AC voltages, Hz, Hz/s, °, A, V, °C, fraction.
    public var pickup = 0.0
    public var clearing_s = 0.0
    /// Where it drops out; nil: 1 % (voltages), 0.05 Hz, or 5 % inside the pickup.
    public var dropout: Double?
    public var reset_s = 1.0
    public var action = "alarm"
    /// automatic or person.
    public var latch = "automatic"
    public init() {}
}

/// A grid code as written: windows and stages, each with its clause in the file's comments.
public struct GridCodeProfile: Sendable, Equatable {
    public var name = ""
    public var title = ""
    public var stages: [StageProfile] = []
    public var enterLow_pu = 0.85
    public var enterHigh_pu = 1.10
    public var enterLow_Hz = 49.5
    public var enterHigh_Hz = 50.2
    public var enterDelay_s = 60.0
    public var enterExcursion_s = 0.05
    public var syncSlip_Hz = 0.3
    public var syncVoltage_pu = 0.10
    public var syncAngle_deg = 20.0
    public init() {}
}

/// The islanding switch and who steers the island.
public struct CouplingProfile: Sendable, Equatable {
    public var name = "pcc"
    public var rated_A = 100.0
    public var switchClose_s = 0.05
    public var switchOpen_s = 0.03
    /// Overrides of the grid code for a site that may re-enter sooner; nil: the code's.
    public var enterDelay_s: Double?
    public var syncAim_deg = 3.0
    public var diagnose_s = 0.2
    public var retry_s = 5.0
    public var attempts = 3
    public var deadBus_s = 5.0
    public var frequencyGain_per_s = 1.0
    public var voltageGain_per_s = 0.5
    /// How often, and how late, offsets and state reach the homes (a change of state at once);
    /// every 0: no talk at all.
    public var linkEvery_s = 0.1
    public var linkDelay_s = 0.05
    public init() {}
}

/// One home: its way to the bus, its source, its loads.
public struct HomeProfile: Sendable, Equatable {
    public var name = ""
    public var lineR_ohm = 0.08
    public var lineL_mH = 0.2
    public var rating_VA = 5000.0
    public var frequencyDroop_percent = 1.0
    public var voltageDroop_percent = 4.0
    public var virtualR_ohm = 0.0
    public var virtualX_ohm = 0.0
    /// nil: this home never starts a dead bus.
    public var blackStartAfter_s: Double?
    /// Positive feedback of frequency while tied.
    public var drift_per_s = 4.0
    public var battery_kWh = 10.0
    public var charge = 0.6
    public var chargeLimit_W: Double?
    public var dischargeLimit_W: Double?
    public var emptyAt = 0.10
    public var scheduled_W = 0.0
    public var pv_W = 0.0
    public var wind_W = 0.0
    public var ev_W = 0.0
    public var critical_W = 400.0
    public var comfort_W = 600.0
    public var deferrable_W = 800.0
    /// Lagging power factor of the loads.
    public var powerFactor = 0.95
    public var stages: [StageProfile] = []
    public var shedding = SheddingProfile()
    public init() {}
}

/// When loads are given up: group 0 charging, 1 deferrable, 2 comfort. Critical is never shed.
public struct SheddingProfile: Sendable, Equatable {
    /// Hz on AC sites, V on DC sites; one for each group.
    public var below: [Double] = [49.35, 49.2, 49.0]
    public var after_s = 0.5
    public var atCharge: [Double] = [0.5, 0.3, 0.15]
    /// Above this a group returns, when the charge is `chargeMargin` above its limit.
    public var restoreAbove = 49.7
    public var chargeMargin = 0.05
    public var restoreAfter_s = 10.0
    public init() {}
}

/// How simulated sensors err.
public struct SensorsProfile: Sendable, Equatable {
    public var bits = 12
    public var voltageRange_V = 500.0
    public var noise_counts = 0.6
    public var gainError_percent = 0.2
    public var offset_counts = 1.0
    public var commandDelay_ticks = 1
    public var slowEvery_s = 0.1
    public init() {}
}

/// The utility and the village bus of a simulated site.
public struct NetworkProfile: Sendable, Equatable {
    public var gridR_ohm = 0.1
    public var gridL_mH = 0.3
    /// Other customers who stay on the stub when the feeder is lost.
    public var others_W = 300.0
    public var cableR_ohm = 0.05
    public var cableL_mH = 0.2
    public var busCapacitance_uF = 20.0
    public init() {}
}

/// A 48 V DC nanogrid.
public struct NanogridProfile: Sendable, Equatable {
    public var voltage_V = 48.0
    public var busCapacitance_mF = 20.0
    public var batteries: [DCBatteryProfile] = []
    public var pv_W = 800.0
    public var pvCurtailAbove_V = 50.5
    public var pvOffAbove_V = 56.0
    public var critical_W = 60.0
    public var comfort_W = 200.0
    public var deferrable_W = 300.0
    public var stages: [StageProfile] = []
    public var shedding = SheddingProfile()
    public init() {}
}

/// A battery with its converter on the DC bus; one controller each.
public struct DCBatteryProfile: Sendable, Equatable {
    public var name = ""
    public var battery_kWh = 2.4
    public var charge = 0.6
    public var droop_ohm = 0.05
    public var most_A = 40.0
    public var chargeWeight = 1.0
    public var restoreGain_per_s = 0.0
    public var lineR_ohm = 0.01
    public var lineL_uH = 20.0
    public init() {}
}
