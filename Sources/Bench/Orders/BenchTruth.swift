/// What is true on the bench now, whatever the chips and contacts say. Powers and currents are positive
/// into the DC bus.
public struct BenchTruth: Equatable, Sendable {
    /// Since the start, s; time the plant lost because the bench stood still, s.
    public var time_s = 0.0
    public var skipped_s = 0.0
    /// When the last order came, and the main contactor's contacts last parted and last touched, s
    /// since the start; nil: never.
    public var ordered_s = 0.0
    public var opened_s: Double?
    public var closed_s: Double?

    public var bus_V = 0.0
    public var battery_V = 0.0
    public var battery_A = 0.0
    public var charge = 0.0
    public var temperature_C = 0.0
    public var link_V = 0.0
    public var converter_A = 0.0
    public var converterRuns = false
    public var reference_V = 0.0
    public var pv_A = 0.0
    public var load_A = 0.0
    public var rectifier_A = 0.0
    public var gridPresent = false

    /// Coils that are fed, contacts that conduct.
    public var preChargeCoil = false
    public var mainCoil = false
    public var preChargeConducts = false
    public var mainConducts = false
    public var loadsConduct = [false, false, false, false]
    public var watchdogSupplies = false

    public var watchdogDrops = 0
    /// Closings of the main contactor; of these with more than 10 V across it; the largest, V.
    public var mainCloses = 0
    public var blindCloses = 0
    public var worstClose_V = 0.0
    /// Openings of the main contactor above 5 A.
    public var hotOpens = 0
    /// Largest current into the link at the start of a millisecond, A.
    public var inrush_A = 0.0

    public var batteryOut_Wh = 0.0
    public var batteryIn_Wh = 0.0
    public var converterOut_Wh = 0.0
    public var converterIn_Wh = 0.0
    public var pv_Wh = 0.0
    public var grid_Wh = 0.0
    /// Drawn, positive.
    public var load_Wh = 0.0

    /// Bus below 80 % of nominal: in all, and the longest piece since `forget`, s.
    public var dead_s = 0.0
    public var longestDead_s = 0.0
    /// Since `forget`.
    public var leastBus_V = 0.0
    public var mostBus_V = 0.0

    public struct Bridge: Equatable, Sendable {
        public var name = ""
        public var isPlugged = true
        public var transfers = 0
        public var failures = 0
        public var malformed = 0
        /// Levels the bridge drives, bit 0 first.
        public var driven: UInt8 = 0
    }
    public var bridges: [Bridge] = []

    public init() {}
}

extension BenchTruth {
    /// One line; keys as the properties, snake case with their units.
    public var json: String {
        var o = JSONObject()
        o.add("time_s", time_s)
        o.add("skipped_s", skipped_s)
        o.add("ordered_s", ordered_s)
        o.add("opened_s", opened_s ?? .nan)
        o.add("closed_s", closed_s ?? .nan)
        o.add("bus_V", bus_V)
        o.add("battery_V", battery_V)
        o.add("battery_A", battery_A)
        o.add("charge", charge)
        o.add("temperature_C", temperature_C)
        o.add("link_V", link_V)
        o.add("converter_A", converter_A)
        o.add("converter_runs", converterRuns)
        o.add("reference_V", reference_V)
        o.add("pv_A", pv_A)
        o.add("load_A", load_A)
        o.add("rectifier_A", rectifier_A)
        o.add("grid_present", gridPresent)
        o.add("pre_charge_coil", preChargeCoil)
        o.add("main_coil", mainCoil)
        o.add("pre_charge_conducts", preChargeConducts)
        o.add("main_conducts", mainConducts)
        for (k, conducts) in loadsConduct.enumerated() { o.add("load\(k)_conducts", conducts) }
        o.add("watchdog_supplies", watchdogSupplies)
        o.add("watchdog_drops", watchdogDrops)
        o.add("main_closes", mainCloses)
        o.add("blind_closes", blindCloses)
        o.add("worst_close_V", worstClose_V)
        o.add("hot_opens", hotOpens)
        o.add("inrush_A", inrush_A)
        o.add("battery_out_Wh", batteryOut_Wh)
        o.add("battery_in_Wh", batteryIn_Wh)
        o.add("converter_out_Wh", converterOut_Wh)
        o.add("converter_in_Wh", converterIn_Wh)
        o.add("pv_Wh", pv_Wh)
        o.add("grid_Wh", grid_Wh)
        o.add("load_Wh", load_Wh)
        o.add("dead_s", dead_s)
        o.add("longest_dead_s", longestDead_s)
        o.add("least_bus_V", leastBus_V)
        o.add("most_bus_V", mostBus_V)
        for b in bridges {
            o.add("bridge_\(b.name)_plugged", b.isPlugged)
            o.add("bridge_\(b.name)_transfers", b.transfers)
            o.add("bridge_\(b.name)_failures", b.failures)
            o.add("bridge_\(b.name)_malformed", b.malformed)
            o.add("bridge_\(b.name)_driven", Int(b.driven))
        }
        return o.text
    }
}

