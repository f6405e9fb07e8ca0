import Synchronization

/// Rows of a converter on their way from the thread that captures them to the tick that takes them,
/// without a lock: one writer, one reader. A row holds one count of every column, when it came, and
/// how many rows are missing before it.
public final class WaveRing: @unchecked Sendable {
    // Sendable is true: the storage never moves; the writer touches only rows from `head` on, the
    // reader only those from `tail` to `head`, and both marks are atomics.
    public let columns: Int
    let capacity: Int
    private let counts: UnsafeMutablePointer<Int32>
    private let arrivals_ns: UnsafeMutablePointer<Int64>
    private let gaps: UnsafeMutablePointer<UInt32>
    /// Rows ever written, and ever taken.
    private let head = Atomic<UInt64>(0)
    private let tail = Atomic<UInt64>(0)
    /// The writer's: rows that are missing before the next.
    private var pending: UInt64 = 0

    /// Missing rows beyond which nobody counts.
    public static let everything: UInt64 = 1 << 30

    /// - Parameters:
    ///   - columns: 1 ... 9.
    ///   - capacity: rows, a power of two.
    public init(columns: Int, capacity: Int = 4096) {
        precondition((1...9).contains(columns) && capacity.nonzeroBitCount == 1)
        self.columns = columns
        self.capacity = capacity
        counts = .allocate(capacity: capacity * columns)
        counts.initialize(repeating: 0, count: capacity * columns)
        arrivals_ns = .allocate(capacity: capacity)
        arrivals_ns.initialize(repeating: 0, count: capacity)
        gaps = .allocate(capacity: capacity)
        gaps.initialize(repeating: 0, count: capacity)
    }
    deinit {
        counts.deallocate()
        arrivals_ns.deallocate()
        gaps.deallocate()
    }

    /// The writer's: so many rows are missing here.
    func miss(_ rows: UInt64) {
        pending = min(pending + min(rows, Self.everything), Self.everything)
    }

    /// The writer's: one row. A full ring loses it, and counts it.
    func put(at_ns: Int64, _ count: (Int) -> Int32) {
        let at = head.load(ordering: .relaxed)
        guard at - tail.load(ordering: .acquiring) < UInt64(capacity) else { return miss(1) }
        let slot = Int(at & UInt64(capacity - 1))
        for c in 0..<columns { counts[slot * columns + c] = count(c) }
        arrivals_ns[slot] = at_ns
        gaps[slot] = UInt32(pending)
        pending = 0
        head.store(at + 1, ordering: .releasing)
    }

    // MARK: The reader's

    /// Rows that wait.
    var waiting: Int {
        Int(head.load(ordering: .acquiring) - tail.load(ordering: .relaxed))
    }
    /// Of the row `k` behind the oldest that waits.
    func count(_ k: Int, _ column: Int) -> Int32 { counts[slot(k) * columns + column] }
    func arrival_ns(_ k: Int) -> Int64 { arrivals_ns[slot(k)] }
    func gap(_ k: Int) -> UInt32 { gaps[slot(k)] }
    /// Gives `rows` back, oldest first.
    func release(_ rows: Int) {
        tail.store(tail.load(ordering: .relaxed) + UInt64(rows), ordering: .releasing)
    }
    private func slot(_ k: Int) -> Int {
        Int((tail.load(ordering: .relaxed) + UInt64(k)) & UInt64(capacity - 1))
    }
}
