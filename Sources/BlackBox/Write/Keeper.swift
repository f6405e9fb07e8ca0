import Control
import Synchronization
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Brings the log to disk: into the ring, and into captures. On a thread of its own, which a disk may hold
/// up for as long as it likes; the log lasts for some seconds, and what it loses becomes a gap.
final class Keeper {
    static let ringName = "ring.skbb"
    static let asideName = "ring.aside.skbb"
    private let disk: any Disk
    private let log: FrameLog
    private let settings: BlackBoxSettings
    private let identity: RunIdentity
    private let wantState: () -> Void
    private var captures: CaptureKeeper
    private var budget: Budget

    private var ring: SegmentFile?
    /// Where to go on reading; and from where again if what was not synced is lost.
    private var next: UInt64 = 0
    private var committed = Committed()
    private var flushes: UInt64 = 0
    private var isLeavingOut = false
    private var retryAt_ns = Int64.min
    private var pause_ns: Int64 = 0
    private var lookedAt_ns = Int64.min
    private var run: (file: UInt64, number: UInt32)?
    private var lastSegment: UInt32?
    /// Frames are numbered on, whatever becomes of those before.
    private var sequence: UInt32 = 0
    private let payload: UnsafeMutableRawBufferPointer
    private(set) var status = BlackBoxStatus()
    /// Of them, written to the ring.
    private(set) var ringBytes: Int64 = 0

    private struct Committed {
        var position: UInt64 = 0
        var expected: UInt64?
        var tick = Tick(0)
        var bytes: Int64 = 0
    }

    init(
        _ disk: any Disk, _ log: FrameLog, _ settings: BlackBoxSettings, _ identity: RunIdentity,
        wantState: @escaping () -> Void
    ) {
        self.disk = disk
        self.log = log
        self.settings = settings
        self.identity = identity
        self.wantState = wantState
        captures = CaptureKeeper(disk, log, settings, identity)
        budget = Budget(bytesPerDay: settings.bytesPerDay)
        payload = .allocate(byteCount: FramePlace.mostPayload, alignment: 8)
    }
    deinit {
        if let ring { disk.close(ring.handle) }
        payload.deallocate()
    }

    /// Takes what is new to disk; what fails is tried again later.
    func pass(_ now: Clocks) {
        budget.pass(now.monotonic_ns)
        if ring != nil || now.monotonic_ns >= retryAt_ns {
            do throws(DiskFault) {
                if ring == nil { try open(now) }
                try feed(now)
            } catch {
                fail(error, now)
            }
        }
        let spent = captures.pass(now, mayBegin: !budget.isFarOver, payload)
        budget.spend(spent)
        status.bytes += spent
        status.captures = captures.made
        status.capturesMissed = captures.missed
        status.isOverBudget = isLeavingOut
    }

    /// Everything to disk, and an end in order.
    func finish(_ now: Clocks) {
        flushes = .max
        pass(now)
        captures.finish(now, payload)
        guard var ring else { return }
        do throws(DiskFault) {
            try ring.finish()
            disk.close(ring.handle)
            self.ring = nil
        } catch {
            fail(error, now)
        }
    }

    private func feed(_ now: Clocks) throws(DiskFault) {
        guard var ring else { return }
        defer { self.ring = ring }
        if now.monotonic_ns - lookedAt_ns > 5_000_000_000 {
            lookedAt_ns = now.monotonic_ns
            guard disk.isStill(ring.handle, ring.name) else {
                throw DiskFault(.open, ring.name, ENOENT)
            }
        }
        let asked = log.flushes
        while let item = log.read(&next, into: payload) {
            let bytes = UnsafeRawBufferPointer(
                rebasing: UnsafeRawBufferPointer(payload)[..<item.count])
            if try isLeftOut(item, &ring, now) { continue }
            try ring.put(item, bytes, now)
        }
        guard asked != flushes else { return }
        flushes = asked
        guard ring.isDirty else { return }
        try ring.write()
        try ring.sync()
        let spent = ring.bytesWritten - committed.bytes
        budget.spend(spent)
        status.bytes += spent
        ringBytes += spent
        committed = Committed(
            position: next, expected: ring.expected, tick: ring.tick,
            bytes: ring.bytesWritten)
        status.fault = nil
        status.synced_ns = now.monotonic_ns
        status.syncedTurn = ring.expected ?? 0
        pause_ns = 0
    }

