import Foundation

@testable import LinuxBoard

/// A picture of devices as `/sys` has it, in a folder of its own that goes with it. Shapes as Linux
/// 6.12 makes them on a Raspberry Pi 4 and for a CP2112 bridge posed by uhid.
final class FakeTree {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(
        "skerry-tree-\(UUID().uuidString)")

    deinit { try? FileManager.default.removeItem(at: root) }

    var tree: DeviceTree { DeviceTree(root: root.path) }

    func file(_ path: String, _ text: String) throws {
        let url = root.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// A relative link, as sysfs has them.
    func link(_ path: String, to target: String) throws {
        let url = root.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(
            at: root.appendingPathComponent(target), withIntermediateDirectories: true)
        let up = String(repeating: "../", count: path.split(separator: "/").count - 1)
        try FileManager.default.createSymbolicLink(
            atPath: url.path, withDestinationPath: up + target)
    }

    func adapter(_ n: Int, _ name: String, in parent: String, driver: String? = nil) throws {
        try file("\(parent)/i2c-\(n)/name", name + "\n")
        try link("bus/i2c/devices/i2c-\(n)", to: "\(parent)/i2c-\(n)")
        if let driver { try link("\(parent)/driver", to: "bus/platform/drivers/\(driver)") }
    }

    func client(
        _ n: Int, _ address: String, _ name: String, in parent: String, driver: String? = nil
    ) throws {
        let place = "\(parent)/i2c-\(n)/\(n)-\(address)"
        try file("\(place)/name", name + "\n")
        try link("bus/i2c/devices/\(n)-\(address)", to: place)
        if let driver { try link("\(place)/driver", to: "bus/i2c/drivers/\(driver)") }
    }

    func chip(_ n: Int, base: Int, _ label: String, lines: Int, in parent: String) throws {
        try file("\(parent)/gpiochip\(n)/dev", "254:\(n)\n")
        try link("bus/gpio/devices/gpiochip\(n)", to: "\(parent)/gpiochip\(n)")
        try file("\(parent)/gpio/gpiochip\(base)/label", label + "\n")
        try file("\(parent)/gpio/gpiochip\(base)/ngpio", "\(lines)\n")
    }

    func iio(_ n: Int, _ name: String, in parent: String, attributes: [String]) throws {
        try file("\(parent)/iio:device\(n)/name", name + "\n")
        for attribute in attributes { try file("\(parent)/iio:device\(n)/\(attribute)", "0\n") }
        try link("bus/iio/devices/iio:device\(n)", to: "\(parent)/iio:device\(n)")
    }

    static let soc = "devices/platform/soc/fe804000.i2c"
    static let pins = "devices/platform/soc/fe200000.gpio"
    static func bridge(_ k: Int) -> String { "devices/virtual/misc/uhid/0003:10C4:EA90.000\(k)" }

    /// A Raspberry Pi 4 with an ADC that has a driver, and two bridges of the same make.
    static func pi() throws -> FakeTree {
        let t = FakeTree()
        try t.file("firmware/devicetree/base/model", "Raspberry Pi 4 Model B Rev 1.4\0")
        try t.adapter(1, "bcm2835 (i2c@7e804000)", in: soc, driver: "i2c-bcm2835")
        try t.file("\(soc)/uevent", "DRIVER=i2c-bcm2835\nOF_FULLNAME=/soc/i2c@7e804000\n")
        try t.client(1, "0048", "ads1115", in: soc, driver: "ads1015")
        try t.client(1, "0060", "mcp4725", in: soc)
        try t.client(1, "1064", "slave-24c02", in: soc, driver: "i2c-slave-eeprom")
        try t.client(1, "a050", "ten-bit", in: soc)
        try t.link("bus/i2c/devices/i2c-INT33D2:00", to: "devices/platform/acpi/i2c-INT33D2:00")
        try t.chip(0, base: 512, "pinctrl-bcm2711", lines: 58, in: pins)
        let adc = "\(soc)/i2c-1/1-0048"
        try t.iio(
            0, "ads1015", in: adc,
            attributes: [
                "in_voltage0_raw", "in_voltage0_scale", "in_voltage10_raw", "in_voltage2_raw",
                "in_voltage0-voltage1_raw", "in_voltage_sampling_frequency", "out_voltage0_raw",
                "sampling_frequency", "in_temp_input", "in_power_raw",
                "scan_elements/in_voltage0_en", "scan_elements/in_timestamp_en",
            ])
        try t.link("bus/iio/devices/trigger0", to: "devices/trigger0")
        for (k, n) in [(1, 3), (2, 4)] {
            try t.adapter(n, "CP2112 SMBus Bridge on hidraw\(k)", in: bridge(k), driver: "cp2112")
            try t.file(
                "\(bridge(k))/uevent",
                "DRIVER=cp2112\nHID_NAME=Skerry bench\nHID_PHYS=bench\(k)\nHID_UNIQ=000\(k)\n")
            try t.chip(k, base: 600 + 8 * k, "cp2112_gpio", lines: 8, in: bridge(k))
        }
        return t
    }
}
