import BlackBox
import Control
import Foundation
import Quantities
import Recorder

/// A folder that goes with its owner.
final class Scratch: Sendable {
    let path: String
    init() throws {
        path = NSTemporaryDirectory() + "skerry-siteview-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Hours that a controller lived, a tick a second, in a black box, taken over into a store.
struct Past {
    private static let rate: Float = 1

    /// - Parameters:
    ///   - wall_s: what the machine's clock says at the first tick.
    ///   - seconds: so many readings, the first at `wall_s`.
    ///   - power_W: through the measured connection from a second on to the next; it is counted.
    ///   - figures: of the record at a second.
    static func keep(
        _ name: String, in store: Store, folder: String, wall_s: Int64, seconds: Int,
        power_W: (Int) -> Int64, figures: (Int, inout Record) -> Void
    ) throws {
        let controller = Controller(
            ControllerSettings(
                rate: TickRate(perSecond: rate), frontEnd: .none, nominalCurrent: Amperes(1),
                presence: PresenceLimits(deadBelow: .zero, liveAbove: .zero),
                limits: SetpointLimits(
                    frequencyBias: .zero, voltageBias: .zero, active: .zero, reactive: .zero,
                    horizon: 0)))
        var settings = BlackBoxSettings()
        settings.segmentBytes = 1 << 16
        let box = "\(folder)/\(name)"
        let writer = try SteppedWriter(
            folder: box, settings: settings,
            texts: [SettingsText(name: "board.yaml", text: "title: \(name)\n")],
            ticksPerSecond: rate, controller: controller,
            clocks: Clocks(monotonic_ns: 1, wall_ns: wall_s * 1_000_000_000),
            identity: UInt64(name.utf8.reduce(7) { $0 &* 31 &+ Int($1) }))
        var into_mJ: Int64 = 0, out_mJ: Int64 = 0
        for second in 0..<seconds {
            var record = Record()
            record.tick = Tick(UInt64(second))
            record.elapsed = 1
            record.energyIn = Energy(millijoules: into_mJ)
            record.energyOut = Energy(millijoules: out_mJ)
            figures(second, &record)
            try writer.turn(
                Sample(), Setpoints.fallback, record, hadLetGo: false, controller: controller)
            let power = power_W(second)
            if power > 0 { into_mJ += power * 1000 } else { out_mJ -= power * 1000 }
        }
        try writer.finish()
        var clerk = Clerk(store, controller: name, ring: "\(box)/ring.skbb")
        _ = try clerk.catchUp()
    }
}
