import BoardProfile

/// A record as it stands in a file: what `CalibrationRecord` has, and its place in the history.
struct RecordFile: Sendable {
    var record: CalibrationRecord
    /// The digest of the entry before; empty of the first.
    var previous = ""
    // As written; they become the record's own once all is read.
    var format = RecordFile.newest
    var channel = ""
    var time = ""
    var measured: String?
    var lowest = 0.0
    var highest = 0.0
    var covariance = Covariance()
    var parts: [Uncertainty.Part] = []
    var points: [TimedPoint] = []
    var digest = ""

    /// What this program writes; it reads no other.
    static let newest = 1

    struct Covariance: Sendable {
        var zero = [0.0, 0, 0], scale = [0.0, 0, 0], curvature = [0.0, 0, 0]
        var rows: [[Double]] { [zero, scale, curvature] }
    }
}

/// A point with its time as written.
struct TimedPoint: Sendable {
    var point = Point(raw: 0, reference: 0)
    var time: String?
}

extension CalibrationRecord {
    /// A file that says nothing.
    static let empty = CalibrationRecord(
        channel: .clock, board: "", serial: "", nominal: Nominal(), coefficients: Coefficients(),
        uncertainty: Uncertainty(), range: 0...0, points: [], reference: .empty, person: "",
        at_s: 0, software: "")
}

extension ReferenceMeter {
    /// A file that says nothing.
    static let empty = ReferenceMeter(model: "", form: .limits, ofReading: 0, absolute: 0)
}
extension ReferenceMeter.Form: ChoiceValue {}
extension Uncertainty.Part.Kind: ChoiceValue {}

extension Calibrated {
    /// Everything there is to calibrate, in the order of their keys' kinds.
    public static let all: [Calibrated] = CalibrationProfile.keys.compactMap(Calibrated.init(key:))

    /// What keys in the channel's unit end in: `_V`, `_degC`; empty for a ratio.
    var suffix: String {
        switch unit {
        case "": ""
        case "°C": "_degC"
        case "°": "_deg"
        default: "_" + unit
        }
    }
}

extension RecordFile {
    /// The file of a channel whose keys end in `unit`: `_V`.
    static func section(_ channel: Calibrated) -> Section<RecordFile> {
        sections[channel.suffix] ?? described(channel.suffix)
    }

    private static let sections = Dictionary(
        Set(Calibrated.all.map(\.suffix)).map { ($0, described($0)) },
        uniquingKeysWith: { first, _ in first })

    /// Any number that a record may hold; beyond it nothing is measured.
    static let any = -1e15...1e15
    static let positive = 0...1e15
    static let time = TextForm(
        "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:]{8}([.][0-9]{1,30})?(Z|[-+][0-9:]{5})",
        "a time such as 2026-11-22T10:00:00Z", limit: 64)
    static let digestForm = TextForm("sha256:[0-9a-f]{64}", "sha256: and 64 digits", limit: 71)
    /// The most points a record may have.
    static let mostPoints = 2000
    /// The most entries a history may have.
    static let mostEntries = 99_999

