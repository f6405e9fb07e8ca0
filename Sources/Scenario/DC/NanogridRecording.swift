import Control
import Report
import SimBoard
import Tones
import Words

/// Writes a DC run down: a row of series now and then, and every change of state as it happens.
public struct NanogridRecording {
    public private(set) var trace: Trace
    private let every: UInt64
    private var columns: [[Float]]
    private var boards: [BoardWatch]
    private var converters: [String]

    /// - Parameter every: ticks from row to row.
    init(
        _ site: DCSite, title: String, subtitle: String, seed: UInt64, command: String,
        every: UInt64
    ) {
        self.every = max(every, 1)
        trace = Trace(title: title, subtitle: subtitle, seed: seed, command: command)
        let names = site.batteries.map(\.name)
        var s: [Trace.Series] = [
            .init(name: "bus.voltage", unit: .V, group: "Bus voltage", label: "Bus")
        ]
        func each(_ what: String, _ unit: Trace.Unit, _ group: String) {
            for n in names {
                s.append(.init(name: "\(n).\(what)", unit: unit, group: group, label: n))
            }
        }
        each("current", .A, "Current into the bus")
        s.append(.init(name: "pv.power", unit: .W, group: "Power", label: "PV"))
        s.append(.init(name: "loads.power", unit: .W, group: "Power", label: "Loads"))
        each("power", .W, "Power")
        each("voltage", .V, "Battery voltage")
        each("link", .V, "Link voltage")
        each("charge", .percent, "State of charge")
        s.append(.init(name: "pv.allowed", unit: .percent, group: "PV allowed", label: "PV"))
        trace.series = s
        columns = s.map { _ in [] }
        trace.states = [Trace.StateTrack(name: "loads", label: "Loads")]
        for n in names {
            trace.states.append(.init(name: "\(n).converter", label: "\(n) converter"))
            trace.states.append(.init(name: "\(n).contactor", label: "\(n) contactor"))
        }
        let v = site.nanogrid.description.voltage_V
        trace.bands = [
            .init(
                group: "Bus voltage", unit: .V, lower: v * 0.95, upper: v * 1.05, label: "±5 %")
        ]
        let profile = site.profile.nanogrid!
        boards = profile.batteries.map { b in
            BoardWatch(name: b.name, stages: profile.stages(of: b).map(\.name))
        }
        converters = names.map { _ in "" }
    }

    /// A line of the scenario itself.
    mutating func note(_ time_s: Double, _ kind: Trace.Event.Kind, _ source: String, _ text: String)
    {
        trace.note(time_s, kind, source, text)
    }

    mutating func take(_ site: DCSite) {
        let t = site.time_s
        for (k, b) in site.batteries.enumerated() {
            let r = b.record
            boards[k].judgement(r, t, &trace)
            let state = r.converterWords(boards[k].stages)
            if state != converters[k] {
                trace.states[1 + 2 * k].changes.append(
                    .init(time_s: t, state: state, tone: r.converterTone))
                if !converters[k].isEmpty {
                    trace.note(
                        t, r.converterTone == .alarm ? .trip : .transition, b.name,
                        "converter \(state)\(r.blindnessWords)")
                }
                converters[k] = state
            }
            boards[k].contactor(r, t, track: 2 + 2 * k, &trace)
            if k == 0 { boards[k].loads(r, t, track: 0, &trace) }
        }
        if site.now.count % every == 0 { row(site) }
    }

    private mutating func row(_ site: DCSite) {
        trace.time_s.append(site.time_s)
        var c = 0
        func put(_ value: Float) {
            columns[c].append(value)
            c += 1
        }
        let m = site.batteries.map(\.record.measured)
        put(m[0].dcBusVoltage.value)
        for b in m { put(b.converterCurrent.value) }
        put(m[0].pvPower.value)
        put(m[0].loadPower.value)
        for b in m { put(b.converterCurrent.value * b.dcBusVoltage.value) }
        for b in m { put(b.batteryVoltage.value) }
        for b in m { put(b.linkVoltage.value) }
        for b in m { put(b.stateOfCharge * 100) }
        put(site.batteries[0].record.command.renewables * 100)
    }

    /// The trace with its figures, at the end of the run.
    func finish(_ figures: [Trace.Figure]) -> Trace {
        var done = trace
        for k in columns.indices { done.series[k].values = columns[k] }
        done.figures = figures
        return done
    }
}
