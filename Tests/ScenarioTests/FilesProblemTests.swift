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
            BadScenario("{at_s: 5}", "E"),
            BadScenario("{grid: loss}", "E"),
            BadScenario("{at_s: 5, at: \"00:01\", grid: loss}", "E"),
            BadScenario("{at_s: 5, grid: loss, link: up}", "E"),
            BadScenario("{at_s: 5, grid: los}", "E"),
            BadScenario("{at_s: 60, grid: loss}", "E"),
            BadScenario("{at: \"24:10\", grid: loss}", "E"),
            BadScenario("{at_s: 5, demnd: {factor: 2}}", "E", "E"),
            BadScenario("{at_s: 5, demand: {home: c, factor: 2}}", "E"),
            BadScenario("{at_s: 5, demand: {home: pcc, factor: 2}}", "E"),
            BadScenario("{at_s: 5, fault: {board: pc, channel: grid_a, kind: freeze}}", "E"),
            BadScenario("{at_s: 5, fault: {board: a, channel: grid_a, kind: freeze}}", "E"),
            BadScenario("{at_s: 5, fault: {board: pcc, channel: grida, kind: freeze}}", "E"),
            BadScenario("{at_s: 5, fault: {board: pcc, channel: grid_a, kind: drift}}", "E"),
            BadScenario(
                "{at_s: 5, fault: {board: pcc, channel: grid_a, kind: nan, value: 3}}", "E"),
            BadScenario(
                "{at_s: 5, fault: {board: a, channel: bus_a, kind: swap, with: pv_power}}", "E"),
            BadScenario("{at_s: 5, relay: {board: a, contact: islanding_switch, kind: weld}}", "E"),
            BadScenario("{at_s: 5, relay: {board: pcc, contact: pre_charge, kind: weld}}", "E"),
            BadScenario("{at_s: 5, relay: {board: a, contact: pre_charge, kind: slow}}", "E"),
            BadScenario("{at_s: 5, clear: {board: a}}", "E"),
            BadScenario("{at_s: 5, harmonic: {order: 6, magnitude_pu: 0.1}}", "E"),
            BadScenario("{at_s: 5, wish: connekt}", "E"),
        ])
    private func events(_ bad: BadScenario) {
        #expect(FilesSample.events(bad.event).problems.map(\.description) == bad.expected)
    }

    @Test("Phasor runs have no waveforms, and waveform runs no tick rate of their own")
    func physics() {
        #expect(
            FilesSample.events("{at_s: 5, negative_sequence_pu: 0.02}", more: "physics: phasor\n")
                .problems.map(\.description) == ["E"])
        #expect(
            FilesSample.events(
                "{at_s: 5, fault: {board: pcc, channel: grid_a, kind: freeze}}",
                more: "physics: phasor\n"
            ).problems.map(\.description) == ["E"])
        #expect(
            FilesSample.events("{at_s: 5, grid: loss}", more: "tick_Hz: 50\n").problems.map(
                \.description) == ["E"])
        let long = FilesSample.read(FilesSample.head.replacing("60", with: "86400"))
        #expect(long.problems.map(\.description) == ["E"])
        #expect(long.value != nil)
    }

    @Test("Faults of the board are told, too")
    func board() {
        let reading = FilesSample.read(
            FilesSample.head, ["v/board.yaml": FilesSample.files["v/board.yaml"]! + "phases: 3\n"])
        #expect(reading.problems.map(\.description) == ["E"])
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
            BadTable("date,time", "day,time", "E"),
            BadTable("x_kW", "x_kV", "E"),
            BadTable("y_W", "x_kW", "E"),
            BadTable(",0.3,7", ",0.3", "E"),
            BadTable(",0.3,7", ",nan,7", "E"),
            BadTable(",0.3,7", ",-0.3,7", "E"),
            BadTable(",0.3,7", ",0x3p2,7", "E"),
            BadTable("2016-01-01,00:45,0.3,7\n", "", "E"),
            BadTable("2016-01-02,23:45,19.1,7\n", "", "E"),
            BadTable("2016-01-02", "2016-01-01", "E"),
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
        #expect(problems("x_kW", "z_kW") == ["E"])
        #expect(problems("x_kW}", "x_kW, load_day: 2016-01-03}") == ["E"])
        #expect(problems("load_column: x_kW", "pv_scale: 2") == ["E"])
        #expect(problems("home: a", "home: aa") == ["E"])
        #expect(problems("../data.csv", "../dat.csv") == ["E"])
    }
}