/// A flat JSON object. Names are ours and need no escapes.
private struct JSONObject {
    private var members: [String] = []
    var text: String { "{" + members.joined(separator: ",") + "}" }
    /// Six decimals are finer than any meter; what is not finite is null.
    mutating func add(_ name: String, _ x: Double) {
        let rounded = (x * 1e6).rounded() / 1e6
        members.append("\"\(name)\":\(rounded.isFinite ? "\(rounded)" : "null")")
    }
    mutating func add(_ name: String, _ n: Int) { members.append("\"\(name)\":\(n)") }
    mutating func add(_ name: String, _ b: Bool) { members.append("\"\(name)\":\(b)") }
}

extension VirtualBoard {
    /// The truth at `now_s`.
    public func truth(at now_s: Double) -> BenchTruth {
        advance(to: now_s)
        var t = BenchTruth()
        t.time_s = plant.time_s
        t.skipped_s = skipped_s
        t.ordered_s = ordered_s
        t.bus_V = plant.bus_V
        t.battery_V = plant.battery.terminalVoltage_V
        t.battery_A = plant.link.current_A
        t.charge = plant.battery.charge
        t.temperature_C = plant.battery.temperature_C
        t.link_V = plant.link.voltage_V
        t.converter_A = plant.converter_A
        t.converterRuns = plant.isRunning
        t.reference_V = plant.orders.reference_V
        t.pv_A = plant.pv_A
        t.load_A = plant.load_A
        t.rectifier_A = plant.rectifier_A
        t.gridPresent = plant.conditions.gridPresent
        t.preChargeCoil = plant.orders.preCharge
        t.mainCoil = plant.orders.main
        t.preChargeConducts = plant.preCharge.isConducting
        t.mainConducts = plant.main.isConducting
        t.loadsConduct = plant.loads.map(\.isConducting)
        t.watchdogSupplies = watchdog.isSupplying
        t.watchdogDrops = watchdog.drops
        let tally = plant.tally
        t.mainCloses = tally.closes
        t.opened_s = tally.opened_s
        t.closed_s = tally.closed_s
        t.blindCloses = tally.blindCloses
        t.worstClose_V = tally.worstClose_V
        t.hotOpens = tally.hotOpens
        t.inrush_A = tally.inrush_A
        t.batteryOut_Wh = tally.batteryOut_Wh
        t.batteryIn_Wh = tally.batteryIn_Wh
        t.converterOut_Wh = tally.converterOut_Wh
        t.converterIn_Wh = tally.converterIn_Wh
        t.pv_Wh = tally.pv_Wh
        t.grid_Wh = tally.grid_Wh
        t.load_Wh = tally.load_Wh
        t.dead_s = tally.dead_s
        t.longestDead_s = tally.longestDead_s
        t.leastBus_V = tally.leastBus_V
        t.mostBus_V = tally.mostBus_V
        t.bridges = bridges.map { b in
            BenchTruth.Bridge(
                name: b.name, isPlugged: b.isPlugged,
                transfers: b.before.transfers + b.chip.transfers,
                failures: b.before.failures + b.chip.failures,
                malformed: b.before.malformed + b.chip.malformed, driven: b.chip.pins.driven)
        }
        return t
    }
}
