import Control
import Synchronization

/// The newest payloads, in memory: what the disk has not taken yet, and what a capture may look back on.
/// Of fixed size; the oldest give way. Filled by the recorder, read by the keeper.
final class FrameLog: @unchecked Sendable {
    // Sendable is true: the memory is touched under the lock alone.
    struct Item {
        static let headCount = 32
        var kind = FrameKind.note
        /// Turns it holds or, of a gap, tells to be missing; the number of the first.
        var turns: UInt32 = 0
        var number: UInt64 = 0
        /// The newest tick in it.
        var tick = Tick(0)
        var count = 0
    }
    /// A trip or a transition.
    struct Trigger {
        var number: UInt64
        var tick: Tick
        var words: String
    }
    private struct Marks {
        var head: UInt64 = 0
        var tail: UInt64 = 0
        var flushes: UInt64 = 0
        var newest = Tick(0)
        var triggers: [Trigger] = []
    }
    private let memory: UnsafeMutableRawBufferPointer
    let capacity: Int
    private let marks = Mutex(Marks())

    /// - Parameter capacity: bytes, a multiple of eight.
    init(capacity: Int) {
        self.capacity = capacity & ~7
        memory = .allocate(byteCount: self.capacity, alignment: 8)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
    }
    deinit { memory.deallocate() }

    /// What is too long for all the memory is not taken.
    func append(_ item: Item, _ payload: UnsafeRawBufferPointer) {
        let need = Item.headCount + (payload.count + 7) & ~7
        guard need <= capacity, payload.count <= FramePlace.mostPayload else { return }
        marks.withLock { marks in
            let left = capacity - Int(marks.head % UInt64(capacity))
            if left < need {
                makeRoom(left, &marks)
                if left >= Item.headCount { putHead(nil, left - Item.headCount, marks.head) }
                marks.head += UInt64(left)
            }
            makeRoom(need, &marks)
            putHead(item, payload.count, marks.head)
            let at = Int(marks.head % UInt64(capacity)) + Item.headCount
            UnsafeMutableRawBufferPointer(rebasing: memory[at..<at + payload.count])
                .copyMemory(from: payload)
            marks.head += UInt64(need)
            if item.kind == .turns { marks.newest = item.tick }
        }
    }

    /// Copies the item at `position`, or the oldest there is where that is newer, and moves on.
    ///
    /// - Returns: nil where there is nothing new.
    func read(_ position: inout UInt64, into payload: UnsafeMutableRawBufferPointer) -> Item? {
        marks.withLock { marks in
            position = max(position, marks.tail)
            while position < marks.head {
                let (item, next) = look(position)
                let from = Int(position % UInt64(capacity)) + Item.headCount
                position = next
                guard let item else { continue }
                payload.copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: memory[from..<from + item.count]))
                return item
            }
            return nil
        }
    }

    /// From where to read to have what happened since `tick`, and a state to live it again from.
    func position(since tick: Tick) -> UInt64 {
        marks.withLock { marks in
            var at = marks.tail
            var state: UInt64?
            var first: UInt64?
            while at < marks.head {
                let (item, next) = look(at)
                if let item {
                    if item.kind == .checkpoint && item.tick <= tick { state = at }
                    if item.kind == .turns && first == nil && item.tick >= tick { first = at }
                }
                at = next
            }
            return state ?? first ?? marks.head
        }
    }

    func mark(_ trigger: Trigger) {
        // The keeper may be stuck in a disk for long: the newest that it has not seen are one.
        marks.withLock { marks in
            if marks.triggers.count < 16 {
                marks.triggers.append(trigger)
            } else {
                marks.triggers[15] = trigger
            }
        }
    }
    func takeTriggers() -> [Trigger] {
        marks.withLock { marks in
            defer { marks.triggers = [] }
            return marks.triggers
        }
    }
    /// Asks that all that is here go to disk now.
    func flush() { marks.withLock { $0.flushes += 1 } }
    var flushes: UInt64 { marks.withLock { $0.flushes } }
    var newest: Tick { marks.withLock { $0.newest } }

    private func makeRoom(_ need: Int, _ marks: inout Marks) {
        while marks.head + UInt64(need) - marks.tail > UInt64(capacity) {
            marks.tail = look(marks.tail).next
        }
    }
    private func putHead(_ item: Item?, _ count: Int, _ position: UInt64) {
        let at = Int(position % UInt64(capacity))
        memory.storeBytes(of: UInt32(count), toByteOffset: at, as: UInt32.self)
        memory.storeBytes(of: item?.kind.rawValue ?? 0, toByteOffset: at + 4, as: UInt8.self)
        memory.storeBytes(of: item?.turns ?? 0, toByteOffset: at + 8, as: UInt32.self)
        memory.storeBytes(of: item?.number ?? 0, toByteOffset: at + 16, as: UInt64.self)
        memory.storeBytes(of: item?.tick.count ?? 0, toByteOffset: at + 24, as: UInt64.self)
    }
    /// The item at a position and where the next begins; nil where the end of the memory is filled up.
    private func look(_ position: UInt64) -> (item: Item?, next: UInt64) {
        let at = Int(position % UInt64(capacity))
        guard capacity - at >= Item.headCount else {
            return (nil, position + UInt64(capacity - at))
        }
        let count = Int(memory.load(fromByteOffset: at, as: UInt32.self))
        let next = position + UInt64(Item.headCount + (count + 7) & ~7)
        guard let kind = FrameKind(rawValue: memory.load(fromByteOffset: at + 4, as: UInt8.self))
        else { return (nil, next) }
        return (
            Item(
                kind: kind, turns: memory.load(fromByteOffset: at + 8, as: UInt32.self),
                number: memory.load(fromByteOffset: at + 16, as: UInt64.self),
                tick: Tick(memory.load(fromByteOffset: at + 24, as: UInt64.self)), count: count),
            next
        )
    }
}
