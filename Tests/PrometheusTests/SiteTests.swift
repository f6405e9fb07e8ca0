import Control
import Feed
import Foundation
import Quantities
import Testing
import Wire

@testable import Prometheus

@Suite("Controllers as metrics")
struct SiteTests {
    let metrics = PrometheusMetrics()
    let site: SiteMetrics
    init() { site = SiteMetrics(site: "village", in: metrics) }

    private func value(_ name: String, _ labels: String = "", of controller: String = "mill")
        -> String?
    {
        let all =
            (["controller=\"\(controller)\"", "site=\"village\""]
            + labels.split(separator: ",").map(String.init)).sorted()
        return samples(metrics.expose())["\(name){\(all.joined(separator: ","))}"]
    }

    @Test("A record's numbers are there to the last digit, and what is not fitted is not there")
    func numbers() throws {
        site.update([Sites.seen("mill", Sites.record(tick: 5000, in_mJ: 1_234_567, out_mJ: 89))])
        for (name, expected) in [
            ("skerry_up", "1"), ("skerry_record_age_seconds", "0.04"),
            ("skerry_tick_rate_hertz", "1000"), ("skerry_link_connections_total", "1"),
            ("skerry_link_lost_records_total", "3"), ("skerry_ticks_total", "5000"),
            ("skerry_missed_ticks_total", "5"), ("skerry_refused_setpoints_total", "2"),
            ("skerry_energy_in_joules_total", "1234.567"),
            ("skerry_energy_out_joules_total", "0.089"),
            ("skerry_grid_voltage_volts", "230.4"), ("skerry_bus_frequency_hertz", "50.01"),
            ("skerry_bus_rocof_hertz_per_second", "-0.25"),
            ("skerry_active_power_watts", "-1500.5"), ("skerry_reactive_power_vars", "200"),
            ("skerry_battery_voltage_volts", "51.25"), ("skerry_battery_power_watts", "-820"),
            ("skerry_battery_temperature_celsius", "23.1"),
            ("skerry_state_of_charge_ratio", "0.64"), ("skerry_pv_power_watts", "3000"),
            ("skerry_load_power_watts", "-4100"), ("skerry_tick_overruns_total", "4"),
            ("skerry_black_box_written_bytes_total", "1048576"),
            ("skerry_refused_status_total", "0"),
        ] { #expect(value(name) == expected, "\(name)") }
        #expect(value("skerry_wind_power_watts") == nil && value("skerry_ev_power_watts") == nil)
        #expect(value("skerry_load_connected", #"group="1""#) == "1")
        #expect(value("skerry_load_connected", #"group="2""#) == "0")
        #expect(value("skerry_presence", #"presence="live",side="grid""#) == "1")
        #expect(value("skerry_presence", #"presence="dead",side="grid""#) == "0")
        #expect(value("skerry_state", #"machine="islanding",state="islanded""#) == "1")
        #expect(value("skerry_state", #"machine="islanding",state="gridTied""#) == "0")
        #expect(value("skerry_state", #"machine="contactor",state="closed""#) == "1")
        #expect(value("skerry_state", #"machine="der",state="continuous""#) == nil)
        #expect(value("skerry_tick_wake_seconds", #"quantile="0.99""#) == "3.5e-05")
        #expect(value("skerry_tick_cycle_seconds", #"quantile="1""#) == "0.0003")
        #expect(value("skerry_board_faults_total", #"of="sample""#) == "7")
        #expect(try promtool(check: metrics.expose()) == "")
    }

    @Test("Of a controller that is silent or gone nothing is claimed: NaN, no state, and up is 0")
    func gone() {
        var seen = Sites.seen("mill", Sites.record(tick: 5000, in_mJ: 7000))
        site.update([seen])
        (seen.connection, seen.age_s) = (.silent, 3)
        site.update([seen])
        let before = samples(metrics.expose()).count
        for name in [
            "skerry_bus_voltage_volts", "skerry_state_of_charge_ratio", "skerry_pv_power_watts",
        ] { #expect(value(name) == "NaN", "\(name)") }
        #expect(value("skerry_up") == "0" && value("skerry_record_age_seconds") == "3")
        #expect(value("skerry_state", #"machine="islanding",state="islanded""#) == "0")
        #expect(value("skerry_presence", #"presence="live",side="bus""#) == "0")
        #expect(value("skerry_stage_tripped", #"stage="UV""#) == "NaN")
        #expect(value("skerry_tick_wake_seconds", #"quantile="0.5""#) == "NaN")
        #expect(value("skerry_energy_in_joules_total") == "7", "a counter stands")
        (seen.connection, seen.record, seen.age_s) = (.absent("no daemon"), nil, .infinity)
        site.update([seen])
        #expect(value("skerry_record_age_seconds") == "+Inf")
        #expect(samples(metrics.expose()).count == before)
        site.update([])
        #expect(samples(metrics.expose()).count == 1, "all but what was refused is taken away")
    }

    @Test("Before it is first heard a controller is down, and has no readings")
    func unheard() {
        site.update([Sites.seen("mill")])
        #expect(value("skerry_up") == "0" && value("skerry_record_age_seconds") == "+Inf")
        #expect(value("skerry_bus_voltage_volts") == nil && value("skerry_ticks_total") == nil)
    }

    @Test("Blind channels and tripped stages by name; a reading that rests on them is NaN")
    func blind() {
        var record = Sites.record(tick: 1)
        site.update([Sites.seen("mill", record)])
        #expect(value("skerry_channel_blind", #"channel="busB""#) == nil)
        record.verdict.blind = .wave(.busB) | .contact(.mainContactor)
        record.measured.blind = .scalar(.stateOfCharge)
        record.measured.stateOfCharge = .nan
        record.verdict.tripped = 0b01
        site.update([Sites.seen("mill", record)])
        for channel in ["busB", "contact mainContactor", "stateOfCharge"] {
            #expect(value("skerry_channel_blind", "channel=\"\(channel)\"") == "1", "\(channel)")
        }
        #expect(value("skerry_bus_voltage_volts") == "NaN")
        #expect(value("skerry_active_power_watts") == "NaN")
        #expect(value("skerry_grid_voltage_volts") == "230.4")
        #expect(value("skerry_stage_tripped", #"stage="UV""#) == "1")
        #expect(value("skerry_stage_tripped", #"stage="OV""#) == "0")
        site.update([Sites.seen("mill", Sites.record(tick: 2))])
        #expect(value("skerry_channel_blind", #"channel="busB""#) == "0", "seen again, and kept")
        #expect(value("skerry_bus_voltage_volts") == "230.4")
        // Another program with other stages; two of one name count as one.
        var other = Sites.seen("mill", record)
        other.stages = ["OF", "OF"]
        site.update([other])
        #expect(value("skerry_stage_tripped", #"stage="OF""#) == "1")
        #expect(value("skerry_stage_tripped", #"stage="UV""#) == nil)
    }

    @Test(
        "A new life counts on; one that went on from the state that was left is not counted twice")
    func restarts() {
        let energy = "skerry_energy_in_joules_total"
        site.update([Sites.seen("mill", Sites.record(tick: 90_000, in_mJ: 600_001))])
        site.update([Sites.seen("mill", Sites.record(tick: 100_000, in_mJ: 1_000_001))])
        // Started anew, and heard when it had counted 250 J.
        site.update([Sites.seen("mill", Sites.record(tick: 4000, in_mJ: 250_000))])
        #expect(value(energy) == "1250.001" && value("skerry_ticks_total") == "104000")
        #expect(value("skerry_missed_ticks_total") == "104")
        // Anew at once, and it has counted more than the one before.
        site.update([Sites.seen("mill", Sites.record(tick: 3999, in_mJ: 300_000))])
        #expect(value(energy) == "1550.001")
        // Went on: two ticks' energy less than was heard, its clock ahead.
        site.update([Sites.seen("mill", Sites.record(tick: 4500, in_mJ: 299_500))])
        #expect(value(energy) == "1550.001")
        site.update([Sites.seen("mill", Sites.record(tick: 5000, in_mJ: 301_000))])
        #expect(value(energy) == "1551.001")
        #expect(value("skerry_ticks_total") == "109000")
        // The counts of its program begin anew with each program, and are counted once.
        var seen = Sites.seen("mill", Sites.record(tick: 6000, in_mJ: 301_000))
        seen.status = [("overruns", "3")]
        for _ in 0..<3 { site.update([seen]) }
        #expect(value("skerry_tick_overruns_total") == "7")
    }

    @Test("Energy is led to the counter's value: five thousand small steps leave nothing out")
    func drift() {
        for k in 1...5000 {
            site.update([Sites.seen("mill", Sites.record(tick: UInt64(k), in_mJ: Int64(k) * 7))])
        }
        #expect(value("skerry_energy_in_joules_total") == "35")
    }

    @Test(
        "What is no whole number in the program's words is left out and counted, once",
        arguments: [
            "", "-1", "+1", " 1", "1 ", "1.5", "0x1", "1e3", "12 us", "nan", "１",
            "9999999999999999", "1\n",
        ])
    func strict(_ text: String) {
        var seen = Sites.seen("mill", Sites.record(tick: 1))
        seen.status = [("wake_p99_us", text), ("overruns", "2"), ("nobody_knows", text)]
        site.update([seen])
        site.update([seen])
        #expect(value("skerry_tick_wake_seconds", #"quantile="0.99""#) == nil)
        #expect(value("skerry_tick_overruns_total") == "2")
        #expect(value("skerry_refused_status_total") == "1")
        seen.status = [("overruns", "3"), ("overruns", "9")]
        site.update([seen])
        #expect(value("skerry_tick_overruns_total") == "3", "the first of two")
        #expect(value("skerry_refused_status_total") == "2")
    }

    @Test("Every figure that is read in a program's words is one that the program says")
    func keys() throws {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/Daemon/ServiceStatus.swift")
        let text = try String(contentsOf: source, encoding: .utf8)
        for key in Told.quantiles.map(\.key) + Told.counts.map(\.key) {
            #expect(text.contains("(\"\(key)\", String("), "\(key)")
        }
    }

    @Test("Every state has the name that its machine gives it")
    func states() throws {
        func check(_ machine: String, _ states: [(code: UInt8, name: String)]) throws {
            let known = try #require(Machine.all.first { $0.name == machine }).states
            #expect(known.count == states.count)
            for state in states {
                let name = String(state.name.prefix { $0 != "(" })
                #expect(known[Int(state.code) - 1] == name)
            }
        }
        let t = Tick(0)
        let islanding: [IslandingState] = [
            .gridTied, .opening(.start, by: t), .islanded(.start, since: t, hold: 0),
            .resynchronising(.start), .closing(since: t, by: t), .blackStart(since: t, by: t),
            .fault(.none),
        ]
        try check("islanding", islanding.map { (Optional($0).code, "\($0)") })
        let source: [SourceState] = [
            .off, .observing(since: t), .following(since: t), .forming, .blackStarting(since: t),
            .tripped(.none, until: t),
        ]
        try check("source", source.map { (Optional($0).code, "\($0)") })
        let der: [DERState] = [
            .outOfService(.none), .tripped(.none), .enteringService(since: t), .continuous,
            .mandatory(since: t), .permissive(since: t), .momentaryCessation(since: t),
            .ceased(since: t),
        ]
        try check("der", der.map { (Optional($0).code, "\($0)") })
        let contactor: [ContactorState] = [
            .open, .preCharging(by: t), .closing(by: t), .settling(until: t), .closed,
            .opening(.none, by: t), .waiting(until: t), .welded,
        ]
        try check("contactor", contactor.map { (Optional($0).code, "\($0)") })
    }

    @Test("The page of the room lists every metric with its type, and no other")
    func page() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/Devices/Prometheus/Prometheus.docc/Metrics.md")
        let rows = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("| `skerry_") }
            .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        let listed = rows.map { "\($0[0]) \($0[1])" }
        let families = SiteMetrics.families + [PrometheusMetrics.refusedSeries]
        #expect(listed.sorted() == families.map { "`\($0.name)` \($0.kind.rawValue)" }.sorted())
        #expect(Set(families.map(\.name)).count == families.count)
    }
}
