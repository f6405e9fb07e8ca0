import BoardProfile
import Control
import Foundation
import Testing

@testable import Switchboard

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// A shipped board folder with hardware.
struct ShippedBoard: Sendable, CustomTestStringConvertible {
    var folder: URL
    var testDescription: String { folder.lastPathComponent }

    static let all: [ShippedBoard] = {
        let boards = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("boards")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: boards.path)) ?? []
        return names.sorted().map { ShippedBoard(folder: boards.appendingPathComponent($0)) }
            .filter { $0.text("board.yaml").contains("\nhardware:") }
    }()

    func text(_ file: String) -> String {
        (try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)) ?? ""
    }
    func site() throws -> SiteProfile {
        try #require(SiteProfile.load(folder.path).value, "\(folder.path)")
    }
    func hardware() throws -> HardwareProfile { try #require(try site().hardware) }

    /// Rows of the tables of README.md whose heads have a cell `first`: each cell under its head,
    /// without code marks.
    func rows(_ first: String) -> [[String: String]] {
        var rows: [[String: String]] = []
        var head: [String]?
        for line in text("README.md").split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("|") else {
                head = nil
                continue
            }
            let cells = line.dropFirst().split(separator: "|", omittingEmptySubsequences: false)
                .map {
                    $0.trimmingCharacters(in: .whitespaces)
                        .replacingOccurrences(of: "`", with: "")
                }
            guard let heads = head else {
                head = cells
                continue
            }
            if heads.first == first && cells.first?.hasPrefix("--") == false {
                rows.append(Dictionary(zip(heads, cells)) { a, _ in a })
            }
        }
        return rows
    }
}

/// Texts of an SVG file, and whether it is XML at all.
private final class Drawing: NSObject, XMLParserDelegate {
    private(set) var texts: [String] = []
    private(set) var root = ""
    private var text: String?
    private var open = 0
    private var isBroken = false
    /// Parsers differ in what they forgive: every element that opened has closed, too.
    var isWhole: Bool { !isBroken && open == 0 && !root.isEmpty }

    init(_ source: String) {
        super.init()
        let parser = XMLParser(data: Data(source.utf8))
        parser.delegate = self
        if !parser.parse() { isBroken = true }
    }
    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        if root.isEmpty { root = name }
        open += 1
        if name == "text" { text = "" }
    }
    func parser(_ parser: XMLParser, parseErrorOccurred parseError: any Error) { isBroken = true }
    func parser(_ parser: XMLParser, foundCharacters characters: String) { text? += characters }
    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
        qualifiedName: String?
    ) {
        open -= 1
        guard name == "text", let whole = text else { return }
        texts.append(whole)
        text = nil
    }
}

private func hexadecimal(_ address: Int) -> String { "0x" + String(address, radix: 16) }

@Suite("Board files shipped with hardware")
struct ShippedHardwareTests {
    @Test("The boards we ship are found")
    func found() {
        #expect(ShippedBoard.all.map(\.testDescription) == ["bench-cp2112", "pi-ac", "pi-dc48"])
    }

    @Test("Each reads without a word, and its chips refuse nothing", arguments: ShippedBoard.all)
    func resolves(board: ShippedBoard) throws {
        let reading = SiteProfile.load(board.folder.path)
        #expect(reading.problems.isEmpty, "\(reading.problems.map(\.rendered))")
        let switchboard = Switchboard(try board.site())
        #expect(switchboard.refusals.isEmpty, "\(switchboard.refusals)")
        let hw = try board.hardware()
        #expect(switchboard.wiring.scalars.count == hw.channels.count)
        #expect(switchboard.wiring.references.count == hw.references.count)
        #expect(switchboard.wiring.outputs.count == hw.lines.count { $0.output != nil })
        #expect(switchboard.wiring.contacts.count == hw.lines.count { $0.contact != nil })
        #expect(switchboard.wiring.waves.count == hw.waves.count)
        #expect(switchboard.lines.contains { $0.plan.heartbeat != 0 })
    }

