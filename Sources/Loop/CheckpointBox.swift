import Control
import Synchronization

/// Hands a copy of the controller from the loop to who records it: asked for by the one, given by the
/// other when it comes by, without a wait on either side. 42 kB are copied, some microseconds.
///
///     if box.isAsked { box.offer(runner.controller, after: tick) }    // in the loop, after the push
public final class CheckpointBox: @unchecked Sendable {
    // Sendable is true: the loop writes the slot only while it is asked, the recorder reads it only
    // once it is offered.
    private static let idle: UInt8 = 0
    private static let asked: UInt8 = 1
    private static let offered: UInt8 = 2
    private let ring: TurnRing
    private let slot: UnsafeMutableRawPointer
    private var turn: UInt64 = 0
    private var tick = Tick(0)
    private let state = Atomic<UInt8>(CheckpointBox.idle)

    /// - Parameter ring: takes the turns of the same loop; its count tells which turn a copy follows.
    public init(_ ring: TurnRing) {
        self.ring = ring
        slot = .allocate(
            byteCount: MemoryLayout<Controller>.size, alignment: MemoryLayout<Controller>.alignment)
        // Touched now, so that the loop meets no new page.
        slot.initializeMemory(as: UInt8.self, repeating: 0, count: MemoryLayout<Controller>.size)
    }
    deinit { slot.deallocate() }

    /// The recorder waits for a copy.
    public var isAsked: Bool { state.load(ordering: .acquiring) == Self.asked }

    /// Called by the loop alone, between the push of one turn and the beginning of the next.
    ///
    /// - Parameter tick: of the last turn the controller has lived.
    public func offer(_ controller: borrowing Controller, after tick: Tick) {
        guard isAsked else { return }
        slot.storeBytes(of: copy controller, as: Controller.self)
        self.tick = tick
        turn = ring.count
        state.store(Self.offered, ordering: .releasing)
    }

    /// Called by the recorder alone, as is ``take(_:)``.
    public func ask() {
        _ = state.compareExchange(
            expected: Self.idle, desired: Self.asked, ordering: .acquiringAndReleasing)
    }
    /// A copy is there, taken after so many turns; nil where there is none.
    public var turnOffered: UInt64? {
        state.load(ordering: .acquiring) == Self.offered ? turn : nil
    }
    /// Gives the copy to `use` and has none from then on.
    ///
    /// - Parameter use: what the controller was, how many turns it had lived, and the tick of the last.
    public func take(_ use: (inout Controller, UInt64, Tick) -> Void) {
        guard turnOffered != nil else { return }
        let controller = slot.assumingMemoryBound(to: Controller.self)
        use(&controller.pointee, turn, tick)
        state.store(Self.idle, ordering: .releasing)
    }
}
