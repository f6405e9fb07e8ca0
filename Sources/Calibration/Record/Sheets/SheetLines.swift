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
                Self.rough(reading - point.reference) + mark,
            ]
        }
        text += "  points, in \(unit.isEmpty ? "the channel's unit" : unit) after calibration\n"
        let widths = heads.indices.map { k in ([heads] + rows).map { $0[k].count }.max() ?? 0 }
        for row in [heads] + rows {
            let cells = zip(row, widths).map { Self.padded($0, $1) }.joined(separator: "  ")
            text += "    " + Self.trimmed(cells) + "\n"
        }
    }

    /// Six significant digits, which is more than any reading here is worth; without an exponent from a
    /// millionth to a billion.
    static func short(_ number: Double, digits: Int = 6) -> String {
        guard number.isFinite, number != 0 else { return YAMLLines.number(number) }
        let most = (0..<digits).reduce(1.0) { most, _ in most * 10 }
        var (scaled, power) = (number.magnitude, 0)
        while scaled >= most { (scaled, power) = (scaled / 10, power + 1) }
        while scaled < most / 10 { (scaled, power) = (scaled * 10, power - 1) }
        var figures = Int(scaled.rounded())
        while power < 0, figures % 10 == 0 { (figures, power) = (figures / 10, power + 1) }
        let sign = number < 0 ? "-" : "", text = String(figures)
        if number.magnitude < 1e-6 || number.magnitude >= 1e9 {
            return YAMLLines.number(Double("\(sign)\(text)e\(power)") ?? number)
        }
        if power >= 0 { return sign + text + String(repeating: "0", count: power) }
        let zeros = String(repeating: "0", count: max(0, 1 - power - text.count))
        let padded = zeros + text
        return "\(sign)\(padded.dropLast(-power)).\(padded.suffix(-power))"
    }

    /// An uncertainty or what is left of an error: two digits (GUM 7.2.6).
    static func rough(_ number: Double, _ unit: String = "") -> String {
        let text = short(number, digits: 2)
        return unit.isEmpty ? text : "\(text) \(unit)"
    }

    /// `12.5 V`
    static func with(_ number: Double, _ unit: String) -> String {
        unit.isEmpty ? short(number) : "\(short(number)) \(unit)"
    }
    /// `12.5 ± 0.2 V`, the uncertainty expanded.
    static func with(_ number: Double, _ standard: Double, _ unit: String) -> String {
        "\(short(number)) ± \(rough(2 * standard, unit))"
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
        var raw = point.raw
        if let nominal = nominal.thermistor, let thermistor {
            raw = thermistor.temperature_degC(of: nominal.resistance_ohm(at: raw))
        }
        let v = nominal.reading(raw)
        if nominal.isAlternating { return abs(1 + coefficients.scale) * v }
        return coefficients.corrected(v, at: point.temperature_degC)
    }
}
