import BlackBox
import Control
import Foundation
import Loop
import Quantities

@testable import Recorder

/// A controller's day without a plant: records whose counters are known to the millijoule, put into a
/// black box whose time is told.
struct Sky {
    static let rate: Float = 4
    let ring: String
    let folder: String
    /// What the controller itself had counted at each tick, mJ, from the first on.
    private(set) var counted: [(in_mJ: Int64, out_mJ: Int64)] = []
    private let before: UInt64
    func counted(at tick: Int64) -> (in_mJ: Int64, out_mJ: Int64) {
        counted[Int(tick) - Int(before) - 1]
    }
    private(set) var transitions = 0
    private let writer: SteppedWriter
    private let controller: Controller
    private let sample = Sample()
    private var dice: UInt64
    private var tick: UInt64
    private var energyIn: Int64, energyOut: Int64
    private var isIslanded = false

    /// - Parameters:
    ///   - wall_s: what the machine's clock says at the first tick.
    ///   - tick: at which it goes on, and what it had counted until then.
    init(
        folder: String, seconds: Int, wall_s: Int64, seed: UInt64, identity: UInt64,
        from tick: UInt64 = 0, counters: (Int64, Int64) = (0, 0)
    ) throws {
        self.folder = folder
        self.tick = tick
        before = tick
        dice = seed
        (energyIn, energyOut) = counters
        ring = folder + "/ring.skbb"
        var settings = BlackBoxSettings()
        settings.segmentBytes = 1 << 16
        controller = Controller(Self.settings)
        writer = try SteppedWriter(
            folder: folder, settings: settings,
            texts: [SettingsText(name: "board.yaml", text: "title: a sky\n")],
            ticksPerSecond: Self.rate, controller: controller,
            clocks: Clocks(monotonic_ns: 1, wall_ns: wall_s * 1_000_000_000), identity: identity)
        guard seconds > 0 else { return }
        try live(seconds)
        try writer.finish()
    }

    func flush() throws { try writer.flush() }
    func finish() throws { try writer.finish() }

    mutating func live(_ seconds: Int) throws {
        for _ in 0..<seconds * Int(Self.rate) {
            var record = Record()
            tick += 1
            record.tick = Tick(tick)
            record.elapsed = 1
            if roll(400) == 0 {
                isIslanded.toggle()
                transitions += 1
            }
            record.islanding =
                isIslanded ? .islanded(.planned, since: Tick(0), hold: 0) : .gridTied
            let power = Int64(roll(8000)) - 3000
            record.measured.bus.active = Watts(Float(power))
            record.measured.bus.isSettled = true
            record.measured.pvPower = Watts(1000)
            record.measured.loadPower = Watts(-500)
            // A quarter of a second.
            if power > 0 { energyIn += power * 250 } else { energyOut -= power * 250 }
            record.energyIn = Energy(millijoules: energyIn)
            record.energyOut = Energy(millijoules: energyOut)
            try writer.turn(
                sample, Setpoints.fallback, record, hadLetGo: false, controller: controller)
            counted.append((energyIn, energyOut))
        }
    }
    private mutating func roll(_ n: UInt64) -> UInt64 {
        dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (dice >> 33) % n
    }

    private static var settings: ControllerSettings {
        ControllerSettings(
            rate: TickRate(perSecond: Self.rate), frontEnd: .none, nominalCurrent: Amperes(1),
            presence: PresenceLimits(deadBelow: .zero, liveAbove: .zero),
            limits: SetpointLimits(
                frequencyBias: .zero, voltageBias: .zero, active: .zero, reactive: .zero,
                horizon: 0))
    }
}

/// A folder that goes with its owner.
final class Scratch {
    let path: String
    init() throws {
        path = NSTemporaryDirectory() + "skerry-recorder-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}
