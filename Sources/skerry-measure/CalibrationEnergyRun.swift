import BoardProfile
import Calibration
import Control
import Foundation
import Plant
import Quantities

/// One board: calibrated, then a minute of loads through two controllers, one that knows its calibration
/// and one that does not, beside the truth.
struct EnergyRun {
    struct Load {
        var name: String
        var angle_deg: Double
        /// Of the current: harmonics, 0 ... 1 of the fundamental. Their energy is not counted.
        var distortion = 0.0
        var seconds = 9.0
    }
    /// Current against voltage: within 90° it flows into the bus.
    static let loads = [
        Load(name: "unity", angle_deg: 0), Load(name: "unity_out", angle_deg: 180),
        Load(name: "half_lagging", angle_deg: -60), Load(name: "half_leading", angle_deg: 60),
        Load(name: "half_lagging_out", angle_deg: 120),
        Load(name: "half_leading_out", angle_deg: -120),
        Load(name: "unity_distorted", angle_deg: 0, distortion: 0.1, seconds: 6),
    ]
    /// From the change of a load until it is counted: the windows are full of it.
    static let settling_s = 0.5
    /// Of an uncalibrated board less is told: its errors are a hundred times what a cycle more is.
    static let before_s = 1.5

    private(set) var tally: EnergyTally
    private var board: EnergyBoard
    private let plain: ControllerSettings

    init(seed: UInt64, shows: Bool) {
        board = EnergyBoard(seed: seed)
        plain = board.settings
        tally = EnergyTally(seed: seed, shows: shows)
    }

    mutating func run() {
        var installer = EnergyInstaller(board, seed: tally.seed)
        do throws(FitRefusal) {
            let set = try installer.calibrate(&board)
            check(set, installer)
            live(by: set)
        } catch { tally.fail("calibration refused: \(error.message)") }
    }

    /// A board uses no record that it would refuse to read.
    private mutating func check(_ set: CalibrationSet, _ installer: EnergyInstaller) {
        for record in set.all {
            let recipe = installer.recipe
            let nominal = board.channels.first { .wave($0.wave) == record.channel }?.nominal
            for problem in record.check(
                against: nominal ?? Nominal(), board: recipe.board, serial: recipe.serial, at_s: 0,
                rule: recipe.rule) where problem.severity == .error
            {
                tally.fail("\(record.channel.key) refused: \(problem.message)")
            }
        }
    }

    /// What a controller's registers and figures said of one load.
    private struct Account {
        var controller: Controller
        var record = Record()
        var sums = (active: 0.0, reactive: 0.0, angle: 0.0, frequency: 0.0)
        var ticks = 0
        /// At a tick that counts nothing was believed.
        var wasBlind = false
        var begin = (into: 0.0, out: 0.0)

        init(_ settings: ControllerSettings) { controller = Controller(settings) }

        mutating func begins() {
            begin = (joules(record.energyIn), joules(record.energyOut))
            (sums, ticks, wasBlind) = ((0, 0, 0, 0), 0, false)
        }
        /// The mean of the figures is taken of every fifth tick: a cycle is in each.
        mutating func take(_ sample: Sample, isCounted: Bool) {
            controller.tick(sample, wanting: .fallback, into: &record)
            guard isCounted else { return }
            wasBlind = wasBlind || record.measured.blind.meets(.currents | .busVoltages)
            guard sample.tick.count % 5 == 0 else { return }
            sums.active += Double(record.measured.bus.active.value)
            sums.reactive += Double(record.measured.bus.reactive.value)
            sums.angle += Double(record.measured.angleAcross_deg)
            sums.frequency += Double(record.measured.bus.frequency.value)
            ticks += 1
        }
        private func joules(_ energy: Energy) -> Double { Double(energy.millijoules) / 1000 }
        var into_J: Double { joules(record.energyIn) - begin.into }
        var out_J: Double { joules(record.energyOut) - begin.out }
        var means: (active: Double, reactive: Double, angle: Double, frequency: Double) {
            let n = Double(max(1, ticks))
            return (sums.active / n, sums.reactive / n, sums.angle / n, sums.frequency / n)
        }
    }

