import Control

/// The calibrations of one board that may be used: at most one of each channel, each checked.
public struct CalibrationSet: Equatable, Sendable {
    private var records: [Calibrated: CalibrationRecord]

    public init(_ records: [CalibrationRecord] = []) {
        self.records = Dictionary(
            records.map { ($0.channel, $0) }, uniquingKeysWith: { $0.number > $1.number ? $0 : $1 })
    }
    public subscript(_ channel: Calibrated) -> CalibrationRecord? { records[channel] }
    public subscript(_ channel: ScalarChannel) -> CalibrationRecord? { records[.scalar(channel)] }
    public subscript(_ channel: WaveChannel) -> CalibrationRecord? { records[.wave(channel)] }
    public var isEmpty: Bool { records.isEmpty }
    /// By name.
    public var all: [CalibrationRecord] {
        records.values.sorted { $0.channel.key < $1.channel.key }
    }
}

extension CalibrationRecord {
    /// Expanded uncertainty (k = 2, about 95 %) of the reading `v`, in the channel's unit. Of a
    /// waveform that of its RMS, which its zero does not move.
    public func expanded(at v: Double) -> Double {
        guard case .wave = channel else { return uncertainty.expanded(at: v) }
        var variance = uncertainty.covariance[1][1] * v * v
        for part in uncertainty.parts { variance += part.at(v) * part.at(v) }
        return 2 * max(0, variance).squareRoot()
    }
    /// Of a waveform's phase: expanded, degrees.
    public func expandedPhase(at frequency_Hz: Double) -> Double {
        let skew_deg = 360 * frequency_Hz * uncertainty.skew_s
        let phase_deg = uncertainty.phase_deg
        return 2 * (phase_deg * phase_deg + skew_deg * skew_deg).squareRoot()
    }
}
