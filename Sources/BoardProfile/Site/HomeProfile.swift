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
    /// Not nil: the inverter follows the grid under the site's grid code.
    public var der: DERProfile?
    public var shedding = SheddingProfile()
    public init() {}
}

extension HomeProfile {
    /// Every stage of its controller, in the order of its settings.
    public var protection: [StageProfile] { stages + (der?.protection ?? []) }

    /// PV under a grid code has none.
    public var hasBattery: Bool { der?.kind != .pv }

    /// As people write it.
    var charge_percent: Double {
        get { scaled(charge, by: 100, over: 1) }
        set { charge = scaled(newValue, by: 1, over: 100) }
    }
    var emptyAt_percent: Double {
        get { scaled(emptyAt, by: 100, over: 1) }
        set { emptyAt = scaled(newValue, by: 1, over: 100) }
    }

    static let section = Section(
        "Home", of: HomeProfile(), "A home with a controller, a battery inverter and its loads."
    ) { s in
        s.name(
            "name", \.name, of: ["board", "home"], "How reports and scenarios call it.", .required,
            example: "mill")
        s.group("line", "Line", "The cable from the village bus to the home.") { s in
            s.number("R_ohm", \.lineR_ohm, 0...10, "Resistance of a phase.")
            s.number("L_mH", \.lineL_mH, 0.001...10, "Inductance of a phase.")
        }
        s.group("inverter", "Inverter", "The grid-forming inverter on the battery.") { s in
            s.number("rating_VA", \.rating_VA, 100...1_000_000, "Rated apparent power.")
            s.number(
                "frequency_droop_percent", \.frequencyDroop_percent, 0.05...10,
                "Fall of frequency at rated active power.")
            s.number(
                "voltage_droop_percent", \.voltageDroop_percent, 0.1...15,
                "Fall of voltage at rated reactive power.")
            s.number("virtual_R_ohm", \.virtualR_ohm, 0...5, "Virtual resistance.")
            s.number("virtual_X_ohm", \.virtualX_ohm, 0...5, "Virtual reactance.")
            s.number(
                "drift_per_s", \.drift_per_s, 0...50,
                "Positive feedback of frequency while tied, which unmasks a lost grid; 0 is off.")
            s.duration(
                "black_start_after_s", \.blackStartAfter_s, 1...3600,
                "Starts a bus dead this long; left out, never.")
            s.number(
                "scheduled_W", \.scheduled_W, -1_000_000...1_000_000,
                "Power into the bus while the grid is there; negative charges.")
        }
        s.group("battery", "Battery", "The battery behind the inverter.") { s in
            s.number("capacity_kWh", \.battery_kWh, 0.1...10_000, "Usable energy.")
            s.number("charge_percent", \.charge_percent, 0...100, "Charge at the start of a run.")
            s.number(
                "empty_at_percent", \.emptyAt_percent, 0...90, "Below this it gives nothing.")
            s.number(
                "charge_limit_W", \.chargeLimit_W, 0...1_000_000,
                "Most it takes; the inverter's rating if left out.")
            s.number(
                "discharge_limit_W", \.dischargeLimit_W, 0...1_000_000,
                "Most it gives; the inverter's rating if left out.")
            s.ascending(\.emptyAt_percent, \.charge_percent)
        }
        s.group("generation", "Generation", "What sun and wind give at most.") { s in
            s.number("pv_W", \.pv_W, 0...1_000_000, "Peak power of the modules; 0 is none.")
            s.number("wind_W", \.wind_W, 0...1_000_000, "Rated power of the turbine; 0 is none.")
        }
        s.group("loads", "Loads", "What the home draws, by what may be shed.") { s in
            s.number("critical_W", \.critical_W, 0...1_000_000, "Never shed.")
            s.number("comfort_W", \.comfort_W, 0...1_000_000, "Shed last.")
            s.number("deferrable_W", \.deferrable_W, 0...1_000_000, "Shed after charging.")
            s.number("ev_W", \.ev_W, 0...1_000_000, "Car charger, shed first; 0 is none.")
            s.number("power_factor", \.powerFactor, 0.5...1, "Lagging, of all but the charger.")
        }
        s.list(
            "stages", \.stages, 0...24, StageProfile.section, named: \.name,
            "Stages in place of the site's home_stages of the same name, or besides them.")
        s.section("der", \.der, DERProfile.section)
        s.section("shedding", \.shedding, SheddingProfile.frequencySection)
        s.rule { home, check in
            for (n, stage) in home.stages.enumerated() { stage.checkHome(n, \.stages, &check) }
        }
    }
}

extension StageProfile {
    /// A home sees its own bus and battery, and has no islanding switch.
    func checkHome<Root>(
        _ n: Int, _ path: PartialKeyPath<Root>, _ check: inout Check<Root>
    ) {
        if action == "island" {
            check.refuse(
                path, item: n, key: "action", "has no islanding switch in a home",
                "write trip_source or alarm")
        }
        if let unseen = unseen(["bus_", "current", "battery_", "state_"]) {
            check.refuse(path, item: n, key: "watches", "is not sensed in a home", unseen)
        }
    }
}
