/// How much later one channel is sampled than another, from a signal that both see.
public struct SkewFit: Equatable, Sendable {
    /// Seconds; it is `Coefficients.skew_s`.
    public var skew_s: Double
    /// What must be added to the measured phase at every frequency, once the skew is taken off,
    /// degrees: it is `Coefficients.phase_deg`. 0 where it was assumed nil.
    public var phase_deg: Double
    /// Standard uncertainties.
    public var uncertainty_s: Double
    public var uncertainty_deg: Double
    /// Of skew and phase: s², s·° / s·°, °².
    public var covariance: [[Double]]
    /// What a person should know, a sentence each.
    public var remarks: [String]

    /// The phase of the channel against the first one at one frequency or harmonic.
    public struct Tone: Equatable, Sendable {
        /// Hz, more than 0.
        public var frequency_Hz: Double
        /// The channel's phase less the first channel's, degrees: positive where it leads. Both see
        /// the same signal: it ought to be nil.
        public var phase_deg: Double
        /// Standard deviation of one reading of it, degrees; 0: nobody knows.
        public var deviation_deg: Double
        /// Independent readings that were averaged.
        public var count: Int
        public init(
            frequency_Hz: Double, phase_deg: Double, deviation_deg: Double = 0, count: Int = 1
        ) {
            (self.frequency_Hz, self.phase_deg) = (frequency_Hz, phase_deg)
            (self.deviation_deg, self.count) = (deviation_deg, count)
        }
    }

    /// A channel that is sampled τ later sees what comes τ later: its phase leads by 360°·f·τ. Any
    /// constant phase φ beside it is told apart by a second frequency: phase = φ + 360°·f·τ.
    ///
    /// Phases are unrolled from the lowest frequency up: |τ| must be less than half a period of the
    /// least distance of two frequencies (and of the lowest frequency where phase is assumed nil).
    /// - Parameters:
    ///   - tones: Two frequencies or more; or one, with `assumesNoPhase`.
    ///   - assumesNoPhase: The channels have no phase error of their own: dividers of the same kind.
    /// - Throws: `FitRefusal` for too few frequencies, or numbers that are none.
    public static func fit(
        _ tones: [Tone], assumesNoPhase: Bool = false
    ) throws(FitRefusal) -> SkewFit {
        for (k, tone) in tones.enumerated() {
            guard tone.frequency_Hz > 0, Guard.isPlain(tone.frequency_Hz),
                abs(tone.phase_deg) < 1e6, tone.deviation_deg >= 0,
                Guard.isPlain(tone.deviation_deg), tone.count >= 1
            else {
                throw FitRefusal(
                    "tone \(k + 1) is \(tone.phase_deg)° ± \(tone.deviation_deg)° at "
                        + "\(tone.frequency_Hz) Hz", "measure it again, or leave it out")
            }
        }
        let sorted = tones.sorted {
            ($0.frequency_Hz, $0.phase_deg, $0.deviation_deg)
                < ($1.frequency_Hz, $1.phase_deg, $1.deviation_deg)
        }
        guard let low = sorted.first, let high = sorted.last else {
            throw FitRefusal("no phase was measured", "give both channels the same signal")
        }
        guard assumesNoPhase || high.frequency_Hz >= 1.2 * low.frequency_Hz else {
            throw FitRefusal(
                "one frequency does not tell a time from a phase",
                "measure a harmonic or a second frequency as well, or assume that there is no phase"
            )
        }
        let phases = unrolled(sorted, isFromNil: assumesNoPhase)
        let own = sorted.map { $0.deviation_deg / Double($0.count).squareRoot() }
        let isKnown = own.contains { $0 > 0 }
        let top = high.frequency_Hz
        let slope = sorted.map { $0.frequency_Hz / top }
        let columns = assumesNoPhase ? [slope] : [slope, slope.map { _ in 1 }]
        guard let fit = LeastSquares(columns, phases, sigma: PointScatter.filled(own)) else {
            throw FitRefusal("the frequencies lie too close", "take them further apart")
        }
        let freedoms = sorted.map { $0.count > 1 ? Double($0.count - 1) : .infinity }
        var remarks: [String] = []
        var factor = 0.0
        if isKnown || fit.freedom > 0 {
            let grown = Enlargement(
                fit, isKnown: isKnown, estimated: own, freedom: freedoms, isPooled: false,
                of: columns.count)
            factor = grown.factor
            remarks = [grown.remark].compactMap { $0 }
        } else {
            remarks = ["Nobody knows the noise of the phases, and too few tell: no uncertainty."]
        }
        let unit = [1 / (360 * top), -1]
        var covariance = [[0.0, 0], [0, 0]]
        for a in columns.indices {
            for b in columns.indices {
                covariance[a][b] = fit.covariance[a][b] * unit[a] * unit[b] * factor
            }
        }
        return SkewFit(
            skew_s: fit.parameters[0] * unit[0],
            phase_deg: assumesNoPhase ? 0 : -fit.parameters[1],
            uncertainty_s: covariance[0][0].squareRoot(),
            uncertainty_deg: covariance[1][1].squareRoot(), covariance: covariance,
            remarks: remarks)
    }

    /// Phases without their jumps of a turn: each next one is taken where a line through those before
    /// expects it, the second within half a turn of the first.
    private static func unrolled(_ tones: [Tone], isFromNil: Bool) -> [Double] {
        var out: [Double] = []
        for (k, tone) in tones.enumerated() {
            var expected = 0.0
            if k > 0 {
                let (f0, p0) = isFromNil ? (0, 0) : (tones[0].frequency_Hz, out[0])
                let (f1, p1) = (tones[k - 1].frequency_Hz, out[k - 1])
                expected = f1 > f0 ? p0 + (p1 - p0) * (tone.frequency_Hz - f0) / (f1 - f0) : p1
            }
            out.append(expected + PhaseFit.wrapped(tone.phase_deg - expected))
        }
        return out
    }
}
