/// One raw reading of one channel.
public struct RawReading: Equatable, Sendable {
    /// Of a slow channel the number its pin gives, in the pin's unit. Of a waveform the RMS of its
    /// counts about their mean, over one whole number of cycles.
    public var raw: Double
    /// By the clock of the source, seconds; of a waveform the end of its cycles.
    public var time_s: Double
    /// Of a waveform: the mean of its counts over those cycles.
    public var mean: Double?
    /// Of a waveform: phase of its fundamental against that of the pair's voltage, degrees.
    public var phase_deg: Double?
    /// Of a waveform: its frequency.
    public var frequency_Hz: Double?
    /// Of a waveform: a count among these cycles stood at the end of the converter.
    public var isSaturated: Bool

    public init(
        raw: Double, time_s: Double, mean: Double? = nil, phase_deg: Double? = nil,
        frequency_Hz: Double? = nil, isSaturated: Bool = false
    ) {
        (self.raw, self.time_s, self.mean) = (raw, time_s, mean)
        (self.phase_deg, self.frequency_Hz) = (phase_deg, frequency_Hz)
        self.isSaturated = isSaturated
    }
}

/// What a board gives a calibration while its outputs are at rest.
public protocol RawSource: AnyObject {
    /// What can be read, in the order people should be asked for it.
    var channels: [Calibrated] { get }
    /// How it is known that nothing is being controlled: `contactors open, converters off; proved by
    /// their contacts`. A sentence for the person at the terminals.
    var outputsAreAtRest: String { get }
    /// The source's own clock, seconds, never backwards.
    var time_s: Double { get }
    /// Of the board, °C; nil where nothing measures it.
    var temperature_degC: Double? { get }
    /// Waits about `seconds` (0.01 ... 10) and gives what was read since the last call, oldest first.
    /// A channel that was silent is absent or empty. Throws when the board is gone.
    func gather(_ seconds: Double) throws(SourceFault) -> [Calibrated: [RawReading]]
}

/// A board that can no longer be read.
public struct SourceFault: Error, Equatable, Sendable {
    public var message: String
    public var remedy: String
    public init(_ message: String, _ remedy: String) {
        (self.message, self.remedy) = (message, remedy)
    }
}
