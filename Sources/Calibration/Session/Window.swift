/// The readings of one channel over the last seconds.
///
/// Not finite readings and those older than the newest are dropped and counted in `dropped`.
public struct Window: Equatable, Sendable {
    /// How far it looks back, seconds, above 0.
    public let span_s: Double
    public let nominal: Nominal
    public private(set) var dropped = 0
    public private(set) var readings: [RawReading] = []
    /// No more than these are kept: five seconds at 250 Hz have room.
    public static let most = 2048

    /// Five seconds hold enough cycles of a hum and end before a person grows impatient.
    public init(span_s: Double = 5, nominal: Nominal) {
        self.span_s = span_s.isFinite && span_s > 0 ? span_s : 5
        self.nominal = nominal
    }

    public mutating func add(_ more: [RawReading]) {
        for reading in more {
            guard reading.raw.isFinite, reading.time_s.isFinite,
                reading.time_s > (readings.last?.time_s ?? -.infinity)
            else {
                dropped += 1
                continue
            }
            readings.append(reading)
        }
        guard let newest = readings.last?.time_s else { return }
        let first = readings.firstIndex { $0.time_s > newest - span_s } ?? 0
        readings.removeFirst(max(first, readings.count - Self.most))
    }

    /// Nil without a reading in the last `span_s` before `now_s`.
    public func figures(at now_s: Double) -> WindowFigures? {
        let recent = readings.filter { $0.time_s > now_s - span_s }
        guard let last = recent.last, let first = recent.first else { return nil }
        let values = recent.map(\.raw)
        let line = Line(recent)
        var figures = WindowFigures(
            mean: line.mean, deviation: line.deviation, count: recent.count,
            independent: Independence.count(values, mean: line.mean))
        figures.age_s = max(0, now_s - last.time_s)
        figures.covered_s = last.time_s - first.time_s
        figures.driftPerSecond = line.slope
        // Correlated residuals make the slope less sure by as much as they make the mean.
        let independent = Independence.count(line.residuals, mean: 0)
        figures.driftUncertainty =
            line.slopeUncertainty * (Double(recent.count) / independent).squareRoot()
        figures.saturatedShare =
            Double(recent.filter(isSaturated).count) / Double(recent.count)
        figures.waveMean = average(recent.compactMap(\.mean))
        figures.phase_deg = Self.meanAngle(recent.compactMap(\.phase_deg))
        figures.frequency_Hz = average(recent.compactMap(\.frequency_Hz))
        return figures
    }

    private func isSaturated(_ reading: RawReading) -> Bool {
        if reading.isSaturated { return true }
        // The limits of a waveform are those of single counts, which its RMS never shows.
        return !nominal.isAlternating
            && (reading.raw <= nominal.lowest || reading.raw >= nominal.highest)
    }

    private func average(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// About the first of them, so that 179.9° and −179.9° are neighbours.
    private static func meanAngle(_ angles: [Double]) -> Double? {
        guard let first = angles.first else { return nil }
        let sum = angles.reduce(0) { $0 + ($1 - first).remainder(dividingBy: 360) }
        return (first + sum / Double(angles.count)).remainder(dividingBy: 360)
    }
}

/// What a window says, in the unit of raw.
public struct WindowFigures: Equatable, Sendable {
    public var mean: Double
    /// Standard deviation of one reading about the mean, n − 1 (GUM 4.2.2).
    public var deviation: Double
    public var count: Int
    /// How many independent readings would know the mean as well, 1 ... `count`.
    public var independent: Double
    /// Slope of the line through the readings by least squares, and its standard uncertainty.
    public var driftPerSecond = 0.0
    public var driftUncertainty = 0.0
    /// Between the first and the last reading, seconds.
    public var covered_s = 0.0
    /// Readings at or beyond the ends of the converter, 0 ... 1.
    public var saturatedShare = 0.0
    /// Since the last reading, seconds.
    public var age_s = 0.0
    /// Of a waveform.
    public var waveMean: Double?
    public var phase_deg: Double?
    public var frequency_Hz: Double?

    public init(mean: Double, deviation: Double, count: Int, independent: Double) {
        (self.mean, self.deviation) = (mean, deviation)
        (self.count, self.independent) = (count, independent)
    }
    /// Standard uncertainty of the mean (GUM 4.2.3), with independent readings alone counted.
    public var meanUncertainty: Double { deviation / max(1, independent).squareRoot() }
}

/// The straight line through readings by least squares.
struct Line {
    var mean = 0.0
    var deviation = 0.0
    var slope = 0.0
    var slopeUncertainty = 0.0
    var residuals: [Double] = []

    init(_ readings: [RawReading]) {
        let n = Double(readings.count)
        guard let first = readings.first, n > 0 else { return }
        // Differences from the first: a mean of millions with a noise of parts keeps its digits.
        let y = readings.map { $0.raw - first.raw }
        let t = readings.map { $0.time_s - first.time_s }
        let (meanY, meanT) = (y.reduce(0, +) / n, t.reduce(0, +) / n)
        mean = first.raw + meanY
        guard n > 1 else {
            residuals = [0]
            return
        }
        let tt = t.reduce(0) { $0 + ($1 - meanT) * ($1 - meanT) }
        let yy = y.reduce(0) { $0 + ($1 - meanY) * ($1 - meanY) }
        let ty = zip(t, y).reduce(0) { $0 + ($1.0 - meanT) * ($1.1 - meanY) }
        deviation = (yy / (n - 1)).squareRoot()
        slope = tt > 0 ? ty / tt : 0
        residuals = zip(t, y).map { $1 - meanY - slope * ($0 - meanT) }
        guard n > 2, tt > 0 else { return }
        let rest = residuals.reduce(0) { $0 + $1 * $1 }
        slopeUncertainty = (rest / (n - 2) / tt).squareRoot()
    }
}

/// How much readings that follow each other repeat each other.
enum Independence {
    /// n / (1 + 2 Σ (1 − k/n) ρₖ), summed up to the first lag whose correlation is not positive and
    /// no further than a quarter of the readings (N. F. Zhang, Metrologia 43 (2006) S276, eq. 9
    /// and its cut-off). 1 for readings that never change: all share one rounding.
    static func count(_ values: [Double], mean: Double) -> Double {
        let n = values.count
        let c = values.map { $0 - mean }
        let variance = c.reduce(0) { $0 + $1 * $1 }
        guard n > 1, variance > 0 else { return 1 }
        var sum = 0.0
        for lag in 1..<max(2, n / 4) {
            var product = 0.0
            for i in 0..<(n - lag) { product += c[i] * c[i + lag] }
            let correlation = product / variance
            if correlation <= 0 { break }
            // ρ of the estimate holds (1 − k/n) already, for its sum has n − k terms.
            sum += correlation
        }
        return min(Double(n), max(1, Double(n) / (1 + 2 * sum)))
    }
}
