/// What an I²C bus with chips on it does when somebody speaks to it.
public protocol SMBus {
    /// Start, `address`, `bytes`.
    mutating func write(_ address: UInt8, _ bytes: [UInt8], at now_s: Double) -> Wrote
    /// Start, `address`, then `count` bytes; nil where nobody acknowledges the address.
    mutating func read(_ address: UInt8, count: Int, at now_s: Double) -> [UInt8]?
}

/// How a write ended.
public enum Wrote: Equatable, Sendable {
    case all
    /// Nobody answered the address.
    case addressRefused
    /// A data byte was not acknowledged.
    case dataRefused
}