    /// Over budget: turns and states are left out until there is enough for a new beginning, which is a
    /// state.
    private func isLeftOut(
        _ item: FrameLog.Item, _ ring: inout SegmentFile, _ now: Clocks
    ) throws(DiskFault) -> Bool {
        guard item.kind == .turns || item.kind == .checkpoint || item.kind == .gap else {
            return false
        }
        if !isLeavingOut && budget.isSpent { isLeavingOut = true }
        guard isLeavingOut else { return false }
        if item.kind == .turns || (item.kind == .checkpoint && !budget.isBack) {
            if budget.isBack { wantState() }
            return true
        }
        // A state to begin from, or turns that are missing for another reason.
        if let expected = ring.expected, item.number > expected {
            try ring.put(
                Gap(reason: .budget, first: expected, turns: item.number - expected), now)
        }
        if item.kind == .checkpoint { isLeavingOut = false }
        return false
    }

    private func fail(_ fault: DiskFault, _ now: Clocks) {
        status.faults += 1
        pause_ns = min(max(pause_ns * 2, 1_000_000_000), 60_000_000_000)
        retryAt_ns = now.monotonic_ns + pause_ns
        status.fault = fault
        if let ring {
            disk.close(ring.handle)
            sequence = ring.sequence
            lastSegment = ring.segment
        }
        ring = nil
        // What was written since the newest sync may be there or not; it is written again, elsewhere.
        next = committed.position
    }

    /// Opens the ring, or makes it, and goes on after the newest segment that is there.
    private func open(_ now: Clocks) throws(DiskFault) {
        try disk.makeFolder("")
        var handle = try disk.open(Self.ringName)
        var isOpen = true
        defer { if isOpen { disk.close(handle) } }
        let length = try disk.size(handle)
        let disk = disk
        let h = handle
        let found =
            length == 0
            ? nil
            : SegmentIndex(length: length) { memory, offset in
                do throws(DiskFault) {
                    return .success(try disk.read(h, memory, at: offset))
                } catch {
                    return .failure(ErrorNumber(code: error.code))
                }
            }
        if found == nil, try !isBlank(handle, length) {
            // Another version's, or somebody else's: it is not ours to write over.
            disk.close(handle)
            isOpen = false
            try disk.rename(Self.ringName, to: Self.asideName)
            status.setAside = Self.asideName
            handle = try disk.open(Self.ringName)
            isOpen = true
        }
        let size = found?.size ?? settings.segmentBytes
        let newest = found?.segments.last
        var count = max(4, Int(settings.ringBytes / Int64(size)))
        let there = try disk.size(handle)
        if let newest, newest.index >= count { count = Int(there / Int64(size)) }
        let wanted = Int64(count) * Int64(size)
        if there < wanted {
            try disk.allocate(handle, wanted)
            try disk.sync(handle)
            try disk.syncFolder("")
        } else if there > wanted {
            try disk.truncate(handle, wanted)
        }
        let file = found?.file ?? Self.name(now, identity.boot)
        let number: UInt32
        if let run, run.file == file {
            number = run.number
        } else {
            number = (found?.segments.map(\.run).max() ?? 0) + 1
            run = (file, number)
            sequence = 0
        }
        let segment = max(newest.map { $0.segment &+ 1 } ?? 0, lastSegment.map { $0 &+ 1 } ?? 0)
        var ring = SegmentFile(
            disk, handle, Self.ringName, identity, .ring,
            writer: SegmentWriter(
                file: file, run: number, size: size, sequence: sequence),
            index: newest.map { ($0.index + 1) % count } ?? 0, count: count,
            expected: committed.expected, tick: committed.tick)
        committed.bytes = 0
        try ring.begin(segment, now)
        isOpen = false
        self.ring = ring
        lookedAt_ns = now.monotonic_ns
        status.run = number
        wantState()
    }
    private func isBlank(_ handle: Int32, _ length: Int64) throws(DiskFault) -> Bool {
        let first = SegmentBuffer(FramePlace.block)
        let count = try disk.read(handle, first.memory, at: 0)
        return first.bytes(count).allSatisfy { $0 == 0 }
    }
    /// A number that no other file has: both clocks and the boot, mixed.
    static func name(_ now: Clocks, _ boot: BootID) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for word in [
            UInt64(bitPattern: now.monotonic_ns), UInt64(bitPattern: now.wall_ns), boot.high,
            boot.low,
        ] {
            for k in 0..<8 as Range<UInt64> {
                hash = (hash ^ ((word >> (8 * k)) & 0xFF)) &* 0x100_0000_01B3
            }
        }
        return hash
    }
}
