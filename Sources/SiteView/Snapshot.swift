import BoardProfile
import Control
import Feed
import Quantities
import Recorder
import Words

/// The site at one moment, as the page and the API have it. Kept between two of them: since when the
/// islanding switch is in its state.
public struct Snapshots: Sendable {
    private let plan: SitePlan
    private var state = ""
    private var since_ns: Int64 = 0

    public init(_ plan: SitePlan) { self.plan = plan }

    /// - Parameters:
    ///   - wall_ns: since 1970, UTC.
    ///   - now_ns: of a clock that never runs back.
    public mutating func json(_ seen: [Seen], wall_ns: Int64, now_ns: Int64) -> JSON {
        var m = Members()
        m.put("time", UTC.text(ns: wall_ns))
        m.put("site", site(seen, now_ns))
        m.put("controllers", seen.map { unit($0).json })
        return m.json
    }

    private mutating func site(_ seen: [Seen], _ now_ns: Int64) -> Members {
        let live = seen.compactMap { s in s.live.map { (seen: s, record: $0) } }
        let first =
            live.first { plan.unit($0.seen.name)?.kind == .coupling }
            ?? live.first { $0.record.islanding != nil }
        let coupling = first?.record
        let code = coupling?.islanding?.code
        if code ?? "" != state {
            state = code ?? ""
            since_ns = now_ns
        }
        var m = Members()
        m.put("is_islanded", coupling?.islanding?.isIslanded)
        m.put("islanding", code)
        m.put("islanding_words", coupling?.islanding?.words)
        let inState_s = (Double(now_ns - since_ns) * 1e-8).rounded() / 10
        m.put("in_state_s", code == nil ? nil : inState_s)
        let bus = coupling?.measured.bus
        let grid = coupling?.measured.grid
        m.put("frequency_Hz", bus.map { hertz($0) })
        let isDC = !plan.units.isEmpty && plan.units.allSatisfy { $0.kind == .nanogrid }
        let dc = live.first.map { number($0.record.measured.dcBusVoltage.value) }
        m.put("voltage_V", isDC ? dc : bus.map { volts($0) })
        m.put("grid_frequency_Hz", grid.map { hertz($0) })
        m.put("grid_voltage_V", grid.map { volts($0) })
        m.put("grid_presence", coupling?.gridPresence.code)
        let sums = Sums(live.map { ($0.record, plan.unit($0.seen.name)) }, coupling)
        m.put("grid_W", sums.grid)
        m.put("pv_W", sums.pv)
        m.put("wind_W", sums.wind)
        m.put("battery_W", sums.battery)
        m.put("ev_W", sums.ev)
        m.put("load_W", sums.load)
        m.put("state_of_charge", sums.charge)
        m.put("battery_lasts_s", sums.lasts)
        m.put("battery_full_in_s", sums.fullIn)
        m.put("alarms", seen.flatMap { Alarm.of($0) }.map(\.json))
        return m
    }

    private func unit(_ seen: Seen) -> Members {
        let unit = plan.unit(seen.name)
        var m = Members()
        m.put("name", seen.name)
        m.put("kind", (unit?.kind ?? .board).rawValue)
        switch seen.connection {
        case .absent(let words):
            m.put("link", "absent")
            m.put("link_words", words)
        case .silent:
            m.put("link", "silent")
            m.put("link_words", "says nothing")
        case .connected:
            m.put("link", "connected")
            m.put("link_words", "")
        }
        m.put("age_s", seen.age_s.isFinite ? (seen.age_s * 1000).rounded() / 1000 : nil)
        // What it said last stays to be seen, with its age.
        if let record = seen.record { Self.put(record, seen, unit, &m) }
        m.put("status", seen.status.map { .list([.text($0.key), .text($0.value)]) })
        return m
    }

