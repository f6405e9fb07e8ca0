import BoardProfile
import Control
import HAL
import LinuxBoard
import Testing

@testable import Switchboard

/// A 48 V battery on real chips, as a file would say it.
private func site() -> SiteProfile {
    var site = SiteProfile()
    site.title = "Bench"
    site.nanogrid = NanogridProfile()
    var battery = DCBatteryProfile()
    battery.name = "east"
    site.nanogrid!.batteries = [battery]
    var hw = HardwareProfile()
    var bus = BusProfile()
    (bus.name, bus.adapter) = ("i2c", "CP2112*")
    hw.buses = [bus]
    hw.chips = [
        chip("battery", "ina226", 0x40, ["shunt_ohm": 0.002]),
        chip("bus", "ina226", 0x41, ["shunt_ohm": 0.002]), chip("dac", "mcp4725", 0x60, [:]),
        chip("relays", "pcf8574", 0x20, [:]),
    ]
    hw.channels = [
        channel("battery_voltage", "battery.bus_voltage", gain: 2),
        channel("battery_current", "battery.current", gain: 1),
        channel("dc_bus_voltage", "bus.bus_voltage", gain: 2),
    ]
    var gpio = GPIOProfile()
    (gpio.name, gpio.label) = ("pins", "cp2112_gpio")
    hw.gpio = [gpio]
    hw.lines = [
        line("pins", 0, output: "main_contactor"), line("pins", 5, contact: "main_contactor"),
        line("pins", 3, output: "heartbeat"), line("relays", 2, output: "pre_charge", low: true),
        line("relays", 6, contact: "pre_charge", low: true),
    ]
    var r = ReferenceProfile()
    (r.figure, r.to, r.gain, r.offset) = ("converter_voltage", "dac.vout", 0.2, -8)
    hw.references = [r]
    site.hardware = hw
    return site
}
private func chip(
    _ name: String, _ chip: String, _ address: Int, _ options: [String: Double]
) -> ChipProfile {
    var c = ChipProfile()
    (c.name, c.chip, c.bus, c.address, c.options) = (name, chip, "i2c", address, options)
    return c
}
private func channel(_ name: String, _ from: String, gain: Double) -> ChannelProfile {
    var c = ChannelProfile()
    (c.channel, c.from, c.gain) = (name, from, gain)
    return c
}
private func line(
    _ on: String, _ n: Int, output: String? = nil, contact: String? = nil, low: Bool = false
) -> LineProfile {
    var l = LineProfile()
    (l.on, l.line, l.output, l.contact) = (on, n, output, contact)
    l.active = low ? "low" : "high"
    return l
}

@Suite("A board file resolved onto chips")
struct SwitchboardTests {
    @Test("Every name finds its thread, slot and bit")
    func resolved() throws {
        let board = Switchboard(site())
        #expect(board.refusals.isEmpty)
        let bus = try #require(board.buses.first)
        #expect(bus.plan.parts.map(\.name) == ["battery", "bus", "dac", "relays"])
        #expect(bus.plan.readings.map(\.part) == [0, 0, 1, 3])
        #expect(bus.plan.readings.map(\.pin) == [0, 2, 0, 0])
        #expect(bus.plan.references.map(\.part) == [2, 3])
        // Active low at rest is high.
        #expect(bus.plan.references.last?.rest == 0b100)
        #expect(
            board.wiring.scalars == [
                .init(.batteryVoltage, slot: 0), .init(.batteryCurrent, slot: 1),
                .init(.dcBusVoltage, slot: 2),
            ])
        let lines = try #require(board.lines.first)
        #expect(lines.plan.heartbeat == 0b100)
        #expect(lines.lines.map(\.line) == [0, 5, 3])
        #expect(
            board.wiring.contacts.contains(
                .init(.preCharge, slot: 3, bit: 6, isInverted: true)))
        #expect(board.wiring.coulombs?.charge == 0.6)
        #expect(board.wiring.references.first?.range == 0...5)
    }

    @Test("Settings have the wired channels and no others")
    func settings() throws {
        let s = try #require(site().hardwareSettings())
        let fitted = ScalarChannel.allCases.filter { s.scalars[Int($0.rawValue)].isFitted }
        #expect(fitted == [.batteryVoltage, .batteryCurrent, .stateOfCharge, .dcBusVoltage])
        #expect(s.scalars[Int(ScalarChannel.batteryVoltage.rawValue)].gain == 2)
        #expect(s.scalars[Int(ScalarChannel.stateOfCharge.rawValue)].gain == 1)
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        var key: String
        var change: @Sendable (inout HardwareProfile) -> Void
        var testDescription: String { key }
        init(_ key: String, _ change: @escaping @Sendable (inout HardwareProfile) -> Void) {
            (self.key, self.change) = (key, change)
        }
    }
    static let wrongs = [
        Wrong("hardware.chips[0].shunt_ohm") { $0.chips[0].options = [:] },
        Wrong("hardware.chips[0].averaging") { $0.chips[0].options["averaging"] = 5 },
        Wrong("hardware.chips[2].shunt_ohm") { $0.chips[2].options["shunt_ohm"] = 1 },
        Wrong("hardware.chips[1].address") { $0.chips[1].address = 0x40 },
        Wrong("hardware.chips[1].address") { $0.chips[1].address = 0x50 },
        Wrong("hardware.chips[0].chip") { $0.chips[0].chip = "ina999" },
        Wrong("hardware.channels[2].from") { $0.channels[2].from = "bus.volts" },
        Wrong("hardware.references[0].to") { $0.references[0].to = "battery.current" },
        Wrong("hardware.lines[3].on") { $0.lines[3].on = "battery" },
        Wrong("hardware.lines[4].line") { $0.lines[4].line = 8 },
        Wrong("hardware.lines[2].output") {
            $0.lines[2].on = "relays"
            $0.lines[2].line = 1
        },
        Wrong("hardware.gpio[0]") { $0.lines.removeAll { $0.on == "pins" } },
    ]

    @Test("What only the chips can know is refused by key", arguments: wrongs)
    func refused(wrong: Wrong) {
        var changed = site()
        wrong.change(&changed.hardware!)
        let refusals = Switchboard(changed).refusals
        #expect(refusals.contains { $0.key == wrong.key && !$0.remedy.isEmpty }, "\(refusals)")
    }

    @Test("Files may write every option of every chip")
    func options() {
        let known = Set(ChipProfile.optionNames)
        for kind in Catalogue.chips {
            for option in kind.options {
                #expect(known.contains(option.name), "\(kind.name) \(option.name)")
            }
        }
        let used = Set(Catalogue.chips.flatMap { $0.options.map(\.name) })
        #expect(known.subtracting(used).isEmpty, "options of no chip")
    }
}
