import Control
import Plant
import SimBoard

extension Event {
    /// What happens, when, and in words.
    var scheduled: ScheduledHappening {
        let (words, happening) = told
        return ScheduledHappening(at_s: time_s, text: note ?? words, happening)
    }

    private var told: (String, Happening) {
        gridTold ?? siteTold ?? boardTold ?? ("nothing", .link(isUp: true))
    }

    private var gridTold: (String, Happening)? {
        switch grid {
        case "loss": return ("the grid fails", .grid(.loss))
        case "restoration": return ("the grid returns", .grid(.restoration(phase_deg: nil)))
        case "clearance": return ("the short circuit in the grid is cleared", .grid(.clearance))
        default: break
        }
        if let gridFault_ohm {
            return (
                "short circuit in the grid, \(plain(gridFault_ohm)) Ω",
                .grid(.fault(R_ohm: gridFault_ohm))
            )
        }
        if let sag, sag.phases_pu.count == 3 {
            let p = sag.phases_pu
            return (
                "grid phases go to \(plain(p[0])), \(plain(p[1])) and \(plain(p[2])) pu",
                .grid(.phases_pu(p[0], p[1], p[2]))
            )
        }
        if let sag, let voltage_pu = sag.voltage_pu {
            let jump = sag.jump_deg == 0 ? "" : ", phase jumps \(plain(sag.jump_deg))°"
            return (
                "grid voltage goes to \(plain(voltage_pu)) pu\(jump)",
                .grid(.voltage_pu(voltage_pu, jump_deg: sag.jump_deg))
            )
        }
        if let frequency_Hz {
            return (
                "grid frequency steps to \(plain(frequency_Hz)) Hz",
                .grid(.frequency_Hz(frequency_Hz))
            )
        }
        if let ramp {
            return (
                "grid frequency moves to \(plain(ramp.until_Hz)) Hz at \(plain(ramp.rate_Hz_per_s)) Hz/s",
                .grid(.ramp_Hz_per_s(ramp.rate_Hz_per_s, until_Hz: ramp.until_Hz))
            )
        }
        if let harmonic {
            return (
                "harmonic \(harmonic.order) of the grid at \(plain(harmonic.magnitude_pu)) pu",
                .grid(
                    .harmonic(
                        order: harmonic.order, pu: harmonic.magnitude_pu,
                        phase_deg: harmonic.phase_deg))
            )
        }
        if let u = negativeSequence_pu {
            return (
                "negative sequence of the grid at \(plain(u)) pu",
                .grid(.negativeSequence_pu(u, phase_deg: 0))
            )
        }
        if let impedance {
            return (
                "grid impedance becomes \(plain(impedance.R_ohm)) Ω and \(plain(impedance.L_mH)) mH",
                .grid(.impedance(R_ohm: impedance.R_ohm, L_H: impedance.L_mH / 1000))
            )
        }
        if let others {
            return (
                "other customers draw \(plain(others.drawing_W)) W",
                .grid(.others(drawing_W: others.drawing_W, drawing_var: others.drawing_var))
            )
        }
        return nil
    }

    private var siteTold: (String, Happening)? {
        func at(_ home: String?) -> String { home ?? "all homes" }
        if let demand {
            return (
                "demand at \(at(demand.home)) × \(plain(demand.factor))",
                .demand(home: demand.home, factor: demand.factor)
            )
        }
        if let irradiance {
            return (
                "sun at \(at(irradiance.home)): \(plain(irradiance.power_W_per_m2)) W/m²",
                .irradiance(home: irradiance.home, Wm2: irradiance.power_W_per_m2)
            )
        }
        if let wind {
            return (
                "wind at \(at(wind.home)): \(plain(wind.speed_m_per_s)) m/s",
                .wind(home: wind.home, mps: wind.speed_m_per_s)
            )
        }
        if let charging {
            return (
                "car at \(at(charging.home)) plugged \(charging.plugged ? "in" : "out")",
                .charging(home: charging.home, isPlugged: charging.plugged)
            )
        }
        switch wish {
        case "island":
            return ("asked to island", .wish(island: true, connect: nil, acknowledge: false))
        case "connect":
            return ("asked to connect", .wish(island: false, connect: true, acknowledge: false))
        case "isolate":
            return (
                "asked to stay off the grid", .wish(island: nil, connect: false, acknowledge: false)
            )
        case "acknowledge":
            return (
                "a person acknowledges", .wish(island: nil, connect: nil, acknowledge: true)
            )
        default: break
        }
        if let link { return ("talk is \(link)", .link(isUp: link == "up")) }
        if let busFault_ohm {
            return (
                "short circuit on the village bus, \(plain(busFault_ohm)) Ω",
                .busFault(ohm: busFault_ohm)
            )
        }
        if bus != nil {
            return ("the short circuit on the village bus is cleared", .busFault(ohm: nil))
        }
        return nil
    }

    private var boardTold: (String, Happening)? {
        if let fault, let place = FaultPlace.sensor(fault.channel) {
            return (
                "\(fault.board): \(fault.channel) \(fault.words)",
                .sensor(board: fault.board, place, fault.sensorFault)
            )
        }
        if let relay, let contact = Contact.relay(relay.contact) {
            return (
                "\(relay.board): \(relay.contact) \(relay.words)",
                .relay(board: relay.board, contact, relay.relayFault)
            )
        }
        if let clear, let place = clear.channel.flatMap(FaultPlace.sensor) {
            return (
                "\(clear.board): \(clear.channel ?? "") is whole again",
                .sensor(board: clear.board, place, nil)
            )
        }
        if let clear, let contact = clear.contact.flatMap(Contact.relay) {
            return (
                "\(clear.board): \(clear.contact ?? "") is whole again",
                .relay(board: clear.board, contact, nil)
            )
        }
        if let driver {
            return (
                "\(driver.board): driver \(driver.fails ? "fails" : "works again")",
                .driver(board: driver.board, fails: driver.fails)
            )
        }
        return nil
    }
}

extension Event.Fault {
    fileprivate var words: String {
        switch kind {
        case "drift": "drifts by \(plain(rate_per_s ?? 0)) a second"
        case "scale": "reads × \(plain(factor ?? 1))"
        case "drop": "gives nothing new"
        case "spike": "jumps by \(plain(size ?? 0)) now and then"
        case "noise": "is noisy, \(plain(deviation ?? 0))"
        case "stick": "sticks at \(plain(value ?? 0))"
        case "nan": "gives no number"
        case "swap": "is swapped with \(other ?? "")"
        default: "freezes"
        }
    }
}

extension Event.RelayEvent {
    fileprivate var words: String {
        switch kind {
        case "stuck_open": "sticks open"
        case "slow": "moves \(plain(factor ?? 1)) times slower"
        case "feedback_open": "says open, whatever it is"
        case "feedback_closed": "says closed, whatever it is"
        case "deaf": "says nothing"
        case "disconnected": "is disconnected"
        default: "welds"
        }
    }
}

/// No `.0` on whole numbers.
private func plain(_ number: Double) -> String {
    number == number.rounded() && number.magnitude < 1e9 ? "\(Int(number))" : "\(number)"
}