    @Test("Each output but the heartbeat has its contact", arguments: ShippedBoard.all)
    func contacts(board: ShippedBoard) throws {
        let site = try board.site()
        let lines = try board.hardware().lines
        let contacts = Set(lines.compactMap(\.contact))
        for output in lines.compactMap(\.output) where output != "heartbeat" {
            let contact = output == "converter" ? "inverter_ready" : output
            #expect(contacts.contains(contact), "\(output)")
        }
        let switched =
            site.coupling == nil
            ? ["pre_charge", "main_contactor", "converter"] : ["islanding_switch"]
        for needed in switched + ["heartbeat"] {
            #expect(lines.contains { $0.output == needed }, "\(needed)")
        }
    }

    @Test("No two lines share an offset, no two chips an address", arguments: ShippedBoard.all)
    func apart(board: ShippedBoard) throws {
        let hw = try board.hardware()
        #expect(Set(hw.lines.map { "\($0.on) \($0.line)" }).count == hw.lines.count)
        #expect(Set(hw.chips.map { "\($0.bus) \($0.address)" }).count == hw.chips.count)
    }

    @Test("README.md says the same of every line", arguments: ShippedBoard.all)
    func lineTable(board: ShippedBoard) throws {
        let lines = try board.hardware().lines
        let rows = board.rows("line")
        let written = rows.map { "\($0["line"] ?? "") \($0["on"] ?? "") \($0["offset"] ?? "")" }
        let wired = lines.map { line in
            let name = line.output.map { "output: \($0)" } ?? "contact: \(line.contact ?? "")"
            return "\(name) \(line.on) \(line.line)"
        }
        #expect(written.sorted() == wired.sorted())
    }

