import BlackBox
import Control
import Foundation
import Loop
import Quantities
import Recorder

/// A black box with a record a second, and how fast a clerk takes it over.
enum MadeRing {
    /// Of each record: figures that are measured, and two counters.
    private static let perRecord = 12

    static func write(_ folder: String, seconds: Int) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let settings = ControllerSettings(
            rate: TickRate(perSecond: 1), frontEnd: .none, nominalCurrent: Amperes(1),
            presence: PresenceLimits(deadBelow: .zero, liveAbove: .zero),
            limits: SetpointLimits(
                frequencyBias: .zero, voltageBias: .zero, active: .zero, reactive: .zero,
                horizon: 0))
        let controller = Controller(settings)
        var box = BlackBoxSettings()
        box.segmentBytes = 1 << 16
        let writer = try SteppedWriter(
            folder: folder, settings: box,
            texts: [SettingsText(name: "board.yaml", text: "title: made\n")], ticksPerSecond: 1,
            controller: controller,
            clocks: Clocks(monotonic_ns: 1, wall_ns: 1_800_000_000_000_000_000), identity: 1)
        var record = Record()
        var energy: Int64 = 0
        record.measured.bus.isSettled = true
        for tick in 1...UInt64(max(1, seconds)) {
            record.tick = Tick(tick)
            record.elapsed = 1
            let power = Float(tick % 4000)
            energy += Int64(tick % 4000) * 1000
            record.measured.bus.active = Watts(power)
            record.measured.bus.positive = Volts(230 + Float(tick % 7) / 10)
            record.measured.bus.frequency = Hertz(50 + Float(tick % 11) / 1000)
            record.measured.batteryVoltage = Volts(51 + Float(tick % 13) / 100)
            record.measured.batteryCurrent = Amperes(Float(tick % 17))
            record.measured.batteryTemperature = Celsius(20)
            record.measured.stateOfCharge = Float(tick % 1000) / 1000
            record.measured.pvPower = Watts(power / 2)
            record.measured.windPower = Watts(power / 3)
            record.measured.loadPower = Watts(-power)
            record.energyIn = Energy(millijoules: energy)
            try writer.turn(
                Sample(), Setpoints.fallback, record, hadLetGo: false, controller: controller)
        }
        try writer.finish()
    }

    /// - Returns: values a second, the reading of the black box with it.
    static func take(_ folder: String, into path: String) throws -> Double {
        for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
        let store = try Store(path: path)
        var clerk = Clerk(store, controller: "made", ring: folder + "/ring.skbb")
        let start = Pacer.now_ns()
        let progress = try clerk.catchUp()
        let passed_s = Double(Pacer.now_ns() - start) * 1e-9
        return Double(progress.seconds * perRecord) / passed_s
    }
}
