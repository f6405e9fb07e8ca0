/// A controller's own count, as one that grows on when the controller starts anew.
///
/// It starts at the controller's own count. A new life counts from 0, so that what it says is added whole. A
/// controller that went on from the state that the process before it had left has that one's counters, as
/// they were a few ticks before its end: what it counts again is not added twice.
struct RunningTotal: Sendable {
    private(set) var total: UInt64 = 0
    private var seen: UInt64 = 0

    /// - Parameters:
    ///   - count: the controller's, now.
    ///   - isNew: the first of a life that began at 0.
    /// - Returns: by how much the total grew.
    @discardableResult
    mutating func see(_ count: UInt64, isNew: Bool) -> UInt64 {
        if isNew { seen = 0 }
        guard count > seen else { return 0 }
        let step = min(count - seen, .max - total)
        seen = count
        total += step
        return step
    }
    /// Of counts that no process leaves to the next: whenever one falls, its life is new.
    @discardableResult
    mutating func see(_ count: UInt64) -> UInt64 { see(count, isNew: count < seen) }
}
