import BoardProfile
import Calibration
import Control
import LinuxBoard
import Switchboard

/// A real board with what is known of its channels: the calibrations that may be used, the settings
/// they make, and what stands in the way.
public struct BoardCalibration: Sendable {
    public let set: CalibrationSet
    /// Errors keep the board from running: a calibration that is refused is not done without quietly.
    public let problems: [Problem]
    /// Channels that could be calibrated and have no calibration in use.
    public let missing: [Calibrated]
    /// Constants of thermistors that were found, for the threads that read them.
    public let thermistors: [ScalarChannel: Thermistor]
    /// Settings that run, and the same before any limit was moved.
    public let settings: ControllerSettings
    public let unguarded: ControllerSettings
    public let limits: [GuardedLimit]
    public let verdicts: [AccuracyVerdict]

    /// - Parameters:
    ///   - store: of this board's serial number.
    ///   - now_s: seconds since 1970, UTC.
    /// - Returns: nil where the site has no hardware.
    public init?(
        _ site: SiteProfile, _ switchboard: Switchboard, _ store: CalibrationStore, now_s: Double
    ) {
        guard let nominal = site.hardwareSettings() else { return nil }
        let rule = site.calibration
        let nominals = switchboard.nominals(of: site)
        var records: [CalibrationRecord] = []
        var problems = store.strays()
        var missing: [Calibrated] = []
        for (channel, expected) in nominals {
            let reading = store.current(channel)
            problems += reading.problems
            guard let record = reading.value else {
                missing.append(channel)
                continue
            }
            let found = record.check(
                against: expected, board: site.name, serial: store.serial, at_s: now_s, rule: rule,
                channel: channel, places: reading.places)
            problems += found
            if found.contains(where: { $0.severity == .error }) {
                missing.append(channel)
            } else {
                records.append(record)
            }
        }
        let set = CalibrationSet(records)
        self.set = set
        thermistors = site.thermistors(set)
        self.missing = missing
        let calibrated = nominal.calibrated(by: set)
        unguarded = calibrated
        verdicts = nominals.compactMap { channel, _ in
            AccuracyVerdict(channel, set[channel], site: site, settings: calibrated)
        }
        if rule.isGuarding {
            let guarded = LimitGuard(calibrated, by: set)
            settings = guarded.settings
            limits = guarded.limits.map { $0.named(after: site.hardwareStages) }
        } else {
            settings = calibrated
            limits = []
        }
        for limit in limits where limit.isSpent { problems.append(limit.problem(store)) }
        if rule.isRequired && !missing.isEmpty {
            let names = missing.map(\.key).joined(separator: ", ")
            problems.append(
                Problem(
                    file: "\(store.root)/\(store.serial)", line: 0, column: 0,
                    key: "calibration.required",
                    message: "is true, and these have no valid calibration: \(names)",
                    remedy: "run skerry calibrate \(site.name), or write required: false"))
        }
        self.problems = problems
    }

    /// The board may run: nothing of its calibrations is refused.
    public var mayRun: Bool { !problems.contains { $0.severity == .error } }
}

extension SiteProfile {
    /// The thermistors of the board file with the constants that were found.
    fileprivate func thermistors(_ set: CalibrationSet) -> [ScalarChannel: Thermistor] {
        var found: [ScalarChannel: Thermistor] = [:]
        for c in ScalarChannel.allCases {
            guard let constants = set[c]?.thermistor,
                let written = hardware?.channels.first(where: { $0.channel == c.key })?.thermistor
            else { continue }
            found[c] = Thermistor(
                R25_ohm: constants.R25_ohm, beta_K: constants.beta_K,
                pullUp_ohm: written.pullUp_ohm, supply_V: written.supply_V)
        }
        return found
    }
}

extension GuardedLimit {
    /// A stage by the name its file gives it.
    fileprivate func named(after stages: [StageProfile]) -> GuardedLimit {
        guard let stage, stages.indices.contains(stage) else { return self }
        var limit = self
        limit.name = stages[stage].name
        return limit
    }

    /// What is left is less than nothing.
    fileprivate func problem(_ store: CalibrationStore) -> Problem {
        let file = Calibrated(key: channel).map(store.path) ?? store.root
        return Problem(
            file: file, line: 0, column: 0, key: name,
            value: "\(Digits.significant(nominal, 3)) \(unit)",
            message: "is used up by the uncertainty of \(channel), "
                + "\(Digits.significant((nominal - effective).magnitude, 2)) \(unit), most of it "
                + "from the \(dominant)",
            remedy: "calibrate \(channel) with a better reference, or write guard: false")
    }
}
