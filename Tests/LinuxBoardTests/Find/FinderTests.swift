import Foundation
import HAL
import Testing

@testable import LinuxBoard

@Suite("Finder") struct FinderTests {
    private func finder(_ t: FakeTree, _ access: Access = .denied) -> Finder {
        Finder(tree: t.tree, access: { _ in access }, look: { _, _ in nil })
    }

    @Test("Adapters, with who has taken which address")
    func buses() throws {
        let t = try FakeTree.pi()
        let buses = finder(t, .granted).buses()
        try #require(buses.map(\.number) == [1, 3, 4])
        #expect(
            buses[0]
                == FoundBus(
                    number: 1, name: "bcm2835 (i2c@7e804000)", parent: FakeTree.soc,
                    marks: ["OF_FULLNAME=/soc/i2c@7e804000"], driver: "i2c-bcm2835",
                    claimed: [
                        ClaimedAddress(address: 0x48, name: "ads1115", driver: "ads1015"),
                        ClaimedAddress(address: 0x60, name: "mcp4725", driver: nil),
                    ]))
        #expect(buses[1].name == "CP2112 SMBus Bridge on hidraw1")
        #expect(buses[1].driver == "cp2112")
        #expect(buses[1].marks == ["HID_PHYS=bench1", "HID_UNIQ=0001"])
        #expect(buses[1].claimed == [])
    }

    @Test("GPIO chips: by themselves where they open, by what stands beside them where not")
    func gpio() throws {
        let t = try FakeTree.pi()
        let shut = finder(t).gpio()
        #expect(shut.map(\.label) == ["pinctrl-bcm2711", "cp2112_gpio", "cp2112_gpio"])
        #expect(shut.map(\.lineCount) == [58, 8, 8])
        #expect(shut.allSatisfy { $0.lines == nil && $0.access == .denied })
        #expect(shut[2].parent == FakeTree.bridge(2))

        let line = LineState(offset: 0, name: "ID_SDA", used: true, consumer: "i2c")
        let open = Finder(
            tree: t.tree, access: { $0 == "/dev/gpiochip0" ? .granted : .missing },
            look: { node, lines in
                node == "/dev/gpiochip0"
                    ? .init(label: "told", lineCount: 1, lines: lines ? [line] : nil) : nil
            }
        ).gpio()
        #expect(open[0].label == "told")
        #expect(open[0].lines == [line])
        #expect(open[0].lineCount == 1)
        #expect(open[1].access == .missing)

        // Two older chips beside it: which is which cannot be known.
        try t.file("\(FakeTree.pins)/gpio/gpiochip700/label", "other")
        #expect(finder(t).gpio()[0].label == "")
        #expect(finder(t).gpio()[0].lineCount == nil)
    }

    @Test("IIO devices, with where they sit and what they measure")
    func iio() throws {
        let t = try FakeTree.pi()
        let found = finder(t, .missing).iio()
        try #require(found.count == 1)
        #expect(found[0].name == "ads1015")
        #expect(found[0].chip == "ads1115")
        #expect(found[0].names == ["ads1115", "ads1015"])
        #expect(found[0].adapter == 1)
        #expect(found[0].address == 0x48)
        #expect(found[0].driver == "ads1015")
        #expect(found[0].access == .missing)
        #expect(
            found[0].channels == [
                FoundChannel(id: "power"), FoundChannel(id: "temp"),
                FoundChannel(id: "voltage0", buffered: true),
                FoundChannel(id: "voltage0-voltage1"), FoundChannel(id: "voltage2"),
                FoundChannel(id: "voltage10"), FoundChannel(id: "voltage0", output: true),
            ])
        try t.file("\(FakeTree.soc)/i2c-1/1-0048/iio:device0/label", "grid_adc\n")
        #expect(finder(t).iio()[0].names == ["grid_adc", "ads1115", "ads1015"])
    }

    @Test("An IIO device that is on no bus has no address")
    func plainIIO() throws {
        let t = FakeTree()
        try t.iio(2, "adc", in: "devices/platform/48001000.adc", attributes: ["in_voltage3_raw"])
        let found = finder(t).iio()
        #expect(found.map(\.number) == [2])
        #expect(found[0].adapter == nil && found[0].address == nil && found[0].chip == nil)
    }

    @Test("Where there is nothing, nothing is found and nothing fails")
    func nothing() throws {
        let t = FakeTree()
        let found = Finder(tree: t.tree).findings()
        #expect(found == Findings())
        #expect(found.text == "no I²C adapter\nno GPIO chip\nno IIO device\n")
        // This machine, whatever it has.
        let here = Finder().findings()
        #expect(here.buses.allSatisfy { !$0.name.isEmpty })
    }

    @Test("A device's path now, before and after it was plugged in again; lines are not looked at")
    func paths() throws {
        let t = try FakeTree.pi()
        let finder = Finder(
            tree: t.tree, access: { $0 == "/dev/i2c-4" ? .denied : .granted },
            look: { _, lines in lines ? nil : .init(label: "cp2112_gpio", lineCount: 8) })
        let first = DeviceSelector(name: "CP2112*", parent: "HID_UNIQ=0001")
        #expect(finder.path(bus: first) == "/dev/i2c-3")
        #expect(finder.path(bus: DeviceSelector(name: "CP2112*", parent: "HID_UNIQ=0002")) == nil)
        #expect(finder.path(bus: DeviceSelector(name: "CP2112*")) == nil)
        let lines = DeviceSelector(name: "cp2112_gpio", parent: "HID_UNIQ=0001")
        #expect(finder.path(gpio: lines) == "/dev/gpiochip1")

        for link in ["i2c/devices/i2c-3", "gpio/devices/gpiochip1"] {
            try FileManager.default.removeItem(at: t.root.appendingPathComponent("bus/\(link)"))
        }
        #expect(finder.path(bus: first) == nil)
        #expect(finder.path(gpio: lines) == nil)

        try t.adapter(9, "CP2112 SMBus Bridge on hidraw5", in: FakeTree.bridge(7))
        try t.file("\(FakeTree.bridge(7))/uevent", "HID_UNIQ=0001\n")
        try t.chip(5, base: 700, "cp2112_gpio", lines: 8, in: FakeTree.bridge(7))
        #expect(finder.path(bus: first) == "/dev/i2c-9")
        #expect(finder.path(gpio: lines) == "/dev/gpiochip5")
    }

    @Test("The machine says what it is")
    func machine() throws {
        let t = try FakeTree.pi()
        let found = finder(t).findings()
        #expect(found.machine == "Raspberry Pi 4 Model B Rev 1.4")
        #expect(found.isRaspberryPi)
    }

    @Test("Findings go through JSON and back")
    func json() throws {
        let t = try FakeTree.pi()
        let line = LineState(offset: 3, name: "GPIO3", used: true, consumer: "spi0 CS0")
        let found = Finder(
            tree: t.tree, access: { _ in .granted },
            look: { _, _ in .init(label: "pinctrl-bcm2711", lineCount: 58, lines: [line]) }
        ).findings()
        let data = try JSONEncoder().encode(found)
        #expect(try JSONDecoder().decode(Findings.self, from: data) == found)
        let json = String(decoding: data, as: UTF8.self)
        #expect(json.contains(#""consumer":"spi0 CS0""#))
        #expect(json.contains(#""access":"granted""#))
    }

    @Test("For a person")
    func text() throws {
        let t = try FakeTree.pi()
        let lines = [
            LineState(offset: 2, name: "SDA1"), LineState(offset: 3),
            LineState(offset: 17, name: "GPIO17", used: true, consumer: "relays", output: true),
        ]
        let found = Finder(
            tree: t.tree,
            access: {
                $0.hasPrefix("/dev/gpiochip") ? .granted : $0 == "/dev/i2c-1" ? .denied : .missing
            },
            look: { node, _ in
                node == "/dev/gpiochip0"
                    ? .init(label: "pinctrl-bcm2711", lineCount: 58, lines: lines)
                    : .init(label: "cp2112_gpio", lineCount: 8, lines: [])
            }
        ).findings()
        #expect(
            found.text == """
                Raspberry Pi 4 Model B Rev 1.4
                I²C adapters
                  i2c-1 “bcm2835 (i2c@7e804000)”, driver i2c-bcm2835, may not open /dev/i2c-1
                    0x48 ads1115, held by driver ads1015
                    0x60 mcp4725, no driver bound
                  i2c-3 “CP2112 SMBus Bridge on hidraw1”, driver cp2112, no /dev/i2c-3
                  i2c-4 “CP2112 SMBus Bridge on hidraw2”, driver cp2112, no /dev/i2c-4
                GPIO chips
                  gpiochip0 “pinctrl-bcm2711”, 58 lines
                    2 “SDA1”, input
                    17 “GPIO17”, output, used by “relays”
                  gpiochip1 “cp2112_gpio”, 8 lines, driver cp2112
                  gpiochip2 “cp2112_gpio”, 8 lines, driver cp2112
                IIO devices
                  iio:device0 “ads1115”, ads1115 at 0x48 of i2c-1, driver ads1015, no /dev/iio:device0
                    power, input
                    temp, input
                    voltage0, input, buffered
                    voltage0-voltage1, input
                    voltage2, input
                    voltage10, input
                    voltage0, output

                """)
    }

    @Test("A node that is not there is missing, one that is there opens")
    func access() throws {
        let t = FakeTree()
        try t.file("node", "")
        #expect(Access.of(t.root.appendingPathComponent("node").path) == .granted)
        #expect(Access.of(t.root.appendingPathComponent("no-node").path) == .missing)
    }

    @Test("Only whole names count")
    func names() {
        #expect(numbered("i2c-12", "i2c-") == 12)
        #expect(numbered("i2c-", "i2c-") == nil)
        #expect(numbered("i2c-INT33D2:00", "i2c-") == nil)
        #expect(numbered("i2c--1", "i2c-") == nil)
        #expect(i2cChip("12-0040").map { [$0.adapter, Int($0.address)] } == [12, 0x40])
        for entry in ["1-a050", "1-1064", "1-40", "1-00zz", "-0040", "x-0040", "1-0040-2", ""] {
            #expect(i2cChip(entry) == nil, "\(entry)")
        }
    }
}
