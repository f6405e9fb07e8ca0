import HAL

/// What asking a chip who it is has shown.
public enum Identity: Equatable, Sendable {
    /// Its identity register says so.
    case confirmed
    /// It answers, and has no register that says what it is.
    case unverifiable
    /// It answers as something else: what was read, in words.
    case other(String)
}

/// One quantity a chip can measure, or a reference it can give.
public struct ChipPin: Equatable, Sendable {
    /// As board files call it: `bus_voltage`, `current`, `ain0_1`.
    public var name: String
    /// V, A, W, Hz, var, degrees, or empty for a ratio.
    public var unit: String
    public init(_ name: String, _ unit: String) {
        self.name = name
        self.unit = unit
    }
}

/// A chip at one address of one bus. A driver holds no bus: it is handed one at each call, so that
/// it survives the bus's going and coming back. `configure` is called after every return.
public protocol Chip: Sendable {
    /// As board files call it: `ina226`.
    static var name: String { get }
    /// Seven-bit addresses it can be strapped to.
    static var addresses: ClosedRange<UInt8> { get }
    var address: UInt8 { get }
    /// Asks who it is; changes nothing.
    func identify(on port: any I2CPort) throws(BoardFault) -> Identity
    /// Brings every register that matters to its wanted value, and reads back what can be.
    mutating func configure(on port: any I2CPort) throws(BoardFault)
}

/// A chip that measures.
public protocol Meter: Chip {
    var inputs: [ChipPin] { get }
    /// The newest value of `inputs[n]` in its unit. NaN where the chip itself says that its reading
    /// is not valid (overflow, saturated, not ready).
    mutating func read(_ n: Int, on port: any I2CPort) throws(BoardFault) -> Float
    /// The step of `inputs[n]`, in its unit: what one count of its register means; 0 where it has
    /// none that anybody could see.
    func step(of n: Int) -> Float
    /// The least that `inputs[n]` can show, in its unit: nil where a register has no sign.
    func least(of n: Int) -> Float
}

extension Meter {
    public func step(of n: Int) -> Float { 0 }
    public func least(of n: Int) -> Float { -.infinity }
}

/// A chip that gives analogue references.
public protocol ReferenceOutput: Chip {
    var outputs: [ChipPin] { get }
    /// Sets `outputs[n]`, in its unit, clamped to what it can give.
    mutating func write(_ value: Float, to n: Int, on port: any I2CPort) throws(BoardFault)
    /// What the chip says it gives now.
    mutating func readBack(_ n: Int, on port: any I2CPort) throws(BoardFault) -> Float
}

/// A port expander: relay boards and contacts.
public protocol Expander: Chip {
    /// 8 or 16.
    var lineCount: Int { get }
    /// Levels of all lines, bit 0 first.
    mutating func levels(on port: any I2CPort) throws(BoardFault) -> UInt16
    /// Drives the output lines to `levels`; input lines keep to themselves.
    mutating func drive(_ levels: UInt16, on port: any I2CPort) throws(BoardFault)
}
