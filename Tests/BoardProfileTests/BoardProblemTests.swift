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
                "coupling: {rated_A: 63}\n",
                "coupling: {stages: [{name: X, watches: grid_voltage_low, pickup_pu: 0.9, clearing_s: 1, action: island}]}\n",
                "v/board.yaml:3:20: error: coupling.stages: has X.pickup_pu inside the window of the "
                    + "grid code's enter_service; make it at most enter_service.low_pu (0.85)"),
            BadBoard(
                "reset_s: 9, action: trip_source", "reset_s: 9, action: alarm",
                "v/board.yaml:6:5: error: nanogrid.stages: has no stage that trips a source; "
                    + "add one, such as dc_bus_voltage over"),
            BadBoard(
                "rated_A: 63", "rated_A: 63 A",
                "v/board.yaml:3:21: error: coupling.rated_A = 63 A: has its unit after the number; write 63; the key's name already says A"
            ),
            BadBoard(
                "pickup_pu: 1.25",
                "pickup_V: 287",
                "v/board.yaml:5:53: error: home_stages[0].pickup_V = 287: is not in the unit of "
                    + "bus_voltage_high; write pickup_pu"),
            BadBoard(
                "pickup_pu: 1.25, ",
                "",
                "v/board.yaml:5:5: error: home_stages[0]: has no pickup; add pickup_pu"),
            BadBoard(
                "pickup_pu: 1.25",
                "pickup_pu: 1.25, pickup_V: 287",
                "v/board.yaml:5:70: error: home_stages[0].pickup_V: stands beside pickup_pu; keep "
                    + "one of them"),
            BadBoard(
                "pickup_pu: 1.25",
                "pickup_pu: 1.25, dropout_pu: 1.3",
                "v/board.yaml:5:72: error: home_stages[0].dropout_pu = 1.3: is beyond the pickup; "
                    + "make it at most pickup_pu (1.25 pu)"),
            BadBoard(
                "pickup_pu: 1.25",
                "pickup_pu: 1.25, dropout_V: 280",
                "v/board.yaml:5:71: error: home_stages[0].dropout_V = 280: is not in the unit of "
                    + "bus_voltage_high; write dropout_pu"),
            BadBoard(
                "pickup_pu: 1.25",
                "pickup_pu: 1.25, sense: under",
                "v/board.yaml:5:67: error: home_stages[0].sense = under: cannot protect by "
                    + "bus_voltage_high; write over, or remove the line"),
            BadBoard(
                "bus_voltage_high",
                "bus_frequency",
                "v/board.yaml:5:5: error: home_stages[0].sense: is needed for bus_frequency; add "
                    + "sense: over or sense: under",
                "v/board.yaml:5:51: error: home_stages[0].pickup_pu = 1.25: is not in the unit of "
                    + "bus_frequency; write pickup_Hz"),
            BadBoard(
                "bus_voltage_high",
                "grid_voltage_high",
                "v/board.yaml:5:25: error: home_stages[0].watches = grid_voltage_high: is not sensed "
                    + "in a home; write bus_voltage_low, bus_voltage_high, bus_frequency, bus_rocof, "
                    + "current, battery_voltage, battery_current, battery_temperature or state_of_charge"
            ),
            BadBoard(
                "bus_voltage_high",
                "bus_voltag_high",
                "v/board.yaml:5:25: error: home_stages[0].watches = bus_voltag_high: is not a choice "
                    + "here; write bus_voltage_high; the choices are grid_voltage_low, grid_voltage_high, "
                    + "bus_voltage_low, bus_voltage_high, grid_frequency, bus_frequency, grid_rocof, "
                    + "bus_rocof, grid_vector_shift, current, dc_bus_voltage, battery_voltage …"),
            BadBoard(
                "action: trip_source",
                "action: island",
                "v/board.yaml:5:85: error: home_stages[0].action = island: has no islanding switch "
                    + "in a home; write trip_source or alarm",
                "v/board.yaml:7:5: error: homes[0]: has no stage that trips its source; add one to "
                    + "home_stages, such as bus_voltage_high",
                "v/board.yaml:9:5: error: homes[1]: has no stage that trips its source; add one to "
                    + "home_stages, such as bus_voltage_high"),
            BadBoard(
                "action: trip_source",
                "action: alarm",
                "v/board.yaml:7:5: error: homes[0]: has no stage that trips its source; add one to "
                    + "home_stages, such as bus_voltage_high",
                "v/board.yaml:9:5: error: homes[1]: has no stage that trips its source; add one to "
                    + "home_stages, such as bus_voltage_high"),
            BadBoard(
                "{charge_percent: 65}",
                "{charge_percent: 5}",
                "v/board.yaml:8:31: error: homes[0].battery.charge_percent = 5: is not above "
                    + "empty_at_percent; make it more than empty_at_percent (10 %)"),
            BadBoard(
                "{charge_percent: 65}",
                "{charge_percent: 0.65, capacty_kWh: 3}",
                "v/board.yaml:8:37: error: homes[0].battery.capacty_kWh: is not a key here; write "
                    + "capacity_kWh"),
            BadBoard(
                "name: b",
                "name: a",
                "v/board.yaml:9:11: error: homes[1].name = a: is the name of another board, at "
                    + "v/board.yaml:7; give each board its own name"),
            BadBoard(
                "name: b",
                "name: pcc",
                "v/board.yaml:9:11: error: homes[1].name = pcc: is the name of another board, at "
                    + "v/board.yaml:3; give each board its own name"),
            BadBoard(
                "    battery:",
                "    line: {L_mH: 0.02}\n    battery:",
                "v/board.yaml:8:18: error: homes[0].line.L_mH = 0.02: is too short a line for the 50 "
                    + "µs step of the simulation; lengthen the line to 0.12 mH or raise "
                    + "network.bus_capacitance_uF"),
            BadBoard(
                "    battery:",
                "    shedding: {charging: {below_Hz: 48.9}}\n    battery:",
                "v/board.yaml:8:15: error: homes[0].shedding.deferrable.below_Hz: sheds deferrable "
                    + "loads before charging; make it at most charging.below_Hz"),
            BadBoard(
                "    battery:",
                "    shedding: {restore_above_Hz: 49.2}\n    battery:",
                "v/board.yaml:8:34: error: homes[0].shedding.restore_above_Hz = 49.2: would restore "
                    + "what is shed at once; make it more than charging.below_Hz (49.35)"),
            BadBoard(
                "    battery:",
                "    shedding: {restore_above_Hz: 50.5}\n    battery:",
                "v/board.yaml:8:34: error: homes[0].shedding.restore_above_Hz = 50.5: is not below "
                    + "the nominal frequency; make it less than 50"),
            BadBoard(
                "title: Sample\n",
                "title: Sample\ncontroller: {samples_per_tick: 3}\n",
                "v/board.yaml:2:32: error: controller.samples_per_tick = 3: does not divide the 20 "
                    + "steps of 50 µs in a tick; write 2, 4, 5, 10 or 20"),
            BadBoard(
                "title: Sample\n",
                "title: Sample\ncontroller: {samples_per_tick: 1}\n",
                "v/board.yaml:2:32: error: controller.samples_per_tick = 1: is fewer than 2000 "
                    + "samples a second; write 2, 4, 5, 10 or 20"),
            BadBoard(
                "title: Sample\n",
                "title: Sample\ncontroller: {rate_Hz: 999}\n",
                "v/board.yaml:2:23: error: controller.rate_Hz = 999: is not a whole number of 50 µs "
                    + "steps; write 800 or 1000"),
            BadBoard(
                "title: Sample\n",
                "title: Sample\ncontroller: {rate_Hz: 50}\n",
                "v/board.yaml:2:23: error: controller.rate_Hz = 50: leaves fewer than 2000 samples a "
                    + "second; write 100 or more"),
            BadBoard(
                "title: Sample\n",
                "title: Sample\nnominal: {frequency_Hz: 55}\n",
                "v/board.yaml:2:25: error: nominal.frequency_Hz = 55: is neither 50 nor 60; write 50 "
                    + "or 60"),
            BadBoard(
                "title: Sample\n",
                "title: Sample\nnominal: {frequency_Hz: 60}\n",
                "v/board.yaml:3:12: error: grid_code = sample: does not fit a site of 60 Hz; write a "
                    + "grid code for 60 Hz, or change nominal.frequency_Hz",
                "v/board.yaml:8:5: error: homes[0].shedding.comfort.below_Hz: is far below the "
                    + "nominal frequency; make it at least 54",
                "v/board.yaml:10:5: error: homes[1].shedding.comfort.below_Hz: is far below the "
                    + "nominal frequency; make it at least 54"),
            BadBoard(
                "title: Sample\n",
                "title: Sample\nnominal: {voltage_V: 400}\n",
                "v/board.yaml:1:1: error: sensors.voltage_range_V: is less than 1.3 times the peak "
                    + "of 400 V; make it at least 736"),
            BadBoard(
                "title: Sample\n",
                "title: Sample\nnominal: {phases: 2}\n",
                "v/board.yaml:2:19: error: nominal.phases = 2: is neither 1 nor 3; write 1 or 3"),
            BadBoard(
                "title: Sample\n",
                "title: Sample\nnetwork: {bus_capacitance_uF: 2}\n",
                "v/board.yaml:2:31: error: network.bus_capacitance_uF = 2: is too little for lines "
                    + "this short; raise it to 12 µF or lengthen the lines"),
            BadBoard(
                "grid_code: sample\n",
                "",
                "v/board.yaml:1:1: error: grid_code: is missing; add grid_code: with the name of a "
                    + "file of grid-codes"),
            BadBoard(
                "grid_code: sample\n",
                "grid_code: sampel\n",
                "v/board.yaml:2:12: error: grid_code = sampel: names no file grid-codes/sampel.yaml; "
                    + "write sample"),
            BadBoard(
                "coupling: {rated_A: 63}\n",
                "",
                "v/board.yaml:1:1: error: coupling: is missing; add coupling: with the rating of the "
                    + "switch"),
            BadBoard(
                "coupling: {rated_A: 63}\n",
                "coupling: {stages: [{name: X, watches: battery_voltage, sense: over, pickup_V: 60, clearing_s: 1, action: trip_source}]}\n",
                "v/board.yaml:3:40: error: coupling.stages[0].watches = battery_voltage: is not "
                    + "sensed at the coupling; write grid_voltage_low, grid_voltage_high, bus_voltage_low, "
                    + "bus_voltage_high, grid_frequency, bus_frequency, grid_rocof, bus_rocof, "
                    + "grid_vector_shift or current",
                "v/board.yaml:3:107: error: coupling.stages[0].action = trip_source: has no source "
                    + "to trip at the coupling; write island or alarm"),
            BadBoard(
                "low_pu: 0.85",
                "low_pu: 1.2",
                "grid-codes/sample.yaml:2:25: error: enter_service.low_pu = 1.2: is above 1 pu; "
                    + "write 0.5 to 1 pu"),
            BadBoard(
                "low_Hz: 49.5",
                "low_Hz: 50.3",
                "grid-codes/sample.yaml:2:53: error: enter_service.low_Hz = 50.3: is not below "
                    + "high_Hz; make it less than high_Hz (50.2 Hz)"),
            BadBoard(
                "high_Hz: 50.2",
                "high_Hz: 51.8",
                "grid-codes/sample.yaml:5:65: error: stages[1].pickup_Hz = 51.5: is inside the "
                    + "window of enter_service; make it at least enter_service.high_Hz (51.8)"),
            BadBoard(
                "low_pu: 0.85",
                "low_pu: 0.75",
                "grid-codes/sample.yaml:4:54: error: stages[0].pickup_pu = 0.8: is inside the window "
                    + "of enter_service; make it at most enter_service.low_pu (0.75)"),
            BadBoard(
                "pickup_Hz: 51.5",
                "pickup_Hz: 515",
                "grid-codes/sample.yaml:5:65: error: stages[1].pickup_Hz = 515: is above 70 Hz; "
                    + "write 40 to 70 Hz"),
            BadBoard(
                "title: Cabin\n",
                "title: Cabin\ngrid_code: sample\n",
                "v/board.yaml:2:12: error: grid_code = sample: does not belong to a nanogrid; remove "
                    + "it, or remove nanogrid"),
            BadBoard(
                "title: Cabin\n",
                "title: Cabin\nhomes: [{name: a}]\n",
                "v/board.yaml:2:8: error: homes: does not belong to a nanogrid; remove it, or remove "
                    + "nanogrid"),
            BadBoard(
                "dc_bus_voltage",
                "bus_voltage_high",
                "v/board.yaml:6:68: error: nanogrid.stages[0].pickup_V = 58: is not in the unit of "
                    + "bus_voltage_high; write pickup_pu"),
            BadBoard(
                "action: trip_source}\n",
                "action: alarm}\n",
                "v/board.yaml:7:5: error: homes[0]: has no stage that trips its source; add one to "
                    + "home_stages, such as bus_voltage_high",
                "v/board.yaml:9:5: error: homes[1]: has no stage that trips its source; add one to "
                    + "home_stages, such as bus_voltage_high"),
            BadBoard(
                "    - {name: east}\n",
                "    - {name: east, charge_percent: 120}\n",
                "v/board.yaml:4:36: error: nanogrid.batteries[0].charge_percent = 120: is above 100 "
                    + "%; write 0 to 100 %"),
            BadBoard(
                "  batteries:\n",
                "  pv: {curtail_above_V: 47}\n  batteries:\n",
                "v/board.yaml:3:25: error: nanogrid.pv.curtail_above_V = 47: is not above the "
                    + "nominal voltage; make it more than voltage_V (48 V)"),
            BadBoard(
                "  batteries:\n",
                "  shedding: {deferrable: {below_V: 46.8}}\n  batteries:\n",
                "v/board.yaml:3:36: error: nanogrid.shedding.deferrable.below_V = 46.8: sheds "
                    + "deferrable loads before charging; make it at most charging.below_V"),
            BadBoard(
                "  batteries:\n",
                "  voltage_V: 24\n  batteries:\n",
                "v/board.yaml:3:3: error: nanogrid.shedding.restore_above_V: is not below the "
                    + "nominal voltage; make it less than voltage_V (24 V)"),
        ])
    private func problems(_ sample: BadBoard) {
        #expect(BoardSample.problems(sample.old, sample.new) == sample.expected)
    }
}
