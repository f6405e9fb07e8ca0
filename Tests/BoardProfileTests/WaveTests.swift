import Control
import Quantities
import Testing

@testable import BoardProfile

/// The sample village's coupling, its sides sampled by one converter and its temperature by another.
private let hardware = """

    hardware:
      gpio:
        - {name: pins, label: pinctrl-x}
      iio:
        - {name: adc, device: ad7606-8, parent: spi0.0, rate_Hz: 8000, bits: 16, block: 8}
        - {name: board, label: slow}
      channels:
        - {channel: battery_temperature, from: board.temp}
      waves:
        - {channel: grid_a, from: adc.voltage0, scale: 0.152588, gain: 1172}
        - {channel: grid_b, from: adc.voltage1, scale: 0.152588, gain: 1172}
        - {channel: grid_c, from: adc.voltage2, scale: 0.152588, gain: 1172}
        - {channel: bus_a, from: adc.voltage3, scale: 0.152588, gain: 1172}
        - {channel: bus_b, from: adc.voltage4, scale: 0.152588, gain: 1172}
        - {channel: bus_c, from: adc.voltage5, scale: 0.152588, gain: 1172}
        - {channel: current_a, from: adc.current0, scale: 2, zero: 32768, offset: 0.5, gain: -3}
        - {channel: current_b, from: adc.current1, scale: 2, zero: 32768}
        - {channel: current_c, from: adc.current2, scale: 2, zero: 32768}
      lines:
        - {output: islanding_switch, on: pins, line: 17}
        - {contact: islanding_switch, on: pins, line: 13}

    """

@Suite("Waveforms in board files") struct WaveFileTests {
    private func read(_ old: String = "", _ new: String = "") -> Reading<SiteProfile> {
        precondition(old.isEmpty || hardware.contains(old), "the sample has no \(old)")
        let text = old.isEmpty ? hardware : hardware.replacing(old, with: new)
        return BoardSample.read(BoardSample.board + text)
    }

    @Test("Counts become volts and amperes, by the converter's clock")
    func settings() throws {
        let reading = read()
        #expect(reading.problems.map(\.description) == [])
        let s = try #require(reading.value?.hardwareSettings())
        #expect(s.frontEnd == .waveform(samplesPerTick: 8, clock: .converter))
        #expect(WaveChannel.allCases.allSatisfy { s.waves[Int($0.rawValue)].isFitted })
        let grid = s.waves[0]
        // 0.152588 mV a count, 1172 V a volt; both signs, so nil is count 0.
        #expect(abs(grid.gain - 0.152588e-3 * 1172) < 1e-6)
        #expect(grid.offset == 0)
        #expect((grid.lowest, grid.highest) == (-32_767.5, 32_766.5))
        // Three blocks of 1 ms and 10 ms; 30 ms of one number.
        #expect((grid.staleAfter, grid.stuckAfter) == (13, 30))
        let current = s.waves[6]
        #expect(abs(current.gain + 2e-3 * 3) < 1e-7)
        // 0.5 A are 250 counts of 2 mA.
        #expect(current.offset == 32_768 + 250)
        #expect((current.lowest, current.highest) == (0.5, 65_534.5))
        #expect(s.scalars[Int(ScalarChannel.batteryTemperature.rawValue)].isFitted)
        #expect(!s.scalars[Int(ScalarChannel.gridRMS.rawValue)].isFitted)
    }

    @Test("Ages can be said, and the stuck test be switched off")
    func ages() throws {
        let s = try #require(
            read("block: 8", "block: 8, stale_after_s: 0.1, stuck_after_s: 0").value?
                .hardwareSettings())
        #expect((s.waves[0].staleAfter, s.waves[0].stuckAfter) == (100, 0))
    }

    @Test(
        "What cannot be",
        arguments: [
            ("device: ad7606-8, ", "", "neither a driver's name nor a label"),
            ("label: slow", "label: slow, device: x", "or both"),
            ("label: slow", "label: slow, parent: spi0.1", "goes with device"),
            ("parent: spi0.0", "parent: spi0.0, uri: 'ip:192.0.2.7'", "this machine's own"),
            ("rate_Hz: 8000", "rate_Hz: 8001", "8.001 samples of adc a tick"),
            ("rate_Hz: 8000", "rate_Hz: 12000", "12 samples of adc a tick"),
            ("rate_Hz: 8000", "rate_Hz: 1000", "is below 2000"),
            ("adc.voltage1", "adc.voltage0", "is used twice"),
            ("channel: grid_b", "channel: grid_a", "is sampled twice"),
            ("adc.voltage1", "ada.voltage1", "names no channel of a converter"),
            ("adc.voltage1", "adc", "names no channel of a converter"),
            ("adc.voltage1", "board.voltage1", "is of another converter than the first"),
            ("board.temp", "bord.temp", "names no pin of a chip"),
            ("name: board", "name: adc", "adc"),
            ("gain: -3", "gain: 0", "makes every sample nil"),
            ("scale: 2, zero: 32768, offset", "zero: 32768, offset", "is missing"),
            ("channel: bus_b", "channel: bus_x", "bus_x"),
        ])
    func refused(_ old: String, _ new: String, _ words: String) {
        let reading = read(old, new)
        #expect(reading.value == nil)
        let told = reading.problems.map(\.description)
        #expect(told.contains { $0.contains(words) }, "\(told)")
        #expect(told.allSatisfy { $0.hasPrefix("v/board.yaml:") && $0.contains("; ") }, "\(told)")
    }

    @Test("A side that is not sampled whole is missed by name", arguments: ["grid_c", "bus_b"])
    func missing(_ channel: String) {
        let line = hardware.split(separator: "\n").first { $0.contains("channel: \(channel),") }!
        let told = read(String(line) + "\n", "").problems.map(\.description)
        #expect(told.contains { $0.contains("has no \(channel)") }, "\(told)")
    }

    @Test("Waveforms do not belong to a DC site")
    func direct() {
        let told = BoardSample.read(
            BoardSample.nanogrid
                + hardware.replacing("hardware:\n", with: "hardware:\n  controls: east\n")
        ).problems.map(\.description)
        #expect(told.contains { $0.contains("do not belong to a DC site") }, "\(told)")
    }
}
