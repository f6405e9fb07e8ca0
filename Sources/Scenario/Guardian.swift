import BoardProfile
import Blocks
import Control
import Plant
import SimBoard
import Words

/// Watches a village's true plant beside what its controllers say, tick by tick, and holds both to
/// what must never happen. Each rule speaks once: its first violation.
public struct Guardian {
    public struct Violation: Equatable, Sendable, CustomStringConvertible {
        public var rule: String
        public var time_s: Double
        public var detail: String
        public var description: String { "\(rule) at \(time_s) s: \(detail)" }
    }
    public private(set) var violations: [Violation] = []
    /// Faults in force now, told by whoever lays them.
    public var sensorFaults: [String: [(place: FaultPlace, fault: SensorFault, since_s: Double)]] =
        [:]
    /// The grid is truly gone since then; nil while it is there.
    public var gridGone_s: Double?
    private struct Sides {
        var grid_V = 0.0, bus_V = 0.0, angle_deg = 0.0, slip_Hz = 0.0
    }
    private var before = Sides()
    private var wasClosed = false
    private var openFor_s = 1.0
    private var mainWas: [Bool]
    private var runningWas: [Bool]
    private var overload_s: [Double]
    private var overshoot_s: [Double]
    private var transitional: (state: String, since_s: Double) = ("", 0)
    private var contactorTransitional: [(state: String, since_s: Double)]
    private let dt: Double

    public init(_ village: Village) {
        let n = village.homes.count
        mainWas = Array(repeating: false, count: n)
        runningWas = mainWas
        overload_s = Array(repeating: 0, count: n)
        overshoot_s = overload_s
        contactorTransitional = Array(repeating: ("", 0), count: n)
        dt = 1 / village.sensing.rate_Hz
    }

    private mutating func blame(
        _ rule: String, _ village: Village, _ detail: @autoclosure () -> String
    ) {
        guard !violations.contains(where: { $0.rule == rule }) else { return }
        violations.append(Violation(rule: rule, time_s: village.time_s, detail: detail()))
    }

    public mutating func watch(_ village: Village) {
        watchSwitch(village)
        watchGridSide(village)
        for h in village.homes.indices { watchHome(village, h) }
        watchCauses(village)
        watchBlind(village)
        watchDeadlines(village)
    }

    /// No closing out of synchronism; none onto a dead or faulted bus but a black start. Judged by
    /// what was true in the tick before the contacts touched.
    private mutating func watchSwitch(_ village: Village) {
        let m = village.microgrid
        let closed = m.islandingSwitch.isConducting
        // Contacts that bounce have closed already.
        if closed && !wasClosed && openFor_s > 0.02 && !m.islandingSwitch.isWelded {
            judgeClosing(village)
        }
        openFor_s = closed ? 0 : openFor_s + dt
        wasClosed = closed
        // An unbalanced grid's vector swings twice a cycle; 50 ms of averaging leaves its turn.
        let slip = m.network.frequency(node: 0) - m.network.frequency(node: 1)
        before = Sides(
            grid_V: m.rms(node: 0), bus_V: m.rms(node: 1), angle_deg: m.trueAngleAcross_deg,
            slip_Hz: before.slip_Hz + (slip - before.slip_Hz) * dt / 0.05)
    }
    private mutating func judgeClosing(_ village: Village) {
        let sides = before
        let nominal = village.microgrid.description.nominalVoltage_V
        let isDead = before.bus_V < 0.2 * nominal
        if before.grid_V > 0.7 * nominal && before.bus_V > 0.7 * nominal {
            // IEEE 1547-2018 Table 5, with what the true frequency's own filter adds.
            let difference = abs(before.grid_V - before.bus_V) / nominal
            if abs(before.angle_deg) > 20 || abs(before.slip_Hz) > 0.35 || difference > 0.12 {
                blame("closes out of synchronism", village, "\(sides)")
            }
        } else if before.grid_V > 0.7 * nominal && isDead {
            if case .blackStart? = village.coupling.record.islanding { return }
            if village.coupling.record.islanding == .gridTied { return }
            blame("closes onto a dead bus", village, village.coupling.record.islanding!.words)
        } else if let gone = gridGone_s, village.time_s < gone + 0.03 {
            // The grid went in the last 30 ms of the flight: a cycle until the meter is sure of it,
            // and the relay's own release. No controller could have stopped the contacts.
        } else {
            blame("closes onto a faulted bus or a dead grid", village, "\(sides)")
        }
    }

    /// When the grid is gone nobody may feed its lines: IEEE 1547-2018 §8.1, 2 s, and the switch's
    /// travel. A welded switch cannot help it, but must be called a fault.
    private mutating func watchGridSide(_ village: Village) {
        guard let gone = gridGone_s, village.time_s > gone + 2.2 else { return }
        let m = village.microgrid
        guard m.islandingSwitch.isConducting, m.rms(node: 0) > 0.1 * m.description.nominalVoltage_V
        else { return }
        if m.islandingSwitch.isWelded || m.islandingSwitch.isSlow {
            if case .fault? = village.coupling.record.islanding { return }
            if case .opening? = village.coupling.record.islanding { return }
        }
        blame("feeds a dead grid", village, "\(m.rms(node: 0)) V on the stub")
    }

