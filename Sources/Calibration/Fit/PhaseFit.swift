#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Phase error of a current channel against its voltage.
public struct PhaseFit: Equatable, Sendable {
    /// What must be added to the measured phase to make it true, degrees, −30 ... 30; of a reversed
    /// current: once its polarity is right.
    public var phase_deg: Double
    /// What measured power must be multiplied with besides; 1 where only phases were given.
    public var gain: Double
    /// Standard uncertainties, all parts together.
    public var uncertainty_deg: Double
    public var gainUncertainty: Double
    /// Of gain and phase, what the points alone say (type A): 1, ° / °, °².
    public var covariance: [[Double]]
    /// Of each point or load: what was measured, corrected, minus the reference; ° or W.
    public var residuals: [Double]
    /// Indices of points that were left out.
    public var outliers: [Int]
    /// The sensor is the wrong way round.
    public var isReversed: Bool
    /// What a person should know, a sentence each.
    public var remarks: [String]

    /// From an injected current, or a meter that shows the angle: the weighted mean of what the
    /// reference says less what was measured.
    ///
    /// The weight of a point is its count times the square of its level over its noise, for noise
    /// turns a short arrow further; type A is the points' own scatter about their mean with Student's
    /// factor for few of them, and of two points or one what their noise says.
    /// - Parameters:
    ///   - points: With `phase_deg` and `referencePhase_deg`; others are passed over.
    ///   - referenceUncertainty_deg: Standard uncertainty of the reference's angle, the same in all.
    /// - Throws: `FitRefusal` where no point has both angles, they contradict one another, or
    ///   they are those of another phase's voltage.
    public static func fit(
        _ points: [Point], referenceUncertainty_deg: Double = 0
    ) throws(FitRefusal) -> PhaseFit {
        try InjectedPhase.fit(points, referenceUncertainty_deg)
    }

    /// Power of a load as the calibrated voltage and current give it, and as the reference does.
    public struct Load: Equatable, Sendable {
        /// Measured: active and reactive power, W and var (inductive positive).
        public var active_W: Double
        public var reactive_var: Double
        /// Standard deviation of the mean of either, W.
        public var deviation_W: Double
        /// The reference's: W, and var where it shows it.
        public var referenceActive_W: Double
        public var referenceReactive_var: Double?
        /// Standard deviation of the mean of the reference, W.
        public var referenceDeviation_W: Double
        public init(
            active_W: Double, reactive_var: Double, deviation_W: Double = 0,
            referenceActive_W: Double, referenceReactive_var: Double? = nil,
            referenceDeviation_W: Double = 0
        ) {
            (self.active_W, self.reactive_var) = (active_W, reactive_var)
            (self.deviation_W, self.referenceActive_W) = (deviation_W, referenceActive_W)
            self.referenceReactive_var = referenceReactive_var
            self.referenceDeviation_W = referenceDeviation_W
        }
    }

    /// From loads of different power factor: the complex c for which Re((P + jQ)·c) is the
    /// reference's active power, and Im its reactive power where it shows one. Its angle is minus the
    /// current's phase correction, its size what gain is left.
    ///
    /// With the reference's active power alone two angles of load are needed that differ by 20° or
    /// more; with its reactive power one load will do.
    /// - Parameters:
    ///   - reference: Its specification for power, W. Its scale touches the gain only.
    ///   - referenceUncertainty_deg: Standard uncertainty of the angle inside the reference.
    public static func fromLoads(
        _ loads: [Load], reference: ReferenceMeter, referenceUncertainty_deg: Double = 0
    ) throws(FitRefusal) -> PhaseFit {
        try LoadPhase.fit(loads, reference, referenceUncertainty_deg)
    }

    /// `angle_deg` in −180 ..< 180.
    static func wrapped(_ angle_deg: Double) -> Double {
        let turns = (angle_deg + 180) / 360
        return angle_deg - 360 * turns.rounded(.down)
    }
}
