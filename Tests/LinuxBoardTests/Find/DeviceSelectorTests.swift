import Testing

@testable import LinuxBoard

@Suite("DeviceSelector") struct DeviceSelectorTests {
    private let buses = [
        FoundBus(number: 1, name: "bcm2835 (i2c@7e804000)", parent: "devices/soc/fe804000.i2c"),
        FoundBus(number: 7, name: "CP2112 on hidraw2", parent: "devices/usb1/1-2"),
        FoundBus(number: 3, name: "CP2112 on hidraw0", parent: "devices/usb1/1-10"),
        FoundBus(
            number: 5, name: "CP2112 on hidraw1", parent: "devices/uhid",
            marks: ["HID_UNIQ=0001"]),
    ]

    private func chosen(_ selector: DeviceSelector) -> Int? {
        try? selector.choose(from: buses).number
    }

    private func miss(_ selector: DeviceSelector) -> SelectorMiss? {
        do throws(SelectorMiss) {
            _ = try selector.choose(from: buses)
            return nil
        } catch { return error }
    }

    @Test("By name, by place, by mark, by index among equals")
    func chooses() {
        #expect(chosen(DeviceSelector(name: "bcm2835*")) == 1)
        #expect(chosen(DeviceSelector(name: "bcm2835 (i2c@7e804000)")) == 1)
        #expect(chosen(DeviceSelector(parent: "fe804000")) == 1)
        #expect(chosen(DeviceSelector(name: "CP2112*", parent: "usb1/1-2")) == 7)
        #expect(chosen(DeviceSelector(name: "CP2112*", parent: "HID_UNIQ=0001")) == 5)
        // In the order of their places: uhid, usb1/1-2, usb1/1-10.
        #expect(
            (0...3).map { chosen(DeviceSelector(name: "CP2112*", index: $0)) } == [5, 7, 3, nil])
    }

    @Test("What does not fit is said in words, with what there is")
    func missing() {
        #expect(
            miss(DeviceSelector(name: "FT232*"))
                == SelectorMiss(
                    kind: .missing,
                    description: "no I²C adapter fits “FT232*”; there is "
                        + "i2c-1 “bcm2835 (i2c@7e804000)”, i2c-7 “CP2112 on hidraw2”, "
                        + "i2c-3 “CP2112 on hidraw0”, i2c-5 “CP2112 on hidraw1”"))
        #expect(
            miss(DeviceSelector(name: "CP2112*", parent: "usb1", index: 2))
                == SelectorMiss(
                    kind: .missing,
                    description: "“CP2112*” at “usb1”, index 2: 2 fit, counted from 0: "
                        + "i2c-7 “CP2112 on hidraw2”, i2c-3 “CP2112 on hidraw0”"))
        #expect(throws: SelectorMiss(kind: .missing, description: "there is no GPIO chip at all")) {
            try DeviceSelector(name: "x").choose(from: [FoundGPIOChip]())
        }
    }

    @Test("Several that fit are not chosen among by chance")
    func ambiguous() {
        #expect(
            miss(DeviceSelector(name: "CP2112*", parent: "usb1"))
                == SelectorMiss(
                    kind: .ambiguous,
                    description: "2 I²C adapters fit “CP2112*” at “usb1”: "
                        + "i2c-7 “CP2112 on hidraw2”, i2c-3 “CP2112 on hidraw0”; "
                        + "say where it hangs, or which with index 0 ... 1"))
    }

    @Test("An unplugged bridge that comes back with other numbers is the same")
    func replugged() {
        let selector = DeviceSelector(name: "CP2112*", parent: "usb1/1-2")
        let back = [
            buses[0],
            FoundBus(number: 12, name: "CP2112 on hidraw9", parent: "devices/usb1/1-2"),
        ]
        #expect(chosen(selector) == 7)
        #expect((try? selector.choose(from: back))?.number == 12)
    }

    @Test("Which of two equal bridges is first does not hang on which was plugged in last")
    func stableOrder() {
        func bridge(_ number: Int, hid: String, serial: String) -> FoundBus {
            FoundBus(
                number: number, name: "CP2112", parent: "devices/uhid/0003:10C4:EA90.\(hid)",
                marks: ["HID_UNIQ=\(serial)"])
        }
        let before = [bridge(3, hid: "0001", serial: "a"), bridge(4, hid: "0002", serial: "b")]
        let after = [bridge(4, hid: "0002", serial: "b"), bridge(5, hid: "0003", serial: "a")]
        let first = DeviceSelector(name: "CP2112", index: 0)
        #expect((try? first.choose(from: before))?.marks == ["HID_UNIQ=a"])
        #expect((try? first.choose(from: after))?.marks == ["HID_UNIQ=a"])
    }

    @Test(
        "Paths without numbers that are counted afresh",
        arguments: [
            ("devices/uhid/0003:10C4:EA90.0001", "devices/uhid/0003:10C4:EA90"),
            ("devices/soc/fe804000.i2c/i2c-1/1-0020", "devices/soc/fe804000.i2c/i2c-/-0020"),
            ("devices/usb1/1-2/1-2:1.0", "devices/usb1/1-2/1-2:1.0"),
        ])
    func anchors(path: String, expected: String) {
        #expect(anchored(path) == expected)
    }

    @Test(
        "Patterns",
        arguments: [
            ("abc", "abc", true), ("abc", "ab", false), ("abc", "*", true), ("", "*", true),
            ("abc", "a*", true), ("abc", "*c", true), ("abc", "*b*", true), ("abc", "a*c", true),
            ("abc", "a*b", false), ("ab", "ab*b", false), ("aXbXc", "a*b*c", true),
            ("acb", "a*b*c", false), ("abab", "*ab", true), ("abc", "b*", false),
            ("a*c", "a**c", true), ("", "", true), ("a", "", false),
        ])
    func patterns(text: String, pattern: String, expected: Bool) {
        #expect(fits(text, pattern) == expected)
    }

    @Test("Runs of digits are numbers")
    func order() {
        let sorted = ["usb1/1-2", "usb1/1-10", "usb2/1-1", "usb10/1-1"]
        #expect(sorted.reversed().sorted { naturally($0, before: $1) } == sorted)
        #expect(!naturally("a1", before: "a1"))
        #expect(naturally("a1", before: "a1b"))
    }
}
