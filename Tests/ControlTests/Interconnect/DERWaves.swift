import Blocks
import Quantities

@testable import Control

/// A DER with all of its controller, waveforms and meters too, on a stiff grid whose phases are set one
/// by one. Its inverter carries what it is asked for, 3 ms late.
struct DERWaves {
    private(set) var record = Record()
    private var controller: Controller
    private var sample = Sample()
    private(set) var now: UInt64 = 0
    /// Per unit, and degrees away from 120° apart.
    var phases: [Double] = [1, 1, 1]
    var angles_deg: [Double] = [0, 0, 0]
    var frequency_Hz: Double
    var rocof_Hz_s = 0.0
    var available_W = 20_000.0
    private var turns = 0.0
    private var active = 0.0
    private var reactive = 0.0
    private var dice = Dice(11)

    init(_ settings: ControllerSettings) {
        controller = Controller(settings)
        frequency_Hz = Double(settings.nominalFrequency.value)
        for c in 0..<WaveChannel.count { sample.waves[c].age = 0 }
        sample.blockLength = 4
    }
    /// In service, its ramp done.
    static func running(_ settings: ControllerSettings) -> DERWaves {
        var waves = DERWaves(settings)
        waves.turn(2300)
        precondition(waves.record.der == .continuous, "\(waves.record.der as Any)")
        return waves
    }

    mutating func sag(to v: Double) { phases = [v, v, v] }
    var isFollowing: Bool { record.command.inverter.mode == .follow }
    var hasTripped: Bool { if case .tripped = record.der { true } else { false } }
    /// What flows, W.
    var power_W: Double { active }

    mutating func turn(_ ticks: Int = 1) {
        for _ in 0..<ticks {
            now += 1
            sample.tick = Tick(now)
            let c = record.command.inverter
            let asked = isFollowing ? min(Double(c.active.value), available_W) : 0
            active = isFollowing ? active + (asked - active) * (1 / 3) : 0
            reactive =
                isFollowing ? reactive + (Double(c.reactive.value) - reactive) * (1 / 3) : 0
            for k in 0..<4 {
                frequency_Hz += rocof_Hz_s * 0.00025
                turns += frequency_Hz * 0.00025
                turns -= turns.rounded(.down)
                put(k)
            }
            controller.tick(sample, wanting: .fallback, into: &record)
        }
    }
    /// Ticks until `isThere`, at most `most`; nil where it never is.
    mutating func ticksUntil(_ most: Int, _ isThere: (DERWaves) -> Bool) -> Int? {
        for n in 1...most {
            turn()
            if isThere(self) { return n }
        }
        return nil
    }

    private mutating func put(_ k: Int) {
        let peak = Double(DERSite.volts) * 2.0.squareRoot()
        let mean = max((phases[0] + phases[1] + phases[2]) / 3, 0.1)
        let p = active / (1.5 * peak * mean), q = reactive / (1.5 * peak * mean)
        for phase in 0..<3 {
            let at = (turns - Double(phase) / 3) * 2 * Double.pi
            let (c, _) = cosineSine(radians: at + angles_deg[phase] * Double.pi / 180)
            let (ci, si) = cosineSine(radians: at)
            let noise = (dice.unit(), dice.unit())
            sample.waves[3 + phase].counts[k] = Int32(
                (phases[phase] * peak * c / 0.02 + noise.0).rounded())
            sample.waves[6 + phase].counts[k] = Int32(
                ((p * ci + q * si) / 0.005 + noise.1).rounded())
        }
    }
}
