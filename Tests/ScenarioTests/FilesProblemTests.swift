import BoardProfile
import Scenario
import Testing

private struct BadScenario: CustomTestStringConvertible, Sendable {
    var event: String
    var expected: [String]
    init(_ event: String, _ expected: String...) { (self.event, self.expected) = (event, expected) }
    var testDescription: String { event }
}

private struct BadTable: CustomTestStringConvertible, Sendable {
    var old: String
    var new: String
    var expected: String
    init(_ old: String, _ new: String, _ expected: String) {
        (self.old, self.new, self.expected) = (old, new, expected)
    }
    var testDescription: String { "\(old) → \(new)".replacing("\n", with: "⏎") }
}

@Suite("Scenarios that cannot be run")
struct FilesProblemTests {
    @Test(
        "Words, place and remedy",
        arguments: [
            BadScenario(
                "{at_s: 5}",
                "v/scenarios/s.yaml:5:5: error: events[0]: has no happening; add grid, "
                    + "grid_fault_ohm, sag, frequency_Hz, ramp, harmonic, negative_sequence_pu, impedance, "
                    + "others, bus_fault_ohm, bus, fault …"),
            BadScenario(
                "{grid: loss}",
                "v/scenarios/s.yaml:5:5: error: events[0]: has no time; add at_s or at"),
            BadScenario(
                "{at_s: 5, at: \"00:01\", grid: loss}",
                "v/scenarios/s.yaml:5:19: error: events[0].at: stands beside at_s; keep one of them"
            ),
            BadScenario(
                "{at_s: 5, grid: loss, link: up}",
                "v/scenarios/s.yaml:5:33: error: events[0].link: stands beside grid; keep one of them"
            ),
            BadScenario(
                "{at_s: 5, grid: los}",
                "v/scenarios/s.yaml:5:21: error: events[0].grid = los: is not a choice here; write "
                    + "loss; the choices are loss, restoration or clearance"),
            BadScenario(
                "{at_s: 60, grid: loss}",
                "v/scenarios/s.yaml:5:12: error: events[0].at_s = 60: is not before the end of the "
                    + "run; make duration_s longer, or the time earlier"),
            BadScenario(
                "{at: \"24:10\", grid: loss}",
                "v/scenarios/s.yaml:5:10: error: events[0].at = \"24:10\": is not a time of day, "
                    + "hours and minutes; write it like 18:30"),
            BadScenario(
                "{at_s: 5, demnd: {factor: 2}}",
                "v/scenarios/s.yaml:5:15: error: events[0].demnd: is not a key here; write demand"),
            BadScenario(
                "{at_s: 5, demand: {home: c, factor: 2}}",
                "v/scenarios/s.yaml:5:30: error: events[0].demand.home = c: is not the name of a "
                    + "home; write a"),
            BadScenario(
                "{at_s: 5, demand: {home: pcc, factor: 2}}",
                "v/scenarios/s.yaml:5:30: error: events[0].demand.home = pcc: is not the name of a "
                    + "home; write a or b"),
            BadScenario(
                "{at_s: 5, fault: {board: pc, channel: grid_a, kind: freeze}}",
                "v/scenarios/s.yaml:5:30: error: events[0].fault.board = pc: is not the name of a "
                    + "board; write pcc"),
            BadScenario(
                "{at_s: 5, fault: {board: a, channel: grid_a, kind: freeze}}",
                "v/scenarios/s.yaml:5:42: error: events[0].fault.channel = grid_a: is not a sensor "
                    + "of a; write one of bus_a, bus_b, bus_c, current_a, current_b, current_c, "
                    + "battery_voltage, battery_current, battery_temperature, state_of_charge, "
                    + "link_voltage, pv_power, wind_power, ev_power, load_power"),
            BadScenario(
                "{at_s: 5, fault: {board: pcc, channel: grida, kind: freeze}}",
                "v/scenarios/s.yaml:5:44: error: events[0].fault.channel = grida: is not a choice "
                    + "here; write grid_a; the choices are grid_a, grid_b, grid_c, bus_a, bus_b, bus_c, "
                    + "current_a, current_b, current_c, battery_voltage, battery_current, "
                    + "battery_temperature …"),
            BadScenario(
                "{at_s: 5, fault: {board: pcc, channel: grid_a, kind: drift}}",
                "v/scenarios/s.yaml:5:58: error: events[0].fault.kind = drift: needs rate_per_s; add "
                    + "rate_per_s:"),
            BadScenario(
                "{at_s: 5, fault: {board: pcc, channel: grid_a, kind: nan, value: 3}}",
                "v/scenarios/s.yaml:5:70: error: events[0].fault.value = 3: does not belong to nan; "
                    + "remove it"),
            BadScenario(
                "{at_s: 5, fault: {board: a, channel: bus_a, kind: swap, with: pv_power}}",
                "v/scenarios/s.yaml:5:67: error: events[0].fault.with = pv_power: cannot be swapped "
                    + "with bus_a; write another channel of the same converter"),
            BadScenario(
                "{at_s: 5, relay: {board: a, contact: islanding_switch, kind: weld}}",
                "v/scenarios/s.yaml:5:42: error: events[0].relay.contact = islanding_switch: is not "
                    + "a relay of a; write pre_charge, main_contactor or a load_ group"),
            BadScenario(
                "{at_s: 5, relay: {board: pcc, contact: pre_charge, kind: weld}}",
                "v/scenarios/s.yaml:5:44: error: events[0].relay.contact = pre_charge: is not a "
                    + "relay of pcc; write islanding_switch"),
            BadScenario(
                "{at_s: 5, relay: {board: a, contact: pre_charge, kind: slow}}",
                "v/scenarios/s.yaml:5:60: error: events[0].relay.kind = slow: needs factor; add "
                    + "factor:"),
            BadScenario(
                "{at_s: 5, clear: {board: a}}",
                "v/scenarios/s.yaml:5:22: error: events[0].clear: has no channel or contact; add "
                    + "channel or contact"),
            BadScenario(
                "{at_s: 5, harmonic: {order: 6, magnitude_pu: 0.1}}",
                "v/scenarios/s.yaml:5:33: error: events[0].harmonic.order = 6: is not modelled; "
                    + "write 5, 7 or 11"),
            BadScenario(
                "{at_s: 5, wish: connekt}",
                "v/scenarios/s.yaml:5:21: error: events[0].wish = connekt: is not a choice here; "
                    + "write connect; the choices are island, connect, isolate or acknowledge"),
        ])
    private func events(_ bad: BadScenario) {
        #expect(FilesSample.events(bad.event).problems.map(\.description) == bad.expected)
    }

