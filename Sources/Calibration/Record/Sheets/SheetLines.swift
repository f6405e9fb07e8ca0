/// Lines of a sheet for people: names in one column, values in the next.
struct SheetLines {
    private(set) var text = ""
    private static let width = 12

    mutating func title(_ words: String) { text += words + "\n" }

    /// Nothing is written of nothing.
    mutating func row(_ name: String, _ value: String) {
        if value.isEmpty { return }
        text += "  \(Self.padded(name, Self.width))  \(value)\n"
    }

    /// The points of a record with what is left of their error.
    mutating func points(_ record: CalibrationRecord) {
        if record.points.isEmpty { return }
        let unit = record.channel.unit
        let heads = ["raw", "reference", "reading", "error"]
        let rows = record.points.enumerated().map { n, point in
            let reading = record.reading(of: point)
            let mark = record.outliers.contains(n) ? "  left out" : ""
            return [
                Self.short(point.raw), Self.short(point.reference), Self.short(reading),
                Self.short(reading - point.reference) + mark,
            ]
        }
        text += "  points, in \(unit.isEmpty ? "the channel's unit" : unit) after calibration\n"
        let widths = heads.indices.map { k in ([heads] + rows).map { $0[k].count }.max() ?? 0 }
        for row in [heads] + rows {
            let cells = zip(row, widths).map { Self.padded($0, $1) }.joined(separator: "  ")
            text += "    " + Self.trimmed(cells) + "\n"
        }
    }

    /// Six significant digits, which is more than any reading here is worth.
    static func short(_ number: Double) -> String {
        guard number.isFinite, number != 0 else { return YAMLLines.number(number) }
        var (scaled, power) = (number.magnitude, 0)
        while scaled >= 1e6 { (scaled, power) = (scaled / 10, power + 1) }
        while scaled < 1e5 { (scaled, power) = (scaled * 10, power - 1) }
        let digits = Int(scaled.rounded())
        // By its text, so that no further rounding shows.
        let sign = number < 0 ? "-" : ""
        return YAMLLines.number(Double("\(sign)\(digits)e\(power)") ?? number)
    }

    /// `12.5 V`
    static func with(_ number: Double, _ unit: String) -> String {
        unit.isEmpty ? short(number) : "\(short(number)) \(unit)"
    }
    /// `12.5 ± 0.2 V`, the uncertainty expanded.
    static func with(_ number: Double, _ standard: Double, _ unit: String) -> String {
        "\(short(number)) ± \(with(2 * standard, unit))"
    }
    /// `1.01 (+1 %)`
    static func ratio(_ scale: Double) -> String {
        "\(short(1 + scale)) (\(scale < 0 ? "" : "+")\(short(scale * 100)) %)"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
    private static func trimmed(_ text: String) -> String {
        var text = text
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }
}

extension CalibrationRecord {
    /// What the calibrated channel reads at a point, in its unit; of a waveform the RMS, which no zero
    /// moves.
    func reading(of point: Point) -> Double {
        let v = nominal.reading(point.raw)
        if nominal.isAlternating { return abs(1 + coefficients.scale) * v }
        return coefficients.corrected(v, at: point.temperature_degC)
    }
}
