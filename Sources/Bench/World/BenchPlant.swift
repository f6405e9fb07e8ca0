import Plant
import SimBoard

/// A 48 V DC nanogrid: a battery behind contactors and a converter, PV, load groups, and a rectifier
/// that the grid feeds.
///
///     cells ── contactors ── link ── converter ──┬── critical load, load groups 0 ... 3
///                              grid ── rectifier ┤
///                                             PV ┘
///
/// Stepped by 1 ms, the network inside by 0.2 ms: its fastest parts are the bus with its cables
/// (30 µH with 20 mF: 0.77 ms) and the converters' loops (1 ms), which RK4 follows to 1e-4. Powers and
/// currents are positive into the bus.
final class BenchPlant {
    static let step_s = 1e-3
    private static let networkSteps = 5

    /// What the board's outputs ask for, after the watchdog relay.
    struct Orders: Equatable {
        var preCharge = false
        var main = false
        var enable = false
        var reference_V = 48.0
        var loads = [false, false, false, false]
    }
    /// What weather, people and the grid do.
    struct Conditions: Equatable {
        var gridPresent = true
        var irradiance_Wm2 = 100.0
        var air_C = 20.0
        /// W at nominal voltage.
        var critical_W = 120.0
        var groups_W = [120.0, 120.0, 200.0, 100.0]
        /// A short circuit on the bus, ohm.
        var short_ohm: Double?
    }

    var orders = Orders()
    var conditions = Conditions()
    private(set) var battery: Battery
    private(set) var link: LinkCapacitor
    var preCharge: Relay
    var main: Relay
    var loads: [Relay]
    private var pv = PVArray(peak_W: 800, tracking_s: 0.2)
    private let network: DCNetwork
    /// Whole milliseconds since the start.
    private(set) var steps = 0
    private(set) var isRunning = false
    private var pvRuns = false
    private var loadsLive = true
    private(set) var pv_A = 0.0
    private(set) var load_A = 0.0
    private(set) var converter_A = 0.0
    private(set) var rectifier_A = 0.0
    private(set) var tally = BenchTally()

    private enum Source { static let converter = 0, rectifier = 1 }
    private enum Load { static let all = 0, short = 1 }
    static let nominal_V = 48.0
    private static let rating_A = 40.0
    private static let lineR_ohm = 0.01
    private static let rectifier_V = 48.5
    private static let rectifierR_ohm = 0.02
    private static let rectifierLimit_A = 15.0
    private static let efficiency = 0.96
    private static let idle_W = 1.5

    init(random: Random) {
        // 2.4 kWh of LFP: 16 cells of 46.9 Ah; 2 mΩ for a cell of 50 Ah, in inverse proportion to
        // size; a relaxation of 30 s.
        let capacity_Ah = 2400 / (3.2 * 16)
        let R1_ohm = 16 * 0.05 / capacity_Ah
        battery = Battery(
            cells: 16, capacity_Ah: capacity_Ah, charge: 0.6, R0_ohm: 2 * R1_ohm, R1_ohm: R1_ohm,
            C1_F: 30 / R1_ohm, mostCharge_A: capacity_Ah, mostDischarge_A: 2 * capacity_Ah)
        // 47 Ω · 5 mF is 0.235 s: from nil to 1 V below 52 V in 0.93 s.
        link = LinkCapacitor(capacitance_F: 5e-3, precharge_ohm: 47, bleeder_ohm: 10_000)
        preCharge = Relay(close_s: 0.02, open_s: 0.02, random: random.fork("preCharge"))
        main = Relay(close_s: 0.05, open_s: 0.03, random: random.fork("main"))
        loads = (0..<4).map {
            Relay(close_s: 0.02, open_s: 0.02, random: random.fork("load \($0)"))
        }
        var n = DCNetworkDescription()
        n.buses = [DCBus(capacitance_F: 20e-3, start_V: Self.rectifier_V)]
        n.sources = [
            DCSource(
                bus: 0, kind: .droop(V0_V: 0, droop_ohm: 0, tau_s: 1e-3), R_ohm: Self.lineR_ohm,
                L_H: 30e-6, path: .open),
            DCSource(
                bus: 0,
                kind: .droop(
                    V0_V: Self.rectifier_V, droop_ohm: 0, tau_s: 1e-3, oneWay: true),
                R_ohm: Self.rectifierR_ohm, L_H: 60e-6, start_V: Self.rectifier_V),
        ]
        n.panels = [DCPanel(bus: 0, kind: .current(A: 0))]
        n.loads = [DCLoad(bus: 0), DCLoad(bus: 0)]
        network = DCNetwork(n, step_s: Self.step_s / Double(Self.networkSteps))
    }

    var bus_V: Double { network.voltage(bus: 0) }
    var time_s: Double { Double(steps) * Self.step_s }

    /// By signal.
    func read(_ signal: Signal) -> Double {
        switch signal {
        case .batteryVoltage: battery.terminalVoltage_V
        case .batteryCurrent: link.current_A
        case .busVoltage: bus_V
        case .converterCurrent: converter_A
        case .linkVoltage: link.voltage_V
        case .batteryTemperature: battery.temperature_C
        case .pvCurrent: pv_A
        case .loadCurrent: load_A
        }
    }

