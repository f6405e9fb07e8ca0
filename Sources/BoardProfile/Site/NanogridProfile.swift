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
    public var shedding = SheddingProfile.direct
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

extension DCBatteryProfile {
    var charge_percent: Double {
        get { scaled(charge, by: 100, over: 1) }
        set { charge = scaled(newValue, by: 1, over: 100) }
    }

    static let section = Section(
        "DC battery", of: DCBatteryProfile(),
        "A battery with its droop converter on the DC bus, and its controller."
    ) { s in
        s.name(
            "name", \.name, of: ["board", "battery"], "How reports and scenarios call it.",
            .required, example: "east")
        s.number("capacity_kWh", \.battery_kWh, 0.01...1000, "Usable energy.")
        s.number("charge_percent", \.charge_percent, 0...100, "Charge at the start of a run.")
        s.group("converter", "Converter", "The droop converter between battery and bus.") { s in
            s.number(
                "droop_ohm", \.droop_ohm, 0.001...5,
                "Fall of its voltage for each ampere it gives.")
            s.number("most_A", \.most_A, 0.5...1000, "Largest current either way.")
            s.number(
                "charge_weight", \.chargeWeight, 0...10,
                "How much a fuller battery gives before the others; 0 is equal shares.")
            s.number(
                "restore_gain_per_s", \.restoreGain_per_s, 0...10,
                "Integral gain that brings the bus back to nominal; 0 is plain droop.")
        }
        s.group("line", "Line", "The cable from the converter to the bus.") { s in
            s.number("R_ohm", \.lineR_ohm, 0.001...5, "Resistance, both ways.")
            s.number("L_uH", \.lineL_uH, 0.1...10_000, "Inductance, both ways.")
        }
    }
}

extension NanogridProfile {
    static let section = Section(
        "Nanogrid", of: NanogridProfile(), "A DC bus with batteries, modules and three load groups."
    ) { s in
        s.number("voltage_V", \.voltage_V, 12...800, "Nominal voltage of the bus.")
        s.number("bus_capacitance_mF", \.busCapacitance_mF, 0.1...1000, "Capacitance on the bus.")
        s.list(
            "batteries", \.batteries, 1...16, DCBatteryProfile.section,
            "The batteries, each with its converter and controller.", .required)
        s.group("pv", "PV", "The modules and when they give way.") { s in
            s.number("peak_W", \.pv_W, 0...1_000_000, "Peak power; 0 is none.")
            s.number(
                "curtail_above_V", \.pvCurtailAbove_V, 12...1000, "Power is reduced above this.")
            s.number("off_above_V", \.pvOffAbove_V, 12...1000, "Power is nil above this.")
            s.ascending(\.pvCurtailAbove_V, \.pvOffAbove_V)
        }
        s.group("loads", "DC loads", "What hangs on the bus, by what may be shed.") { s in
            s.number("critical_W", \.critical_W, 0...1_000_000, "Never shed.")
            s.number("comfort_W", \.comfort_W, 0...1_000_000, "Shed last.")
            s.number("deferrable_W", \.deferrable_W, 0...1_000_000, "Shed after charging.")
        }
        s.list(
            "stages", \.stages, 0...24, StageProfile.section, named: \.name,
            "Protection of each battery's controller, in place of the standard stages.")
        s.section("shedding", \.shedding, SheddingProfile.voltageSection)
        s.rule { grid, check in
            for (n, stage) in grid.stages.enumerated() {
                if stage.action == "island" || stage.action == "cease" {
                    check.refuse(
                        \.stages, item: n, key: "action", "has no way to a grid on a DC bus",
                        "write trip_source or alarm")
                }
                if let unseen = stage.unseen(["dc_", "battery_", "state_"]) {
                    check.refuse(
                        \.stages, item: n, key: "watches", "is not sensed on a DC bus", unseen)
                }
            }
            if grid.shedding.restoreAbove >= grid.voltage_V {
                check.refuse(
                    key: "shedding.restore_above_V", "is not below the nominal voltage",
                    "make it less than voltage_V (\(plain(grid.voltage_V)) V)")
            }
            if grid.shedding.below[2] < 0.6 * grid.voltage_V {
                check.refuse(
                    key: "shedding.comfort.below_V", "is far below the nominal voltage",
                    "make it at least 0.6 times voltage_V (\(plain(0.6 * grid.voltage_V)) V)")
            }
            if grid.pvCurtailAbove_V <= grid.voltage_V {
                check.refuse(
                    key: "pv.curtail_above_V", "is not above the nominal voltage",
                    "make it more than voltage_V (\(plain(grid.voltage_V)) V)")
            }
        }
    }
}
