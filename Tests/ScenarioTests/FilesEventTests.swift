import BoardProfile
import Control
import Plant
import Scenario
import SimBoard
import Testing

@Suite("Events of a scenario file")
struct FilesEventTests {
    /// Each kind of event, what the simulation is told, and what people read.
    @Test(
        "Each kind becomes what it says",
        arguments: [
            ("grid: loss", "grid(Plant.GridChange.loss)", "the grid fails"),
            (
                "grid: restoration", "grid(Plant.GridChange.restoration(phase_deg: nil))",
                "the grid returns"
            ),
            (
                "grid: clearance", "grid(Plant.GridChange.clearance)",
                "the short circuit in the grid is cleared"
            ),
            (
                "grid_fault_ohm: 0.5", "grid(Plant.GridChange.fault(R_ohm: 0.5))",
                "short circuit in the grid, 0.5 Ω"
            ),
            (
                "sag: {voltage_pu: 0.7, jump_deg: 10}",
                "grid(Plant.GridChange.voltage_pu(0.7, jump_deg: 10.0))",
                "grid voltage goes to 0.7 pu, phase jumps 10°"
            ),
            (
                "sag: {phases_pu: [0.5, 1, 1]}", "grid(Plant.GridChange.phases_pu(0.5, 1.0, 1.0))",
                "grid phases go to 0.5, 1 and 1 pu"
            ),
            (
                "frequency_Hz: 50.4", "grid(Plant.GridChange.frequency_Hz(50.4))",
                "grid frequency steps to 50.4 Hz"
            ),
            (
                "ramp: {rate_Hz_per_s: 0.5, until_Hz: 49}",
                "grid(Plant.GridChange.ramp_Hz_per_s(0.5, until_Hz: 49.0))",
                "grid frequency moves to 49 Hz at 0.5 Hz/s"
            ),
            (
                "harmonic: {order: 7, magnitude_pu: 0.05}",
                "grid(Plant.GridChange.harmonic(order: 7, pu: 0.05, phase_deg: 0.0))",
                "harmonic 7 of the grid at 0.05 pu"
            ),
            (
                "negative_sequence_pu: 0.02",
                "grid(Plant.GridChange.negativeSequence_pu(0.02, phase_deg: 0.0))",
                "negative sequence of the grid at 0.02 pu"
            ),
            (
                "impedance: {R_ohm: 0.4, L_mH: 1}",
                "grid(Plant.GridChange.impedance(R_ohm: 0.4, L_H: 0.001))",
                "grid impedance becomes 0.4 Ω and 1 mH"
            ),
            (
                "others: {drawing_W: 2000}",
                "grid(Plant.GridChange.others(drawing_W: 2000.0, drawing_var: 0.0))",
                "other customers draw 2000 W"
            ),
            (
                "bus_fault_ohm: 0.02", "busFault(ohm: Optional(0.02))",
                "short circuit on the village bus, 0.02 Ω"
            ),
            (
                "bus: clearance", "busFault(ohm: nil)",
                "the short circuit on the village bus is cleared"
            ),
            (
                "fault: {board: pcc, channel: grid_a, kind: drift, rate_per_s: 2}",
                "sensor(board: \"pcc\", SimBoard.FaultPlace.wave(Control.WaveChannel.gridA), "
                    + "Optional(SimBoard.SensorFault.drift(perSecond: 2.0)))",
                "pcc: grid_a drifts by 2 a second"
            ),
            (
                "fault: {board: a, channel: battery_voltage, kind: spike, probability_percent: 1, size: 50}",
                "sensor(board: \"a\", SimBoard.FaultPlace.scalar("
                    + "Control.ScalarChannel.batteryVoltage), "
                    + "Optional(SimBoard.SensorFault.spike(probability: 0.01, size: 50.0)))",
                "a: battery_voltage jumps by 50 now and then"
            ),
            (
                "fault: {board: pcc, channel: bus_a, kind: swap, with: bus_b}",
                "sensor(board: \"pcc\", SimBoard.FaultPlace.wave(Control.WaveChannel.busA), "
                    + "Optional(SimBoard.SensorFault.swap(with: 4)))",
                "pcc: bus_a is swapped with bus_b"
            ),
            (
                "clear: {board: pcc, channel: bus_a}",
                "sensor(board: \"pcc\", SimBoard.FaultPlace.wave(Control.WaveChannel.busA), nil)",
                "pcc: bus_a is whole again"
            ),
            (
                "relay: {board: pcc, contact: islanding_switch, kind: weld}",
                "relay(board: \"pcc\", Control.Contact.islandingSwitch, "
                    + "Optional(SimBoard.RelayFault.weld))",
                "pcc: islanding_switch welds"
            ),
            (
                "relay: {board: a, contact: load_deferrable, kind: slow, factor: 5}",
                "relay(board: \"a\", Control.Contact.load1, "
                    + "Optional(SimBoard.RelayFault.slow(5.0)))",
                "a: load_deferrable moves 5 times slower"
            ),
            (
                "clear: {board: a, contact: main_contactor}",
                "relay(board: \"a\", Control.Contact.mainContactor, nil)",
                "a: main_contactor is whole again"
            ),
            (
                "driver: {board: b, fails: true}", "driver(board: \"b\", fails: true)",
                "b: driver fails"
            ),
            ("link: down", "link(isUp: false)", "talk is down"),
            (
                "wish: island", "wish(island: Optional(true), connect: nil, acknowledge: false)",
                "asked to island"
            ),
            (
                "wish: acknowledge", "wish(island: nil, connect: nil, acknowledge: true)",
                "a person acknowledges"
            ),
            (
                "demand: {home: b, factor: 2}", "demand(home: Optional(\"b\"), factor: 2.0)",
                "demand at b × 2"
            ),
            (
                "irradiance: {power_W_per_m2: 300}", "irradiance(home: nil, Wm2: 300.0)",
                "sun at all homes: 300 W/m²"
            ),
            (
                "wind: {speed_m_per_s: 12.5}", "wind(home: nil, mps: 12.5)",
                "wind at all homes: 12.5 m/s"
            ),
            (
                "charging: {home: a, plugged: false}",
                "charging(home: Optional(\"a\"), isPlugged: false)", "car at a plugged out"
            ),
        ])
    func kinds(_ line: String, _ happening: String, _ words: String) throws {
        let reading = FilesSample.events("{at_s: 5, \(line)}")
        #expect(reading.problems.map(\.description) == [])
        let events = try reading.get().scenario().happenings
        #expect(events.map { "\($0.happening)" } == [happening])
        #expect(events.map(\.text) == [words])
        #expect(events.map(\.at_s) == [5])
    }