    func forgetExtremes() { tally.forgetExtremes() }

    /// One millisecond.
    func step() {
        let dt = Self.step_s
        let difference_V = battery.openCircuit_V - battery.relaxation_V - link.voltage_V
        let wasClosed = main.isConducting
        preCharge.coil = orders.preCharge
        main.coil = orders.main
        preCharge.step(dt_s: dt)
        main.step(dt_s: dt)
        for k in loads.indices {
            loads[k].coil = orders.loads[k]
            loads[k].step(dt_s: dt)
        }
        tally.contactor(
            before: wasClosed, after: main.isConducting, coil: main.coil,
            difference_V: difference_V, current_A: link.current_A, at_s: time_s)
        setConverter()
        setLoads()
        setRectifier()
        passNetwork(sun_W: sun_W(dt))
        passLink(dt)
        tally.add(
            .init(
                dt_s: dt, bus_V: bus_V, battery_W: link.current_A * battery.terminalVoltage_V,
                converter_W: converter_A * bus_V, pv_W: pv_A * bus_V,
                grid_W: rectifier_A * bus_V, load_W: load_A * bus_V,
                inrush_A: link.inrush_A))
        steps += 1
    }

    private func setConverter() {
        let before = isRunning
        isRunning = orders.enable && link.voltage_V > (isRunning ? 36 : 40)
        if isRunning != before {
            network.set(source: Source.converter, path: isRunning ? .closed : .open)
        }
    }

    private func setLoads() {
        // Electronic loads let go below 36 V and come back above 44 V; resistive ones do not.
        loadsLive = bus_V > (loadsLive ? 36 : 44)
        var want_W = conditions.critical_W
        for k in loads.indices where loads[k].isConducting { want_W += conditions.groups_W[k] }
        // Three tenths are a plain resistance, the rest constant power.
        let resistive_W = 0.3 * want_W
        network.set(
            load: Load.all,
            R_ohm: resistive_W > 0 ? Self.nominal_V * Self.nominal_V / resistive_W : .infinity,
            drawing_W: loadsLive ? want_W - resistive_W : 0)
        // 20 mF · 25 mΩ is 0.5 ms: what the steps can follow.
        let short = conditions.short_ohm.map { max($0, 0.025) } ?? .infinity
        network.set(load: Load.short, R_ohm: short, drawing_W: 0)
    }

    private func setRectifier() {
        network.set(source: Source.rectifier, path: conditions.gridPresent ? .closed : .open)
    }

    /// What the regulator of the PV may give now: it tapers off as the bus rises from 53 to 55.5 V,
    /// starts above 40 V and stops below 30 V.
    private func sun_W(_ dt: Double) -> Double {
        pv.curtailment = 1
        pv.step(
            irradiance_W_m2: conditions.irradiance_Wm2, ambient_C: conditions.air_C, dt_s: dt)
        pvRuns = bus_V > (pvRuns ? 30 : 40) && pv.available_W > 1
        return pvRuns ? pv.power_W : 0
    }

    private func passNetwork(sun_W: Double) {
        var (out, photo, grid, drawn) = (0.0, 0.0, 0.0, 0.0)
        for _ in 0..<Self.networkSteps {
            let v = bus_V
            let share = max(0, min(1, (55.5 - v) / 2.5))
            network.set(panel: 0, amperes: sun_W > 0 ? sun_W * share / v : 0)
            let most = Self.rating_A * Self.lineR_ohm
            let aim = isRunning ? min(max(orders.reference_V, v - most, 0), v + most) : v
            network.set(source: Source.converter, volts: aim)
            network.set(
                source: Source.rectifier,
                volts: min(Self.rectifier_V, v + Self.rectifierLimit_A * Self.rectifierR_ohm))
            network.step()
            out += isRunning ? network.current(source: Source.converter) : 0
            grid += network.current(source: Source.rectifier)
            photo += network.current(panel: 0)
            drawn += network.current(load: Load.all) + network.current(load: Load.short)
        }
        let n = Double(Self.networkSteps)
        (converter_A, pv_A, rectifier_A, load_A) = (out / n, photo / n, grid / n, drawn / n)
    }

    private func passLink(_ dt: Double) {
        let power_W = converter_A * bus_V
        let draw =
            isRunning
            ? Self.idle_W
                + (power_W >= 0 ? power_W / Self.efficiency : power_W * Self.efficiency) : 0
        let path: DCPath =
            main.isConducting ? .closed : preCharge.isConducting ? .precharge : .open
        // The cells' own resistance belongs to the path: the link settles through both.
        link.main_ohm = 0.01 + battery.resistance_ohm
        link.step(
            source_V: battery.openCircuit_V - battery.relaxation_V, path: path, bridge_W: draw,
            dt_s: dt)
        battery.step(current_A: link.current_A, dt_s: dt)
    }
}
