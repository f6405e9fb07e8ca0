import BoardProfile

/// How well two equal batteries share by droop when the cable of one has more resistance.
public struct DCSharing: Sendable {
    /// Who restores the bus voltage after the droop.
    public enum Restoration: CaseIterable, Sendable {
        /// Nobody: droop alone.
        case none
        /// The first battery; the other adds the same offset, told to it.
        case first
        /// Each on its own, with its own voltmeter.
        case each
        public var words: String {
            switch self {
            case .none: "droop alone"
            case .first: "one restores, offset shared"
            case .each: "each restores alone"
            }
        }
    }
    /// Over the last ten seconds of a run.
    public struct Outcome: Sendable {
        /// Deviation of a battery's share from the mean, % of rating.
        public var error_percent: Double
        /// Mean bus voltage.
        public var bus_V: Double
    }
    /// The second cable has this much more resistance, 0 ... 1 and more.
    public var mismatch: Double
    public var restoration: Restoration
    public var load_W = 1600.0
    public var length_s = 60.0
    /// 1/s.
    public var gain = 0.5

    public init(mismatch: Double, restoration: Restoration) {
        self.mismatch = mismatch
        self.restoration = restoration
    }

    public func run(seed: UInt64) -> Outcome {
        var profile = SiteProfile.referenceNanogrid()
        var site = profile.nanogrid!
        site.pv_W = 0
        site.critical_W = load_W
        site.comfort_W = 0
        site.deferrable_W = 0
        site.batteries[1].lineR_ohm *= 1 + mismatch
        if restoration != .none { site.batteries[0].restoreGain_per_s = gain }
        if restoration == .each { site.batteries[1].restoreGain_per_s = gain }
        profile.nanogrid = site
        let plant = DCSite(profile, step_s: 50e-6, seed: seed)
        var sums = [0.0, 0.0]
        var volts = 0.0, count = 0.0
        while plant.time_s < length_s {
            plant.turn()
            guard plant.time_s > length_s - 10 else { continue }
            for k in 0..<2 { sums[k] += plant.nanogrid.batteries[k].current_A }
            volts += plant.nanogrid.bus_V
            count += 1
        }
        let rating = site.batteries[0].most_A
        return Outcome(
            error_percent: 100 * abs(sums[0] - sums[1]) / 2 / count / rating, bus_V: volts / count)
    }
}
