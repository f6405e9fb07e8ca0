/// What is there, as found at one moment. In JSON by Codable, in text by `text`.
public struct Findings: Codable, Equatable, Sendable {
    /// As firmware calls it: `Raspberry Pi 4 Model B Rev 1.4`; nil where it does not say.
    public var machine: String?
    public var buses: [FoundBus]
    public var gpio: [FoundGPIOChip]
    public var iio: [FoundIIODevice]

    public init(
        machine: String? = nil, buses: [FoundBus] = [], gpio: [FoundGPIOChip] = [],
        iio: [FoundIIODevice] = []
    ) {
        (self.machine, self.buses, self.gpio, self.iio) = (machine, buses, gpio, iio)
    }

    public var isRaspberryPi: Bool { machine?.hasPrefix("Raspberry Pi") ?? false }
}

extension Findings {
    /// For a person: a line for each device, indented lines for what it has. Lines of GPIO chips
    /// that are neither named nor used are counted only.
    public var text: String {
        var out: [String] = machine.map { [$0] } ?? []
        out.append(buses.isEmpty ? "no I²C adapter" : "I²C adapters")
        for bus in buses {
            out.append("  \(bus.described)\(aside(bus, bus.driver, bus.access))")
            for claim in bus.claimed {
                let by = claim.driver.map { "held by driver \($0)" } ?? "no driver bound"
                out.append("    \(shortHex(claim.address)) \(claim.name), \(by)")
            }
        }
        out.append(gpio.isEmpty ? "no GPIO chip" : "GPIO chips")
        for chip in gpio {
            let count = chip.lineCount.map { ", \($0) lines" } ?? ""
            out.append("  \(chip.described)\(count)\(aside(chip, chip.driver, chip.access))")
            let telling = (chip.lines ?? []).filter { $0.used || !$0.name.isEmpty }
            for line in telling {
                let name = line.name.isEmpty ? "" : " “\(line.name)”"
                let by = line.consumer.isEmpty ? "" : " by “\(line.consumer)”"
                let use = line.used ? ", used\(by)" : ""
                out.append("    \(line.offset)\(name), \(line.output ? "output" : "input")\(use)")
            }
        }
        out.append(iio.isEmpty ? "no IIO device" : "IIO devices")
        for device in iio {
            var place = ""
            if let adapter = device.adapter, let address = device.address {
                place = ", \(device.chip ?? "chip") at \(shortHex(address)) of i2c-\(adapter)"
            }
            out.append(
                "  \(device.described)\(place)\(aside(device, device.driver, device.access))")
            for channel in device.channels {
                let kind = channel.output ? "output" : "input"
                out.append("    \(channel.id), \(kind)\(channel.buffered ? ", buffered" : "")")
            }
        }
        return out.joined(separator: "\n") + "\n"
    }

    private func aside(_ device: some FoundDevice, _ driver: String?, _ access: Access) -> String {
        let by = driver.map { ", driver \($0)" } ?? ""
        let node = type(of: device).kind.node(device.number)
        return switch access {
        case .granted: by
        case .denied: "\(by), may not open \(node)"
        case .missing: "\(by), no \(node)"
        }
    }
}

/// `0x40`
func shortHex(_ address: UInt8) -> String {
    let digits = String(address, radix: 16)
    return "0x" + (digits.count < 2 ? "0" : "") + digits
}
