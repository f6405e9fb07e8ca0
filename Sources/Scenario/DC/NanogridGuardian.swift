import Control
import SimBoard
import Words

/// Watches a DC site's true plant beside what its controllers say, tick by tick, and holds both to
/// what must never happen. Each rule speaks once: its first violation.
public struct NanogridGuardian {
    public private(set) var violations: [Guardian.Violation] = []
    /// Sensor faults in force, told by whoever lays them.
    public var sensorFaults: [(board: String, channel: ScalarChannel, since_s: Double)] = []
    private var mainWas: [Bool]
    private var openFor_s: [Double]
    private var overload_s: [Double]
    private var wasOn: [Bool]
    private var passage: [(state: String, since_s: Double)]
    private let dt: Double

    public init(_ site: DCSite) {
        let n = site.batteries.count
        mainWas = Array(repeating: false, count: n)
        wasOn = mainWas
        openFor_s = Array(repeating: 1, count: n)
        overload_s = Array(repeating: 0, count: n)
        passage = Array(repeating: ("", 0), count: n)
        dt = 1 / site.sensing.rate_Hz
    }

    private mutating func blame(
        _ rule: String, _ site: DCSite, _ detail: @autoclosure () -> String
    ) {
        guard !violations.contains(where: { $0.rule == rule }) else { return }
        violations.append(
            Guardian.Violation(rule: rule, time_s: site.time_s, detail: detail()))
    }

    public mutating func watch(_ site: DCSite) {
        let v = site.nanogrid.bus_V
        if !(v <= 60) { blame("bus above 60 V", site, "\(v) V") }
        if !(v >= 0) { blame("bus below nil", site, "\(v) V") }
        for k in site.batteries.indices {
            watchContactor(site, k)
            watchConverter(site, k)
            watchPassage(site, k)
        }
        watchBlind(site)
    }

    private mutating func watchContactor(_ site: DCSite, _ k: Int) {
        let unit = site.nanogrid.batteries[k]
        let main = unit.main.isConducting
        // Contacts that bounce have closed already; welded ones were never told to.
        if main && !mainWas[k] && openFor_s[k] > 0.02 && !unit.main.isWelded {
            let across = abs(unit.battery.terminalVoltage_V - unit.link.voltage_V)
            if across > 1.5 {
                blame("closes a contactor without pre-charge", site, "\(k): \(across) V")
            }
        }
        openFor_s[k] = main ? 0 : openFor_s[k] + dt
        mainWas[k] = main
    }

    private mutating func watchConverter(_ site: DCSite, _ k: Int) {
        let unit = site.nanogrid.batteries[k], record = site.batteries[k].record
        // 5 % for the ripple of a limit that is kept from step to step.
        let beyond = abs(unit.current_A) > 1.05 * unit.description.rating_A
        overload_s[k] = beyond ? overload_s[k] + dt : 0
        if overload_s[k] > 1 { blame("overloads a source", site, "\(k): \(unit.current_A) A") }
        let on = record.command.converter.isOn
        if wasOn[k] && !on && record.sourceCause == .none {
            blame("trips without a cause", site, site.batteries[k].name)
        }
        if on && record.contactor != .closed {
            blame("runs behind an open contactor", site, site.batteries[k].name)
        }
        if on && record.verdict.mustTripSource {
            blame("runs though it must trip", site, site.batteries[k].name)
        }
        wasOn[k] = on
        if case .waiting? = record.contactor, record.contactorCause == .none {
            blame("opens a contactor without a cause", site, site.batteries[k].name)
        }
        let c = record.command.converter
        if !(c.voltage.isFinite && c.mostOut.isFinite && c.mostIn.isFinite) {
            blame("commands what is no number", site, "\(c)")
        }
    }

    /// Transitional states end: each has a deadline, and half a second more is given.
    private mutating func watchPassage(_ site: DCSite, _ k: Int) {
        var words = ""
        switch site.batteries[k].record.contactor {
        case .preCharging?, .closing?, .settling?, .opening?:
            words = site.batteries[k].record.contactor!.words
        case .open?, .closed?, .waiting?, .welded?, nil: break
        }
        if words != passage[k].state { passage[k] = (words, site.time_s) }
        if !words.isEmpty && site.time_s > passage[k].since_s + 3 {
            blame("stays in a state of passage", site, "\(site.batteries[k].name): \(words)")
        }
    }

    /// A channel that cannot be believed is called blind, and what rests on it is off.
    private mutating func watchBlind(_ site: DCSite) {
        for f in sensorFaults where site.time_s > f.since_s + 0.8 {
            guard let board = site.site(f.board) else { continue }
            if !board.record.verdict.blind.meets(.scalar(f.channel)) {
                blame("calls a blind channel healthy", site, "\(f.board): \(f.channel)")
            }
            if Self.isNeeded(f.channel) && board.record.command.converter.isOn {
                blame("runs a converter while blind", site, "\(f.board): \(f.channel)")
            }
        }
    }
    private static func isNeeded(_ c: ScalarChannel) -> Bool {
        switch c {
        case .batteryVoltage, .batteryCurrent, .stateOfCharge, .dcBusVoltage, .converterCurrent:
            true
        default: false
        }
    }

    /// At the end: where all is whole for long enough, and no fault needs a person, every converter
    /// is on the bus and the bus is alive. 35 s: a trip that holds for 10 s, three failed
    /// pre-charges of 2 + 3 s and a lock-out of 10 s.
    public mutating func end(_ site: DCSite, quietFrom_s: Double, isLasting: Bool) {
        guard !isLasting, site.time_s > quietFrom_s + 35 else { return }
        for b in site.batteries where !b.record.command.converter.isOn {
            blame(
                "does not come back", site,
                "\(b.name): \(b.record.contactor!.words), \(b.record.verdict.sourceCause.words([]))"
            )
        }
        if !site.nanogrid.isAlive {
            blame("leaves the bus dead", site, "\(site.nanogrid.bus_V) V")
        }
    }
}
