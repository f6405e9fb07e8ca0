/// What a board file says of a channel before anybody calibrates it: the nominal reading is
/// (raw − offset) · gain.
public struct Nominal: Equatable, Sendable {
    /// The pin the channel is wired to: `battery.bus_voltage`. Empty for the clock and for travels.
    public var from: String
    /// Channel units for each unit of raw.
    public var gain: Double
    /// In the unit of raw.
    public var offset: Double
    /// One count of the converter in the unit of raw; 0 where it is not known.
    public var resolution: Double
    /// At or beyond these a raw number is saturated.
    public var lowest: Double
    public var highest: Double
    /// A waveform: calibrated by RMS, its zero by the mean of its counts.
    public var isAlternating: Bool
    /// Of a thermistor: the constants by which its raw number became °C; nil: it is none.
    public var thermistor: ThermistorConstants?

    public init(
        from: String = "", gain: Double = 1, offset: Double = 0, resolution: Double = 0,
        lowest: Double = -.infinity, highest: Double = .infinity, isAlternating: Bool = false,
        thermistor: ThermistorConstants? = nil
    ) {
        (self.from, self.gain, self.offset, self.resolution) = (from, gain, offset, resolution)
        (self.lowest, self.highest, self.isAlternating) = (lowest, highest, isAlternating)
        self.thermistor = thermistor
    }

    /// The nominal reading of a point: of a waveform its RMS, which no offset moves and which has no
    /// sign.
    public func reading(_ raw: Double) -> Double {
        isAlternating ? raw * gain.magnitude : (raw - offset) * gain
    }
}
