import Foundation

/// Which way round a current sensor is.
public enum Polarity {
    /// Of a waveform, whose RMS has no sign: whether its phases point against the reference's. Points
    /// without both angles say nothing; without any it is not reversed for all anybody knows.
    public static func isReversed(_ points: [Point]) -> Bool {
        var along = 0.0
        for p in points {
            guard let measured = p.phase_deg, let truth = p.referencePhase_deg else { continue }
            let d = (truth - measured) * .pi / 180
            if d.isFinite { along += cos(d) }
        }
        return along < 0
    }
}
