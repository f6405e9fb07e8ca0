import Control
import Report
import Tones
import Words

/// Fills the live view of a running DC site: bus voltage in place of frequency, and no grid.
public struct DCLiveFrame {
    private var history_V: [Double] = []
    private var state = ""
    private var since_s = 0.0
    private var due_s = 0.0

    public init() {}

    /// Call as often as the view is drawn; the voltage's history keeps ten values a second.
    public mutating func frame(_ simulation: NanogridSimulation) -> LiveFrame {
        let site = simulation.site
        let first = site.batteries[0].record
        var f = LiveFrame(title: simulation.scenario.title)
        f.isDC = true
        f.time_s = site.time_s
        let v = Double(first.measured.dcBusVoltage.value)
        if site.time_s >= due_s {
            history_V.append(v)
            if history_V.count > 600 { history_V.removeFirst() }
            due_s = site.time_s + 0.1 - 1e-6
        }
        f.bus = .init(voltage_V: v, frequency_Hz: .nan)
        f.bus.voltageHistory_V = history_V
        let now = words(site)
        if now.words != state {
            state = now.words
            since_s = site.time_s
        }
        f.island = .init(
            state: now.words, tone: now.tone, inState_s: site.time_s - since_s, cause: now.cause)
        f.homes = site.batteries.indices.map { home(site, $0) }
        for b in site.batteries where !b.record.verdict.blind.isEmpty {
            let channels = b.record.verdict.blind.words.joined(separator: ", ")
            f.alarms.append(.init("\(b.name): blind: \(channels)"))
        }
        for b in site.batteries where b.record.contactor == .welded {
            f.alarms.append(.init("\(b.name): battery contactor welded"))
        }
        f.ticks.rate_Hz = site.sensing.rate_Hz
        f.ticks.count = site.now.count
        f.log = simulation.recording.trace.events.suffix(50).map {
            LiveFrame.Line(time_s: $0.time_s, text: "\($0.source): \($0.text)", tone: tone($0.kind))
        }
        return f
    }

    private func words(_ site: DCSite) -> (words: String, tone: Tone, cause: String) {
        let on = site.batteries.filter { $0.record.command.converter.isOn }.count
        let all = site.batteries.count
        let r = site.batteries[0].record
        if on == 0 { return ("no battery on the bus", .alarm, "") }
        if on < all { return ("\(on) of \(all) batteries on the bus", .attention, "") }
        if r.loads & 0x7 != 0x7 { return ("loads shed", .attention, "") }
        let sun = r.command.renewables
        return ("all on the bus", .normal, sun < 0.999 ? "PV at \(Int(100 * sun + 0.5)) %" : "")
    }

    private func home(_ site: DCSite, _ k: Int) -> LiveFrame.Home {
        let battery = site.profile.nanogrid!.batteries[k]
        let r = site.batteries[k].record, m = r.measured
        var h = LiveFrame.Home(name: battery.name)
        // Loads and PV are the site's: shown with the first battery, whose board measures them.
        if k == 0 {
            h.load_W = Double(m.loadPower.value)
            h.pv_W = Double(m.pvPower.value)
            h.loadGroups = (0..<3).map { r.loads & (1 << UInt8($0)) != 0 ? "●" : "○" }.joined()
        }
        let volts = Double(m.dcBusVoltage.value), amperes = Double(m.converterCurrent.value)
        h.battery_W = volts * amperes
        h.batteryLimit_W = battery.most_A * site.nanogrid.description.voltage_V
        h.soc = Double(m.stateOfCharge)
        h.share_percent = 100 * amperes / battery.most_A
        h.contactor = r.contactor?.words ?? ""
        let stages = site.profile.nanogrid!.stages(of: battery).map(\.name)
        (h.state, h.tone) = (r.converterWords(stages), r.converterTone)
        return h
    }

    private func tone(_ kind: Trace.Event.Kind) -> Tone {
        switch kind {
        case .trip, .fault: .alarm
        case .shed, .grid: .attention
        case .transition, .contactor, .restore, .info: .normal
        }
    }
}
