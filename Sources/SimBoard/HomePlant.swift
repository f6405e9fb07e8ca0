import Control
import Plant

/// The slow parts of one home: battery behind its contactors, PV, wind, charger, load relays.
/// Stepped once a tick; its fast parts live in the network.
public final class HomePlant {
    public let description: HomeDescription
    public var conditions: HomeConditions
    public private(set) var battery: Battery
    public private(set) var link: LinkCapacitor
    public private(set) var preCharge: Relay
    public private(set) var main: Relay
    public private(set) var loads: [Relay]
    public private(set) var pv: PVArray
    public private(set) var wind: WindTurbine
    public private(set) var charger: EVCharger
    /// Battery current in the last tick, A out of the battery.
    public private(set) var batteryCurrent_A = 0.0
    /// Powers into the bus as given in the last tick, W.
    public private(set) var pvAvailable_W = 0.0
    public private(set) var windAvailable_W = 0.0
    private var orders = Command()
    private let index: Int
    private var sentLink_V = -1.0
    private let reactivePerActive: Double
    /// AC watts per DC watt while discharging; its inverse while charging.
    private let efficiency = 0.97
    /// Nominal voltage of the pack: 240 LFP cells.
    private static let cells = 240

    init(_ d: HomeDescription, index: Int, random: Random) {
        description = d
        self.index = index
        conditions = HomeConditions(d)
        battery = Battery(
            capacity_Ah: d.battery_kWh * 1000 / (3.2 * Double(Self.cells)), cells: Self.cells,
            charge: d.charge)
        link = LinkCapacitor(capacitance_F: 2e-3, resistor_ohm: 100)
        preCharge = Relay(close_s: 0.02, open_s: 0.02, random: random.fork("preCharge"))
        main = Relay(close_s: 0.05, open_s: 0.03, random: random.fork("main"))
        loads = (0..<3).map {
            Relay(close_s: 0.02, open_s: 0.02, random: random.fork("load \($0)"))
        }
        pv = PVArray(rating_W: d.pv_W)
        wind = WindTurbine(rating_W: d.wind_W, random: random.fork("wind"))
        charger = EVCharger(rating_W: d.ev_W)
        let pf = d.powerFactor
        reactivePerActive = (1 - pf * pf).squareRoot() / pf
        for k in loads.indices { loads[k].coil = true }
    }

    /// Takes the board's orders; coils move now, references at once.
    func command(_ c: Command, on network: ACNetwork) {
        orders = c
        preCharge.coil = c.outputs[Output.preCharge]
        main.coil = c.outputs[Output.mainContactor]
        loads[0].coil = c.outputs[Output.load0]
        loads[1].coil = c.outputs[Output.load1]
        loads[2].coil = c.outputs[Output.load2]
        let mode: FormerCommand.Mode =
            switch c.inverter.mode {
            case .off: .off
            case .follow: .follow
            case .form: .form
            }
        network.command(
            former: index,
            FormerCommand(
                mode: c.outputs[Output.inverterEnable] ? mode : .off,
                frequency_Hz: Double(c.inverter.frequency.value),
                voltage_V: Double(c.inverter.voltage.value),
                activePower_W: Double(c.inverter.active.value),
                reactivePower_var: Double(c.inverter.reactive.value)))
    }

    func lay(_ fault: RelayFault?, on relay: Contact) {
        switch relay {
        case .preCharge: preCharge.lay(fault)
        case .mainContactor: main.lay(fault)
        case .load0: loads[0].lay(fault)
        case .load1: loads[1].lay(fault)
        case .load2: loads[2].lay(fault)
        case .islandingSwitch, .inverterReady, .load3: break
        }
    }

    func step(dt_s: Double, on network: ACNetwork) {
        preCharge.step(dt_s: dt_s)
        main.step(dt_s: dt_s)
        for k in loads.indices { loads[k].step(dt_s: dt_s) }
        stepDC(dt_s: dt_s, on: network)
        stepRenewables(dt_s: dt_s, on: network)
        stepLoads(dt_s: dt_s, on: network)
    }

    private func stepDC(dt_s: Double, on network: ACNetwork) {
        let running = network.isRunning(former: index)
        let ac = running ? network.power(former: index).P_W : 0
        let dc = ac >= 0 ? ac / efficiency : ac * efficiency
        let draw = running ? dc + 15 : 0  // gate drives and fan
        batteryCurrent_A = link.step(
            battery_V: battery.terminalVoltage_V, draw_W: draw,
            preCharge: preCharge.isConducting, main: main.isConducting, dt_s: dt_s)
        battery.step(current_A: batteryCurrent_A, dt_s: dt_s)
        if abs(link.voltage_V - sentLink_V) > 1 {
            sentLink_V = link.voltage_V
            network.set(former: index, link_V: link.voltage_V)
        }
    }

    private func stepRenewables(dt_s: Double, on network: ACNetwork) {
        let allowed = Double(orders.renewables)
        pvAvailable_W =
            conditions.pv_W
            ?? pv.available_W(
                irradiance_Wm2: conditions.irradiance_Wm2, air_C: conditions.air_C)
        let pvNow = min(pvAvailable_W, allowed * description.pv_W)
        network.command(follower: 3 * index, P_W: pvNow, enabled: allowed > 0 && pvNow > 0)
        if description.wind_W > 0 {
            windAvailable_W = wind.step(wind_mps: conditions.wind_mps, dt_s: dt_s)
            let now = min(windAvailable_W, allowed * description.wind_W)
            network.command(follower: 3 * index + 1, P_W: now, enabled: allowed > 0 && now > 0)
        }
        if description.ev_W > 0 {
            charger.isPlugged = conditions.evIsPlugged
            let limit = loads[0].isConducting ? Double(orders.charging) * description.ev_W : 0
            let taken = charger.step(limit_W: limit, dt_s: dt_s)
            network.command(follower: 3 * index + 2, P_W: -taken, enabled: taken > 0)
        }
    }

    private func stepLoads(dt_s: Double, on network: ACNetwork) {
        let wants = [
            conditions.critical_W, loads[2].isConducting ? conditions.comfort_W : 0,
            loads[1].isConducting ? conditions.deferrable_W : 0,
        ]
        for k in 0..<3 {
            network.set(
                load: 3 * index + k, drawing_W: wants[k], drawing_var: wants[k] * reactivePerActive)
        }
    }

    /// What the loads would draw now if nothing were shed, W.
    public var wanted_W: Double {
        conditions.critical_W + conditions.comfort_W + conditions.deferrable_W
            + (conditions.evIsPlugged ? charger.wanted_W : 0)
    }
}
