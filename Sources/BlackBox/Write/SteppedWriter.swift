import Control
import Loop
import Wire

/// Records a loop whose time is told and not kept, as a simulation's is: the same frames, states and
/// captures as ``BlackBoxWriter``, without its threads and their clock, into a file that grows. What is
/// recorded twice is the same twice, but for the padding between the fields of a state's image.
public final class SteppedWriter {
    private static let often: UInt64 = 16
    private let ring = TurnRing(capacity: 64)
    private let box: CheckpointBox
    private let log: FrameLog
    private let recorder: Recorder
    private let disk: FolderDisk
    private var file: SegmentFile
    private var captures: CaptureKeeper
    private let payload: UnsafeMutableRawBufferPointer
    private var position: UInt64 = 0
    private var now: Clocks
    private let begun: Clocks
    private let perSecond: Double
    private var isOver = false

    /// Why nothing is recorded.
    public enum Fault: Error, Equatable, Sendable {
        case disk(DiskFault)
        /// There is a recording of that name in the folder.
        case isThere(String)
        /// Bytes of the texts, and how many there may be.
        case texts(Int, most: Int)
        case settings(String)

        public var words: String {
            switch self {
            case .disk(let fault): fault.words
            case .isThere(let path):
                "\(path): is there already; remove it, or name another folder"
            case .texts(let bytes, let most):
                "the texts of the settings are \(bytes) bytes long; at most \(most) are kept"
            case .settings(let problem): problem
            }
        }
    }

    /// - Parameters:
    ///   - folder: is made where it is not there; its parent must be.
    ///   - controller: before its first turn.
    ///   - clocks: at tick 0; wall time 0 means that there is none.
    ///   - identity: a number that other recordings do not have.
    public init(
        folder: String, settings: BlackBoxSettings, texts: [SettingsText], ticksPerSecond: Float,
        controller: borrowing Controller, clocks: Clocks, identity: UInt64
    ) throws(Fault) {
        if let problem = settings.problems.first { throw .settings(problem.text) }
        guard let run = RunIdentity(texts, ticksPerSecond, boot: BootID()) else {
            throw .texts(
                SettingsText.bytes(of: texts).count, most: SettingsText.mostBytes)
        }
        let disk = FolderDisk(folder)
        let handle: Int32
        let size: Int64
        do throws(DiskFault) {
            try disk.makeFolder("")
            handle = try disk.open(Keeper.ringName)
            size = try disk.size(handle)
        } catch { throw .disk(error) }
        guard size == 0 else {
            disk.close(handle)
            throw .isThere("\(folder)/\(Keeper.ringName)")
        }
        self.disk = disk
        perSecond = Double(ticksPerSecond)
        box = CheckpointBox(ring)
        log = FrameLog(capacity: settings.memoryBytes)
        recorder = Recorder(
            ring, box, log, layout: run.layout, ticksPerSecond: ticksPerSecond,
            settings: settings, fromStart: true)
        file = SegmentFile(
            disk, handle, Keeper.ringName, run, .ring,
            writer: SegmentWriter(
                file: identity, run: 1, size: settings.segmentBytes, sequence: 0),
            index: 0, count: nil, expected: nil, tick: Tick(0))
        captures = CaptureKeeper(disk, log, settings, run)
        payload = .allocate(byteCount: FramePlace.mostPayload, alignment: 8)
        begun = clocks
        now = clocks
        do throws(DiskFault) { try file.begin(0, clocks) } catch { throw .disk(error) }
        box.offer(controller, after: Tick(0))
        recorder.pass(now.monotonic_ns)
    }
    deinit {
        disk.close(file.handle)
        payload.deallocate()
    }

    /// Takes a turn. The time is that of its tick.
    ///
    /// - Parameter controller: after the turn.
    public func turn(
        _ sample: borrowing Sample, _ wish: borrowing Setpoints, _ record: borrowing Record,
        hadLetGo: Bool, controller: borrowing Controller
    ) throws(DiskFault) {
        ring.push(sample, wish, record, hadLetGo: hadLetGo)
        box.offer(controller, after: record.tick)
        guard ring.count % Self.often == 0 else { return }
        try pass(record.tick)
    }
    private func pass(_ tick: Tick) throws(DiskFault) {
        let passed_ns = Int64(Double(tick.count) / perSecond * 1e9)
        now.monotonic_ns = begun.monotonic_ns + passed_ns
        now.wall_ns = begun.wall_ns + passed_ns
        recorder.pass(now.monotonic_ns)
        try drain()
        _ = captures.pass(now, mayBegin: true, payload)
    }
    private func drain() throws(DiskFault) {
        while let item = log.read(&position, into: payload) {
            try file.put(
                item, UnsafeRawBufferPointer(rebasing: payload[..<item.count]), now)
        }
    }
    public func note(_ kind: Note.Kind, _ text: String) {
        log.append(Note(kind, tick: log.newest, wall_ns: now.wall_ns, text: text))
    }
    /// Writes what was taken until now, as a writer with a clock does every ``BlackBoxSettings/age_s``.
    public func flush() throws(DiskFault) {
        recorder.pass(now.monotonic_ns)
        recorder.flush(now.monotonic_ns)
        try drain()
        try file.write()
    }
    /// Everything to disk, and an end in order.
    public func finish() throws(DiskFault) {
        guard !isOver else { return }
        isOver = true
        try flush()
        captures.finish(now, payload)
        try file.finish()
    }
    /// Turns and bytes so far, captures left aside.
    public var turns: UInt64 { recorder.turns }
    public var bytes: Int64 { file.bytesWritten }
    /// Captures that were made, and that could not be.
    public var capturesMade: (made: UInt64, missed: UInt64) { (captures.made, captures.missed) }
}
