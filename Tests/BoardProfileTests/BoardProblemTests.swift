import BoardProfile
import Testing

private struct BadBoard: CustomTestStringConvertible, Sendable {
    var old: String
    var new: String
    var expected: [String]
    init(_ old: String, _ new: String, _ expected: String...) {
        (self.old, self.new, self.expected) = (old, new, expected)
    }
    var testDescription: String { "\(old) → \(new)".replacing("\n", with: "⏎") }
}

@Suite("Boards that cannot be used")
struct BoardProblemTests {
    @Test("The samples are good")
    func good() throws {
        #expect(BoardSample.read(BoardSample.board).problems.map(\.description) == [])
        #expect(BoardSample.read(BoardSample.nanogrid).problems.map(\.description) == [])
    }

    @Test(
        "Words, place and remedy",
        arguments: [
            BadBoard(
                "rated_A: 63", "rated_A: 63 A",
                "v/board.yaml:3:21: error: coupling.rated_A = 63 A: has its unit after the number; write 63; the key's name already says A"
            ),
            BadBoard("pickup_pu: 1.25", "pickup_V: 287", "E"),
            BadBoard("pickup_pu: 1.25, ", "", "E"),
            BadBoard("pickup_pu: 1.25", "pickup_pu: 1.25, pickup_V: 287", "E"),
            BadBoard("pickup_pu: 1.25", "pickup_pu: 1.25, dropout_pu: 1.3", "E"),
            BadBoard("pickup_pu: 1.25", "pickup_pu: 1.25, dropout_V: 280", "E"),
            BadBoard("pickup_pu: 1.25", "pickup_pu: 1.25, sense: under", "E"),
            BadBoard("bus_voltage_high", "bus_frequency", "E"),
            BadBoard("bus_voltage_high", "grid_voltage_high", "E"),
            BadBoard("bus_voltage_high", "bus_voltag_high", "E"),
            BadBoard("action: trip_source", "action: island", "E", "E"),
            BadBoard("action: trip_source", "action: alarm", "E", "E"),
            BadBoard("{charge_percent: 65}", "{charge_percent: 5}", "E"),
            BadBoard("{charge_percent: 65}", "{charge_percent: 0.65, capacty_kWh: 3}", "E"),
            BadBoard("name: b", "name: a", "E"),
            BadBoard("name: b", "name: pcc", "E"),
            BadBoard("    battery:", "    line: {L_mH: 0.02}\n    battery:", "E"),
            BadBoard(
                "    battery:", "    shedding: {charging: {below_Hz: 48.9}}\n    battery:", "E"),
            BadBoard("    battery:", "    shedding: {restore_above_Hz: 49.2}\n    battery:", "E"),
            BadBoard("    battery:", "    shedding: {restore_above_Hz: 50.5}\n    battery:", "E"),
            BadBoard("title: Sample\n", "title: Sample\ncontroller: {samples_per_tick: 3}\n", "E"),
            BadBoard("title: Sample\n", "title: Sample\ncontroller: {samples_per_tick: 1}\n", "E"),
            BadBoard("title: Sample\n", "title: Sample\ncontroller: {rate_Hz: 999}\n", "E"),
            BadBoard("title: Sample\n", "title: Sample\ncontroller: {rate_Hz: 50}\n", "E"),
            BadBoard("title: Sample\n", "title: Sample\nnominal: {frequency_Hz: 55}\n", "E"),
            BadBoard(
                "title: Sample\n", "title: Sample\nnominal: {frequency_Hz: 60}\n", "E", "E", "E"),
            BadBoard("title: Sample\n", "title: Sample\nnominal: {voltage_V: 400}\n", "E"),
            BadBoard("title: Sample\n", "title: Sample\nnominal: {phases: 2}\n", "E"),
            BadBoard("title: Sample\n", "title: Sample\nnetwork: {bus_capacitance_uF: 2}\n", "E"),
            BadBoard("grid_code: sample\n", "", "E"),
            BadBoard("grid_code: sample\n", "grid_code: sampel\n", "E"),
            BadBoard("coupling: {rated_A: 63}\n", "", "E"),
            BadBoard(
                "coupling: {rated_A: 63}\n",
                "coupling: {stages: [{name: X, watches: battery_voltage, sense: over, pickup_V: 60, clearing_s: 1, action: trip_source}]}\n",
                "E", "E"),
            BadBoard("low_pu: 0.85", "low_pu: 1.2", "E"),
            BadBoard("low_Hz: 49.5", "low_Hz: 50.3", "E"),
            BadBoard("high_Hz: 50.2", "high_Hz: 51.8", "E"),
            BadBoard("low_pu: 0.85", "low_pu: 0.75", "E"),
            BadBoard("pickup_Hz: 51.5", "pickup_Hz: 515", "E"),
            BadBoard("title: Cabin\n", "title: Cabin\ngrid_code: sample\n", "E"),
            BadBoard("title: Cabin\n", "title: Cabin\nhomes: [{name: a}]\n", "E", "E"),
            BadBoard("dc_bus_voltage", "bus_voltage_high", "E", "E"),
            BadBoard("action: trip_source}\n", "action: alarm}\n", "E", "E"),
            BadBoard("    - {name: east}\n", "    - {name: east, charge_percent: 120}\n", "E"),
            BadBoard("  batteries:\n", "  pv: {curtail_above_V: 47}\n  batteries:\n", "E"),
            BadBoard(
                "  batteries:\n", "  shedding: {deferrable: {below_V: 46.8}}\n  batteries:\n", "E"),
            BadBoard("  batteries:\n", "  voltage_V: 24\n  batteries:\n", "E"),
        ])
    private func problems(_ sample: BadBoard) {
        #expect(BoardSample.problems(sample.old, sample.new) == sample.expected)
    }
}
