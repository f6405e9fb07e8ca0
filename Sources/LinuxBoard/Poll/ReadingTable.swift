import Control
import Synchronization

/// Readings that one bus thread publishes and the tick copies, without a lock: value and time of a
/// reading share one atomic word.
///
/// A word is the value's bits above its time in steps of 100 µs, modulo 2^32 (119 h). The reader
/// keeps ages from wrapping (`ReadingAges`).
public final class ReadingTable: @unchecked Sendable {
    // Sendable is true: the storage never moves, its elements are atomics, and it is freed by the
    // last owner alone.
    private let words: UnsafeMutablePointer<Atomic<UInt64>>
    public let count: Int
    /// Steps of a stamp, ns.
    static let step_ns: Int64 = 100_000

    public init(count: Int) {
        self.count = count
        words = .allocate(capacity: max(count, 1))
        // Before the first reading: NaN at time 0, which `ReadingAges` takes for never heard.
        for k in 0..<count { (words + k).initialize(to: Atomic(Self.never)) }
    }
    deinit {
        words.deinitialize(count: count)
        words.deallocate()
    }

    static let never = UInt64(Float.nan.bitPattern) << 32

    static func stamp(_ now_ns: Int64) -> UInt32 {
        UInt32(truncatingIfNeeded: now_ns / step_ns)
    }

    /// Called by the bus thread that owns slot `k`.
    public func publish(_ k: Int, _ value: Float, at now_ns: Int64) {
        publish(k, bits: value.bitPattern, at: now_ns)
    }
    public func publish(_ k: Int, bits: UInt32, at now_ns: Int64) {
        words[k].store(UInt64(bits) << 32 | UInt64(Self.stamp(now_ns)), ordering: .releasing)
    }

    func load(_ k: Int) -> UInt64 { words[k].load(ordering: .acquiring) }
}

/// The tick's side of a table: how old each reading is, in ticks, saturating.
struct ReadingAges {
    private var last: [UInt64]
    private var ages: [UInt16]
    private let period_ns: Int64

    init(count: Int, period_ns: Int64) {
        last = Array(repeating: ReadingTable.never, count: count)
        ages = Array(repeating: .max, count: count)
        self.period_ns = period_ns
    }

    /// The newest bits of slot `k`, and their age in ticks; `.max` until something was heard.
    /// - Parameter elapsed: ticks since the last call for this slot.
    mutating func newest(
        _ k: Int, of table: ReadingTable, now_ns: Int64, elapsed: UInt32
    ) -> (bits: UInt32, age: UInt16) {
        let word = table.load(k)
        if word != last[k] {
            last[k] = word
            // Stamps are compared once, when they are new; a wrong guess of 119 h is out of reach.
            let steps = Int64(ReadingTable.stamp(now_ns) &- UInt32(truncatingIfNeeded: word))
            let age_ns = steps > Int64(UInt32.max / 2) ? 0 : steps * ReadingTable.step_ns
            ages[k] = UInt16(min(age_ns / period_ns, 0xFFFF))
        } else if word != ReadingTable.never {
            ages[k] = UInt16(min(UInt32(ages[k]) + min(elapsed, 0xFFFF), 0xFFFF))
        }
        return (UInt32(truncatingIfNeeded: word >> 32), ages[k])
    }
}
