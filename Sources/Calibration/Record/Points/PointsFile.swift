import BoardProfile

/// Points of one or several channels as a table: `skerry calibrate --points points.csv`.
///
///     channel,raw,deviation,count,reference,temperature_degC,time
///     battery_voltage,12.031,0.002,50,12.07,21.5,2026-11-22T10:00:00Z
///
/// The first row names the columns, in any order; `raw` and `reference` are needed, and `channel`
/// unless the reader is told which it is.
public struct PointsFile: Equatable, Sendable {
    public struct Row: Equatable, Sendable {
        public var channel: Calibrated
        public var point: Point
        /// Of the file, from 1; 0 of a row that was not read.
        public var line: Int
        public init(channel: Calibrated, point: Point, line: Int = 0) {
            (self.channel, self.point, self.line) = (channel, point, line)
        }
    }
    public var rows: [Row]
    public init(rows: [Row] = []) { self.rows = rows }

    /// The points of one channel, in the order of the file.
    public func points(_ channel: Calibrated) -> [Point] {
        rows.filter { $0.channel == channel }.map(\.point)
    }
    /// The channels in the order of their first points.
    public var channels: [Calibrated] {
        var seen: Set<Calibrated> = []
        return rows.map(\.channel).filter { seen.insert($0).inserted }
    }

    enum Column: String, CaseIterable {
        case channel, raw, deviation, count, reference
        case referenceDeviation = "reference_deviation"
        case mean
        case phase = "phase_deg"
        case referencePhase = "reference_phase_deg"
        case frequency = "frequency_Hz"
        case temperature = "temperature_degC"
        case time

        /// What its numbers may be.
        var range: ClosedRange<Double> {
            switch self {
            case .deviation, .referenceDeviation: RecordFile.positive
            case .count: 1...1e9
            case .phase, .referencePhase: -360...360
            case .frequency: 1...1000
            case .temperature: -100...200
            default: RecordFile.any
            }
        }
    }

    /// The table's text, with the columns that any row has something for, lines ended by a line feed.
    public var text: String {
        let columns = Column.allCases.filter { column in
            switch column {
            case .channel, .raw, .deviation, .count, .reference: true
            default: rows.contains { !Self.cell($0, column).isEmpty }
            }
        }
        var out = columns.map(\.rawValue).joined(separator: ",") + "\n"
        for row in rows {
            out += columns.map { Self.cell(row, $0) }.joined(separator: ",") + "\n"
        }
        return out
    }

    private static func cell(_ row: Row, _ column: Column) -> String {
        let p = row.point
        func number(_ value: Double?) -> String { value.map(YAMLLines.number) ?? "" }
        return switch column {
        case .channel: row.channel.key
        case .raw: number(p.raw)
        case .deviation: number(p.deviation)
        case .count: String(p.count)
        case .reference: number(p.reference)
        case .referenceDeviation: p.referenceDeviation == 0 ? "" : number(p.referenceDeviation)
        case .mean: number(p.mean)
        case .phase: number(p.phase_deg)
        case .referencePhase: number(p.referencePhase_deg)
        case .frequency: number(p.frequency_Hz)
        case .temperature: number(p.temperature_degC)
        case .time: p.at_s == 0 ? "" : UTC.text(p.at_s) ?? ""
        }
    }
}