    private mutating func watchHome(_ village: Village, _ h: Int) {
        let m = village.microgrid
        let home = m.homes[h]
        let name = village.homes[h].name
        let main = home.main.isConducting
        if main && !mainWas[h] && !home.main.isWelded {
            let difference = abs(home.battery.terminalVoltage_V - home.link.voltage_V)
            if difference > 10 {
                blame("closes a contactor without pre-charge", village, "\(name): \(difference) V")
            }
        }
        mainWas[h] = main
        let running = m.network.isRunning(former: h)
        if running && !runningWas[h] && m.rms(node: 2 + h) < 0.2 * m.description.nominalVoltage_V {
            if case .blackStarting? = village.homes[h].record.source {
            } else {
                blame(
                    "energises a dead bus unasked", village,
                    "\(name): \(village.homes[h].record.source!)")
            }
        }
        runningWas[h] = running
        // Short-time rating: 2 × rated for 2 s (Microgrid's inverters); 1.1 × for ever.
        let rated = village.profile.homes[h].rating_VA / (3 * village.profile.voltage_V)
        let rms = m.network.current(former: h).length / 2.0.squareRoot()
        overload_s[h] = rms > 1.15 * rated ? overload_s[h] + dt : 0
        overshoot_s[h] = rms > 2.3 * rated ? overshoot_s[h] + dt : 0
        if overload_s[h] > 2.5 {
            blame("overloads a source", village, "\(name): \(rms / rated) × rated for 2.5 s")
        }
        if overshoot_s[h] > 0.1 {
            blame("exceeds a source's limit", village, "\(name): \(rms / rated) × rated for 0.1 s")
        }
    }

    /// Every trip has its cause in the record.
    private mutating func watchCauses(_ village: Village) {
        if case .opening? = village.coupling.record.islanding,
            village.coupling.record.islandCause == .none
        {
            blame("opens without a cause", village, village.coupling.name)
        }
        for site in village.homes {
            if case .tripped(.none, _)? = site.record.source {
                blame("trips without a cause", village, site.name)
            }
            if case .waiting? = site.record.contactor, site.record.contactorCause == .none {
                blame("opens a contactor without a cause", village, site.name)
            }
        }
    }

    /// A channel that cannot be believed is never called healthy, and what rests on it is open.
    private mutating func watchBlind(_ village: Village) {
        for (name, faults) in sensorFaults {
            guard let site = village.site(name) else { continue }
            for f in faults where Self.mustBeSeen(f.fault) && village.time_s > f.since_s + 0.6 {
                let set: ChannelSet
                switch f.place {
                case .wave(let c): set = .wave(c)
                case .scalar(let c): set = .scalar(c)
                case .relay: continue
                }
                if !site.record.verdict.blind.meets(set) {
                    blame(
                        "calls a blind channel healthy", village, "\(name): \(set.words) \(f.fault)"
                    )
                }
                guard case .wave = f.place, village.time_s > f.since_s + 1 else { continue }
                if site === village.coupling {
                    if site.record.command.outputs[Output.islandingSwitch] && !set.meets(.currents)
                    {
                        blame("holds the switch closed while blind", village, "\(set.words)")
                    }
                } else if site.record.command.inverter.mode != .off {
                    blame("runs a source while blind", village, "\(name): \(set.words)")
                }
            }
        }
    }
    /// Faults that a channel shows by itself, whatever the plant does.
    private static func mustBeSeen(_ fault: SensorFault) -> Bool {
        switch fault {
        case .freeze, .drop, .nan, .stick: true
        case .drift, .scale, .spike, .noise, .swap: false
        }
    }

    /// Transitional states end: each has a deadline, and half a second more is given.
    private mutating func watchDeadlines(_ village: Village) {
        let t = village.time_s
        let state = village.coupling.record.islanding
        var words = ""
        switch state {
        case .opening?, .closing?, .blackStart?: words = state!.words
        default: break
        }
        if words != transitional.state { transitional = (words, t) }
        if !words.isEmpty && t > transitional.since_s + 1.5 {
            blame("stays in a state of passage", village, words)
        }
        for (h, site) in village.homes.enumerated() {
            var words = ""
            switch site.record.contactor {
            case .preCharging?, .closing?, .settling?, .opening?:
                words = site.record.contactor!.words
            default: break
            }
            if words != contactorTransitional[h].state { contactorTransitional[h] = (words, t) }
            if !words.isEmpty && t > contactorTransitional[h].since_s + 3 {
                blame("stays in a state of passage", village, "\(site.name): \(words)")
            }
        }
    }

    /// At the end every machine rests in a documented state; and where all is whole again for long
    /// enough, and no fault needs a person, the village is back on the grid.
    public mutating func end(_ village: Village, quietFrom_s: Double, isLasting: Bool) {
        guard village.time_s > quietFrom_s + 6, !isLasting else { return }
        switch village.coupling.record.islanding {
        case .gridTied?, .resynchronising?, .closing?: break
        case .islanded(let reason, _, _)?:
            // A bus that is neither live nor dead, or a village that black-starts, may take longer.
            blame("does not come home", village, "islanded: \(reason.words)")
        case .opening?, .blackStart?, .fault?, nil:
            blame("does not come home", village, "\(village.coupling.record.islanding!.words)")
        }
    }
}
