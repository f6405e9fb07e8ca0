/// Errors of many boards, before and after their calibration, and how many lay inside what it states.
struct EnergyTally {
    struct Line {
        var before: [Double] = []
        var after: [Double] = []
        /// With the seed of the board and its load: what is printed where a bar is missed.
        var worst: [(seed: UInt64, load: String, error: Double)] = []
        var inside = 0
    }
    /// What is measured, its unit, and the bar of its worst error.
    static let cases: [(name: String, unit: String, bar: Double)] = [
        ("energy_unity", "%", 0.2), ("energy_unity_distorted", "%", 0.2),
        ("energy_half", "%", 0.5), ("active", "% of S", 0.2), ("reactive", "% of S", 0.2),
        ("angle_across", "deg", 0.1), ("frequency", "mHz", 1),
    ]
    /// Percent of the errors that must lie inside the expanded uncertainty (k = 2).
    static let coverage = 93.0

    let seed: UInt64
    let shows: Bool
    private(set) var lines: [String: Line] = [:]
    /// Loads that an uncalibrated board did not count, or in part: three voltages that do not add up to
    /// nil are not believed.
    private(set) var blind = 0
    private(set) var failures: [(seed: UInt64, why: String)] = []

    init(seed: UInt64, shows: Bool) { (self.seed, self.shows) = (seed, shows) }

    /// - Parameters:
    ///   - error: measured less true, in the unit of the case.
    ///   - expanded: what the calibration states for it (k = 2).
    mutating func add(
        _ name: String, _ load: String, _ error: Double, isAfter: Bool, expanded: Double
    ) {
        guard isAfter else {
            lines[name, default: Line()].before.append(error.magnitude)
            return
        }
        let isInside = error.magnitude <= expanded
        lines[name, default: Line()].after.append(error.magnitude)
        lines[name, default: Line()].worst.append((seed, load, error))
        lines[name, default: Line()].inside += isInside ? 1 : 0
        if shows {
            print("\(name)\t\(load)\terror \(error)\tU \(expanded)\t\(isInside ? "in" : "out")side")
        }
    }

    mutating func beBlind() { blind += 1 }

    mutating func fail(_ why: String) {
        failures.append((seed, why))
        if shows { print("failed\t\(why)") }
    }

    mutating func absorb(_ other: EnergyTally) {
        for (name, more) in other.lines {
            var line = lines[name] ?? Line()
            line.before += more.before
            line.after += more.after
            line.inside += more.inside
            // NaN is worse than all.
            line.worst = Array(
                (line.worst + more.worst).sorted {
                    Self.badness($0.error) > Self.badness($1.error)
                }.prefix(3))
            lines[name] = line
        }
        blind += other.blind
        failures += other.failures
    }

    static func badness(_ error: Double) -> Double { error.isNaN ? .infinity : error.magnitude }

    /// The worst, NaN where one is.
    static func worst(_ errors: [Double]) -> Double {
        errors.contains(where: \.isNaN) ? .nan : errors.max() ?? .nan
    }
    /// The least error that 95 % do not exceed (nearest rank).
    static func percentile95(_ errors: [Double]) -> Double {
        guard !errors.isEmpty, !errors.contains(where: \.isNaN) else { return .nan }
        let rank = (0.95 * Double(errors.count)).rounded(.up)
        return errors.sorted()[max(0, Int(rank) - 1)]
    }
}
