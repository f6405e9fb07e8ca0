/// An address of a bus that a kernel driver, or at least a description of the hardware, has taken.
public struct ClaimedAddress: Codable, Equatable, Sendable {
    /// Seven bits.
    public var address: UInt8
    /// As it was described to the kernel: `ads1115`.
    public var name: String
    /// Bound to it; nil where none is, and the address can be used.
    public var driver: String?

    public init(address: UInt8, name: String, driver: String?) {
        self.address = address
        self.name = name
        self.driver = driver
    }
}

/// An I²C adapter of the kernel.
public struct FoundBus: FoundDevice, Codable, Equatable {
    public static var kind: DeviceKind { .i2c }
    public var number: Int
    public var name: String
    public var parent: String
    public var marks: [String]
    /// Of the adapter itself: `i2c-bcm2835`, `cp2112`.
    public var driver: String?
    public var access: Access
    public var claimed: [ClaimedAddress]
    public var names: [String] { [name] }

    public init(
        number: Int, name: String, parent: String = "", marks: [String] = [],
        driver: String? = nil, access: Access = .granted, claimed: [ClaimedAddress] = []
    ) {
        (self.number, self.name, self.parent, self.marks) = (number, name, parent, marks)
        (self.driver, self.access, self.claimed) = (driver, access, claimed)
    }
}

/// A chip of GPIO lines.
public struct FoundGPIOChip: FoundDevice, Codable, Equatable {
    public static var kind: DeviceKind { .gpio }
    public var number: Int
    /// Empty where it may not be opened and sysfs does not say.
    public var label: String
    public var parent: String
    public var marks: [String]
    public var driver: String?
    public var access: Access
    public var lineCount: Int?
    /// nil where it may not be opened.
    public var lines: [LineState]?
    public var names: [String] { label.isEmpty ? [] : [label] }

    public init(
        number: Int, label: String, parent: String = "", marks: [String] = [],
        driver: String? = nil, access: Access = .granted, lineCount: Int? = nil,
        lines: [LineState]? = nil
    ) {
        (self.number, self.label, self.parent, self.marks) = (number, label, parent, marks)
        (self.driver, self.access) = (driver, access)
        (self.lineCount, self.lines) = (lineCount ?? lines?.count, lines)
    }
}

/// One quantity an IIO device measures or gives.
public struct FoundChannel: Codable, Equatable, Sendable {
    /// As libiio calls it: `voltage0`, `voltage0-voltage1`.
    public var id: String
    public var output: Bool
    /// Can be captured by a buffer.
    public var buffered: Bool

    public init(id: String, output: Bool = false, buffered: Bool = false) {
        (self.id, self.output, self.buffered) = (id, output, buffered)
    }
}

/// A device of the industrial I/O subsystem.
public struct FoundIIODevice: FoundDevice, Codable, Equatable {
    public static var kind: DeviceKind { .iio }
    public var number: Int
    /// As its driver calls it. Drivers of several chips may have one name for all: the kernel's
    /// ti-ads1015 says `ads1015` of an ads1115 too.
    public var name: String
    /// As the hardware's description calls it.
    public var label: String?
    public var parent: String
    public var marks: [String]
    public var driver: String?
    /// What it was described as, where it is a chip of a bus: `ads1115`.
    public var chip: String?
    /// Where it is a chip of an I²C bus.
    public var adapter: Int?
    public var address: UInt8?
    public var access: Access
    public var channels: [FoundChannel]
    public var names: [String] { [label, chip, name].compactMap(\.self).filter { !$0.isEmpty } }

    public init(
        number: Int, name: String, label: String? = nil, parent: String = "", marks: [String] = [],
        driver: String? = nil, chip: String? = nil, adapter: Int? = nil, address: UInt8? = nil,
        access: Access = .granted, channels: [FoundChannel] = []
    ) {
        (self.number, self.name, self.label) = (number, name, label)
        (self.parent, self.marks, self.driver, self.chip) = (parent, marks, driver, chip)
        (self.adapter, self.address) = (adapter, address)
        (self.access, self.channels) = (access, channels)
    }
}
