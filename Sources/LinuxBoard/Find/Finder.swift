import HAL

/// Looks what is there. Reads sysfs, asks whether nodes may be opened, and looks at GPIO lines; talks
/// to no chip and changes nothing.
public struct Finder: Sendable {
    /// What a GPIO chip tells of itself.
    public struct Look: Sendable {
        public var label: String
        public var lineCount: Int
        public var lines: [LineState]?
        public init(label: String, lineCount: Int, lines: [LineState]? = nil) {
            (self.label, self.lineCount, self.lines) = (label, lineCount, lines)
        }
    }
    public var tree: DeviceTree
    public var access: @Sendable (String) -> Access
    /// Looks at a GPIO chip by its node, and at its lines if told to; nil where it does not open.
    public var look: @Sendable (_ node: String, _ lines: Bool) -> Look?

    public init(
        tree: DeviceTree = DeviceTree(),
        access: @escaping @Sendable (String) -> Access = Access.of,
        look: @escaping @Sendable (_ node: String, _ lines: Bool) -> Look? = Finder.open
    ) {
        self.tree = tree
        self.access = access
        self.look = look
    }

    /// Opens a GPIO chip; asks the kernel, never the chip.
    public static func open(_ node: String, lines: Bool) -> Look? {
        do throws(BoardFault) {
            var chip = try GPIOChip(path: node)
            return Look(
                label: chip.label, lineCount: chip.lineCount,
                lines: lines ? try chip.lines() : nil)
        } catch {
            return nil
        }
    }

    /// Where the adapter is now: `/dev/i2c-1`; nil where none is chosen, or it may not be opened.
    public func path(bus: DeviceSelector) -> String? { node(bus, buses()) { $0.access } }

    /// Where the GPIO chip is now: `/dev/gpiochip0`; nil as for a bus. Does not look at its lines.
    public func path(gpio: DeviceSelector) -> String? {
        node(gpio, self.gpio(lines: false)) { $0.access }
    }

    private func node<Device: FoundDevice>(
        _ selector: DeviceSelector, _ devices: [Device], _ access: (Device) -> Access
    ) -> String? {
        guard let device = try? selector.choose(from: devices), access(device) == .granted
        else { return nil }
        return Device.kind.node(device.number)
    }

    /// All there is, each by its number.
    public func findings() -> Findings {
        Findings(
            machine: tree.text("firmware/devicetree/base/model"), buses: buses(), gpio: gpio(),
            iio: iio())
    }

    // I²C: bus/i2c/devices has `i2c-N` for adapters, and for their chips `N-00XX` with a seven-bit
    // address. `N-aXXX` is a ten-bit address, `N-1XXX` a chip that we pose as; `i2c-` and no
    // number is a chip named by ACPI (Documentation/i2c/i2c-sysfs.rst).

    public func buses() -> [FoundBus] {
        let entries = tree.list("bus/i2c/devices")
        return entries.compactMap { numbered($0, "i2c-") }.sorted().map { number in
            let link = "bus/i2c/devices/i2c-\(number)"
            let place = placed(link)
            return FoundBus(
                number: number, name: tree.text("\(link)/name") ?? "", parent: place.parent,
                marks: place.marks, driver: place.driver,
                access: access(DeviceKind.i2c.node(number)),
                claimed: entries.compactMap { claimed($0, on: number) }
                    .sorted { $0.address < $1.address })
        }
    }

    private func claimed(_ entry: String, on adapter: Int) -> ClaimedAddress? {
        guard let chip = i2cChip(entry), chip.adapter == adapter else { return nil }
        let link = "bus/i2c/devices/\(entry)"
        return ClaimedAddress(
            address: chip.address, name: tree.text("\(link)/name") ?? "",
            driver: tree.driver(of: link))
    }

    // GPIO: bus/gpio/devices has `gpiochipN`. What they are called is told by the chip itself; where
    // it may not be opened, by the older `gpio/gpiochipBASE` beside it, if there is but one.

