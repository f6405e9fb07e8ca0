import Control
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The controller's newest state in memory that outlives the process but not the machine (a file on
/// tmpfs, mapped): what the next process may go on from.
///
/// Two slots in turn; a number before and after each says whether it is whole, so that a process
/// killed while it writes leaves the other slot. The loop writes one copy of the state, some 42 kB,
/// every few ticks: no system call, no lock, and the pages are touched at the start.
public final class StateFile: @unchecked Sendable {
    // Sendable is true: one thread offers; `load` is called before it begins.

    /// A state somebody left.
    public struct Left: Sendable {
        public var controller: Controller
        public var tick: Tick
        /// CLOCK_MONOTONIC when it was left, ns.
        public var at_ns: Int64
        public var command: Command
    }
    /// Why nothing is gone on from.
    public enum Refusal: Error, Equatable, Sendable {
        /// Nobody left a state.
        case none
        /// Another program, other settings, another start of the machine.
        case other(String)
        /// Seconds.
        case tooOld(Double)
    }
    private struct Slot: BitwiseCopyable {
        var before: UInt64 = 0
        var tick = Tick(0)
        var at_ns: Int64 = 0
        var command = Command()
        var controller: Controller
        var after: UInt64 = 0
    }
    private struct Head: Equatable, BitwiseCopyable {
        var magic: UInt64 = 0x5359_4154_5331_0001
        var layout: UInt64
        var settings: UInt64
        var boot: UInt64
    }
    private let memory: UnsafeMutableRawPointer
    private let length: Int
    private let head: Head
    private var count: UInt64 = 0

    private static let slotOffset = 4096
    private static var slotStride: Int { (MemoryLayout<Slot>.stride + 63) / 64 * 64 }

    /// Opens the file, or makes it.
    ///
    /// - Parameters:
    ///   - path: on tmpfs, such as `/run/skerry/<board>.state`.
    ///   - layout: of `Controller` in this program (``StateFile/layout``).
    ///   - settings: a digest of everything the controller was told.
    ///   - boot: a digest of the kernel's boot id: a clock that begins anew is no clock to go on with.
    /// - Returns: nil where the file cannot be had; the errno is left.
    public init?(path: String, layout: UInt64, settings: UInt64, boot: UInt64) {
        length = Self.slotOffset + 2 * Self.slotStride
        head = Head(layout: layout, settings: settings, boot: boot)
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return nil }
        defer { close(file) }
        guard ftruncate(file, off_t(length)) == 0,
            let mapped = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
            mapped != MAP_FAILED
        else { return nil }
        memory = mapped
    }
    deinit { munmap(memory, length) }

    private func slot(_ n: UInt64) -> UnsafeMutableRawPointer {
        memory + Self.slotOffset + Int(n & 1) * Self.slotStride
    }

    /// The newest whole state, if it may be gone on from.
    ///
    /// - Parameters:
    ///   - now_ns: CLOCK_MONOTONIC.
    ///   - within_s: how old it may be.
    public func load(now_ns: Int64, within_s: Double) -> Result<Left, Refusal> {
        let found = memory.load(as: Head.self)
        guard found.magic == head.magic else { return .failure(.none) }
        guard found.layout == head.layout else { return .failure(.other("another version's")) }
        guard found.settings == head.settings else { return .failure(.other("of other settings")) }
        guard found.boot == head.boot else {
            return .failure(.other("of before the machine started"))
        }
        // Numbers first: a slot that is not whole is not looked into.
        func number(_ n: UInt64) -> UInt64? {
            let at = slot(n)
            let before = at.load(fromByteOffset: 0, as: UInt64.self)
            let after = at.load(
                fromByteOffset: MemoryLayout<Slot>.offset(of: \Slot.after)!, as: UInt64.self)
            return before == after && before > 0 ? before : nil
        }
        let newest = [number(0), number(1)].compactMap { $0 }.max()
        guard let newest else { return .failure(.none) }
        let left = slot(newest).load(as: Slot.self)
        let age_s = Double(now_ns - left.at_ns) * 1e-9
        guard age_s >= 0, age_s <= within_s else { return .failure(.tooOld(age_s)) }
        return .success(
            Left(
                controller: left.controller, tick: left.tick, at_ns: left.at_ns,
                command: left.command))
    }

    /// Forgets what was left and touches every page; before the first ``offer``.
    public func begin() {
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: length)
        memory.storeBytes(of: head, as: Head.self)
        count = 0
    }

    /// Leaves `controller` as it is after `tick`. Called by the loop alone: copies, and nothing else.
    public func offer(
        _ controller: borrowing Controller, _ command: Command, tick: Tick, at_ns: Int64
    ) {
        count &+= 1
        let at = slot(count)
        at.storeBytes(of: count, as: UInt64.self)
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        let base = at.assumingMemoryBound(to: Slot.self)
        base.pointee.tick = tick
        base.pointee.at_ns = at_ns
        base.pointee.command = command
        base.pointee.controller = copy controller
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        at.storeBytes(
            of: count, toByteOffset: MemoryLayout<Slot>.offset(of: \Slot.after)!, as: UInt64.self)
    }

    /// Ended in order: nothing is left.
    public func end() { memory.initializeMemory(as: UInt8.self, repeating: 0, count: length) }
}
