/// The waveform channels a board may fit: three trios, each of three phases (or phase a alone).
public enum WaveChannel: UInt8, Sendable, BitwiseCopyable {
    /// Phase voltages on the grid's side of the islanding switch.
    case gridA, gridB, gridC
    /// Phase voltages of the site's bus.
    case busA, busB, busC
    /// Phase currents into the site's bus: through the islanding switch, or out of the inverter.
    case currentA, currentB, currentC

    public static let count = 9
}

/// The slow channels a board may fit, one number each.
public enum ScalarChannel: UInt8, Sendable, BitwiseCopyable {
    /// Battery terminals: V, A (positive out of the battery), °C, 0 ... 1.
    case batteryVoltage, batteryCurrent, batteryTemperature, stateOfCharge
    /// The inverter's or bus's side of the battery contactor, V.
    case linkVoltage
    /// DC bus: V, and the converter's current into it, A.
    case dcBusVoltage, converterCurrent
    /// Powers into the bus, W: sources positive, loads negative.
    case pvPower, windPower, evPower, loadPower
    /// A meter chip on the grid's side: phase RMS V, Hz.
    case gridRMS, gridFrequency
    /// A meter chip on the bus's side: phase RMS V, Hz, RMS A, W, var.
    case busRMS, busFrequency, busCurrent, busActive, busReactive
    /// Grid phase minus bus phase across the open switch, degrees, from a synchroscope chip.
    case angleAcross
    /// Of the board and its sensors, °C: what their temperature coefficients go by.
    case boardTemperature

    public static let count = 20
}

/// Digital feedback: what auxiliary contacts and ready lines say.
public enum Contact: UInt8, Sendable, BitwiseCopyable {
    case islandingSwitch, preCharge, mainContactor, inverterReady
    case load0, load1, load2, load3
}

/// Outputs the controller drives. The names match `Contact` where feedback exists.
public enum Output: UInt8, Sendable, BitwiseCopyable {
    case islandingSwitch, preCharge, mainContactor, inverterEnable
    case load0, load1, load2, load3
    /// Toggles every tick while the controller believes in itself; an external watchdog listens.
    case heartbeat
}

// A list of all cases is an array, which a board without a heap cannot have.
#if !hasFeature(Embedded)
    extension WaveChannel: CaseIterable {}
    extension ScalarChannel: CaseIterable {}
    extension Contact: CaseIterable {}
    extension Output: CaseIterable {}
#endif

/// A set of channels and contacts, one bit each: bits 0–8 waves, 16–35 scalars, 48–55 contacts.
public struct ChannelSet: Equatable, Sendable, BitwiseCopyable {
    public var bits: UInt64
    @inlinable public init(bits: UInt64 = 0) { self.bits = bits }
    @inlinable public static func wave(_ c: WaveChannel) -> ChannelSet {
        ChannelSet(bits: 1 << UInt64(c.rawValue))
    }
    @inlinable public static func scalar(_ c: ScalarChannel) -> ChannelSet {
        ChannelSet(bits: 1 << (16 + UInt64(c.rawValue)))
    }
    @inlinable public static func contact(_ c: Contact) -> ChannelSet {
        ChannelSet(bits: 1 << (48 + UInt64(c.rawValue)))
    }
    @inlinable public static var gridVoltages: ChannelSet { ChannelSet(bits: 0b111) }
    @inlinable public static var busVoltages: ChannelSet { ChannelSet(bits: 0b111_000) }
    @inlinable public static var currents: ChannelSet { ChannelSet(bits: 0b111_000_000) }
    @inlinable public var isEmpty: Bool { bits == 0 }
    @inlinable public func meets(_ other: ChannelSet) -> Bool { bits & other.bits != 0 }
    @inlinable public static func | (a: ChannelSet, b: ChannelSet) -> ChannelSet {
        ChannelSet(bits: a.bits | b.bits)
    }
    @inlinable public static func & (a: ChannelSet, b: ChannelSet) -> ChannelSet {
        ChannelSet(bits: a.bits & b.bits)
    }
    @inlinable public static func |= (a: inout ChannelSet, b: ChannelSet) { a.bits |= b.bits }
}

/// Outputs or contacts as bits, in the order of `Output` and `Contact`.
public struct LineSet: Equatable, Sendable, BitwiseCopyable {
    public var bits: UInt16
    @inlinable public init(bits: UInt16 = 0) { self.bits = bits }
    @inlinable public subscript(_ output: Output) -> Bool {
        get { bits & (1 << UInt16(output.rawValue)) != 0 }
        set { set(output.rawValue, newValue) }
    }
    @inlinable public subscript(_ contact: Contact) -> Bool {
        get { bits & (1 << UInt16(contact.rawValue)) != 0 }
        set { set(contact.rawValue, newValue) }
    }
    @inlinable mutating func set(_ bit: UInt8, _ on: Bool) {
        let mask: UInt16 = 1 << UInt16(bit)
        bits = on ? bits | mask : bits & ~mask
    }
}
