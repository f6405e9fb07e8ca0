/// Whether a calibration still holds, by a few fresh points.
///
/// The test is the E_n score of ISO/IEC 17043:2023, annex B.4: the error of the calibrated reading
/// over the expanded uncertainties of reading and reference together. Beyond 1 the difference is more
/// than both can explain, and the channel has drifted.
public struct Verification: Equatable, Sendable {
    public struct Line: Equatable, Sendable {
        /// The reference, what the calibrated channel reads, and both uncertainties (k = 2), all in
        /// the channel's unit.
        public var reference: Double
        public var reading: Double
        public var expanded: Double
        public var referenceExpanded: Double
        public var error: Double { reading - reference }
        /// Magnitude; 1 and below agrees.
        public var score: Double {
            let both = expanded * expanded + referenceExpanded * referenceExpanded
            return both > 0 ? error.magnitude / both.squareRoot() : error == 0 ? 0 : .infinity
        }
    }
    public var lines: [Line]
    public var passes: Bool { !lines.isEmpty && lines.allSatisfy { $0.score <= 1 } }
    public var worst: Line? { lines.max { $0.score < $1.score } }

    /// - Parameters:
    ///   - points: fresh ones; not those the record was fitted to.
    ///   - meter: in the channel's unit.
    public init(_ record: CalibrationRecord, _ points: [Point], meter: ReferenceMeter) {
        lines = points.map { point in
            let v = record.nominal.reading(point.raw)
            let reading = record.reading(of: point)
            let noise = point.deviation * record.nominal.gain.magnitude
            let own = noise * noise / Double(max(1, point.count))
            let known = record.expanded(at: v) / 2
            let y = point.reference
            let systematic =
                meter.scaleUncertainty * meter.scaleUncertainty * y * y
                + meter.zeroUncertainty * meter.zeroUncertainty
                + meter.readingUncertainty * meter.readingUncertainty
                + point.referenceDeviation * point.referenceDeviation
            return Line(
                reference: y, reading: reading, expanded: 2 * (known * known + own).squareRoot(),
                referenceExpanded: 2 * systematic.squareRoot())
        }
    }

    /// `passed: 3 points, the worst 0.4 of what both uncertainties allow`.
    public func verdict(unit: String) -> String {
        guard let worst else { return "nothing was compared" }
        let score = Digits.significant(worst.score, 2)
        if passes {
            return
                "passed: \(lines.count) point\(lines.count == 1 ? "" : "s"), the worst \(score) of "
                + "what both uncertainties allow"
        }
        return
            "drifted: reads \(Digits.matched(worst.reading, to: worst.error)) \(unit) where the meter "
            + "says \(Digits.matched(worst.reference, to: worst.error)) \(unit), \(score) times what both uncertainties "
            + "allow; calibrate again"
    }
}
