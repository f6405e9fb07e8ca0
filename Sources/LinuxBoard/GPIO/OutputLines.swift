internal import CGPIO
import HAL

/// One line that drives something.
public struct OutputLine: Equatable, Codable, Sendable {
    public var offset: Int
    /// Active is low: a relay board that pulls in at 0 V.
    public var activeLow: Bool
    /// The level that leaves the plant alone, active or not; false: nothing is energised.
    public var rest: Bool

    public init(offset: Int, activeLow: Bool = false, rest: Bool = false) {
        self.offset = offset
        self.activeLow = activeLow
        self.rest = rest
    }
}

/// A set of outputs of one chip, held by one request. Guarantees:
/// - each line has a level of our choice from the moment it is an output: its rest level, if nothing
///   else is asked for;
/// - all lines change in one call (what a driver makes of it is its business);
/// - `makeSafe` and `deinit` drive every line to its rest level, and never fail.
///
/// Levels are logical, bit n for `lines[n]`, 1 is active. A call may block for seconds where the chip
/// hangs on a dead bus, and may report success where nothing moved: a bus thread calls, and
/// feedback is believed. What pins do after `deinit` is their driver's business.
///
/// Sendable although it holds a C handle: it is the handle's only owner, the handle belongs to no
/// thread, and every use of it is `mutating`, hence exclusive.
public struct OutputLines: ~Copyable, @unchecked Sendable {
    private let handle: OpaquePointer
    public let lines: [OutputLine]
    /// Rest levels, bit n for `lines[n]`.
    public let rest: UInt64
    /// What was last asked for and accepted.
    public private(set) var wanted: UInt64

    /// - Parameters:
    ///   - lines: 1 ... 64, each offset once.
    ///   - initially: the first levels; nil: those of rest. A controller that comes back to closed
    ///     contacts may take them over as they are.
    ///   - consumer: who holds them, for others to see; 31 bytes are kept.
    /// - Throws: `.notPresent` where chip or line is not there, `.bus` with EBUSY where a line is
    ///   held by somebody else, `.notPermitted`.
    public init(
        on chip: borrowing GPIOChip, _ lines: [OutputLine], initially levels: UInt64? = nil,
        drive: LineDrive = .pushPull, bias: LineBias = .asIs, consumer: String = "skerry"
    ) throws(BoardFault) {
        let rest = mask(lines, where: \.rest)
        let first = (levels ?? rest) & mask(lines) { _ in true }
        var wish = skerry_gpio_wish()
        wish.active_low = mask(lines, where: \.activeLow)
        wish.output = true
        wish.levels = first
        wish.drive = drive.code
        wish.bias = bias.code
        handle = try request(chip, lines.map(\.offset), wish, consumer)
        self.lines = lines
        self.rest = rest
        wanted = first
    }

    deinit {
        _ = skerry_gpio_set(handle, rest)
        skerry_gpio_release(handle)
    }

    /// Drives all lines; bits past the last line are ignored.
    public mutating func set(_ levels: UInt64) throws(BoardFault) {
        try checkReturned { skerry_gpio_set(handle, levels) }
        wanted = levels & mask(lines) { _ in true }
    }

    /// Drives `lines[n]`, and the others as they were last wanted.
    public mutating func set(_ n: Int, to level: Bool) throws(BoardFault) {
        precondition(lines.indices.contains(n), "no such line")
        let bit: UInt64 = 1 << UInt64(n)
        try set(level ? wanted | bit : wanted & ~bit)
    }

    /// What the driver says the pins are.
    public mutating func levels() throws(BoardFault) -> UInt64 {
        var levels: UInt64 = 0
        try checkReturned { skerry_gpio_get(handle, &levels) }
        return levels
    }

    /// Drives every line to its rest level. Tries again once; never fails.
    ///
    /// - Returns: whether the driver took it, which proves nothing about the contacts.
    @discardableResult
    public mutating func makeSafe() -> Bool {
        wanted = rest
        return skerry_gpio_set(handle, rest) == 0 || skerry_gpio_set(handle, rest) == 0
    }
}

/// Bit n for `lines[n]`.
func mask<Line>(_ lines: [Line], where isSet: (Line) -> Bool) -> UInt64 {
    lines.prefix(64).enumerated().reduce(0) {
        $0 | (isSet($1.element) ? 1 << UInt64($1.offset) : 0)
    }
}

/// Requests lines of `chip`: all or none.
func request(
    _ chip: borrowing GPIOChip, _ offsets: [Int], _ wish: skerry_gpio_wish, _ consumer: String
) throws(BoardFault) -> OpaquePointer {
    let known = 0..<chip.lineCount
    guard offsets.allSatisfy(known.contains) else { throw BoardFault(.notPresent) }
    let numbers = offsets.map { UInt32($0) }
    let handle = chip.handle
    var held: OpaquePointer?
    try checkReturned {
        consumer.withCString { name in
            numbers.withUnsafeBufferPointer { numbers in
                var wish = wish
                wish.consumer = name
                wish.offsets = numbers.baseAddress
                wish.count = UInt32(numbers.count)
                return skerry_gpio_request(handle, &wish, &held)
            }
        }
    }
    guard let held else { throw BoardFault(.bus) }
    return held
}