    @Test("Events come in time order, by the clock too, with the words of the file")
    func order() throws {
        let reading = FilesSample.events(
            "{at: \"00:00:40\", grid: restoration, note: back again}", "{at_s: 12, grid: loss}",
            "{at: 00:00, link: down}")
        #expect(reading.problems.map(\.description) == [])
        let events = try reading.get().scenario().happenings
        #expect(events.map(\.at_s) == [0, 12, 40])
        #expect(events.map(\.text) == ["talk is down", "the grid fails", "back again"])
    }

    @Test("A waveform run keeps the board's sensing, a phasor run has meter chips")
    func physics() throws {
        let waves = try FilesSample.events("{at_s: 1, grid: loss}").get().scenario()
        #expect(waves.fidelity == .waveform(step_s: 50e-6))
        #expect(waves.sensing == Sensing(rate_Hz: 1000, samplesPerTick: 20))
        #expect(waves.seed == 1 && waves.profile.name == "v" && waves.duration_s == 60)
        let slow = try FilesSample.events(
            "{at_s: 1, grid: loss}", more: "physics: phasor\ntick_Hz: 50\nseed: 9\n"
        ).get().scenario(seed: 4)
        #expect(slow.fidelity == .phasor(step_s: 0.02))
        #expect(slow.sensing == Sensing(rate_Hz: 50, samplesPerTick: 0))
        #expect(slow.seed == 4)
    }

    @Test("Recorded quarter hours are scaled, and taken from the day that is named")
    func recorded() throws {
        let reading = FilesSample.read(
            FilesSample.head + """
                recorded:
                  file: ../data.csv
                  day: 2016-01-02
                  homes:
                    - {home: b, load_column: x_kW, load_scale: 0.5, pv_column: y_W}
                    - {home: a, load_column: y_W, load_scale: 3, load_day: 2016-01-01}

                """)
        #expect(reading.problems.map(\.description) == [])
        let recorded = try reading.get().scenario().recorded
        #expect(recorded.map(\.home) == [1, 0])
        // The second day begins at quarter hour 96: 9.6 kW, halved.
        #expect(recorded[0].load_W?.means.first == 4800)
        #expect(recorded[0].load_W?.means.count == 96)
        #expect(recorded[0].pv_W?.means == [Double](repeating: 7, count: 96))
        #expect(recorded[1].load_W?.means == [Double](repeating: 21, count: 96))
        #expect(recorded[1].pv_W == nil)
    }

    @Test("The description is sound, and each kind of file has a schema")
    func schemas() {
        #expect(ScenarioFile.section.description.audit == [])
        #expect(Schema.all.map(\.name) == ["board", "grid-code", "scenario"])
        #expect(Set(Schema.all.map(\.id)).count == 3)
        for schema in Schema.all {
            #expect(schema.json.compact.contains("\"$id\":\"\(schema.id)\""))
        }
    }
}