    private static func put(
        _ r: Record, _ seen: Seen, _ unit: SitePlan.Unit?, _ m: inout Members
    ) {
        let measured = r.measured
        m.put("tick", Double(r.tick.count))
        m.put("rate_Hz", Double(seen.rate_Hz))
        m.put("missed_ticks", Double(r.missedTicks))
        m.put("refused_setpoints", Double(r.refusedSetpoints))
        m.put("grid", measured.grid.isSettled ? side(measured.grid, r.gridPresence) : nil)
        m.put("bus", measured.bus.isSettled ? bus(measured.bus, r.busPresence) : nil)
        m.put("dc_bus_V", measured.dcBusVoltage.value)
        if let state = r.islanding {
            var island = Members()
            island.put("code", state.code)
            island.put("words", state.words)
            island.put(
                "cause", r.islandCause == .none ? "" : r.islandCause.words(seen.stages))
            m.put("islanding", island)
        } else {
            m.put("islanding", JSON.null)
        }
        m.put("source", r.source.map { state($0.code, $0.words(seen.stages)) })
        m.put("der", r.der.map { state($0.code, $0.words(seen.stages)) })
        m.put("contactor", r.contactor.map { state($0.code, $0.words) })
        if measured.angleAcross_deg.isFinite {
            var sync = Members()
            sync.put("angle_deg", measured.angleAcross_deg)
            sync.put("slip_Hz", measured.slip.value)
            sync.put("voltage_V", measured.voltageAcross.value)
            sync.put("permit", r.permit.code)
            m.put("sync", sync)
        } else {
            m.put("sync", JSON.null)
        }
        m.put("battery_V", measured.batteryVoltage.value)
        m.put("battery_W", Sums.battery_W(r, unit))
        m.put("battery_degC", measured.batteryTemperature.value)
        m.put("state_of_charge", measured.stateOfCharge)
        m.put("pv_W", measured.pvPower.value)
        m.put("wind_W", measured.windPower.value)
        m.put("ev_W", measured.evPower.value)
        m.put("load_W", measured.loadPower.value)
        m.put("loads", (0..<4).map { .flag(r.loads >> UInt8($0) & 1 != 0) })
        m.put("blind", r.verdict.blind.words.map { .text($0) })
        let tripped = (0..<stageLimit).filter { r.verdict.tripped >> UInt32($0) & 1 != 0 }
        m.put("tripped", tripped.map { .text(Cause.stage(UInt8($0)).words(seen.stages)) })
        m.put("energy_in_Wh", Double(r.energyIn.millijoules) / 3.6e6)
        m.put("energy_out_Wh", Double(r.energyOut.millijoules) / 3.6e6)
    }

    private static func state(_ code: String, _ words: String) -> Members {
        var m = Members()
        m.put("code", code)
        m.put("words", words)
        return m
    }
    private static func side(_ measured: ACMeasured, _ presence: Presence) -> Members {
        var m = Members()
        m.put("presence", presence.code)
        m.put("voltage_V", volts(measured))
        m.put("frequency_Hz", hertz(measured))
        return m
    }
    private static func bus(_ measured: ACMeasured, _ presence: Presence) -> Members {
        var m = side(measured, presence)
        m.put("negative_V", measured.negative.value)
        m.put("rocof_Hz_per_s", measured.rocof.value)
        m.put("active_W", measured.active.value)
        m.put("reactive_var", measured.reactive.value)
        m.put("apparent_VA", measured.apparent.value)
        m.put("power_factor", measured.powerFactor)
        let phases = [measured.phaseA, measured.phaseB, measured.phaseC]
        m.put("phases_V", phases.map { number($0.value) })
        let currents = [measured.currentA, measured.currentB, measured.currentC]
        m.put("currents_A", currents.map { number($0.value) })
        m.put("phase_deg", measured.phase.degrees)
        m.put("distortion", measured.distortion)
        return m
    }
}

/// To five figures: what a meter knows, and a page can show.
func number(_ value: Float) -> JSON {
    guard value.isFinite else { return .null }
    guard value != 0 else { return .number(0) }
    var scale = 1.0
    var size = Double(value).magnitude
    while size < 10_000 && scale < 1e6 {
        size *= 10
        scale *= 10
    }
    return .number((Double(value) * scale).rounded() / scale)
}
private func volts(_ m: ACMeasured) -> JSON { m.isSettled ? number(m.positive.value) : .null }
/// 0 is no frequency: the circuit is dead.
private func hertz(_ m: ACMeasured) -> JSON {
    m.isSettled && m.frequency.value > 0
        ? .number((Double(m.frequency.value) * 10_000).rounded() / 10_000) : .null
}
