import BoardProfile
import Control
import LinuxBoard
import Report
import Scenario
import Tones
import Words

/// One look at a real board.
public struct FieldView: Sendable {
    public var title: String
    public var events: [Trace.Event]
    public var newest: [Trace.Event] = []
    public var record: Record
    public var time_s: Double
    public var converter: (words: String, tone: Tone) = ("", .normal)
    public var eventsDropped = 0
    public var recordsLost: UInt64 = 0
    public var ticks = LiveFrame.Ticks()
    /// For how long the machine was suspended since the start, s, and how often a clock ran back.
    public var suspended_s = 0.0
    public var clockFaults: UInt64 = 0
    /// Time of one turn: sample, tick, act.
    public var cycle_us = (p50: Double.nan, p99: Double.nan, most: Double.nan)
    public var contactorCause = ""
    /// Buses, chips and lines lost or found since the last look.
    public var parts: [BoardLog.Entry] = []

    package init(title: String, events: [Trace.Event], record: Record, time_s: Double) {
        (self.title, self.events, self.record, self.time_s) = (title, events, record, time_s)
    }

    /// For scripts: how it stands, one flat object.
    public var json: JSON {
        let m = record.measured
        func number(_ x: Float) -> JSON { x.isFinite ? .number(Double(x)) : .null }
        func count(_ x: UInt64) -> JSON { .number(Double(x)) }
        var figures: [(String, JSON)] = [
            ("time_s", .number(time_s)),
            ("contactor", .text(record.contactor?.words ?? "")),
            ("contactor_cause", .text(contactorCause)),
            ("converter", .flag(record.command.converter.isOn)),
            ("converter_state", .text(converter.words)),
            ("converter_reference_V", number(record.command.converter.voltage.value)),
            (
                "bus_V",
                number(
                    record.islanding == nil ? m.dcBusVoltage.value : m.bus.positive.value)
            ),
            ("converter_A", number(m.converterCurrent.value)),
            ("battery_V", number(m.batteryVoltage.value)),
            ("battery_A", number(m.batteryCurrent.value)),
            ("battery_degC", number(m.batteryTemperature.value)),
            ("link_V", number(m.linkVoltage.value)),
            ("state_of_charge", number(m.stateOfCharge)),
            ("load_W", number(m.loadPower.value)), ("pv_W", number(m.pvPower.value)),
            ("blind", .text(record.verdict.blind.words.joined(separator: ", "))),
        ]
        for k in 0..<4 {
            figures.append(("load\(k)", .flag(record.loads & (1 << UInt8(k)) != 0)))
        }
        if let island = record.islanding {
            figures += [
                ("islanding", .text(island.words)), ("bus_Hz", number(m.bus.frequency.value)),
                ("grid_V", number(m.grid.positive.value)),
                ("grid_Hz", number(m.grid.frequency.value)),
                ("active_W", number(m.bus.active.value)),
                ("reactive_var", number(m.bus.reactive.value)),
                ("angle_deg", number(m.angleAcross_deg)), ("slip_Hz", number(m.slip.value)),
            ]
        }
        if let source = record.source { figures.append(("source", .text(source.words([])))) }
        if let der = record.der {
            figures += [
                ("der", .text(der.words([]))),
                ("asked_W", number(record.command.inverter.active.value)),
                ("asked_var", number(record.command.inverter.reactive.value)),
                ("active_W", number(m.bus.active.value)),
                ("reactive_var", number(m.bus.reactive.value)),
            ]
        }
        figures += [
            ("ticks", count(ticks.count)), ("overruns", count(ticks.overruns)),
            ("missed_ticks", count(record.missedTicks)), ("records_lost", count(recordsLost)),
            ("suspended_s", .number(suspended_s)), ("clock_faults", count(clockFaults)),
            ("wake_p50_us", .number(ticks.wakeUpP50_us)),
            ("wake_p99_us", .number(ticks.wakeUpP99_us)),
            ("wake_max_us", .number(ticks.wakeUpMax_us)),
            ("cycle_p50_us", .number(cycle_us.p50)), ("cycle_p99_us", .number(cycle_us.p99)),
            ("cycle_max_us", .number(cycle_us.most)),
        ]
        return .object(figures)
    }

    /// For the screen. Without its site a board is DC where it has no way to a grid, and shares are not
    /// known.
    public func frame(_ site: SiteProfile?) -> LiveFrame {
        var f = LiveFrame(title: title)
        let m = record.measured
        f.isDC = site.map { $0.nanogrid != nil } ?? (record.islanding == nil)
        f.time_s = time_s
        f.ticks = ticks
        f.bus = .init(
            voltage_V: Double(f.isDC ? m.dcBusVoltage.value : m.bus.positive.value),
            frequency_Hz: m.bus.frequency.value > 0 ? Double(m.bus.frequency.value) : .nan)
        f.island = .init(
            state: record.islanding?.words ?? record.contactor?.words ?? "",
            tone: record.islanding?.tone ?? .normal, inState_s: .nan)
        if record.islanding != nil { showCoupling(site, &f) } else { showBattery(site, &f) }
        if !record.verdict.blind.isEmpty {
            f.alarms = [.init("blind: \(record.verdict.blind.words.joined(separator: ", "))")]
        }
        f.log = newest.map {
            let tone: Tone =
                switch $0.kind {
                case .trip, .fault: .alarm
                case .shed, .grid: .attention
                case .transition, .contactor, .restore, .info: .normal
                }
            return LiveFrame.Line(
                time_s: $0.time_s, text: "\($0.source): \($0.text)", tone: tone)
        }
        f.hint = "q quits and brings every output to rest"
        return f
    }

    /// Both sides of the islanding switch.
    private func showCoupling(_ site: SiteProfile?, _ f: inout LiveFrame) {
        let m = record.measured
        let isLive = record.gridPresence == .live
        let state = isLive ? "present" : record.gridPresence == .dead ? "gone" : "disturbed"
        let grid_Hz = Double(m.grid.frequency.value)
        f.grid = .init(
            state: state, voltage_V: Double(m.grid.positive.value),
            frequency_Hz: grid_Hz > 0 ? grid_Hz : .nan, isHealthy: isLive)
        if isLive && record.busPresence == .live && record.islanding != .gridTied {
            f.sync = .init(
                angle_deg: Double(m.angleAcross_deg), slip_Hz: Double(m.slip.value),
                voltage_percent: Double(m.voltageAcross.value)
                    / (site?.voltage_V ?? Double(m.grid.positive.value)) * 100)
        }
    }

    /// The battery and converter of a DC site, or a home's.
    private func showBattery(_ site: SiteProfile?, _ f: inout LiveFrame) {
        let m = record.measured
        var h = LiveFrame.Home(name: site.map { $0.hardware?.controls ?? "" } ?? title)
        h.battery_W = Double(m.dcBusVoltage.value * m.converterCurrent.value)
        h.soc = Double(m.stateOfCharge)
        h.load_W = Double(m.loadPower.value)
        h.pv_W = Double(m.pvPower.value)
        h.contactor = record.contactor?.words ?? ""
        (h.state, h.tone) = converter
        if let nanogrid = site?.nanogrid,
            let k = nanogrid.batteries.firstIndex(where: { $0.name == h.name })
        {
            let most_A = nanogrid.batteries[k].most_A
            h.batteryLimit_W = most_A * nanogrid.voltage_V
            h.share_percent = 100 * Double(m.converterCurrent.value) / most_A
        }
        f.homes = [h]
    }
}
