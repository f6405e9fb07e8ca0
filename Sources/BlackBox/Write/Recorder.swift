import Control
import Loop
import Wire

/// Takes turns out of the loop's ring and codes them into the log at once. On a thread of its own; it
/// knows no disk and no clock.
final class Recorder {
    private let ring: TurnRing
    private var reader: TurnReader
    private let box: CheckpointBox
    private let log: FrameLog
    private let fields = FieldDigest.ofThisProgram
    private let layout: StateLayout
    private let perSecond: Double
    private let flushEvery_ns: Int64
    private let checkpointEvery_ns: Int64

    private var encoder = TurnEncoder()
    private var batch: Writing
    private let scratch: UnsafeMutableRawBufferPointer
    private var watch = EventWatch()
    private var nextPeriodic: UInt64 = 0
    private var lastFlush_ns: Int64 = .min
    private var lastCheckpoint_ns: Int64 = .min
    private var lastPass_ns: Int64 = 0
    private var bytesSinceCheckpoint = 0
    /// Records of changes that may be kept now; they grow back by the second.
    private var allowance = 100.0
    private var isThinned = false
    private var mustFlush = false
    private(set) var turns: UInt64 = 0
    private(set) var lost: UInt64 = 0
    private(set) var thinned: UInt64 = 0

    /// Turns being coded.
    private struct Writing {
        let memory: UnsafeMutableRawBufferPointer
        var bytes: ByteWriter
        var head = TurnsHead(count: 0, number: 0, firstTick: Tick(0), lastTick: Tick(0))
        init(_ memory: UnsafeMutableRawBufferPointer) {
            self.memory = memory
            bytes = ByteWriter(
                UnsafeMutableRawBufferPointer(rebasing: memory[TurnsHead.byteCount...]))
        }
    }

    /// - Parameter fromStart: begin with the oldest turn that the ring has.
    init(
        _ ring: TurnRing, _ box: CheckpointBox, _ log: FrameLog, layout: StateLayout,
        ticksPerSecond: Float, settings: BlackBoxSettings, fromStart: Bool = false
    ) {
        self.ring = ring
        self.box = box
        self.log = log
        self.layout = layout
        reader = TurnReader(ring, fromStart: fromStart)
        perSecond = Double(ticksPerSecond)
        // A tenth of the age is left for both threads to wake.
        flushEvery_ns = Int64(settings.age_s * 0.9e9)
        checkpointEvery_ns = Int64(settings.checkpointEvery_s * 1e9)
        batch = Writing(.allocate(byteCount: 8192, alignment: 8))
        scratch = .allocate(byteCount: KeptState.headCount + Checkpoint.mostBytes, alignment: 8)
        box.ask()
    }
    deinit {
        batch.memory.deallocate()
        scratch.deallocate()
    }

    /// Takes what is new.
    func pass(_ now_ns: Int64) {
        if lastFlush_ns == .min {
            lastFlush_ns = now_ns
            lastCheckpoint_ns = now_ns
            lastPass_ns = now_ns
        }
        // In this order: a state that is not there yet will be of a turn that is not counted yet.
        let newest = ring.count
        let offered = box.turnOffered
        take(until: min(newest, offered ?? newest))
        if let offered, reader.position >= offered {
            store(now_ns, isInStep: reader.position == offered)
            take(until: newest)
        }
        // Fifty a second in the long run.
        allowance = min(allowance + Double(now_ns - lastPass_ns) * 50e-9, 100)
        lastPass_ns = now_ns
        let isDue = now_ns - lastFlush_ns >= flushEvery_ns
        if isDue || (mustFlush && now_ns - lastFlush_ns >= flushEvery_ns / 8) { flush(now_ns) }
        let since = now_ns - lastCheckpoint_ns
        if since >= checkpointEvery_ns || bytesSinceCheckpoint > log.capacity / 4 { box.ask() }
    }

    /// A state is wanted soon: turns are missing on disk.
    func wantState() { box.ask() }

    /// Hands everything to the keeper.
    func flush(_ now_ns: Int64) {
        close()
        lastFlush_ns = now_ns
        mustFlush = false
        log.flush()
    }

