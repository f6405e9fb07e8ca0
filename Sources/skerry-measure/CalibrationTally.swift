import Foundation

/// How often the truth lay inside what the fits state, and what was named.
struct CalibrationTally {
    struct Line {
        var inside = 0
        var outside = 0
        /// Seeds of boards on which it lay outside, the first few.
        var seeds: [UInt64] = []
        /// Sum of squares of the error over the standard uncertainty: 1 a piece where they are right.
        var squares = 0.0
    }
    struct Naming {
        var named = 0
        var missed = 0
        var falsely = 0
        var silent = 0
    }
    static let parameters = [
        "zero", "scale", "curvature", "corrected_mid_range", "zero_waveform", "scale_waveform",
        "phase", "phase_from_loads", "gain_from_loads", "skew", "zero_per_kelvin",
        "scale_per_kelvin", "r25", "beta", "thermistor_mid_range", "close", "open", "close_limit",
        "open_limit", "clock",
    ]
    static let mistakes = ["reversed", "swapped", "other_phase", "saturated", "ratio"]

    private(set) var lines: [String: Line] = [:]
    private(set) var namings: [String: Naming] = [:]
    /// Boards that were refused or named wrongly, with why.
    private(set) var failures: [(seed: UInt64, why: String)] = []
    let seed: UInt64
    /// Whether every figure is printed.
    let shows: Bool

    init(seed: UInt64, shows: Bool = false) {
        (self.seed, self.shows) = (seed, shows)
    }

    /// The truth lies within `k` = 2 standard uncertainties of what was found, or not.
    mutating func compare(_ name: String, found: Double, truth: Double, uncertainty: Double) {
        // Rounding of the arithmetic itself is no error of a fit.
        let isInside = abs(found - truth) <= 2 * uncertainty + 1e-12 * abs(truth)
        var line = lines[name] ?? Line()
        line.inside += isInside ? 1 : 0
        line.outside += isInside ? 0 : 1
        if !isInside { line.seeds.append(seed) }
        let ratio = (found - truth) / max(uncertainty, 1e-300)
        line.squares += min(ratio * ratio, 1e6)
        lines[name] = line
        if shows {
            print(
                "\(name)\tfound \(found)\ttruth \(truth)\tu \(uncertainty)\t"
                    + (isInside ? "inside" : "outside"))
        }
    }

    /// A limit that holds, or not.
    mutating func count(_ name: String, isInside: Bool) {
        var line = lines[name] ?? Line()
        line.inside += isInside ? 1 : 0
        line.outside += isInside ? 0 : 1
        if !isInside { line.seeds.append(seed) }
        lines[name] = line
    }

    /// A mistake that is there, or not, was named, or not.
    mutating func name(_ mistake: String, isThere: Bool, isNamed: Bool) {
        var n = namings[mistake] ?? Naming()
        switch (isThere, isNamed) {
        case (true, true): n.named += 1
        case (true, false): n.missed += 1
        case (false, true): n.falsely += 1
        case (false, false): n.silent += 1
        }
        namings[mistake] = n
        if isThere != isNamed {
            fail("\(mistake): \(isThere ? "there and not named" : "named and not there")")
        }
        if shows { print("\(mistake)\tthere \(isThere)\tnamed \(isNamed)") }
    }

    mutating func fail(_ why: String) {
        failures.append((seed, why))
        if shows { print("failed\t\(why)") }
    }

    mutating func absorb(_ other: CalibrationTally) {
        for (name, more) in other.lines {
            var line = lines[name] ?? Line()
            line.inside += more.inside
            line.outside += more.outside
            line.squares += more.squares
            line.seeds = Array((line.seeds + more.seeds).prefix(3))
            lines[name] = line
        }
        for (name, more) in other.namings {
            var n = namings[name] ?? Naming()
            n.named += more.named
            n.missed += more.missed
            n.falsely += more.falsely
            n.silent += more.silent
            namings[name] = n
        }
        failures += other.failures
    }
}