    @Test("README.md says the same of every chip and channel", arguments: ShippedBoard.all)
    func chipTables(board: ShippedBoard) throws {
        let hw = try board.hardware()
        let chips = board.rows("chip").map {
            "\($0["chip"] ?? "") \($0["part"]?.lowercased() ?? "") \($0["address"] ?? "")"
        }
        #expect(
            chips.sorted()
                == hw.chips.map { "\($0.name) \($0.chip) \(hexadecimal($0.address))" }.sorted())
        let channels = board.rows("channel").map {
            "\($0["channel"] ?? "") \($0["pin"] ?? "") \(Double($0["gain"] ?? "") ?? .nan)"
        }
        let wired =
            hw.channels.map { "\($0.channel) \($0.from) \($0.gain)" }
            + hw.references.map { "\($0.figure) \($0.to) \($0.gain)" }
        #expect(channels.sorted() == wired.sorted())
    }

    @Test("README.md says the same of every converter and waveform", arguments: ShippedBoard.all)
    func waveTables(board: ShippedBoard) throws {
        let hw = try board.hardware()
        func figures(_ row: [String: String], _ keys: String...) -> String {
            keys.map { "\(Double(row[$0] ?? "") ?? .nan)" }.joined(separator: " ")
        }
        let converters = board.rows("converter").map {
            "\($0["converter"] ?? "") \($0["device"] ?? "") \($0["parent"] ?? "") "
                + figures($0, "rate", "bits")
        }
        #expect(
            converters.sorted()
                == hw.iio.map {
                    "\($0.name) \($0.device ?? "") \($0.parent ?? "") "
                        + "\($0.rate_Hz) \(Double($0.bits))"
                }.sorted())
        let waves = board.rows("wave").map {
            "\($0["wave"] ?? "") \($0["pin"] ?? "") " + figures($0, "gain", "scale")
        }
        #expect(
            waves.sorted()
                == hw.waves.map { "\($0.channel) \($0.from) \($0.gain) \($0.scale)" }.sorted())
    }

    @Test("wiring.svg is a drawing that names each chip and line", arguments: ShippedBoard.all)
    func drawing(board: ShippedBoard) throws {
        let hw = try board.hardware()
        let source = board.text("wiring.svg")
        let drawing = Drawing(source)
        #expect(drawing.isWhole && drawing.root == "svg")
        for chip in hw.chips {
            let named = drawing.texts.contains {
                $0.contains(hexadecimal(chip.address)) && $0.lowercased().contains(chip.chip)
            }
            #expect(named, "\(chip.name)")
        }
        for converter in hw.iio {
            let name = converter.device ?? converter.label ?? converter.name
            #expect(drawing.texts.contains { $0.contains(name) }, "\(name)")
        }
        for wave in hw.waves {
            #expect(drawing.texts.contains { $0.contains(wave.id) }, "\(wave.from)")
        }
        for line in hw.lines {
            let label = hw.gpio.count == 1 ? "GPIO\(line.line)" : "\(line.on) \(line.line)"
            let named = drawing.texts.contains { text in
                text.split(whereSeparator: { $0 == "·" || $0 == "," })
                    .contains { $0.trimmingCharacters(in: .whitespaces) == label }
            }
            #expect(named, "\(label)")
        }
        // It shows the same everywhere: nothing is fetched.
        #expect(!source.contains("<image") && !source.contains("url(http"))
        #expect(!source.contains("@import") && !source.contains("@font-face"))
    }

    /// What a pin carries when its channel is `value`.
    private func pin(_ channel: ChannelProfile, _ value: Double) -> Double {
        value / channel.gain + channel.offset
    }

    @Test("No pin carries more than its chip bears", arguments: ShippedBoard.all)
    func limits(board: ShippedBoard) throws {
        let site = try board.site()
        let hw = try board.hardware()
        // 60 V: the end of extra-low voltage (IEC 60364-4-41, 414), above every stage that trips.
        var extents = [
            "battery_voltage": 0...60.0, "dc_bus_voltage": 0...60, "link_voltage": 0...60,
            "battery_temperature": -30...70,
        ]
        if let grid = site.nanogrid {
            extents["pv_power"] = 0...grid.pv_W
            extents["load_power"] = -loads_W(site)...0
        }
        for channel in hw.channels {
            let name = channel.from.split(separator: ".")
            let chip = try #require(hw.chips.first { $0.name == name[0] })
            switch (chip.chip, String(name[1])) {
            case ("ina226", "bus_voltage"):
                // SBOS547B, 5.5: bus voltage input range.
                let extent = try #require(extents[channel.channel])
                #expect(pin(channel, extent.upperBound) <= 36, "\(channel.channel)")
            case ("ina226", "current"):
                // SBOS547B, 5.5: shunt voltage input range, with the largest current that matters.
                let shunt_ohm = try #require(chip.options["shunt_ohm"])
                let battery = site.nanogrid!.batteries[0]
                let trips = site.hardwareStages.filter { $0.watched == channel.channel }
                let most_A = trips.map(\.pickup).max() ?? battery.most_A
                #expect(pin(channel, most_A) * shunt_ohm < 0.08192, "\(channel.channel)")
            case ("ads1115", _):
                // SBAS444E: analogue inputs between ground and the supply, 3.3 V.
                let extent = try #require(extents[channel.channel])
                for end in [extent.lowerBound, extent.upperBound] {
                    #expect((0...3.3).contains(pin(channel, end)), "\(channel.channel) \(end)")
                }
            default: Issue.record("no limits known for \(channel.from)")
            }
        }
        for reference in hw.references {
            let chip = try #require(hw.chips.first { reference.to.hasPrefix($0.name + ".") })
            let supply_V = try #require(chip.options["reference_V"])
            #expect(reference.lowest >= 0 && reference.highest <= supply_V)
            #expect((reference.lowest...reference.highest).contains(reference.rest))
            // Nominal voltage lies within its reach, and is what it rests at.
            let nominal = site.nanogrid!.voltage_V * reference.gain + reference.offset
            #expect(abs(nominal - reference.rest) < 1e-9)
        }
    }

    @Test("No waveform leaves its converter's range", arguments: ShippedBoard.all)
    func waveLimits(board: ShippedBoard) throws {
        let site = try board.site()
        let hw = try board.hardware()
        for wave in hw.waves {
            let converter = try #require(hw.iio.first { $0.name == wave.converter })
            let range_V = wave.scale / 1000 * Double(1 << (converter.bits - 1))
            // AD7606, data sheet: ±5 V with RANGE low.
            #expect(converter.device == "ad7606-8" && abs(range_V - 5) < 1e-4)
            // Twice the nominal voltage; four times the switch's rating. Crests.
            let coupling = try #require(site.coupling)
            let most =
                wave.channel.hasPrefix("current") ? 4 * coupling.rated_A : 2 * site.voltage_V
            let pin_V = most * 2.0.squareRoot() / wave.gain + wave.offset
            #expect(pin_V > 0.05 * range_V && pin_V < 0.9 * range_V, "\(wave.channel)")
        }
    }

    private func loads_W(_ site: SiteProfile) -> Double {
        let grid = site.nanogrid!
        return grid.critical_W + grid.comfort_W + grid.deferrable_W
    }

    /// Header pins of GPIO 0 ... 27 (Raspberry Pi documentation, GPIO and the 40-pin header).
    private static let headerPins = [
        27, 28, 3, 5, 7, 29, 31, 26, 24, 21, 19, 23, 32, 33, 8, 10, 36, 11, 12, 35, 38, 40, 15, 16,
        18, 22, 37, 13,
    ]

    @Test(
        "On the Pi, header pins fit the GPIO numbers, and nothing closes while it starts",
        arguments: ShippedBoard.all.filter { $0.testDescription.hasPrefix("pi-") })
    func header(board: ShippedBoard) throws {
        for row in board.rows("line") {
            let gpio = try #require(row["offset"].flatMap { Int($0) })
            #expect(row["Pi pin"] == "\(Self.headerPins[gpio])", "GPIO\(gpio)")
        }
        for line in try board.hardware().lines {
            // BCM2711 ARM Peripherals, 5.3: GPIO 9 ... 27 are pulled down after reset.
            #expect((9...27).contains(line.line))
            // A contact that is closed while the switch is open says the opposite; no output may.
            let mirrors = line.contact == "islanding_switch"
            #expect(line.active == "high" || (mirrors && line.bias == "pull_down"))
        }
        let drawn = Drawing(board.text("wiring.svg")).texts
        for pin in 1...40 { #expect(drawn.contains("\(pin)"), "header pin \(pin)") }
    }

    /// What an overlay takes of the Pi: GPIO numbers behind its properties.
    private func lines(of overlay: String) throws -> [String: Int] {
        var gpios: [String: Int] = [:]
        for line in overlay.split(separator: "\n") {
            let text = line.trimmingCharacters(in: .whitespaces)
            guard !text.hasPrefix("//"), let equals = text.range(of: " = <") else { continue }
            let key = String(text[..<equals.lowerBound])
            var cells = text[equals.upperBound...].prefix { $0 != ">" }.split(separator: " ")
            guard key.hasSuffix("-gpios") || key == "interrupts" else { continue }
            if key.hasSuffix("-gpios") {
                #expect(cells.first == "&gpio", "\(text)")
                cells = Array(cells.dropFirst())
            }
            let gpio: Int = try #require(cells.first.flatMap { Int($0) }, "\(text)")
            gpios[key] = gpio
        }
        return gpios
    }

    @Test("The converter's overlay takes the lines README.md says, and none of the board's")
    func overlay() throws {
        let board = try #require(ShippedBoard.all.first { $0.testDescription == "pi-ac" })
        let source = board.text("skerry-ad7606.dts")
        let taken = try lines(of: source)
        #expect(
            Set(taken.keys) == ["interrupts", "adi,conversion-start-gpios", "reset-gpios"])
        var written: [String: Int] = [:]
        for row in board.rows("adc pin") {
            let gpio = try #require(row["GPIO"].flatMap { Int($0) })
            written[row["adc pin"] ?? ""] = gpio
            #expect(row["Pi pin"] == "\(Self.headerPins[gpio])", "GPIO\(gpio)")
        }
        #expect(written.count == 6)
        #expect(written["BUSY"] == taken["interrupts"])
        #expect(written["RESET"] == taken["reset-gpios"])
        #expect(written["TP"] == taken["adi,conversion-start-gpios"])
        // SPI0 on the header: chip select 0, clock and MISO. MOSI and chip select 1 stay free.
        #expect(written["CS"] == 8 && written["RD/SCLK"] == 11 && written["DB7/DOUTA"] == 9)
        let wired = try board.hardware().lines.map(\.line)
        let all = Array(taken.values) + Array(7...11) + wired
        #expect(Set(all).count == all.count, "\(all)")
        #expect(source.contains("\"adi,\(try board.hardware().iio[0].device ?? "")\""))
        let texts = Drawing(board.text("wiring.svg")).texts
        for gpio in written.values {
            #expect(texts.contains { $0.hasSuffix("GPIO\(gpio)") || $0.hasPrefix("GPIO\(gpio) ") })
        }
    }
}
