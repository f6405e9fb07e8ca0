import Synchronization

/// Wanted outputs that the tick posts and threads carry out: one atomic word each, newest wins.
public final class WishTable: @unchecked Sendable {
    // Sendable is true: the storage never moves, its elements are atomics, and it is freed by the
    // last owner alone.
    private let words: UnsafeMutablePointer<Atomic<UInt32>>
    public let count: Int

    public init(count: Int) {
        self.count = count
        words = .allocate(capacity: max(count, 1))
        for k in 0..<count { (words + k).initialize(to: Atomic(0)) }
    }
    deinit {
        words.deinitialize(count: count)
        words.deallocate()
    }
    public subscript(_ k: Int) -> UInt32 {
        get { words[k].load(ordering: .acquiring) }
        set { words[k].store(newValue, ordering: .releasing) }
    }
}
