import BoardProfile
import Control
import HAL
import Loop
import Plant
import Scenario
import SimBoard

/// A controller on its simulated board, everything on, whose turns are timed. Its site is lived
/// through beforehand, with all the other controllers, and felt again.
struct TimedSite: ~Copyable {
    private let plant: RecordedPlant
    private var runner: Runner<SimBoard>
    private let ring = TurnRing()
    /// The tick before the first that may be timed.
    let origin: Tick

    /// A home of the village, tied to the grid: battery, droop, loads, sun, wind.
    ///
    /// - Parameter ticks: to be timed.
    /// - Returns: nil where the home does not come on within a minute.
    static func home(
        _ profile: SiteProfile, _ sensing: Sensing, ticks: Int
    ) -> TimedSite? {
        let village = Village(
            profile, sensing: sensing, fidelity: .waveform(step_s: 50e-6), seed: 1)
        let home = village.homes[0]
        return TimedSite(
            home, profile.settings(profile.homes[0], sensing), profile, sensing, ticks: ticks
        ) {
            village.turn()
            return (
                village.now,
                village.coupling.record.islanding == .gridTied && home.record.source == .forming
            )
        }
    }

    /// A battery of the 48 V site: contactors, V–I droop, loads and sun.
    static func battery(
        _ profile: SiteProfile, _ sensing: Sensing, ticks: Int
    ) -> TimedSite? {
        let dc = DCSite(profile, sensing: sensing, seed: 1)
        let battery = dc.batteries[0]
        return TimedSite(
            battery, profile.nanogridSettings(0, sensing), profile, sensing, ticks: ticks
        ) {
            dc.turn()
            return (
                dc.now,
                battery.record.command.converter.isOn && battery.record.contactor == .closed
            )
        }
    }

    /// - Parameter live: one tick of the site; answers it, and whether all that can be on is on.
    private init?(
        _ site: Site, _ settings: ControllerSettings, _ profile: SiteProfile, _ sensing: Sensing,
        ticks: Int, live: () -> (now: Tick, isOn: Bool)
    ) {
        var (now, isOn) = live()
        while !isOn || now.count < UInt64(sensing.rate_Hz) {
            guard now.count < UInt64(60 * sensing.rate_Hz) else { return nil }
            (now, isOn) = live()
        }
        origin = now
        plant = RecordedPlant(from: now, ticks: ticks)
        let random = Random(seed: 1).fork(site.name)
        runner = Runner(
            board: SimBoard(
                profile.simulatedBoard(for: settings, sensing, random: random), port: plant,
                random: random.fork("again")),
            controller: site.runner.controller)
        for _ in 0..<ticks {
            _ = live()
            plant.record(
                site.runner.board.port, samples: sensing.samplesPerTick, wish: site.wish)
        }
    }

    /// The site as it is at `tick`.
    func go(to tick: Tick) { plant.go(to: tick) }

    /// The turn that is timed: sample, tick, act, and the turn into its ring.
    mutating func turn(_ tick: Tick) {
        runner.turn(tick, wanting: plant.wish)
        ring.push(runner.sample, plant.wish, runner.record, hadLetGo: runner.hadLetGo)
    }

    /// The controller still does all that it did at first.
    var isOn: Bool {
        let record = runner.record
        return record.verdict.blind.isEmpty && record.loads == 0xF
            && (record.source == .forming || record.command.converter.isOn)
    }
}
