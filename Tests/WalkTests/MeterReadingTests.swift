import Control
import Testing

@testable import Calibration
@testable import Walk

@Suite("What a person types")
struct MeterReadingTests {
    @Test("Numbers with and without unit and prefix")
    func accepted() throws {
        let cases: [(String, Calibrated, Double)] = [
            ("48.213", battery, 48.213), ("48.213 V", battery, 48.213), ("  48V ", battery, 48),
            ("-1.25 A", current, -1.25), ("−1.25A", current, -1.25), ("+3", current, 3),
            ("12 m", battery, 0.012), ("12 mV", battery, 0.012), ("12mV", battery, 0.012),
            ("1.2k", battery, 1200), ("250 uA", current, 250e-6), ("250 µA", current, 250e-6),
            ("1.2e-3", battery, 0.0012), ("1.2E3 V", battery, 1200), (".5", battery, 0.5),
            ("5.", battery, 5), ("0", battery, 0),
            ("21.5 °C", .scalar(.batteryTemperature), 21.5),
            ("21.5 C", .scalar(.batteryTemperature), 21.5),
            ("55 %", .scalar(.stateOfCharge), 0.55), ("49.98 Hz", .scalar(.gridFrequency), 49.98),
            ("1.2 kvar", .scalar(.busReactive), 1200), ("-30 deg", .scalar(.angleAcross), -30),
        ]
        for (text, channel, value) in cases {
            let reading = try MeterReading(text, for: channel)
            #expect((reading.value - value).magnitude <= 1e-12 * value.magnitude, "\(text)")
            #expect(reading.phase_deg == nil)
        }
        let phase = try MeterReading("5.02 A @ -29.8°", for: .wave(.currentA))
        #expect(phase.value == 5.02 && phase.phase_deg == -29.8)
    }

    @Test("What is no reading is refused, with what to write")
    func refused() {
        let cases: [(String, Calibrated, String)] = [
            ("48,213", battery, "decimal comma: write 48.213"),
            ("48,2 V", battery, "decimal comma: write 48.2"),
            ("1,234.5", battery, "decimal comma: write 48.2"),
            ("abc", battery, "“abc” is no number: write 48.2 or -1.25 A"),
            ("", battery, "“” is no number: write 48.2 or -1.25 A"),
            ("1.2.3", battery, "“1.2.3” is no number: write 48.2 or -1.25 A"),
            ("- 3", battery, "“- 3” is no number: write 48.2 or -1.25 A"),
            ("nan", battery, "“nan” is no number: write 48.2 or -1.25 A"),
            ("12 A", battery, "“A”: this channel is in V"),
            ("12 mA", battery, "“mA”: this channel is in V"),
            ("12 MegV", battery, "“MegV”: this channel is in V"),
            ("12 m", .scalar(.batteryTemperature), "“m”: this channel is in °C"),
            ("12 V", .scalar(.stateOfCharge), "“V”: this channel is a ratio, 0 to 1"),
            ("1e999", battery, "“1e999” is no number: write 48.2 or -1.25 A"),
            ("5 @ 30", battery, "battery_voltage has no phase; leave out what follows @"),
            ("5 @ 30 @ 4", grid, "“5 @ 30 @ 4” is no number"),
            ("٣", battery, "“٣” is no number: write 48.2 or -1.25 A"),
        ]
        for (text, channel, why) in cases {
            #expect(throws: MeterReading.Refusal(message: why), "\(text)") {
                try MeterReading(text, for: channel)
            }
        }
    }
}
