import Control
import Synchronization
import Threads

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
        /// CLOCK_BOOTTIME when it was left, ns: time in suspension counts.
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
        /// The last process had gone on itself, and ended after so many seconds: what ended it may be in
        /// the state.
        case tooSoon(Double)
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
    /// When this process went on from another's state, CLOCK_BOOTTIME in ns; 0: it did not.
    private static let wentOnOffset = 2048
    /// A process that went on and ended sooner is not gone on from, s.
    public static let leastLife_s = 60.0
    private let memory: UnsafeMutableRawPointer
    private let length: Int
    private let head: Head
    private var count: UInt64 = 0

    private static let slotOffset = 4096
    private static var slotStride: Int { (MemoryLayout<Slot>.stride + 63) / 64 * 64 }

    /// Why there is no file.
    public enum Fault: Error, Equatable, Sendable {
        /// The errno.
        case system(Int32)
        /// The file is not in memory: the loop would wait for a disk.
        case onDisk
    }

    /// Opens the file, or makes it.
    ///
    /// - Parameters:
    ///   - path: on tmpfs, such as `/run/skerry/<board>.state`.
    ///   - layout: of `Controller` in this program (``StateFile/layout``).
    ///   - settings: a digest of everything the controller was told.
    ///   - boot: a digest of the kernel's boot id: a clock that begins anew is no clock to go on with.
    public init(
        path: String, layout: UInt64, settings: UInt64, boot: UInt64
    ) throws(Fault) {
        length = Self.slotOffset + 2 * Self.slotStride
        // Of the slot too, which holds the last command besides.
        let laid = layout ^ UInt64(Self.slotStride) << 48
        head = Head(layout: laid, settings: settings, boot: boot)
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .system(errno) }
        defer { close(file) }
        guard SystemMemory.holds(file) else { throw .onDisk }
        guard ftruncate(file, off_t(length)) == 0,
            let mapped = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
            mapped != MAP_FAILED
        else { throw .system(errno) }
        memory = mapped
    }
    deinit { munmap(memory, length) }

    private func slot(_ n: UInt64) -> UnsafeMutableRawPointer {
        memory + Self.slotOffset + Int(n & 1) * Self.slotStride
    }

    /// The newest whole state, if it may be gone on from.
    ///
    /// - Parameters:
    ///   - now_ns: CLOCK_BOOTTIME.
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
        let age_s = Double(now_ns - left.at_ns) / 1e9
        guard age_s >= 0, age_s <= within_s else { return .failure(.tooOld(age_s)) }
        let wentOn_ns = memory.load(fromByteOffset: Self.wentOnOffset, as: Int64.self)
        let life_s = Double(left.at_ns - wentOn_ns) / 1e9
        guard wentOn_ns == 0 || life_s >= Self.leastLife_s else {
            return .failure(.tooSoon(life_s))
        }
        return .success(
            Left(
                controller: left.controller, tick: left.tick, at_ns: left.at_ns,
                command: left.command))
    }

    /// Forgets what was left and touches every page; before the first ``offer``.
    ///
    /// - Parameter wentOn_ns: CLOCK_BOOTTIME now, where this process went on from what was left.
    public func begin(wentOn_ns: Int64? = nil) {
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: length)
        memory.storeBytes(of: wentOn_ns ?? 0, toByteOffset: Self.wentOnOffset, as: Int64.self)
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
