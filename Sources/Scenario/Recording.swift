import Control
import Plant
import Report
import SimBoard
import Tones
import Words

/// Watches a village run and writes it down: a row of series now and then, and every change of
/// state the moment it happens.
public struct Recording {
    public private(set) var trace: Trace
    private let every: UInt64
    private var columns: [[Float]]
    private var islanding: String?
    private var sources: [String]
    private var coupling: BoardWatch
    private var boards: [BoardWatch]

    /// - Parameter every: ticks from row to row.
    init(
        _ village: Village, title: String, subtitle: String, seed: UInt64, command: String,
        every: UInt64
    ) {
        self.every = max(every, 1)
        trace = Trace(title: title, subtitle: subtitle, seed: seed, command: command)
        let homes = village.profile.homes
        var s: [Trace.Series] = [
            .init(name: "bus.voltage", unit: .V, group: "Voltage", label: "Village bus"),
            .init(name: "grid.voltage", unit: .V, group: "Voltage", label: "Grid"),
        ]
        for h in homes {
            s.append(.init(name: "\(h.name).voltage", unit: .V, group: "Voltage", label: h.name))
        }
        s.append(.init(name: "bus.frequency", unit: .Hz, group: "Frequency", label: "Village bus"))
        s.append(.init(name: "grid.frequency", unit: .Hz, group: "Frequency", label: "Grid"))
        s.append(.init(name: "grid.power", unit: .W, group: "Power of sources", label: "Grid"))
        for h in homes where h.hasBattery {
            s.append(
                .init(
                    name: "\(h.name).battery", unit: .W, group: "Power of sources",
                    label: "\(h.name) battery"))
        }
        for h in homes where h.der != nil {
            s += [
                .init(
                    name: "\(h.name).asked", unit: .W, group: "DER: active power",
                    label: "\(h.name) asked"),
                .init(
                    name: "\(h.name).active", unit: .W, group: "DER: active power",
                    label: "\(h.name) measured"),
                .init(
                    name: "\(h.name).asked_reactive", unit: .var, group: "DER: reactive power",
                    label: "\(h.name) asked"),
                .init(
                    name: "\(h.name).reactive", unit: .var, group: "DER: reactive power",
                    label: "\(h.name) measured"),
            ]
        }
        for h in homes where h.pv_W > 0 {
            s.append(
                .init(
                    name: "\(h.name).pv", unit: .W, group: "Power of sources", label: "\(h.name) PV"
                ))
        }
        for h in homes where h.wind_W > 0 {
            s.append(
                .init(
                    name: "\(h.name).wind", unit: .W, group: "Power of sources",
                    label: "\(h.name) wind"))
        }
        for h in homes {
            s.append(
                .init(name: "\(h.name).loads", unit: .W, group: "Loads", label: "\(h.name) loads"))
        }
        for h in homes where h.ev_W > 0 {
            s.append(.init(name: "\(h.name).ev", unit: .W, group: "Loads", label: "\(h.name) EV"))
        }
        for h in homes where h.hasBattery {
            s.append(
                .init(
                    name: "\(h.name).share", unit: .percent, group: "Share of rating", label: h.name
                ))
        }
        for h in homes where h.hasBattery {
            s.append(
                .init(
                    name: "\(h.name).charge", unit: .percent, group: "State of charge",
                    label: h.name))
        }
        trace.series = s
        columns = s.map { _ in [] }
        trace.states = [Trace.StateTrack(name: "pcc.islanding", label: "Point of common coupling")]
        for h in homes {
            trace.states.append(
                h.der == nil
                    ? .init(name: "\(h.name).source", label: "\(h.name) source")
                    : .init(name: "\(h.name).der", label: "\(h.name) DER"))
            trace.states.append(.init(name: "\(h.name).contactor", label: "\(h.name) contactor"))
            trace.states.append(.init(name: "\(h.name).shed", label: "\(h.name) loads"))
        }
        let f = village.profile.frequency_Hz, v = village.profile.voltage_V
        trace.bands = [
            .init(group: "Frequency", unit: .Hz, lower: f * 0.99, upper: f * 1.01, label: "±1 %"),
            .init(group: "Voltage", unit: .V, lower: v * 0.9, upper: v * 1.1, label: "±10 %"),
        ]
        sources = homes.map { _ in "" }
        coupling = BoardWatch(
            name: village.coupling.name, stages: village.profile.gridCode.stages.map(\.name))
        boards = homes.map { BoardWatch(name: $0.name, stages: $0.protection.map(\.name)) }
    }

