import Control
import Wire

/// Keeps the seconds around trips and transitions in files of their own.
struct CaptureKeeper {
    static let folder = "captures"
    static let unfinished = "captures/unfinished.skbb"
    private let disk: any Disk
    private let log: FrameLog
    private let settings: BlackBoxSettings
    private let identity: RunIdentity
    private let before: UInt32
    private let after: UInt32
    private let longest: UInt32
    private var isReady = false
    /// Those that are there, oldest first.
    private var known: [(sequence: UInt64, name: String, size: Int64)] = []
    private var wanted: Wanted?
    private var active: SegmentFile?
    private var next: UInt64 = 0
    private var flushes: UInt64 = 0
    private var spent: Int64 = 0
    private var retryAt_ns = Int64.min
    private(set) var made: UInt64 = 0
    private(set) var missed: UInt64 = 0

    /// What is to be kept, and until when. Where the clock stands still the number of turns ends it.
    private struct Wanted {
        var first: FrameLog.Trigger
        var start: UInt64
        var untilTick: Tick
        var untilNumber: UInt64
        var deadline_ns: Int64
        var words: [String]
        var tries = 0
    }

    init(
        _ disk: any Disk, _ log: FrameLog, _ settings: BlackBoxSettings, _ identity: RunIdentity
    ) {
        self.disk = disk
        self.log = log
        self.settings = settings
        self.identity = identity
        func ticks(_ seconds: Double) -> UInt32 {
            UInt32(min(seconds * Double(identity.ticksPerSecond), 1e9).rounded(.up))
        }
        before = ticks(settings.before_s)
        after = ticks(settings.after_s)
        longest = ticks(settings.longestCapture_s)
    }

    /// - Returns: bytes written.
    mutating func pass(
        _ now: Clocks, mayBegin: Bool, _ payload: UnsafeMutableRawBufferPointer
    ) -> Int64 {
        let triggers = log.takeTriggers()
        spent = 0
        guard now.monotonic_ns >= retryAt_ns || !triggers.isEmpty else { return 0 }
        do throws(DiskFault) {
            for trigger in triggers { try take(trigger, now, mayBegin, payload) }
            guard now.monotonic_ns >= retryAt_ns else { return spent }
            try prepare()
            try feed(now, payload)
        } catch {
            abandon(now)
        }
        return spent
    }
    /// What is open ends here.
    mutating func finish(_ now: Clocks, _ payload: UnsafeMutableRawBufferPointer) {
        do throws(DiskFault) {
            try feed(now, payload)
            if active != nil { try close() }
        } catch {
            abandon(now)
        }
    }

    private mutating func take(
        _ trigger: FrameLog.Trigger, _ now: Clocks, _ mayBegin: Bool,
        _ payload: UnsafeMutableRawBufferPointer
    ) throws(DiskFault) {
        let deadline = now.monotonic_ns + Int64((settings.after_s + 5) * 1e9)
        if var wanted {
            if trigger.tick.since(wanted.first.tick) <= UInt64(longest - after - before) {
                wanted.untilTick = max(wanted.untilTick, trigger.tick + after)
                wanted.untilNumber = max(wanted.untilNumber, trigger.number + UInt64(after))
                wanted.deadline_ns = deadline
                if !wanted.words.contains(trigger.words), wanted.words.count < 16 {
                    wanted.words.append(trigger.words)
                }
                self.wanted = wanted
                return
            }
            try feed(now, payload)
            if active != nil { try close() }
        }
        guard mayBegin else {
            missed += 1
            return
        }
        let from = trigger.tick.count > UInt64(before) ? trigger.tick.count - UInt64(before) : 0
        wanted = Wanted(
            first: trigger, start: log.position(since: Tick(from)),
            untilTick: trigger.tick + after, untilNumber: trigger.number + UInt64(after),
            deadline_ns: deadline, words: [trigger.words])
    }

