internal import CGPIO
import HAL

/// One line that is looked at.
public struct InputLine: Equatable, Codable, Sendable {
    public var offset: Int
    /// Active is low: a contact that closes to ground.
    public var activeLow: Bool

    public init(offset: Int, activeLow: Bool = false) {
        self.offset = offset
        self.activeLow = activeLow
    }
}

/// A line became active or ceased to be.
public struct LineEvent: Equatable, Sendable {
    /// Which of `InputLines.lines`.
    public var line: Int
    /// Became active.
    public var rising: Bool
    /// CLOCK_MONOTONIC, as near to the edge as the driver saw it; drivers that poll their device
    /// are late by up to their period (hid-cp2112: about 40 ms).
    public var time_ns: UInt64
}

/// A set of inputs of one chip, held by one request. Levels are logical, bit n for `lines[n]`, 1 is
/// active. A call may block for seconds where the chip hangs on a dead bus: a bus thread calls.
///
/// Sendable although it holds a C handle: it is the handle's only owner, the handle belongs to no
/// thread, and every use of it is `mutating`, hence exclusive.
public struct InputLines: ~Copyable, @unchecked Sendable {
    private let handle: OpaquePointer
    public let lines: [InputLine]
    /// One for each line where the library cannot debounce; else empty.
    private var debounces: [Debounce]

    /// - Parameters:
    ///   - lines: 1 ... 64, each offset once.
    ///   - edges: whether `nextEvent` is wanted.
    ///   - debounce_us: how long a level must stand still to be believed; 0: believed at once. By
    ///     the kernel with libgpiod 2.x. With 1.6 by `levels(at:)`, and events are as they come.
    ///   - consumer: who holds them, for others to see; 31 bytes are kept.
    /// - Throws: as `OutputLines`.
    public init(
        on chip: borrowing GPIOChip, _ lines: [InputLine], bias: LineBias = .asIs,
        edges: Bool = false, debounce_us: UInt32 = 0, consumer: String = "skerry"
    ) throws(BoardFault) {
        let below = skerry_gpio_debounces()
        var wish = skerry_gpio_wish()
        wish.active_low = mask(lines, where: \.activeLow)
        wish.bias = bias.code
        wish.edges = edges
        wish.debounce_us = below ? debounce_us : 0
        handle = try request(chip, lines.map(\.offset), wish, consumer)
        self.lines = lines
        let hold_ns = UInt64(debounce_us) * 1_000
        debounces =
            below || hold_ns == 0
            ? [] : Array(repeating: Debounce(hold: hold_ns), count: lines.count)
    }

    deinit { skerry_gpio_release(handle) }

    /// Reads all lines, debounced.
    ///
    /// - Parameter now_ns: of a clock that never runs backwards.
    public mutating func levels(at now_ns: UInt64) throws(BoardFault) -> UInt64 {
        var levels: UInt64 = 0
        try checkReturned { skerry_gpio_get(handle, &levels) }
        for n in debounces.indices {
            let bit: UInt64 = 1 << UInt64(n)
            levels = debounces[n].step(levels & bit != 0, at: now_ns) ? levels | bit : levels & ~bit
        }
        return levels
    }

    /// The next edge, oldest first for each line.
    ///
    /// - Parameter within_ns: how long to wait; 0: not at all, negative: for ever.
    /// - Returns: nil where nothing happened.
    /// - Throws: `.notPresent` where the chip is gone, `.bus` with EINVAL without `edges`.
    public mutating func nextEvent(within_ns: Int64) throws(BoardFault) -> LineEvent? {
        var event = skerry_gpio_event()
        let found = try checkReturned { skerry_gpio_next_event(handle, within_ns, &event) }
        guard found > 0, let line = lines.firstIndex(where: { $0.offset == Int(event.offset) })
        else { return nil }
        return LineEvent(line: line, rising: event.rising, time_ns: event.time_ns)
    }
}
