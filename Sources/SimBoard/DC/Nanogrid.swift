import Control
import Plant

/// A DC nanogrid running: the network and the slow parts beside it. One object, shared by the boards
/// of all batteries; stepped by whoever owns the time.
///
/// Sources: one a battery. Panel 0: the PV. Loads: 0 critical, 1 + k group k, 4 a short circuit.
public final class Nanogrid {
    public let description: NanogridDescription
    public let network: DCNetwork
    public var conditions: NanogridConditions
    public let batteries: [DCBatteryPlant]
    public private(set) var loads: [Relay]
    public private(set) var pv: PVArray
    public let ticksPerSecond: Double
    /// Means over the last tick, W into the bus: loads are negative.
    public private(set) var pvPower_W = 0.0
    public private(set) var loadPower_W = 0.0
    /// What the sun would give, W.
    public private(set) var pvAvailable_W = 0.0
    /// The share of its rating that the PV was told it may give.
    public private(set) var pvAllowed = 0.0
    private var pvRuns = false
    private let steps: Int

    /// - Parameter step_s: of the network; must divide a tick. 20 µs follows the fastest part, the
    ///   converters' 0.2 ms, to 1e-4; 50 µs serves long runs.
    public init(
        _ d: NanogridDescription, ticksPerSecond: Double, step_s: Double = 20e-6, random: Random
    ) {
        description = d
        self.ticksPerSecond = ticksPerSecond
        steps = max(1, Int((1 / ticksPerSecond / step_s).rounded()))
        precondition(
            abs(Double(steps) * step_s * ticksPerSecond - 1) < 1e-9,
            "a tick must be a whole number of plant steps")
        network = DCNetwork(Self.network(d), step_s: step_s)
        conditions = NanogridConditions(d)
        batteries = d.batteries.enumerated().map { k, b in
            DCBatteryPlant(b, source: k, random: random.fork("battery \(b.name)"))
        }
        loads = (0..<3).map {
            Relay(close_s: 0.02, open_s: 0.02, random: random.fork("load \($0)"), isClosed: true)
        }
        pv = PVArray(peak_W: max(d.pv_W, 1), tracking_s: 0.2)
    }

    private static func network(_ d: NanogridDescription) -> DCNetworkDescription {
        var n = DCNetworkDescription()
        n.buses = [DCBus(capacitance_F: d.busCapacitance_F)]
        n.sources = d.batteries.map { b in
            DCSource(
                bus: 0, kind: .droop(V0_V: 0, droop_ohm: 0, tau_s: 0.2e-3), R_ohm: b.lineR_ohm,
                L_H: b.lineL_H, path: .open)
        }
        n.panels = [DCPanel(bus: 0, kind: .current(A: 0))]
        n.loads = (0..<5).map { _ in DCLoad(bus: 0) }
        return n
    }

    public var bus_V: Double { network.voltage(bus: 0) }

    /// Passes one tick.
    public func tick() {
        let dt = 1 / ticksPerSecond
        for k in loads.indices { loads[k].step(dt_s: dt) }
        setLoads()
        let sun_W = stepPV(dt)
        for b in batteries { b.begin(dt_s: dt, on: network) }
        var pv_J = 0.0, load_J = 0.0
        let taper = description.pvTaper_V
        for _ in 0..<steps {
            let v = bus_V
            let share = max(0, min(1, (taper.none - v) / (taper.none - taper.full)))
            let pv_W = sun_W * share
            network.set(panel: 0, amperes: pv_W > 0 ? pv_W / v : 0)
            for b in batteries { b.aim(at: v, on: network) }
            network.step()
            for b in batteries { b.look(on: network) }
            pv_J += pv_W
            for k in 0..<4 { load_J += network.current(load: k) * bus_V }
        }
        pvPower_W = pv_J / Double(steps)
        loadPower_W = load_J / Double(steps)
        for b in batteries { b.end(dt_s: dt, steps: steps, on: network) }
    }

    private func setLoads() {
        let wants = [
            conditions.critical_W, loads[0].isConducting ? conditions.deferrable_W / 2 : 0,
            loads[1].isConducting ? conditions.deferrable_W / 2 : 0,
            loads[2].isConducting ? conditions.comfort_W : 0,
        ]
        let square = description.voltage_V * description.voltage_V
        for (k, want) in wants.enumerated() {
            let resistive = description.resistive * want
            network.set(
                load: k, R_ohm: resistive > 0 ? square / resistive : .infinity,
                drawing_W: want - resistive)
        }
        // 10 mΩ is the least the steps can follow: 20 mF · 10 mΩ is 0.2 ms.
        let fault = conditions.fault_ohm.map { max($0, 0.01) } ?? .infinity
        network.set(load: 4, R_ohm: fault, drawing_W: 0)
    }

    /// Answers what sun and orders would let the regulator give now, W. It needs a live bus: it
    /// starts above 40 V and stops below 30 V.
    private func stepPV(_ dt: Double) -> Double {
        pv.curtailment = pvAllowed
        pv.step(
            irradiance_W_m2: conditions.irradiance_Wm2, ambient_C: conditions.air_C, dt_s: dt)
        pvAvailable_W = description.pv_W > 0 ? conditions.pv_W ?? pv.available_W : 0
        pvRuns = bus_V > (pvRuns ? 30 : 40) && pvAllowed > 0 && pvAvailable_W > 1
        guard pvRuns else { return 0 }
        return min(conditions.pv_W ?? pv.power_W, pvAllowed * description.pv_W)
    }

    /// Orders of a battery's board. The first also moves the load relays and the PV.
    func command(battery k: Int, _ c: Command) {
        batteries[k].command(c)
        guard k == 0 else { return }
        pvAllowed = Double(c.renewables)
        loads[0].coil = c.outputs[Output.load0]
        loads[1].coil = c.outputs[Output.load1]
        loads[2].coil = c.outputs[Output.load2]
    }

    func fault(battery k: Int, _ relay: Contact, _ fault: RelayFault?) {
        switch relay {
        case .load0: if k == 0 { loads[0].lay(fault) }
        case .load1: if k == 0 { loads[1].lay(fault) }
        case .load2: if k == 0 { loads[2].lay(fault) }
        case .preCharge, .mainContactor, .islandingSwitch, .inverterReady, .load3:
            batteries[k].lay(fault, on: relay)
        }
    }

    /// What the loads would draw now at nominal voltage if nothing were shed, W.
    public var wanted_W: Double {
        conditions.critical_W + conditions.comfort_W + conditions.deferrable_W
    }
    /// A voltage that loads can use.
    public var isAlive: Bool { bus_V > 0.8 * description.voltage_V }
}