    private mutating func live(by set: CalibrationSet) {
        var draw = Random(seed: tally.seed).fork("loads")
        var after = Account(plain.calibrated(by: set))
        var sample = Sample()
        let kind = board.kind
        let turns = (0..<8).map { _ in draw.unit() }
        // Half of the networks are clean, half as dirty as EN 50160 lets them be.
        let voltage = EnergyWave(
            distortion: draw.unit() < 0.5 ? 0 : 0.08, turns: Array(turns[..<4]))
        let frequency_Hz = draw.uniform(49.8, 50.2)
        // True seconds of a tick: of the board's clock, or of one that a converter does not share.
        let tick_s = 1 / kind.tick_Hz / (kind.clock == .tick ? 1 + board.clockError : 1)
        var (tick, given) = (0, 0)
        for load in Self.loads {
            var feed = EnergyFeed(
                frequency_Hz: frequency_Hz,
                voltage_V: EnergyBoard.nominal_V * draw.uniform(0.95, 1.05),
                current_A: board.rated_A * draw.uniform(0.5, 1), angle_deg: load.angle_deg)
            feed.voltage = voltage
            feed.current = EnergyWave(distortion: load.distortion, turns: Array(turns[4...]))
            var before = Account(plain)
            let settling = Int(Self.settling_s * kind.tick_Hz)
            let short = Int(Self.before_s * kind.tick_Hz)
            let ticks = Int(load.seconds * kind.tick_Hz)
            for n in 0..<ticks {
                tick += 1
                sample.tick = Tick(UInt64(tick))
                var length = kind.samples
                if kind.clock == .converter {
                    let due = Double(tick) * tick_s * kind.rate_Hz * (1 + board.clockError)
                    length = Int(due) - given
                    given += length
                }
                board.fill(&sample, length, of: feed)
                if n == settling {
                    after.begins()
                    before.begins()
                }
                after.take(sample, isCounted: n >= settling)
                if n < short { before.take(sample, isCounted: n >= settling) }
            }
            // A current the wrong way round is 200 % off, and would hide what 5 % and 3° are.
            if !board.isReversed {
                judge(load, feed, set, before, Double(short - settling) * tick_s, isAfter: false)
            }
            judge(load, feed, set, after, Double(ticks - settling) * tick_s, isAfter: true)
        }
    }

    /// Errors of one load, and whether they lie inside what the calibration states.
    private mutating func judge(
        _ load: Load, _ feed: EnergyFeed, _ set: CalibrationSet, _ account: Account,
        _ seconds: Double, isAfter: Bool
    ) {
        let phases = Double(board.kind.phases)
        let truth_W = phases * feed.active_W
        let apparent_VA = phases * feed.voltage_V * feed.current_A
        let factor = abs(truth_W) / apparent_VA
        let (right_J, wrong_J) =
            truth_W > 0 ? (account.into_J, account.out_J) : (account.out_J, account.into_J)
        if !isAfter && account.wasBlind {
            tally.beBlind()
            return
        }
        let u = uncertainty(feed, set)
        let named = load.name.hasPrefix("half") ? "energy_half" : "energy_\(load.name)"
        let energy = named == "energy_unity_out" ? "energy_unity" : named
        let truth_J = abs(truth_W) * seconds
        tally.add(
            energy, load.name, 100 * (right_J / truth_J - 1), isAfter: isAfter,
            expanded: 200 * u.active(powerFactor: factor))
        if account.wasBlind { tally.fail("\(load.name): blind") }
        if isAfter && wrong_J != 0 { tally.fail("\(load.name): counted the wrong way") }
        let share = u.ofApparent(powerFactor: factor)
        let means = account.means
        tally.add(
            "active", load.name, 100 * (means.active - truth_W) / apparent_VA, isAfter: isAfter,
            expanded: 200 * share.active)
        tally.add(
            "reactive", load.name,
            100 * (means.reactive - phases * feed.reactive_var) / apparent_VA, isAfter: isAfter,
            expanded: 200 * share.reactive)
        // What no load changes once only.
        guard load.name == Self.loads[0].name else { return }
        tally.add(
            "frequency", load.name, 1000 * (means.frequency - feed.frequency_Hz),
            isAfter: isAfter,
            expanded: 1000 * (set[.clock]?.expanded(at: 1) ?? 0) * feed.frequency_Hz)
        guard board.kind.hasGrid else { return }
        // As `LimitGuard` has it: of both sides the phase that is known the least.
        func most(_ side: [WaveChannel]) -> Double {
            side.compactMap { set[$0]?.expandedPhase(at: EnergyBoard.nominal_Hz) }.max() ?? 0
        }
        let expanded = hypot(most([.gridA, .gridB, .gridC]), most([.busA, .busB, .busC]))
        tally.add("angle_across", load.name, means.angle, isAfter: isAfter, expanded: expanded)
    }

    /// Of the phase that is known the least: all were measured by the same meters.
    private func uncertainty(_ feed: EnergyFeed, _ set: CalibrationSet) -> PowerUncertainty {
        var u = PowerUncertainty(voltage: 0, current: 0, phase_deg: 0)
        for one in board.channels {
            guard let record = set[one.wave] else { continue }
            let size = one.isCurrent ? feed.current_A : feed.voltage_V
            let share = record.expanded(at: size) / 2 / size
            if one.isCurrent {
                u.current = max(u.current, share)
                u.phase_deg = max(
                    u.phase_deg, record.expandedPhase(at: EnergyBoard.nominal_Hz) / 2)
            } else {
                u.voltage = max(u.voltage, share)
            }
        }
        return u
    }
}