    public func gpio(lines: Bool = true) -> [FoundGPIOChip] {
        tree.list("bus/gpio/devices").compactMap { numbered($0, "gpiochip") }.sorted()
            .map { number in
                let place = placed("bus/gpio/devices/gpiochip\(number)")
                let node = DeviceKind.gpio.node(number)
                let access = access(node)
                let seen = access == .granted ? look(node, lines) : nil
                let older = tree.list("\(place.parent)/gpio").filter { $0.hasPrefix("gpiochip") }
                let beside = older.count == 1 ? "\(place.parent)/gpio/\(older[0])" : nil
                return FoundGPIOChip(
                    number: number,
                    label: seen?.label ?? beside.flatMap { tree.text("\($0)/label") } ?? "",
                    parent: place.parent, marks: place.marks, driver: place.driver,
                    access: access,
                    lineCount: seen?.lineCount ?? beside.flatMap { tree.number("\($0)/ngpio") },
                    lines: seen?.lines)
            }
    }

    // IIO: bus/iio/devices has `iio:deviceN`, and triggers, which are none of ours.

    public func iio() -> [FoundIIODevice] {
        tree.list("bus/iio/devices").compactMap { numbered($0, "iio:device") }.sorted()
            .map { number in
                let link = "bus/iio/devices/iio:device\(number)"
                let place = placed(link)
                let entry = place.parent.split(separator: "/").last.map(String.init) ?? ""
                let chip = i2cChip(entry)
                return FoundIIODevice(
                    number: number, name: tree.text("\(link)/name") ?? "",
                    label: tree.text("\(link)/label"), parent: place.parent, marks: place.marks,
                    driver: place.driver, chip: tree.text("\(place.parent)/name"),
                    adapter: chip?.adapter, address: chip?.address,
                    access: access(DeviceKind.iio.node(number)),
                    channels: channels(
                        tree.list(link), buffered: tree.list("\(link)/scan_elements")))
            }
    }

    /// What a device hangs on: the folder it stands in.
    private func placed(_ link: String) -> (parent: String, marks: [String], driver: String?) {
        guard let path = tree.real(link), let end = path.lastIndex(of: "/") else {
            return ("", [], nil)
        }
        let parent = String(path[..<end])
        return (parent, tree.marks(of: parent), tree.driver(of: parent))
    }
}

/// The number behind a prefix and nothing else: `i2c-1`.
func numbered(_ entry: String, _ prefix: String) -> Int? {
    guard entry.hasPrefix(prefix) else { return nil }
    let digits = entry.dropFirst(prefix.count)
    return digits.allSatisfy { ("0"..."9").contains($0) } ? Int(digits) : nil
}

/// Adapter and seven-bit address of a chip's folder: `1-0040`.
func i2cChip(_ entry: String) -> (adapter: Int, address: UInt8)? {
    let halves = entry.split(separator: "-", omittingEmptySubsequences: false)
    guard halves.count == 2, halves[1].count == 4, let adapter = numbered(String(halves[0]), ""),
        let address = UInt16(halves[1], radix: 16), address < 0x80
    else { return nil }
    return (adapter, UInt8(address))
}

/// Channels by the names of their attributes: `in_voltage0_raw`, `out_voltage0_raw`, in the order of
/// their names (Documentation/ABI/testing/sysfs-bus-iio).
func channels(_ attributes: [String], buffered: [String]) -> [FoundChannel] {
    var found: [FoundChannel] = []
    let captured = Set(
        buffered.filter { $0.hasPrefix("in_") && $0.hasSuffix("_en") }
            .map { String($0.dropFirst(3).dropLast(3)) })
    for attribute in attributes {
        guard let suffix = ["_raw", "_input"].first(where: attribute.hasSuffix) else { continue }
        let name = attribute.dropLast(suffix.count)
        let output = name.hasPrefix("out_")
        guard output || name.hasPrefix("in_") else { continue }
        let id = String(name.dropFirst(output ? 4 : 3))
        if !found.contains(where: { $0.id == id && $0.output == output }) {
            let captures = !output && captured.contains(id)
            found.append(FoundChannel(id: id, output: output, buffered: captures))
        }
    }
    return found.sorted {
        $0.output != $1.output ? $1.output : naturally($0.id, before: $1.id)
    }
}
