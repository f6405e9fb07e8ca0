#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The constants of an NTC thermistor: R = R₂₅ · exp(β · (1/T − 1/T₂₅)), T in kelvin.
public struct ThermistorFit: Equatable, Sendable {
    /// Resistance at 25 °C, Ω.
    public var r25_Ohm: Double
    /// K.
    public var beta_K: Double
    /// Standard uncertainties, all parts.
    public var uncertaintyOfR25_Ohm: Double
    public var uncertaintyOfBeta_K: Double
    /// Of ln R₂₅ and β, all parts: 1, K / K, K². It tells the uncertainty of a temperature.
    public var covariance: [[Double]]
    /// Type A of the same: what the points alone say.
    public var scatter: [[Double]]
    /// Part of the pull-up's tolerance in ln R₂₅, a ratio.
    public var pullUp: Double
    /// What the thermistor says less the reference, K, of each point.
    public var residuals_K: [Double]
    /// Indices of points that were left out.
    public var outliers: [Int]
    /// What a person should know, a sentence each.
    public var remarks: [String]

    /// A thermistor to ground and a resistor from there to the supply.
    public struct Divider: Equatable, Sendable {
        /// The resistor, Ω, more than 0.
        public var pullUp_Ohm: Double
        /// Its limits, a ratio: 0.01 is 1 %; rectangular.
        public var tolerance: Double
        public init(pullUp_Ohm: Double, tolerance: Double = 0) {
            (self.pullUp_Ohm, self.tolerance) = (pullUp_Ohm, tolerance)
        }
        /// Resistance of the thermistor where its voltage is `ratio` of the supply; nil outside 0 ..< 1.
        public func resistance_Ohm(ratio: Double) -> Double? {
            ratio > 0 && ratio < 1 ? pullUp_Ohm * ratio / (1 - ratio) : nil
        }
        /// Voltage of the thermistor over the supply; nil for a resistance that is none.
        public func ratio(resistance_Ohm: Double) -> Double? {
            resistance_Ohm > 0 && resistance_Ohm.isFinite
                ? resistance_Ohm / (resistance_Ohm + pullUp_Ohm) : nil
        }
    }

    /// What `Point.raw` is.
    public enum Reading: Equatable, Sendable {
        /// Ω.
        case resistance
        /// Voltage of the thermistor over the supply, 0 ... 1.
        case ratio(Divider)
    }

    static let kelvin = 273.15
    static let t25 = 298.15

    /// Weighted least squares of ln R over 1/T − 1/T₂₅.
    /// - Parameters:
    ///   - points: Three or more, 10 K apart or more from end to end: `raw` as `reading` says,
    ///     `reference` in °C.
    ///   - reference: The thermometer's specification, of °C and in K. Its zero is the same error in
    ///     all points, and so is its scale.
    ///   - resolution: One count of the converter in the unit of `raw`; 0 where it is not known.
    /// - Throws: `FitRefusal` for too few or too close points, or a thermistor that is none.
    public static func fit(
        _ points: [Point], reading: Reading, reference: ReferenceMeter, resolution: Double = 0
    ) throws(FitRefusal) -> ThermistorFit {
        try ThermistorPoints.fit(points, reading, reference, resolution)
    }

    /// °C; nil for a resistance that is none.
    public func temperature_degC(resistance_Ohm r: Double) -> Double? {
        guard r > 0, r.isFinite else { return nil }
        let inverse = 1 / Self.t25 + log(r / r25_Ohm) / beta_K
        return inverse > 0 ? 1 / inverse - Self.kelvin : nil
    }
    /// Ω; nil at or below absolute zero.
    public func resistance_Ohm(temperature_degC t: Double) -> Double? {
        guard t > -Self.kelvin, t.isFinite else { return nil }
        return r25_Ohm * exp(beta_K * (1 / (t + Self.kelvin) - 1 / Self.t25))
    }
    /// Standard uncertainty of a temperature this thermistor says, K: √(J Σ Jᵀ),
    /// J = T²/β · (1, 1/T − 1/T₂₅). Of one read through the divider of the fit the pull-up's part is
    /// the same error in fit and reading, and falls out: `throughDivider`.
    public func uncertainty_K(temperature_degC t: Double, throughDivider: Bool = false) -> Double {
        let T = t + Self.kelvin
        let x = 1 / T - 1 / Self.t25
        var variance =
            covariance[0][0] + 2 * x * covariance[0][1] + x * x * covariance[1][1]
        if throughDivider { variance -= pullUp * pullUp }
        return T * T / beta_K * max(0, variance).squareRoot()
    }
}
