/// One averaged point of a calibration: what the channel read, and what the reference said.
public struct Point: Equatable, Sendable {
    /// Mean of the raw number, in the pin's unit; of a waveform the RMS of its counts about their
    /// mean, a cycle at a time, in counts.
    public var raw: Double
    /// Standard deviation of one reading, in the unit of `raw`; 0 or more.
    public var deviation: Double
    /// Independent readings that were averaged, 1 or more.
    public var count: Int
    /// What the reference says, in the channel's unit. Negative where the direction is.
    public var reference: Double
    /// Standard deviation of the mean of the reference, in the channel's unit; 0 where a person read
    /// it once from a steady display (its resolution is in its specification).
    public var referenceDeviation: Double
    /// Of a waveform: the mean of its counts.
    public var mean: Double?
    /// Of a waveform: phase of its fundamental against that of the pair's voltage, degrees; and the
    /// reference's own figure for it.
    public var phase_deg: Double?
    public var referencePhase_deg: Double?
    /// Of a waveform: its frequency, Hz.
    public var frequency_Hz: Double?
    /// Of the board, °C; nil where nobody knows.
    public var temperature_degC: Double?
    /// Seconds since 1970, UTC.
    public var at_s: Double

    public init(
        raw: Double, deviation: Double = 0, count: Int = 1, reference: Double,
        referenceDeviation: Double = 0, mean: Double? = nil, phase_deg: Double? = nil,
        referencePhase_deg: Double? = nil, temperature_degC: Double? = nil, at_s: Double = 0,
        frequency_Hz: Double? = nil
    ) {
        (self.raw, self.deviation, self.count) = (raw, deviation, count)
        (self.reference, self.referenceDeviation) = (reference, referenceDeviation)
        (self.mean, self.phase_deg, self.referencePhase_deg) = (mean, phase_deg, referencePhase_deg)
        (self.temperature_degC, self.at_s) = (temperature_degC, at_s)
        self.frequency_Hz = frequency_Hz
    }
}