    @Test("Phasor runs have no waveforms, and waveform runs no tick rate of their own")
    func physics() {
        #expect(
            FilesSample.events("{at_s: 5, negative_sequence_pu: 0.02}", more: "physics: phasor\n")
                .problems.map(\.description) == [
                    "v/scenarios/s.yaml:6:37: error: events[0].negative_sequence_pu = 0.02: "
                        + "is not seen in a phasor run; remove it, or write physics: waveform"
                ])
        #expect(
            FilesSample.events(
                "{at_s: 5, fault: {board: pcc, channel: grid_a, kind: freeze}}",
                more: "physics: phasor\n"
            ).problems.map(\.description) == [
                "v/scenarios/s.yaml:6:44: error: events[0].fault.channel = grid_a: is not a sensor "
                    + "of pcc; write one of grid_rms, grid_frequency, bus_rms, bus_frequency, "
                    + "bus_current, bus_active, bus_reactive, angle_across"
            ])
        #expect(
            FilesSample.events("{at_s: 5, grid: loss}", more: "tick_Hz: 50\n").problems.map(
                \.description) == [
                    "v/scenarios/s.yaml:4:10: error: tick_Hz = 50: is for phasor runs; waveforms run at "
                        + "the board's rate; remove it, or write physics: phasor"
                ])
        let long = FilesSample.read(FilesSample.head.replacing("60", with: "86400"))
        #expect(
            long.problems.map(\.description) == [
                "v/scenarios/s.yaml:3:13: warning: duration_s = 86400: "
                    + "takes hours to simulate as waveforms; write physics: phasor for long runs"
            ])
        #expect(long.value != nil)
    }

    @Test("Faults of the board are told, too")
    func board() {
        let reading = FilesSample.read(
            FilesSample.head, ["v/board.yaml": FilesSample.files["v/board.yaml"]! + "phases: 3\n"])
        #expect(
            reading.problems.map(\.description) == [
                "v/board.yaml:7:1: error: phases: is not a key here; move it to nominal.phases"
            ])
        #expect(reading.value == nil)
    }

    private let recorded =
        FilesSample.head + """
            recorded:
              file: ../data.csv
              homes:
                - {home: a, load_column: x_kW}

            """

    @Test(
        "Tables that cannot be used",
        arguments: [
            BadTable(
                "date,time",
                "day,time",
                "v/data.csv:2:1: error: is no header; begin the table with date,time,<column>_kW"),
            BadTable(
                "x_kW",
                "x_kV",
                "v/data.csv:2:11: error: x_kV: does not end in a unit of power; end it in _W or _kW"
            ),
            BadTable(
                "y_W",
                "x_kW",
                "v/data.csv:2:16: error: x_kW: is the name of another column; give each column its "
                    + "own name"),
            BadTable(
                ",0.3,7",
                ",0.3",
                "v/data.csv:6:1: error: has 3 cells, not 4; give it one for each column of the header"
            ),
            BadTable(
                ",0.3,7",
                ",nan,7",
                "v/data.csv:6:18: error: nan: is not a number; write it like 1.25"),
            BadTable(
                ",0.3,7",
                ",-0.3,7",
                "v/data.csv:6:18: error: -0.3: is below 0; loads and PV are both written as positive "
                    + "powers"),
            BadTable(
                ",0.3,7",
                ",0x3p2,7",
                "v/data.csv:6:18: error: 0x3p2: is not a number; write it like 1.25"),
            BadTable(
                "2016-01-01,00:45,0.3,7\n",
                "",
                "v/data.csv:6:12: error: 01:00: is not the next quarter hour; write 00:45"),
            BadTable(
                "2016-01-02,23:45,19.1,7\n",
                "",
                "v/data.csv: error: ends after 95 quarter hours of a day; give each day all 96"),
            BadTable(
                "2016-01-02",
                "2016-01-01",
                "v/data.csv:99:1: error: 2016-01-01: is a day the table has already; remove one"),
        ])
    private func tables(_ bad: BadTable) {
        let table = FilesSample.table().replacing(bad.old, with: bad.new)
        let problems = FilesSample.read(recorded, ["v/data.csv": table]).problems
        #expect(problems.first?.description == bad.expected)
    }

    @Test("Columns and days that are not in the table")
    func columns() {
        func problems(_ old: String, _ new: String) -> [String] {
            FilesSample.read(recorded.replacing(old, with: new)).problems.map(\.description)
        }
        #expect(
            problems("x_kW", "z_kW") == [
                "v/scenarios/s.yaml:7:1: error: recorded.homes[0].load_column = z_kW: "
                    + "is not a column of the table; write one of x_kW, y_W"
            ])
        #expect(
            problems("x_kW}", "x_kW, load_day: 2016-01-03}") == [
                "v/scenarios/s.yaml:7:1: error: recorded.homes[0].load_day = 2016-01-03: "
                    + "is not a day of the table; write one of 2016-01-01, 2016-01-02"
            ])
        #expect(
            problems("load_column: x_kW", "pv_scale: 2") == [
                "v/scenarios/s.yaml:7:14: error: recorded.homes[0].home = a: has no column; "
                    + "add load_column or pv_column"
            ])
        #expect(
            problems("home: a", "home: aa") == [
                "v/scenarios/s.yaml:7:14: error: recorded.homes[0].home = aa: "
                    + "is not the name of a home; write a"
            ])
        #expect(
            problems("../data.csv", "../dat.csv") == [
                "v/scenarios/s.yaml:5:9: error: recorded.file = ../dat.csv: "
                    + "names no file v/dat.csv; there is v/data.csv"
            ])
    }
}