    private static func described(_ u: String) -> Section<RecordFile> {
        Section(
            "Calibration record", of: RecordFile(record: .empty),
            "One calibration of one channel of one board."
        ) { s in
            s.integer(
                "format", \.format, newest...newest, "The version of this file's form.", .required)
            s.choice(
                "channel", \.channel, of: CalibrationProfile.keys, "What was calibrated.",
                .required, example: "battery_voltage")
            s.integer(
                "number", \.record.number, 1...mostEntries, "Its number in the channel's history.",
                .required, example: 1)
            s.text(
                "previous", \.previous, form: digestForm, "The digest of the entry before.",
                example: SHA256Digest([]).text)
            s.text(
                "board", \.record.board, form: .name, "The board file's folder.", .required,
                example: "pi-dc48")
            s.text(
                "serial", \.record.serial, form: .name, "The board's own serial number.", .required,
                example: "10000000f2a1")
            s.text("person", \.record.person, "Who calibrated.", .required, example: "A. Installer")
            s.text(
                "time", \.time, form: time, "When it was made.", .required,
                example: "2026-11-22T10:00:00Z")
            s.text(
                "measured", \.measured, form: time,
                "When the points were taken, where this takes up an earlier entry.",
                example: "2026-11-22T10:00:00Z")
            s.number(
                "temperature_degC", \.record.temperature_degC, -100...200,
                "Of the board while it was calibrated.", example: 21)
            s.text(
                "software", \.record.software, "The program's version.", .required, example: "1.0")
            s.text(
                "note", \.record.note, form: TextForm("", "one line of text", limit: 400),
                "A line for people.")
            s.section("nominal", \.record.nominal, Nominal.section)
            s.section("coefficients", \.record.coefficients, Coefficients.section(u))
            s.section("range", \.self, range(u))
            s.section("uncertainty", \.self, uncertainty(u))
            s.section("travel", \.record.travel, Travel.section)
            s.section("thermistor", \.record.thermistor, ThermistorConstants.section)
            s.section("reference", \.record.reference, ReferenceMeter.section(u))
            s.list(
                "points", \.points, 0...mostPoints, TimedPoint.section(u),
                "What the channel read, and what the reference said.", .required)
            s.integers(
                "outliers", \.record.outliers, 0...mostPoints, each: 0...mostPoints,
                "Points the fit left out, from 0.")
            s.text(
                Seal.key, \.digest, form: digestForm, "Of all bytes above this line.", .required,
                example: SHA256Digest([]).text)
            s.completion { $0.complete() }
            s.rule { $0.checkTimes(&$1) }
        }
    }

    private static func range(_ u: String) -> Section<RecordFile> {
        Section(
            "Range", of: RecordFile(record: .empty), "The nominal readings it was fitted between."
        ) { s in
            s.number("lowest" + u, \.lowest, any, "The least.", .required, example: 0)
            s.number("highest" + u, \.highest, any, "The largest.", .required, example: 60)
            s.ascending(\.lowest, \.highest, orEqual: true)
        }
    }

    private static func uncertainty(_ u: String) -> Section<RecordFile> {
        let matrix = Section(
            "Covariance", of: Covariance(),
            "Of zero, scale and curvature, from the points alone, in products of their units."
        ) { s in
            for (name, path) in [
                ("zero", \Covariance.zero as Path<Covariance, [Double]>), ("scale", \.scale),
                ("curvature", \.curvature),
            ] {
                s.numbers(
                    name, path, 3...3, each: any, "Of \(name) with zero, scale and curvature.",
                    .required, example: [0, 0, 0])
            }
        }
        let empty = RecordFile(record: .empty)
        return Section("Uncertainty", of: empty, "How well the truth is known (GUM).") { s in
            s.section("covariance", \.covariance, matrix)
            s.list(
                "parts", \.parts, 0...32, Uncertainty.Part.section(u),
                "The other lines of the budget.", .required)
            s.number(
                "phase_deg", \.record.uncertainty.phase_deg, positive,
                "Standard uncertainty of the phase.")
            s.number(
                "skew_s", \.record.uncertainty.skew_s, positive, "Standard uncertainty of the skew."
            )
        }
    }

    /// The record's own values of what was written. What is wrong stays as it is, for the rules.
    private mutating func complete() {
        record.channel = Calibrated(key: channel) ?? record.channel
        record.at_s = UTC.seconds(time) ?? .nan
        record.measured_s = measured.map { UTC.seconds($0) ?? .nan }
        record.range = min(lowest, highest)...max(lowest, highest)
        record.uncertainty.covariance = covariance.rows
        record.uncertainty.parts = parts
        record.points = points.map(\.timed)
    }

    private func checkTimes(_ check: inout Check<RecordFile>) {
        let remedy = "write a day and time that there are, in UTC, such as 2026-11-22T10:00:00Z"
        if record.at_s.isNaN { check.refuse(\.time, "is no time", remedy) }
        if record.measured_s?.isNaN == true { check.refuse(\.measured, "is no time", remedy) }
        for (n, point) in record.points.enumerated() where point.at_s.isNaN {
            check.refuse(\.points, item: n, key: "time", "is no time", remedy)
        }
    }
}
