import Control
import Synchronization

/// The newest records, for one reader who comes when it pleases: the loop writes one a tick and
/// never waits. A reader who comes too late is told how many it lost.
public final class RecordRing: @unchecked Sendable {
    // Sendable is true: there is one writer; the reader takes only slots that the writer is not in,
    // and throws away what the writer reached meanwhile.
    private let slots: UnsafeMutablePointer<Record>
    private let capacity: UInt64
    private let head = Atomic<UInt64>(0)
    private var next: UInt64 = 0

    /// - Parameter capacity: a power of two, 64 or more.
    public init(capacity: Int = 4096) {
        precondition(capacity >= 64 && capacity & (capacity - 1) == 0)
        self.capacity = UInt64(capacity)
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: Record(), count: capacity)
    }
    deinit { slots.deallocate() }

    /// Called by the loop alone.
    public func push(_ record: borrowing Record) {
        let at = head.load(ordering: .relaxed)
        slots[Int(at & (capacity - 1))] = copy record
        head.store(at + 1, ordering: .releasing)
    }

    /// Called by the one reader: hands over what is new, oldest first.
    ///
    /// - Returns: how many records were overwritten before they could be read.
    public func read(_ use: (Record) -> Void) -> UInt64 {
        // A slot within sixteen of being written again is not touched.
        let reach = capacity - 16
        var lost: UInt64 = 0
        var newest = head.load(ordering: .acquiring)
        while next < newest {
            if newest - next > reach {
                lost += newest - reach - next
                next = newest - reach
            }
            let record = slots[Int(next & (capacity - 1))]
            newest = head.load(ordering: .acquiring)
            if newest - next <= reach {
                use(record)
                next += 1
            }
        }
        return lost
    }
}
