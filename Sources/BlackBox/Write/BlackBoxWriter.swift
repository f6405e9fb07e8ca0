import Control
import Loop
import Synchronization
import Threads
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Records a loop: two threads of plain priority, one that codes turns into memory as they come, one that
/// brings memory to disk. The loop knows nothing of them but ``CheckpointBox/isAsked``.
public final class BlackBoxWriter: Sendable {
    private let shared: Shared

    /// - Parameters:
    ///   - folder: is made where it is not there; its parent must be.
    ///   - texts: the board file, calibrations, the program's version: kept in the file, up to
    ///     ``SettingsText/mostBytes`` and an eighth of the ring.
    ///   - ring, box: of one loop.
    /// - Returns: nil where settings or texts are wrong: see ``BlackBoxSettings/problems``.
    public init?(
        folder: String, settings: BlackBoxSettings, texts: [SettingsText], ticksPerSecond: Float,
        ring: TurnRing, box: CheckpointBox
    ) {
        guard settings.problems.isEmpty, let identity = RunIdentity(texts, ticksPerSecond),
            Int64(identity.settings.count) * 8 <= settings.ringBytes
        else { return nil }
        shared = Shared(folder, settings, identity, ring, box)
    }

    /// - Returns: false where the system gives no thread.
    public func start(note: String) -> Bool {
        self.note(.start, note)
        let shared = shared
        do throws(SystemThread.Fault) {
            // A state of 42 kB is unpacked and coded on it.
            try SystemThread.start("skerry-record", stack_B: 1 << 20, isOrdinary: true) {
                shared.record()
            }
            try SystemThread.start("skerry-keep", stack_B: 1 << 20, isOrdinary: true) {
                shared.keep()
            }
            return true
        } catch { return false }
    }
    /// Everything to disk, and an end in order.
    ///
    /// - Returns: false where the disk did not let that be done in time; nothing more is waited for.
    public func stop(note: String, within seconds: Double) -> Bool {
        self.note(.stop, note)
        shared.mustStop.store(true, ordering: .releasing)
        let end = Clocks.now.monotonic_ns + Int64(seconds * 1e9)
        while !shared.isOver.load(ordering: .acquiring) {
            if Clocks.now.monotonic_ns > end { return false }
            pause_ms(5)
        }
        return true
    }
    /// From any thread but the loop's.
    public func note(_ kind: Note.Kind, _ text: String) {
        shared.log.append(
            Note(kind, tick: shared.log.newest, wall_ns: Clocks.now.wall_ns, text: text))
    }
    public var status: BlackBoxStatus { shared.status.withLock { $0 } }
}

/// What the two threads and their owner share.
private final class Shared: Sendable {
    let log: FrameLog
    let status = Mutex(BlackBoxStatus())
    let mustStop = Atomic(false)
    let hasRecorded = Atomic(false)
    let isOver = Atomic(false)
    private let folder: String
    private let settings: BlackBoxSettings
    private let identity: RunIdentity
    private let ring: TurnRing
    private let box: CheckpointBox

    init(
        _ folder: String, _ settings: BlackBoxSettings, _ identity: RunIdentity, _ ring: TurnRing,
        _ box: CheckpointBox
    ) {
        self.folder = folder
        self.settings = settings
        self.identity = identity
        self.ring = ring
        self.box = box
        log = FrameLog(capacity: settings.memoryBytes)
    }

    func record() {
        let recorder = Recorder(
            ring, box, log, layout: identity.layout, ticksPerSecond: identity.ticksPerSecond,
            settings: settings, fromStart: true)
        while !mustStop.load(ordering: .acquiring) {
            recorder.pass(Clocks.now.monotonic_ns)
            tell(recorder)
            pause_ms(20)
        }
        recorder.pass(Clocks.now.monotonic_ns)
        recorder.flush(Clocks.now.monotonic_ns)
        tell(recorder)
        hasRecorded.store(true, ordering: .releasing)
    }
    private func tell(_ recorder: Recorder) {
        status.withLock {
            $0.turns = recorder.turns
            $0.overrun = recorder.lost
            $0.thinned = recorder.thinned
        }
    }
    func keep() {
        let keeper = Keeper(
            FolderDisk(folder), log, settings, identity, wantState: { [box] in box.ask() })
        while !hasRecorded.load(ordering: .acquiring) {
            keeper.pass(.now)
            tell(keeper)
            pause_ms(20)
        }
        keeper.finish(.now)
        tell(keeper)
        isOver.store(true, ordering: .releasing)
    }
    private func tell(_ keeper: Keeper) {
        let kept = keeper.status
        status.withLock {
            var all = kept
            all.turns = $0.turns
            all.overrun = $0.overrun
            all.thinned = $0.thinned
            $0 = all
        }
    }
}

extension RunIdentity {
    /// nil where the texts are too long.
    init?(_ texts: [SettingsText], _ ticksPerSecond: Float, boot: BootID = .ofThisMachine) {
        let bytes = SettingsText.bytes(of: texts)
        guard bytes.count <= SettingsText.mostBytes, SegmentHead.rates.contains(ticksPerSecond)
        else { return nil }
        self.init(
            ticksPerSecond: ticksPerSecond, boot: boot, fields: FieldDigest.ofThisProgram,
            layout: StateLayout.ofThisProgram(), settings: bytes,
            digest: SettingsText.digest(bytes))
    }
}

extension FrameLog {
    func append(_ note: Note) {
        withUnsafeTemporaryAllocation(
            byteCount: Note.headCount + min(note.text.utf8.count, Note.mostText), alignment: 8
        ) { memory in
            var writer = ByteWriter(memory)
            note.write(into: &writer)
            append(Item(kind: .note, tick: note.tick), UnsafeRawBufferPointer(memory))
        }
        flush()
    }
}

extension Clocks {
    /// The system's.
    public static var now: Clocks {
        var a = timespec()
        var b = timespec()
        clock_gettime(CLOCK_MONOTONIC, &a)
        clock_gettime(CLOCK_REALTIME, &b)
        return Clocks(
            monotonic_ns: Int64(a.tv_sec) * 1_000_000_000 + Int64(a.tv_nsec),
            wall_ns: Int64(b.tv_sec) * 1_000_000_000 + Int64(b.tv_nsec))
    }
}

extension BootID {
    public static var ofThisMachine: BootID {
        let fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { return BootID() }
        defer { close(fd) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = bytes.withUnsafeMutableBytes { read(fd, $0.baseAddress, $0.count) }
        return BootID(text: bytes.prefix(max(count, 0)))
    }
}

private func pause_ms(_ milliseconds: Int) {
    var time = timespec(tv_sec: 0, tv_nsec: milliseconds * 1_000_000)
    nanosleep(&time, nil)
}
