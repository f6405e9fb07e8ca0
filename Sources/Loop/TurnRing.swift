import Control
import Synchronization

/// One turn of the loop, whole: what the controller was given, and what it made of it. With the state
/// before it, a turn can be lived again bit for bit.
public struct Turn: Sendable, BitwiseCopyable {
    public var sample: Sample
    public var wish: Setpoints
    public var record: Record
    /// Before this turn the board had let go of everything, and the controller was told so first
    /// (`Controller.letGo`).
    public var hadLetGo: Bool
    public init(
        sample: Sample = Sample(), wish: Setpoints = Setpoints(), record: Record = Record(),
        hadLetGo: Bool = false
    ) {
        self.sample = sample
        self.wish = wish
        self.record = record
        self.hadLetGo = hadLetGo
    }
}

/// The newest turns, for readers who come when they please: the loop writes one a tick and never
/// waits, nor does it know who reads.
public final class TurnRing: @unchecked Sendable {
    // Sendable is true: there is one writer; a reader takes only slots that the writer is not in, and
    // throws away what the writer reached meanwhile.
    fileprivate let slots: UnsafeMutablePointer<Turn>
    fileprivate let capacity: UInt64
    fileprivate let head = Atomic<UInt64>(0)

    /// - Parameter capacity: a power of two, 64 or more; 1.5 kB each.
    public init(capacity: Int = 1024) {
        precondition(capacity >= 64 && capacity & (capacity - 1) == 0)
        self.capacity = UInt64(capacity)
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: Turn(), count: capacity)
    }
    deinit { slots.deallocate() }

    /// A ring that holds a second of turns, as far as 128 to 4096 of them are one.
    ///
    /// - Parameter rate_Hz: turns a second.
    public convenience init(rate_Hz: Double) {
        var capacity = 128
        while Double(capacity) < rate_Hz && capacity < 4096 { capacity *= 2 }
        self.init(capacity: capacity)
    }

    /// Called by the loop alone.
    public func push(
        _ sample: borrowing Sample, _ wish: borrowing Setpoints, _ record: borrowing Record,
        hadLetGo: Bool = false
    ) {
        let at = head.load(ordering: .relaxed)
        let slot = slots + Int(at & (capacity - 1))
        slot.pointee.sample = copy sample
        slot.pointee.wish = copy wish
        slot.pointee.record = copy record
        slot.pointee.hadLetGo = hadLetGo
        head.store(at + 1, ordering: .releasing)
    }

    /// Turns pushed since start.
    public var count: UInt64 { head.load(ordering: .acquiring) }
}

/// One reader's place in a ring. Each reader has its own; a reader that comes too late is told how
/// many turns it lost.
public struct TurnReader: ~Copyable {
    private let ring: TurnRing
    private var next: UInt64
    /// The number of the turn that comes next: how many were pushed before it.
    public var position: UInt64 { next }

    /// Begins with what is pushed from now on, or, `fromStart`, with the oldest that is still there.
    public init(_ ring: TurnRing, fromStart: Bool = false) {
        self.ring = ring
        next = fromStart ? 0 : ring.count
    }

    /// Hands over what is new, oldest first.
    ///
    /// - Parameters:
    ///   - most: turns at once.
    ///   - use: not to keep the pointer.
    /// - Returns: how many turns were overwritten before they could be read.
    public mutating func read(
        most: Int = .max, _ use: (UnsafePointer<Turn>) -> Void
    ) -> UInt64 {
        // A slot within sixteen of being written again is not touched.
        let reach = ring.capacity - 16
        var lost: UInt64 = 0
        var given = 0
        var newest = ring.count
        var turn = Turn()
        while next < newest, given < most {
            if newest - next > reach {
                lost += newest - reach - next
                next = newest - reach
            }
            turn = ring.slots[Int(next & (ring.capacity - 1))]
            newest = ring.count
            if newest - next <= reach {
                withUnsafePointer(to: &turn) { use($0) }
                next += 1
                given += 1
            }
        }
        return lost
    }
}