    private mutating func feed(
        _ now: Clocks, _ payload: UnsafeMutableRawBufferPointer
    ) throws(DiskFault) {
        guard let wanted else { return }
        if active == nil { try begin(wanted, now) }
        guard var file = active else { return }
        let asked = log.flushes
        let before = file.bytesWritten
        var isOver = now.monotonic_ns > wanted.deadline_ns
        defer { spent += file.bytesWritten - before }
        while !isOver, let item = log.read(&next, into: payload) {
            let bytes = UnsafeRawBufferPointer(
                rebasing: UnsafeRawBufferPointer(payload)[..<item.count])
            try file.put(item, bytes, now)
            guard item.kind == .turns else { continue }
            isOver =
                item.tick >= wanted.untilTick
                || item.number + UInt64(item.turns) > wanted.untilNumber
        }
        if asked != flushes || isOver {
            flushes = asked
            try file.write()
            try file.sync()
        }
        active = file
        if isOver { try close() }
    }

    private mutating func begin(_ wanted: Wanted, _ now: Clocks) throws(DiskFault) {
        try prepare()
        try disk.remove(Self.unfinished)
        let handle = try disk.open(Self.unfinished)
        next = wanted.start
        var file = SegmentFile(
            disk, handle, Self.unfinished, identity, .capture,
            writer: SegmentWriter(
                file: Keeper.name(now, identity.boot), run: 1, size: settings.segmentBytes,
                sequence: 0), index: 0, count: nil, expected: nil, tick: Tick(0))
        active = file
        try file.begin(0, now)
        try file.put(
            Note(
                .capture, tick: wanted.first.tick, wall_ns: now.wall_ns,
                text: wanted.words.joined(separator: "; ")), now)
        active = file
        self.wanted?.tries += 1
    }

    private mutating func close() throws(DiskFault) {
        guard var file = active, let wanted else { return }
        let before = file.bytesWritten
        try file.finish()
        spent += file.bytesWritten - before
        let length = file.length
        disk.close(file.handle)
        active = nil
        let sequence = (known.last?.sequence ?? 0) + 1
        let name = Self.name(sequence, "\(wanted.first.tick.count)")
        try disk.rename(Self.unfinished, to: name)
        try disk.syncFolder(Self.folder)
        known.append((sequence, name, length))
        self.wanted = nil
        made += 1
        try prune()
    }

    /// Once: what is there, and what the last run left unfinished.
    private mutating func prepare() throws(DiskFault) {
        guard !isReady else { return }
        known = []
        try disk.makeFolder("")
        try disk.makeFolder(Self.folder)
        for (name, size) in try disk.list(Self.folder) {
            let digits = name.prefix { $0.isNumber }
            guard name.hasSuffix(".skbb"), let sequence = UInt64(digits) else { continue }
            known.append((sequence, Self.folder + "/" + name, size))
        }
        known.sort { $0.sequence < $1.sequence }
        if let left = try disk.list(Self.folder).first(where: {
            Self.folder + "/" + $0.name == Self.unfinished
        }) {
            let sequence = (known.last?.sequence ?? 0) + 1
            if left.size > 0 {
                let name = Self.name(sequence, "unfinished")
                try disk.rename(Self.unfinished, to: name)
                known.append((sequence, name, left.size))
            } else {
                try disk.remove(Self.unfinished)
            }
            try disk.syncFolder(Self.folder)
        }
        try prune()
        isReady = true
    }
    private mutating func prune() throws(DiskFault) {
        func isTooMuch() -> Bool {
            known.count > settings.mostCaptures
                || known.reduce(0) { $0 + $1.size } > settings.captureBytes
        }
        var isChanged = false
        while known.count > 1, isTooMuch() {
            try disk.remove(known[0].name)
            known.removeFirst()
            isChanged = true
        }
        if isChanged { try disk.syncFolder(Self.folder) }
    }
    private static func name(_ sequence: UInt64, _ rest: String) -> String {
        let digits = "\(sequence)"
        let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
        return "\(folder)/\(zeros)\(digits)-\(rest).skbb"
    }

    /// The disk failed: once more a little later, while memory still has it.
    private mutating func abandon(_ now: Clocks) {
        if let active { disk.close(active.handle) }
        active = nil
        retryAt_ns = now.monotonic_ns + 2_000_000_000
        if let wanted, wanted.tries >= 3 || now.monotonic_ns > wanted.deadline_ns {
            self.wanted = nil
            missed += 1
        }
    }
}
