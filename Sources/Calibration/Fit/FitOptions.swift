/// What is known of a channel besides its points, and what its fit may do.
public struct FitOptions: Equatable, Sendable {
    /// Whether a curvature may be taken, where it earns its place.
    public var allowsCurvature: Bool
    /// Whether points that do not belong may be left out.
    public var rejectsOutliers: Bool
    /// Limits of what the gain moves in a year: a ratio, 0 or more. Rectangular (GUM 4.3.7).
    public var stabilityPerYear: Double
    /// Years until the channel is calibrated again, 0 or more.
    public var interval_years: Double
    /// Limits of the temperature coefficient of the gain, ratio a kelvin; rectangular.
    public var scalePerKelvinLimit: Double
    /// Limits of the temperature coefficient of zero, the channel's unit a kelvin; rectangular.
    public var zeroPerKelvinLimit: Double
    /// Where the board lives, °C; nil: it does not leave the temperature of its calibration.
    public var temperatures_degC: ClosedRange<Double>?
    /// Of a waveform: samples in a cycle, over which rounding is averaged even where every cycle is
    /// sampled at the same places.
    public var samplesPerCycle: Int

    public init(
        allowsCurvature: Bool = false, rejectsOutliers: Bool = true, stabilityPerYear: Double = 0,
        interval_years: Double = 1, scalePerKelvinLimit: Double = 0, zeroPerKelvinLimit: Double = 0,
        temperatures_degC: ClosedRange<Double>? = nil,
        samplesPerCycle: Int = 32
    ) {
        (self.allowsCurvature, self.rejectsOutliers) = (allowsCurvature, rejectsOutliers)
        (self.stabilityPerYear, self.interval_years) = (stabilityPerYear, interval_years)
        self.scalePerKelvinLimit = scalePerKelvinLimit
        self.zeroPerKelvinLimit = zeroPerKelvinLimit
        self.temperatures_degC = temperatures_degC
        self.samplesPerCycle = samplesPerCycle
    }
}
