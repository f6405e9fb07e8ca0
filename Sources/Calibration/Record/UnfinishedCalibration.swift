import BoardProfile

/// A walk that is not finished: the points taken so far, and what they were taken under.
public struct UnfinishedCalibration: Equatable, Sendable {
    public var channel: Calibrated
    /// The board file's folder, and the board's own serial number.
    public var board: String
    public var serial: String
    public var nominal: Nominal
    public var reference: ReferenceMeter
    public var person: String
    /// When it was begun, seconds since 1970, UTC.
    public var start_s: Double
    public var points: [Point]

    public init(
        channel: Calibrated, board: String, serial: String, nominal: Nominal,
        reference: ReferenceMeter, person: String, start_s: Double, points: [Point] = []
    ) {
        (self.channel, self.board, self.serial) = (channel, board, serial)
        (self.nominal, self.reference, self.person) = (nominal, reference, person)
        (self.start_s, self.points) = (start_s, points)
    }

    /// What speaks against taking it up again: another board, or another wiring of the channel.
    public func check(
        against nominal: Nominal, board: String, serial: String, places: FilePlaces? = nil
    ) -> [Problem] {
        let places = places ?? FilePlaces(file: "\(channel.key).yaml")
        var found = self.nominal.differences(from: nominal, board: (self.board, board), places)
        if serial != self.serial {
            found.append(
                places.problem(
                    "serial", value: self.serial, "is another board than \(serial)", ""))
        }
        return found.map { problem in
            var problem = problem
            problem.remedy = "discard this walk and begin again, or go back to the board it is of"
            return problem
        }
    }
}

/// A session as it stands in a file.
struct SessionFile: Sendable {
    var session = UnfinishedCalibration(
        channel: .clock, board: "", serial: "", nominal: Nominal(), reference: .empty, person: "",
        start_s: 0)
    var format = RecordFile.newest
    var channel = ""
    var started = ""
    var points: [TimedPoint] = []
    var digest = ""

    static func section(_ channel: Calibrated) -> Section<SessionFile> {
        let u = channel.suffix
        return Section(
            "Unfinished calibration", of: SessionFile(), "The points of a walk so far."
        ) { s in
            s.integer(
                "format", \.format, RecordFile.newest...RecordFile.newest,
                "The version of this file's form.", .required)
            s.choice(
                "channel", \.channel, of: CalibrationProfile.keys, "What is calibrated.",
                .required, example: "battery_voltage")
            s.text(
                "board", \.session.board, form: .name, "The board file's folder.", .required,
                example: "pi-dc48")
            s.text(
                "serial", \.session.serial, form: .name, "The board's own serial number.",
                .required, example: "10000000f2a1")
            s.text(
                "person", \.session.person, "Who calibrates.", .required, example: "A. Installer")
            s.text(
                "started", \.started, form: RecordFile.time, "When it was begun.", .required,
                example: "2026-11-22T10:00:00Z")
            s.section("nominal", \.session.nominal, Nominal.section)
            s.section("reference", \.session.reference, ReferenceMeter.section(u))
            s.list(
                "points", \.points, 0...RecordFile.mostPoints, TimedPoint.section(u),
                "What the channel read, and what the reference said.", .required)
            s.text(
                Seal.key, \.digest, form: RecordFile.digestForm, "Of all bytes above this line.",
                .required, example: SHA256Digest([]).text)
            s.completion { file in
                file.session.channel = Calibrated(key: file.channel) ?? file.session.channel
                file.session.start_s = UTC.seconds(file.started) ?? .nan
                file.session.points = file.points.map(\.timed)
            }
            s.rule { file, check in
                let remedy = "discard this walk and begin again"
                if file.session.start_s.isNaN { check.refuse(\.started, "is no time", remedy) }
                for (n, point) in file.session.points.enumerated() where point.at_s.isNaN {
                    check.refuse(\.points, item: n, key: "time", "is no time", remedy)
                }
            }
        }
    }

    static func sealed(_ session: UnfinishedCalibration) -> [UInt8] {
        var out = YAMLLines()
        let u = session.channel.suffix
        out.comment("Points of a calibration of \(session.channel.key) that is not finished.")
        out.number("format", Double(RecordFile.newest))
        out.word("channel", session.channel.key)
        out.words("board", session.board)
        out.words("serial", session.serial)
        out.words("person", session.person)
        out.words("started", UTC.text(session.start_s) ?? "never")
        out.section("nominal") { $0.nominal(session.nominal) }
        out.section("reference") { $0.reference(session.reference, u) }
        out.points(session.points, u)
        return Seal.sealed(out.text).bytes
    }

    /// The session in `bytes`, or why there is none.
    static func read(
        _ bytes: [UInt8], _ name: String, _ channel: Calibrated
    ) -> StoreReading<UnfinishedCalibration> {
        let remedy = "discard this walk and begin again"
        let places = FilePlaces(file: name)
        switch Sealed.read(bytes, name, section(channel)) {
        case .torn:
            let problem = places.problem("", "is cut off: it has no digest", remedy)
            return StoreReading(value: nil, problems: [problem], places: places)
        case .refused(var problems):
            for n in problems.indices where problems[n].key == Seal.key {
                problems[n].remedy = remedy
            }
            return StoreReading(value: nil, problems: problems, places: places)
        case .whole((let places, _, let reading)):
            var problems = reading.problems
            if let session = reading.value, session.session.channel != channel {
                problems.append(
                    places.problem(
                        "channel", value: session.channel,
                        "is another channel than its file's name says",
                        remedy))
            }
            let value = problems.isEmpty ? reading.value?.session : nil
            return StoreReading(value: value, problems: problems, places: places)
        }
    }
}

extension TimedPoint {
    /// The point with its time; NaN where what is written is none.
    var timed: Point {
        var point = point
        if let time { point.at_s = UTC.seconds(time) ?? .nan }
        return point
    }
}
