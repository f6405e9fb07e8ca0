import Control
import Synchronization

/// The newest wish, from whoever asks to the loop. One thread puts, one takes; neither ever waits,
/// allocates or sees half a wish.
///
///     writer's slot ──exchange──▶ slot between ──exchange──▶ reader's slot
///
/// Of three slots each side owns one and the third lies between them: `put` fills its own and swaps
/// it with the one between, `take` swaps in turn where something new lies there. A wish that nobody
/// took before the next came is overwritten: the newest wins.
public final class WishBox: @unchecked Sendable {
    // Sendable is true: a slot is touched only by the side that owns it, and ownership changes by an
    // atomic exchange that orders what was written before what is read.
    private let slots: UnsafeMutablePointer<Setpoints>
    private var writers = 0
    private var readers = 1
    /// Which slot lies between, and whether it has a wish that was not taken yet.
    private let between = Atomic<Int>(2)
    private static let isNew = 4

    public init() {
        slots = .allocate(capacity: 3)
        slots.initialize(repeating: Setpoints(), count: 3)
    }
    deinit { slots.deallocate() }

    /// Puts a wish in place of the one there. Called by one thread alone.
    public func put(_ wish: Setpoints) {
        slots[writers] = wish
        writers = between.exchange(writers | Self.isNew, ordering: .acquiringAndReleasing) & 3
    }

    /// The newest wish, once; nil where none came since the last call. Called by the loop alone.
    ///
    /// The caller keeps it until the next: a wish carries its own end (`Setpoints.expires`).
    public func take() -> Setpoints? {
        guard between.load(ordering: .relaxed) & Self.isNew != 0 else { return nil }
        readers = between.exchange(readers, ordering: .acquiringAndReleasing) & 3
        return slots[readers]
    }
}