    /// A line of the scenario itself.
    mutating func note(_ time_s: Double, _ kind: Trace.Event.Kind, _ source: String, _ text: String)
    {
        trace.note(time_s, kind, source, text)
    }

    mutating func take(_ village: Village) {
        watch(village)
        if village.now.count % every == 0 { row(village) }
    }

    private mutating func watch(_ village: Village) {
        let t = village.time_s
        let record = village.coupling.record
        if let state = record.islanding {
            let words = state.words
            if words != islanding {
                trace.states[0].changes.append(.init(time_s: t, state: words, tone: state.tone))
                if islanding != nil {
                    var text = words
                    if case .opening = state {
                        let cause = record.islandCause.words(
                            coupling.stages, blind: record.verdict.islandBlind)
                        text += " (\(cause))"
                    }
                    if case .fault = state {
                        note(t, .fault, village.coupling.name, text)
                    } else {
                        note(t, .transition, village.coupling.name, text)
                    }
                }
                islanding = words
            }
        }
        coupling.way(record, t, &trace)
        coupling.judgement(record, t, &trace)
        for (h, site) in village.homes.enumerated() { watch(site.record, t, h) }
    }

    private mutating func watch(_ r: Record, _ t: Double, _ h: Int) {
        boards[h].judgement(r, t, &trace)
        if let state = r.source {
            let words = state.words(boards[h].stages)
            if words != sources[h] {
                trace.states[1 + 3 * h].changes.append(
                    .init(time_s: t, state: words, tone: state.tone))
                if !sources[h].isEmpty {
                    note(
                        t, state.tone == .alarm ? .trip : .transition, boards[h].name,
                        "source \(words)\(r.blindnessWords)")
                }
                sources[h] = words
            }
        }
        if let state = r.der {
            let words = state.words(boards[h].stages)
            if words != sources[h] {
                trace.states[1 + 3 * h].changes.append(
                    .init(time_s: t, state: words, tone: state.tone))
                if !sources[h].isEmpty {
                    note(t, state.tone == .alarm ? .trip : .transition, boards[h].name, words)
                }
                sources[h] = words
            }
        }
        boards[h].contactor(r, t, track: 2 + 3 * h, &trace)
        boards[h].loads(r, t, track: 3 + 3 * h, &trace)
    }

    private mutating func row(_ village: Village) {
        trace.time_s.append(village.time_s)
        let r = village.coupling.record
        var c = 0
        func put(_ value: Float) {
            columns[c].append(value)
            c += 1
        }
        let live = r.measured.bus.frequency.value > 0
        put(r.measured.bus.positive.value)
        put(r.measured.grid.positive.value)
        for s in village.homes { put(s.record.measured.bus.positive.value) }
        put(live ? r.measured.bus.frequency.value : .nan)
        put(r.measured.grid.frequency.value > 0 ? r.measured.grid.frequency.value : .nan)
        put(r.measured.bus.active.value)
        let homes = village.profile.homes
        for (h, s) in village.homes.enumerated() where homes[h].hasBattery {
            put(s.record.measured.bus.active.value)
        }
        for (h, s) in village.homes.enumerated() where homes[h].der != nil {
            let asked = s.record.command.inverter
            let isOn = asked.mode != .off
            put(isOn ? asked.active.value : 0)
            put(s.record.measured.bus.active.value)
            put(isOn ? asked.reactive.value : 0)
            put(s.record.measured.bus.reactive.value)
        }
        for (h, s) in village.homes.enumerated() where homes[h].pv_W > 0 {
            put(s.record.measured.pvPower.value)
        }
        for (h, s) in village.homes.enumerated() where homes[h].wind_W > 0 {
            put(s.record.measured.windPower.value)
        }
        for s in village.homes { put(s.record.measured.loadPower.value) }
        for (h, s) in village.homes.enumerated() where homes[h].ev_W > 0 {
            put(s.record.measured.evPower.value)
        }
        for (h, s) in village.homes.enumerated() where homes[h].hasBattery {
            put(s.record.droopActive.value / Float(homes[h].rating_VA) * 100)
        }
        for (h, s) in village.homes.enumerated() where homes[h].hasBattery {
            put(s.record.measured.stateOfCharge * 100)
        }
    }

    /// The trace with its figures, at the end of the run.
    func finish(_ figures: [Trace.Figure]) -> Trace {
        var done = trace
        for k in columns.indices { done.series[k].values = columns[k] }
        done.figures = figures
        return done
    }
}
