import BoardProfile
import Control
import Plant
import Report
import SimBoard
import Tones
import Words

/// Makes the frames of the live view from a running village.
public struct LiveFrames {
    private var history: [Double] = []
    private var state = ""
    private var since_s = 0.0
    private let title: String
    private let stages: [String]

    public init(_ village: Village, title: String) {
        self.title = title
        stages = village.profile.gridCode.stages.map(\.name)
    }

    public mutating func frame(_ simulation: Simulation, hint: String) -> LiveFrame {
        let village = simulation.village
        let r = village.coupling.record
        var frame = LiveFrame(title: title)
        frame.time_s = village.time_s
        let live = r.gridPresence == .live
        let dead = r.gridPresence == .dead
        frame.grid = LiveFrame.Grid(
            state: live ? "present" : dead ? "gone" : "disturbed",
            voltage_V: Double(r.measured.grid.positive.value),
            frequency_Hz: r.measured.grid.frequency.value > 0
                ? Double(r.measured.grid.frequency.value) : .nan, isHealthy: live)
        let words = r.islanding?.words ?? ""
        if words != state {
            state = words
            since_s = village.time_s
        }
        frame.island = LiveFrame.Island(
            state: words, tone: r.islanding?.tone ?? .normal, inState_s: village.time_s - since_s,
            cause: r.islandCause == .none ? "" : r.islandCause.words(stages))
        let f = Double(r.measured.bus.frequency.value)
        history.append(f > 0 ? f : .nan)
        if history.count > 240 { history.removeFirst(history.count - 240) }
        frame.bus = LiveFrame.Bus(
            voltage_V: Double(r.measured.bus.positive.value), frequency_Hz: f > 0 ? f : .nan,
            frequencyHistory_Hz: history)
        frame.homes = village.homes.enumerated().map { home(village, $0, $1) }
        if r.gridPresence == .live && r.busPresence == .live && r.islanding != .gridTied {
            frame.sync = LiveFrame.Sync(
                angle_deg: Double(r.measured.angleAcross_deg),
                slip_Hz: Double(r.measured.slip.value),
                voltage_percent: Double(r.measured.voltageAcross.value)
                    / village.profile.voltage_V * 100)
        }
        frame.alarms = alarms(village)
        frame.log = simulation.recording.trace.events.suffix(40).map {
            LiveFrame.Line(
                time_s: $0.time_s, text: "\($0.source): \($0.text)",
                tone: $0.kind == .trip || $0.kind == .fault
                    ? .alarm : $0.kind == .info ? .normal : .attention)
        }
        frame.hint = hint
        return frame
    }

    private func home(_ village: Village, _ h: Int, _ site: Site) -> LiveFrame.Home {
        let r = site.record
        let profile = village.profile.homes[h]
        var home = LiveFrame.Home(name: site.name)
        home.load_W = Double(-r.measured.loadPower.value)
        home.pv_W = Double(r.measured.pvPower.value)
        home.wind_W = profile.wind_W > 0 ? Double(r.measured.windPower.value) : nil
        home.ev_W = profile.ev_W > 0 ? Double(-r.measured.evPower.value) : nil
        home.battery_W = Double(r.measured.bus.active.value)
        home.batteryLimit_W = profile.rating_VA
        home.soc = Double(r.measured.stateOfCharge)
        home.share_percent = Double(r.droopActive.value) / profile.rating_VA * 100
        home.contactor = r.contactor?.words ?? ""
        home.loadGroups = (0..<3).reversed().map { r.loads & (1 << UInt8($0)) != 0 ? "●" : "○" }
            .joined()
        let names = profile.protection.map(\.name)
        home.state = r.der?.words(names) ?? r.source?.words(names) ?? ""
        home.tone = r.der?.tone ?? r.source?.tone ?? .normal
        return home
    }

    private func stages(_ village: Village, _ site: Site) -> [String] {
        village.profile.stages(of: site.name).map(\.name)
    }

    private func alarms(_ village: Village) -> [LiveFrame.Alarm] {
        var list: [LiveFrame.Alarm] = []
        let sites = [village.coupling] + village.homes
        for site in sites {
            let r = site.record
            if !r.verdict.blind.isEmpty {
                list.append(
                    .init("\(site.name) blind: \(r.verdict.blind.words.joined(separator: ", "))"))
            }
            if case .tripped(let cause, _)? = r.source {
                list.append(.init("\(site.name) tripped: \(cause.words([]))"))
            }
            if case .tripped(let cause)? = r.der {
                list.append(.init("\(site.name) tripped: \(cause.words(stages(village, site)))"))
            }
            if r.contactor == .welded {
                list.append(.init("\(site.name): battery contactor welded"))
            }
            if r.disobedient.bits != 0 {
                list.append(.init("\(site.name): a load relay does not follow", tone: .attention))
            }
        }
        if case .fault(let cause)? = village.coupling.record.islanding {
            list.append(.init("\(village.coupling.name): \(cause.words([])); acknowledge with a"))
        }
        if village.coupling.record.isSyncLate {
            list.append(
                .init(
                    "\(village.coupling.name): still out of step with the grid", tone: .attention))
        }
        if !village.linkIsUp { list.append(.init("no talk between the homes", tone: .attention)) }
        return list
    }
}
