import HAL

/// What tells a PCF8574 from a PCF8574A: the address alone.
public protocol PCF8574Strapping: Sendable {
    static var name: String { get }
    static var addresses: ClosedRange<UInt8> { get }
}
public enum PlainStrapping: PCF8574Strapping {
    public static let name = "pcf8574"
    public static let addresses: ClosedRange<UInt8> = 0x20...0x27
}
public enum AStrapping: PCF8574Strapping {
    public static let name = "pcf8574a"
    public static let addresses: ClosedRange<UInt8> = 0x38...0x3F
}
public typealias PCF8574 = PCF8574Expander<PlainStrapping>
public typealias PCF8574A = PCF8574Expander<AStrapping>

/// Eight quasi-bidirectional lines (NXP PCF8574; PCF8574A, Rev. 5).
///
/// A line written 0 is pulled down hard; a line written 1 is held up by 100 µA, and is an input too
/// (§8.1). Relay boards on it are switched by 0. At power-up every line is 1.
public struct PCF8574Expander<Strapping: PCF8574Strapping>: Expander {
    public static var name: String { Strapping.name }
    public static var addresses: ClosedRange<UInt8> { Strapping.addresses }

    public let address: UInt8
    public let lineCount = 8
    private let inputs: UInt8
    private let idle: UInt8

    /// - Parameters:
    ///   - inputs: lines that are never pulled down, bit 0 first.
    ///   - idle: levels that `configure` gives the other lines.
    public init(address: UInt8, inputs: UInt8, idle: UInt8 = 0xFF) throws(ChipRefusal) {
        self.address = try Self.seat(address)
        self.inputs = inputs
        self.idle = idle
    }

    public func identify(on port: any I2CPort) throws(BoardFault) -> Identity {
        _ = try port.exactly(1, from: address)
        return .unverifiable
    }

    /// A line pulled down must read 0; a line at 1 may be pulled down from outside.
    public mutating func configure(on port: any I2CPort) throws(BoardFault) {
        let wanted = idle | inputs
        try port.send([wanted], to: address)
        guard try port.exactly(1, from: address)[0] & ~wanted == 0 else { throw .differs }
    }

    public mutating func levels(on port: any I2CPort) throws(BoardFault) -> UInt16 {
        UInt16(try port.exactly(1, from: address)[0])
    }

    public mutating func drive(_ levels: UInt16, on port: any I2CPort) throws(BoardFault) {
        try port.send([UInt8(truncatingIfNeeded: levels) | inputs], to: address)
    }

    static var inputMask: ChipOption {
        ChipOption(
            "inputs", "", .whole(0...255), standard: 255,
            "mask of the lines that are inputs, bit 0 is P0")
    }
    static var idleLevels: ChipOption {
        ChipOption(
            "idle", "", .whole(0...255), standard: 255,
            "levels of the outputs after every start, bit 0 is P0")
    }
    public static var kind: ChipKind {
        ChipKind(
            Self.self, "Eight lines, weak at 1 and strong at 0: relay boards and contacts.",
            options: [inputMask, idleLevels], lineCount: 8
        ) { (address, given) throws(ChipRefusal) in
            try Self(
                address: address, inputs: UInt8(given[inputMask]), idle: UInt8(given[idleLevels]))
        }
    }
}
