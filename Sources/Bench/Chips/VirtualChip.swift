/// A chip on an I²C bus, register by register, as its data sheet has it. Written from the data sheets
/// and apart from the drivers that will read it, so that an error in one shows against the other.
public protocol VirtualChip: Sendable {
    /// Lets `dt_s` pass with these voltages on its analogue pins, V; which are used is the chip's own
    /// affair. A voltage that is not a number is an open wire, pulled up.
    mutating func step(pins_V: SIMD4<Double>, dt_s: Double)
    /// Bytes after the address. Answers how many were acknowledged.
    mutating func write(_ bytes: [UInt8]) -> Int
    mutating func read(_ count: Int) -> [UInt8]
    /// Power goes and comes.
    mutating func reset()
    /// An upset: the stored bits of a register turn over. False: no such register.
    mutating func flip(_ register: UInt8, _ mask: UInt16) -> Bool
    /// Answers as another part from now on; nil: as itself. False: it has no identity register.
    mutating func pretend(_ identity: UInt16?) -> Bool
    /// The results stand still while everything else looks alive.
    var isFrozen: Bool { get set }
    /// What its analogue output gives, V; nil: it has none.
    var output_V: Double? { get }
}

extension VirtualChip {
    public var output_V: Double? { nil }
    public mutating func pretend(_ identity: UInt16?) -> Bool { false }
}

/// The whole number nearest to `x` in a register's range; an open wire (not a number) is at the top.
func counts(_ x: Double, _ range: ClosedRange<Int>) -> Int {
    guard x < Double(range.upperBound) else { return range.upperBound }
    return max(range.lowerBound, Int(max(x, Double(range.lowerBound)).rounded()))
}

/// A register as it goes over the wire, high byte first, and lines that nobody holds (0xFF) after it.
func wire(_ word: UInt16, _ count: Int) -> [UInt8] {
    (0..<count).map { $0 == 0 ? UInt8(word >> 8) : $0 == 1 ? UInt8(word & 0xFF) : 0xFF }
}
