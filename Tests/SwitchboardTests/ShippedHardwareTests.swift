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
        #expect(ShippedBoard.all.map(\.testDescription) == ["bench-cp2112", "pi-dc48"])
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
        #expect(switchboard.lines.contains { $0.plan.heartbeat != 0 })
    }

    @Test("Each output but the heartbeat has its contact", arguments: ShippedBoard.all)
    func contacts(board: ShippedBoard) throws {
        let lines = try board.hardware().lines
        let contacts = Set(lines.compactMap(\.contact))
        for output in lines.compactMap(\.output) where output != "heartbeat" {
            let contact = output == "converter" ? "inverter_ready" : output
            #expect(contacts.contains(contact), "\(output)")
        }
        for needed in ["pre_charge", "main_contactor", "converter", "heartbeat"] {
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
        let extents = [
            "battery_voltage": 0...60.0, "dc_bus_voltage": 0...60, "link_voltage": 0...60,
            "battery_temperature": -30...70, "pv_power": 0...site.nanogrid!.pv_W,
            "load_power": -loads_W(site)...0,
        ]
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
    private func loads_W(_ site: SiteProfile) -> Double {
        let grid = site.nanogrid!
        return grid.critical_W + grid.comfort_W + grid.deferrable_W
    }

    /// Header pins of GPIO 0 ... 27 (Raspberry Pi documentation, GPIO and the 40-pin header).
    private static let headerPins = [
        27, 28, 3, 5, 7, 29, 31, 26, 24, 21, 19, 23, 32, 33, 8, 10, 36, 11, 12, 35, 38, 40, 15, 16,
        18, 22, 37, 13,
    ]

    @Test("On the Pi, header pins fit the GPIO numbers, and nothing closes while it starts")
    func header() throws {
        let board = try #require(ShippedBoard.all.first { $0.testDescription == "pi-dc48" })
        for row in board.rows("line") {
            let gpio = try #require(row["offset"].flatMap { Int($0) })
            #expect(row["Pi pin"] == "\(Self.headerPins[gpio])", "GPIO\(gpio)")
        }
        for line in try board.hardware().lines {
            // BCM2711 ARM Peripherals, 5.3: GPIO 9 ... 27 are pulled down after reset.
            #expect((9...27).contains(line.line) && line.active == "high")
        }
        let drawn = Drawing(board.text("wiring.svg")).texts
        for pin in 1...40 { #expect(drawn.contains("\(pin)"), "header pin \(pin)") }
    }
}
