import ArgumentParser
import BoardProfile
import Calibration
import Foundation
import Instruments
import Station

struct CalibrateVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Does a calibration still hold? A few points say passed or drifted.",
        discussion: """
            Compares what the calibrated channel reads with a reference, by the E_n score of ISO/IEC \
            17043. Points come from a table (--points), from a meter (--reference), or one is given \
            (--value). Changes nothing; exit code 1 where a channel has drifted.
            """)
    @OptionGroup var place: BoardPlace
    @OptionGroup var meterOptions: MeterOptions
    @Option(help: "The channel; left out, those of the table.")
    var channel: String?
    @Option(help: "A table of points.", completion: .file())
    var points: String?
    @Option(help: "A meter that can be read: scpi://, modbus://, sunspec://, iio://, channel:name.")
    var reference: String?
    @Option(parsing: .unconditional, help: "What the reference shows now.")
    var value: Double?
    @Option(help: "How long to wait for steady readings.")
    var within = Span(argument: "30s")!
    @Flag(help: "JSON.")
    var json = false

    func run() throws {
        let board = try place.open()
        guard [points != nil, reference != nil, value != nil].count(where: { $0 }) == 1 else {
            complain("write one of --points, --reference and --value")
            throw ExitCode.validationFailure
        }
        var isGood = true
        for (channel, fresh, model) in try found(board) {
            let stored = board.store.current(channel)
            for problem in stored.problems { complain(problem.rendered) }
            guard let record = stored.value else {
                complain("\(channel.key) has no calibration to verify")
                throw ExitCode.failure
            }
            let expected = board.nominals.first { $0.channel == channel }?.nominal ?? Nominal()
            let wrong = record.check(
                against: expected, board: board.site.name, serial: board.store.serial,
                at_s: utc_s(), rule: board.site.calibration, channel: channel,
                places: stored.places)
            for problem in wrong { complain(problem.rendered) }
            if wrong.contains(where: { $0.severity == .error }) { throw ExitCode.failure }
            let meter = try meterOptions.meter(channel.unit, named: model)
            let verification = Verification(record, fresh, meter: meter)
            isGood = isGood && verification.passes
            show(channel, verification)
        }
        if !isGood { throw ExitCode.failure }
    }

    private func found(_ board: OpenBoard) throws -> [(Calibrated, [Point], String?)] {
        if let points {
            let file = try readPoints(
                points, channel: channel.map { try board.channel($0).channel })
            return file.channels.map { ($0, file.points($0), nil) }
        }
        guard let channel else {
            complain("--channel is left out: which channel is compared?")
            throw ExitCode.validationFailure
        }
        let (key, nominal) = try board.channel(channel)
        let lock = try hold(board.site, for: "a controller that runs is not read beside")
        defer { _ = lock }
        let reading = try LiveReading(board)
        defer { _ = reading.source.end() }
        let plan = try reading.plan(key, nominal)
        let instrument = try reference.map { try open($0, reading) }
        let end_s = reading.source.time_s + within.seconds
        while true {
            try reading.gather(0.5)
            let figures = reading.windows[key]?.figures(at: reading.source.time_s)
            let steadiness = Steadiness(figures, plan: plan, span_s: 5)
            if let figures, steadiness.isSteady {
                var (mean, deviation) = (value ?? 0, 0.0)
                if let instrument { (mean, deviation) = try average(instrument) }
                let point = Point(
                    raw: figures.mean, deviation: figures.deviation,
                    count: max(1, Int(figures.independent)), reference: mean,
                    referenceDeviation: deviation, mean: figures.waveMean,
                    temperature_degC: reading.source.temperature_degC, at_s: utc_s())
                return [(key, [point], instrument?.model)]
            }
            guard reading.source.time_s < end_s else {
                let why = steadiness.faults.first.map { Steadiness.words($0, unit: key.unit) } ?? ""
                complain(
                    "\(key.key): \(why)\n  = "
                        + (figures == nil
                            ? "`skerry probe` says whether its chip answers"
                            : "let source and board settle"))
                throw ExitCode.failure
            }
        }
    }

    private func show(_ channel: Calibrated, _ verification: Verification) {
        let unit = channel.unit
        if json {
            progress([
                ("channel", .text(channel.key)), ("passes", .flag(verification.passes)),
                ("worst", .number(verification.worst?.score ?? .nan)),
                (
                    "errors", .list(verification.lines.map { .number($0.error) })
                ),
            ])
            return
        }
        print("\(channel.key): \(verification.verdict(unit: unit))")
        for line in verification.lines {
            let u = max(line.expanded, line.referenceExpanded)
            print(
                "  reads \(Digits.matched(line.reading, to: u)) \(unit), reference "
                    + "\(Digits.matched(line.reference, to: u)) \(unit): error "
                    + "\(Digits.quantity(line.error, unit)), ±\(Digits.quantity(line.expanded, unit)) "
                    + "and ±\(Digits.quantity(line.referenceExpanded, unit)) (k = 2)")
        }
    }
}

/// A table of points, or what is wrong with it.
func readPoints(_ path: String, channel: Calibrated?) throws -> PointsFile {
    try requireFile(path)
    guard let data = FileManager.default.contents(atPath: path) else {
        complain("\(path) may not be read")
        throw ExitCode.noInput
    }
    let (file, problems) = PointsFile.read(Array(data), file: path, channel: channel)
    for problem in problems { complain(problem.rendered) }
    guard let file, !problems.contains(where: { $0.severity == .error }) else {
        throw ExitCode.failure
    }
    return file
}

/// Five readings of a meter in a second.
func average(_ instrument: any Instrument) throws -> (mean: Double, deviation: Double) {
    do throws(InstrumentFault) {
        let average = try Averaged(count: 5, interval_s: 0.2).take(instrument) { seconds in
            Thread.sleep(forTimeInterval: seconds)
        }
        return (average.mean, average.standardDeviationOfMean)
    } catch {
        complain("\(instrument.name): \(error.message)\n  = \(error.remedy)")
        throw ExitCode.failure
    }
}