    private func take(until end: UInt64) {
        var turn = Turn()
        while reader.position < end {
            let before = reader.position
            var isThere = false
            let lost = reader.read(most: 1) {
                turn = $0.pointee
                isThere = true
            }
            if lost > 0 {
                self.lost += lost
                close()
                put(Gap(reason: .overrun, first: before, turns: lost))
                box.ask()
            }
            if isThere { take(turn, reader.position - 1) }
        }
    }

    private func take(_ turn: Turn, _ number: UInt64) {
        turns += 1
        let kept = KeptTurn(
            sample: turn.sample, wish: turn.wish, hadLetGo: turn.hadLetGo, record: turn.record)
        if batch.head.count == .max || !encoder.encode(kept, into: &batch.bytes) {
            close()
            _ = encoder.encode(kept, into: &batch.bytes)
        }
        if batch.head.count == 0 {
            batch.head.number = number
            batch.head.firstTick = turn.sample.tick
        }
        batch.head.count += 1
        batch.head.lastTick = turn.sample.tick
        let before = watch.before
        var reason = watch.look(at: turn.record)
        if reason.contains(.trigger) {
            mustFlush = true
            log.mark(
                FrameLog.Trigger(
                    number: number, tick: turn.record.tick,
                    words: watch.words(turn.record, after: before)))
        } else if reason.contains(.change) {
            if allowance < 1 {
                reason = []
                thinned += 1
                isThinned = true
            } else {
                allowance -= 1
            }
        }
        if number >= nextPeriodic {
            reason.insert(.periodic)
            nextPeriodic = number + UInt64(max(1, perSecond.rounded()))
        }
        if !reason.isEmpty {
            if isThinned { reason.insert(.thinned) }
            isThinned = false
            put(KeptRecord(number: number, reason: reason, record: turn.record))
        }
    }

    /// Ends the batch: the next begins with nothing remembered, so that each can be read alone.
    private func close() {
        guard batch.head.count > 0 else { return }
        var head = ByteWriter(batch.memory)
        batch.head.write(into: &head)
        let count = TurnsHead.byteCount + batch.bytes.count
        bytesSinceCheckpoint += count
        log.append(
            FrameLog.Item(
                kind: .turns, turns: UInt32(batch.head.count), number: batch.head.number,
                tick: batch.head.lastTick),
            UnsafeRawBufferPointer(rebasing: batch.memory[..<count]))
        batch = Writing(batch.memory)
        encoder = TurnEncoder()
    }

    /// Takes the state that the loop offers.
    ///
    /// - Parameter isInStep: the turns up to it are in the log; else it is of no use here.
    private func store(_ now_ns: Int64, isInStep: Bool) {
        guard isInStep else {
            box.take { _, _, _ in }
            box.ask()
            return
        }
        close()
        box.take { controller, turn, tick in
            var writer = ByteWriter(scratch)
            KeptState.writeHead(layout: layout, turn: turn, tick: tick, into: &writer)
            guard Checkpoint.write(&controller, into: &writer) else { return }
            log.append(
                FrameLog.Item(kind: .checkpoint, number: turn, tick: tick),
                UnsafeRawBufferPointer(rebasing: scratch[..<writer.count]))
        }
        lastCheckpoint_ns = now_ns
        bytesSinceCheckpoint = 0
    }

    private func put(_ gap: Gap) {
        withUnsafeTemporaryAllocation(byteCount: Gap.byteCount, alignment: 8) { memory in
            var writer = ByteWriter(memory)
            gap.write(into: &writer)
            log.append(
                FrameLog.Item(
                    kind: .gap, turns: UInt32(clamping: gap.turns), number: gap.first,
                    tick: batch.head.lastTick), UnsafeRawBufferPointer(memory))
        }
    }
    private func put(_ record: KeptRecord) {
        withUnsafeTemporaryAllocation(byteCount: KeptRecord.byteCount, alignment: 8) { memory in
            var writer = ByteWriter(memory)
            record.write(fields: fields, into: &writer)
            log.append(
                FrameLog.Item(kind: .record, number: record.number, tick: record.record.tick),
                UnsafeRawBufferPointer(memory))
        }
    }
}
