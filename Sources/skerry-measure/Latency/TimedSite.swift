import BoardProfile
import Control
import HAL
import Loop
import Plant
import Scenario
import SimBoard

/// A simulated site of which one controller is timed. All the others, and the physics, are the world:
/// they come between its turns.
protocol TimedSite: AnyObject {
    /// The world as it is at `tick`.
    func pass(to tick: Tick)
    /// The turn that is timed: sample, tick, act, and the record into its ring.
    func turn(_ tick: Tick)
    /// Everything that can be on is on.
    var isWhole: Bool { get }
}

extension TimedSite {
    /// Lives until everything is on, in simulated time.
    /// - Returns: the last tick; nil where it did not come on within a minute.
    func start(rate_Hz: Double) -> Tick? {
        var tick = Tick(0)
        while tick.count < UInt64(60 * rate_Hz) {
            tick = tick + 1
            pass(to: tick)
            turn(tick)
            if isWhole && tick.count >= UInt64(rate_Hz) { return tick }
        }
        return nil
    }
}

/// A home of the village, tied to the grid: battery, droop, loads, sun, wind.
final class TimedHome: TimedSite {
    private let village: Village
    private let home: Site
    private let ring = TurnRing()
    private var now = Tick(0)
    private let second: UInt32

    init(_ profile: SiteProfile, rate_Hz: Double, samplesPerTick: Int) {
        village = Village(
            profile, sensing: Sensing(rate_Hz: rate_Hz, samplesPerTick: samplesPerTick),
            fidelity: .waveform(step_s: 50e-6), seed: 1)
        home = village.homes[0]
        second = UInt32(rate_Hz)
    }

    func pass(to tick: Tick) {
        guard now < tick else { return }
        while now < tick {
            now = now + 1
            village.microgrid.tick()
        }
        let coupling = village.coupling
        coupling.wish = Setpoints(expires: now + second, guarded: true)
        coupling.runner.turn(now, wanting: coupling.wish)
        let record = coupling.record
        let wish = Setpoints(
            expires: now + second, tied: record.islanding == .gridTied,
            frequencyBias: record.frequencyBias, voltageBias: record.voltageBias)
        for h in village.homes {
            h.wish = wish
            if h !== home { h.runner.turn(now, wanting: wish) }
        }
    }
    func turn(_ tick: Tick) {
        home.runner.turn(tick, wanting: home.wish)
        ring.push(
            home.runner.sample, home.wish, home.runner.record, hadLetGo: home.runner.hadLetGo)
    }
    var isWhole: Bool {
        village.coupling.record.islanding == .gridTied && home.record.source == .forming
            && home.record.loads == 0xF && home.record.verdict.blind.isEmpty
    }
}

/// A battery of the 48 V site: contactors, V–I droop, loads and sun.
final class TimedBattery: TimedSite {
    private let site: DCSite
    private let battery: Site
    private let ring = TurnRing()
    private var now = Tick(0)
    private let second: UInt32

    init(_ profile: SiteProfile, rate_Hz: Double) {
        site = DCSite(profile, sensing: Sensing(rate_Hz: rate_Hz, samplesPerTick: 0), seed: 1)
        battery = site.batteries[0]
        second = UInt32(rate_Hz)
    }

    func pass(to tick: Tick) {
        guard now < tick else { return }
        while now < tick {
            now = now + 1
            site.nanogrid.tick()
        }
        let wish = Setpoints(expires: now + second)
        for b in site.batteries {
            b.wish = wish
            if b !== battery { b.runner.turn(now, wanting: wish) }
        }
    }
    func turn(_ tick: Tick) {
        battery.runner.turn(tick, wanting: battery.wish)
        ring.push(
            battery.runner.sample, battery.wish, battery.runner.record,
            hadLetGo: battery.runner.hadLetGo)
    }
    var isWhole: Bool {
        battery.record.command.converter.isOn && battery.record.contactor == .closed
            && battery.record.loads == 0xF && battery.record.verdict.blind.isEmpty
    }
}
