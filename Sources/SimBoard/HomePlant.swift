import Blocks
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
    /// What sun and wind would give in the last tick, W.
    public private(set) var pvAvailable_W = 0.0
    public private(set) var windAvailable_W = 0.0
    private var time_s = 0.0
    private var orders = Command()
    private var asked = FormerCommand(mode: .off)
    /// What the choke of a follower takes, averaged over two cycles: W and var.
    private var choke_W = 0.0
    private var choke_var = 0.0
    private let index: Int
    private var sentLink_V = -1.0
    private let reactivePerActive: Double
    private let evPhases: Int
    /// AC watts per DC watt while discharging; its inverse while charging.
    private let efficiency = 0.97
    /// Nominal voltage of the pack: 240 LFP cells.
    private static let cells = 240

    init(_ d: HomeDescription, index: Int, random: Random) {
        description = d
        self.index = index
        conditions = HomeConditions(d)
        let capacity_Ah = d.battery_kWh * 1000 / (3.2 * Double(Self.cells))
        battery = Battery(
            cells: Self.cells, capacity_Ah: capacity_Ah, charge: d.charge,
            // 2 mΩ for a cell of 50 Ah, in inverse proportion to size; a relaxation of 30 s.
            R0_ohm: Double(Self.cells) * 0.1 / capacity_Ah,
            R1_ohm: Double(Self.cells) * 0.05 / capacity_Ah,
            C1_F: 30 / (Double(Self.cells) * 0.05 / capacity_Ah),
            mostCharge_A: capacity_Ah, mostDischarge_A: 2 * capacity_Ah)
        // 768 V / 200 kΩ is 4 mA: far below the 50 mA at which pre-charge is called done.
        link = LinkCapacitor(capacitance_F: 2e-3, precharge_ohm: 47, bleeder_ohm: 200_000)
        preCharge = Relay(close_s: 0.02, open_s: 0.02, random: random.fork("preCharge"))
        main = Relay(close_s: 0.05, open_s: 0.03, random: random.fork("main"))
        loads = (0..<3).map {
            Relay(close_s: 0.02, open_s: 0.02, random: random.fork("load \($0)"), isClosed: true)
        }
        pv = PVArray(peak_W: max(d.pv_W, 1))
        var seeds = random.fork("wind")
        // Rated power at 11 m/s: P = ½·1.225·π·r²·0.38·11³, so r = √(P / 973).
        wind = WindTurbine(
            seed: seeds.next(), rated_W: max(d.wind_W, 1),
            radius_m: (max(d.wind_W, 1) / 973).squareRoot())
        // Up to 7.4 kW (32 A) a car charges on one phase. The network is symmetrical: it sees a
        // third of that on each.
        evPhases = d.ev_W <= 7400 ? 1 : 3
        charger = EVCharger(sessions: [
            EVCharger.Session(
                arrival_s: 0, departure_s: .infinity, energy_Wh: 30_000, battery_Wh: 60_000,
                most_A: max(d.ev_W, 1) / (Double(evPhases) * 230), phases: evPhases)
        ])
        let pf = d.powerFactor
        reactivePerActive = (1 - pf * pf).squareRoot() / pf
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
        asked = FormerCommand(
            mode: c.outputs[Output.inverterEnable] ? mode : .off,
            frequency_Hz: Double(c.inverter.frequency.value),
            voltage_V: Double(c.inverter.voltage.value),
            activePower_W: Double(c.inverter.active.value),
            reactivePower_var: Double(c.inverter.reactive.value))
        obey(on: network)
    }

    /// The inverter does what it is asked; on modules no more than they give.
    private func obey(on network: ACNetwork) {
        var command = asked
        // A follower meters its terminals; the network's inverter holds its powers before the choke.
        command.activePower_W += choke_W
        command.reactivePower_var += choke_var
        if description.isSolar {
            command.activePower_W = min(command.activePower_W, pvAvailable_W)
        }
        network.command(former: index, command)
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
        if description.isFollower { meter(dt_s: dt_s, on: network) }
        stepDC(dt_s: dt_s, on: network)
        stepRenewables(dt_s: dt_s, on: network)
        stepLoads(dt_s: dt_s, on: network)
    }

    private func meter(dt_s: Double, on network: ACNetwork) {
        var taken = (W: 0.0, reactive: 0.0)
        if network.isRunning(former: index) {
            let before = network.power(former: index)
            let after = power(network.voltage(node: 2 + index), network.current(former: index))
            taken = (before.P_W - after.x, before.Q_var - after.y)
        }
        let gain = min(1, dt_s / 0.04)
        choke_W += gain * (taken.W - choke_W)
        choke_var += gain * (taken.reactive - choke_var)
        obey(on: network)
    }

    private func stepDC(dt_s: Double, on network: ACNetwork) {
        if description.isSolar {
            // Modules hold the link from dawn on: an open string has its voltage at little light.
            let link = pvAvailable_W > 0.002 * description.pv_W ? 800.0 : 0
            if link != sentLink_V {
                sentLink_V = link
                network.set(former: index, link_V: link)
            }
            return
        }
        let running = network.isRunning(former: index)
        let ac = running ? network.power(former: index).P_W : 0
        let dc = ac >= 0 ? ac / efficiency : ac * efficiency
        let draw = running ? dc + 15 : 0  // gate drives and fan
        let path: DCPath =
            main.isConducting ? .closed : preCharge.isConducting ? .precharge : .open
        // The cells' own resistance belongs to the path: the link settles through both.
        link.main_ohm = 0.05 + battery.resistance_ohm
        link.step(
            source_V: battery.openCircuit_V - battery.relaxation_V, path: path, bridge_W: draw,
            dt_s: dt_s)
        batteryCurrent_A = link.current_A
        battery.step(current_A: batteryCurrent_A, dt_s: dt_s)
        if abs(link.voltage_V - sentLink_V) > 1 {
            sentLink_V = link.voltage_V
            network.set(former: index, link_V: link.voltage_V)
        }
    }

    private func stepRenewables(dt_s: Double, on network: ACNetwork) {
        let allowed = Double(orders.renewables)
        pv.curtailment = allowed
        pv.step(
            irradiance_W_m2: conditions.irradiance_Wm2, ambient_C: conditions.air_C, dt_s: dt_s)
        pvAvailable_W = description.pv_W > 0 ? conditions.pv_W ?? pv.available_W : 0
        let pvNow =
            conditions.pv_W.map { min($0, allowed * description.pv_W) }
            ?? min(pv.power_W, allowed * description.pv_W)
        if !description.isSolar {
            network.command(
                follower: 3 * index, P_W: pvNow, enabled: allowed > 0 && pvAvailable_W > 1)
        }
        if description.wind_W > 0 {
            wind.wind_m_s = conditions.wind_mps
            wind.step(dt_s: dt_s)
            windAvailable_W = wind.power_W
            let now = min(windAvailable_W, allowed * description.wind_W)
            network.command(follower: 3 * index + 1, P_W: now, enabled: allowed > 0 && now > 1)
        }
        if description.ev_W > 0 {
            let offers = conditions.evIsPlugged && loads[0].isConducting
            charger.offered_A =
                offers ? Double(orders.charging) * description.ev_W / (Double(evPhases) * 230) : 0
            time_s += dt_s
            charger.step(time_s: time_s, phase_V: 230, dt_s: dt_s)
            let taken = -charger.power_W
            network.command(follower: 3 * index + 2, P_W: -taken, enabled: taken > 1)
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

    /// What the fixed loads would draw now at nominal voltage if nothing were shed, W.
    public var wanted_W: Double {
        conditions.critical_W + conditions.comfort_W + conditions.deferrable_W
    }
    /// The same of what is connected, W.
    public var connected_W: Double {
        conditions.critical_W + (loads[2].isConducting ? conditions.comfort_W : 0)
            + (loads[1].isConducting ? conditions.deferrable_W : 0)
    }
}
