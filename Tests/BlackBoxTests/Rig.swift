import Control
import Loop
import Plant
import Wire

@testable import BlackBox

/// A black box without threads or clocks: whoever calls `turn` owns the time.
final class Rig {
    let disk: FakeDisk
    let ring = TurnRing(capacity: 1024)
    let box: CheckpointBox
    let log: FrameLog
    let settings: BlackBoxSettings
    private let recorder: Recorder
    let keeper: Keeper
    let perSecond: Double
    private(set) var now = Clocks(monotonic_ns: 5_000_000_000, wall_ns: 1_790_000_000_000_000_000)
    /// Both threads sleep, or the keeper is stuck in the disk.
    var isAsleep = false
    var isStuck = false
    /// Everything that was pushed, by its number.
    private(set) var turns: [KeptTurn] = []
    private(set) var records: [UInt32] = []
    private var lastPass_ns: Int64 = 0

    static let texts = [
        SettingsText(name: "board.yaml", text: String(repeating: "title: a board\n", count: 90)),
        SettingsText(name: "version", text: "0.1.0"),
    ]

    static var small: BlackBoxSettings {
        var s = BlackBoxSettings()
        s.segmentBytes = 1 << 16
        s.ringBytes = 16 << 16
        s.memoryBytes = 1 << 19
        s.checkpointEvery_s = 2
        return s
    }

    init(
        _ disk: FakeDisk = FakeDisk(), perSecond: Double, _ settings: BlackBoxSettings = small,
        texts: [SettingsText] = texts, began_ns: Int64 = 0
    ) {
        now.wall_ns += began_ns
        self.disk = disk
        self.perSecond = perSecond
        self.settings = settings
        box = CheckpointBox(ring)
        log = FrameLog(capacity: settings.memoryBytes)
        guard
            let identity = RunIdentity(
                texts, Float(perSecond), boot: BootID(high: 1, low: 2))
        else { preconditionFailure("texts that fit") }
        recorder = Recorder(
            ring, box, log, layout: identity.layout, ticksPerSecond: Float(perSecond),
            settings: settings)
        keeper = Keeper(
            disk, log, settings, identity, wantState: { [box] in box.ask() })
    }

    func live(_ world: TurnWorld, _ turns: Int, seed: UInt64, each: (Int) -> Void = { _ in }) {
        var n = 0
        world.live(turns, seed: seed) { kept, controller, record in
            turn(kept, record, controller)
            each(n)
            n += 1
        }
    }
    func turn(_ kept: KeptTurn, _ record: Record, _ controller: Controller) {
        ring.push(kept.sample, kept.wish, record, hadLetGo: kept.hadLetGo)
        turns.append(kept)
        records.append(record.digest)
        if box.isAsked { box.offer(controller, after: record.tick) }
        let step = Int64(1e9 / perSecond)
        now.monotonic_ns += step
        now.wall_ns += step
        if now.monotonic_ns - lastPass_ns >= 20_000_000 { pass() }
    }
    func pass() {
        lastPass_ns = now.monotonic_ns
        if isAsleep { return }
        recorder.pass(now.monotonic_ns)
        if !isStuck { keeper.pass(now) }
    }
    /// Somebody sets the machine's clock; what is monotonic does not notice.
    func setClock(by ns: Int64) { now.wall_ns += ns }
    func wait(_ seconds: Double) {
        for _ in 0..<Int(seconds * 50) {
            now.monotonic_ns += 20_000_000
            now.wall_ns += 20_000_000
            pass()
        }
    }
    func stop() {
        recorder.pass(now.monotonic_ns)
        recorder.flush(now.monotonic_ns)
        keeper.finish(now)
    }
    var lost: UInt64 { recorder.lost }

    func recording(_ name: String = Keeper.ringName) throws -> Recording {
        try Recording(bytes: disk.files[name]?.data ?? [], name: name)
    }
    var captures: [String] { disk.files.keys.filter { $0.hasPrefix("captures/0") }.sorted() }
}
