import ArgumentParser
import BoardProfile
import Calibration
import Foundation

struct CalibrateTake: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "take",
        abstract: "Take one point of a channel at what the reference shows now, for scripts.",
        discussion: """
            Points are kept until `finish`:
              skerry calibrate take boards/pi-dc48 --channel link_voltage --value 24.013 --accuracy 0.05%
              skerry calibrate finish boards/pi-dc48 --channel link_voltage --accuracy 0.05%
            """)
    @OptionGroup var place: BoardPlace
    @OptionGroup var meterOptions: MeterOptions
    @Option(help: "The channel.")
    var channel: String
    @Option(parsing: .unconditional, help: "What the reference shows, in the channel's unit.")
    var value: Double
    @Option(
        name: .customLong("phase"), parsing: .unconditional,
        help: "Of a waveform: the reference's phase, degrees.")
    var phase: Double?
    @Option(
        parsing: .unconditional,
        help: "Of the board, °C, where it has no thermometer of its own.")
    var temperature: Double?
    @Flag(help: "Yes: the sensor is reversed, or has another ratio than the board file's.")
    var confirm = false
    @Option(help: "How long to wait for steady readings.")
    var within = Span(argument: "30s")!
    @Flag(help: "JSON.")
    var json = false

    func run() throws {
        let board = try place.open()
        let lock = try hold(board.site, for: "a controller that runs is not calibrated")
        defer { _ = lock }
        let (channel, nominal) = try board.channel(channel)
        let meter = try meterOptions.meter(channel.unit)
        let reading = try LiveReading(board)
        defer { _ = reading.source.end() }
        var kept = try unfinished(board, channel, nominal, meter, meterOptions.who)
        var session = ChannelSession(
            plan: try reading.plan(channel, nominal), meter: meter, points: kept.points)
        let end_s = reading.source.time_s + within.seconds
        while true {
            try reading.gather(0.5)
            do throws(PointRefusal) {
                var moment = reading.moment
                moment.temperature_degC = temperature ?? moment.temperature_degC
                let point = try session.take(
                    value, phase_deg: phase, at: moment, confirmed: confirm)
                kept.points = session.points
                try save(board, kept)
                show(point, session.points.count, channel, nominal)
                return
            } catch {
                let mayPass = error.kind == .unsteady || error.kind == .silent
                guard mayPass, reading.source.time_s < end_s else {
                    complain("\(error.message)\n  = \(error.remedy)")
                    for news in reading.source.news() { complain("  \(news)") }
                    throw ExitCode.failure
                }
            }
        }
    }

    private func save(
        _ board: OpenBoard, _ unfinished: UnfinishedCalibration
    ) throws(PointRefusal) {
        do throws(StoreFault) { try board.store.save(unfinished) } catch {
            throw PointRefusal(.silent, "not saved: \(error)", "make room, or mend the rights")
        }
    }

    private func show(_ point: Point, _ count: Int, _ channel: Calibrated, _ nominal: Nominal) {
        let unit = channel.unit
        let read = nominal.reading(point.raw)
        if json {
            progress([
                ("point", .number(Double(count))), ("channel", .text(channel.key)),
                ("raw", .number(point.raw)), ("deviation", .number(point.deviation)),
                ("readings", .number(Double(point.count))), ("nominal", .number(read)),
                ("reference", .number(point.reference)),
            ])
        } else {
            print(
                "\(channel.key) point \(count): reads "
                    + "\(Digits.matched(read, to: point.deviation * nominal.gain)) \(unit), reference "
                    + "\(Digits.significant(point.reference, 6)) \(unit)")
        }
    }
}

/// The points of `channel` so far; a walk under other conditions is told, and not mixed.
func unfinished(
    _ board: OpenBoard, _ channel: Calibrated, _ nominal: Nominal, _ meter: ReferenceMeter,
    _ person: String
) throws -> UnfinishedCalibration {
    let fresh = UnfinishedCalibration(
        channel: channel, board: board.site.name, serial: board.store.serial, nominal: nominal,
        reference: meter, person: person, start_s: utc_s())
    let found = board.store.unfinished(channel)
    for problem in found.problems { complain(problem.rendered) }
    if found.problems.contains(where: { $0.severity == .error }) { throw ExitCode.failure }
    guard let kept = found.value else { return fresh }
    let problems = kept.check(
        against: nominal, board: board.site.name, serial: board.store.serial, places: found.places)
    for problem in problems { complain(problem.rendered) }
    if !problems.isEmpty { throw ExitCode.failure }
    if kept.reference != meter {
        complain(
            "\(channel.key): its points so far were taken with \(kept.reference.model), and other "
                + "limits than now\n  = go on with that meter, or throw them away: skerry calibrate finish "
                + "--fresh")
        throw ExitCode.failure
    }
    return kept
}

struct CalibrateFinish: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "finish", abstract: "Fit the points that were taken, and keep the calibration."
    )
    @OptionGroup var place: BoardPlace
    @OptionGroup var meterOptions: MeterOptions
    @Option(help: "The channel.")
    var channel: String
    @Flag(help: "Throw the points away instead.")
    var fresh = false
    @Flag(help: "JSON.")
    var json = false

    func run() throws {
        let board = try place.open()
        let (channel, nominal) = try board.channel(channel)
        if fresh {
            do throws(StoreFault) { try board.store.discard(channel) } catch {
                for problem in error.problems { complain(problem.rendered) }
                throw ExitCode.cannotCreate
            }
            return
        }
        let meter = try meterOptions.meter(channel.unit)
        let kept = try unfinished(board, channel, nominal, meter, meterOptions.who)
        guard !kept.points.isEmpty else {
            complain("\(channel.key) has no points yet\n  = skerry calibrate take ...")
            throw ExitCode.failure
        }
        let (record, fit) = try board.keep(
            channel, kept.points, nominal, meterOptions.recipe(board, meter))
        if json { print(board.summary(record, fit).compact) } else { board.report(record, fit) }
        if !board.suffices(record) { throw ExitCode.failure }
    }
}
