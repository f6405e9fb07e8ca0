import ArgumentParser
import BoardProfile
import Calibration
import Foundation
import Instruments
import Report
import Station
import Walk

struct CalibrateWalk: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "walk",
        abstract:
            "Calibrate channels: on a terminal, from a table, or with a meter that can be read.")
    @OptionGroup var place: BoardPlace
    @OptionGroup var meterOptions: MeterOptions
    @Option(help: "A channel; left out, all. May be given several times.")
    var channel: [String] = []
    @Option(
        help: "Points from a table instead of a person: channel, raw, reference ...",
        completion: .file())
    var points: String?
    @Option(
        help: """
            A meter that is read instead of a person: scpi://, modbus://, sunspec://, iio://, \
            channel:name.
            """)
    var reference: String?
    @Option(help: "With --reference: points to take; left out, as many as the walk suggests.")
    var count: Int?
    @Option(help: "With --reference: how long it may take.")
    var within = Span(argument: "10min")!
    @Flag(help: "With --reference: yes, sensors may be reversed or of another ratio.")
    var confirm = false
    @Flag(help: "With --points or --reference: progress as JSON, one object a line.")
    var json = false
    @Flag(help: "Practise on a simulated board; nothing is kept.")
    var practice = false
    @Option(help: "With --practice: which simulated board.")
    var seed: UInt64 = 1

    func run() throws {
        let board = try place.open()
        let wanted =
            try channel.isEmpty
            ? board.nominals.filter { board.site.span(of: $0.channel) != nil }
            : channel.map { try board.channel($0) }
        if let points {
            try fromTable(board, points, wanted)
        } else if let reference {
            try fromMeter(board, reference, wanted)
        } else {
            try fromPerson(board, wanted)
        }
    }

    // MARK: Without a person

    private func fromTable(
        _ board: OpenBoard, _ path: String, _ wanted: [(channel: Calibrated, nominal: Nominal)]
    ) throws {
        let only = channel.count == 1 ? wanted[0].channel : nil
        let file = try readPoints(path, channel: only)
        let lock = try hold(board.site, for: "what it runs on is not changed under it")
        defer { _ = lock }
        var suffices = true
        for key in file.channels
        where channel.isEmpty || wanted.contains(where: { $0.channel == key }) {
            guard let nominal = board.nominals.first(where: { $0.channel == key })?.nominal else {
                complain("\(path): \(key.key) is not on this board")
                throw ExitCode.failure
            }
            let meter = try meterOptions.meter(key.unit)
            let (record, fit) = try board.keep(
                key, file.points(key), nominal, meterOptions.recipe(board, meter))
            suffices = tell(board, record, fit) && suffices
        }
        if !suffices { throw ExitCode.failure }
    }

    private func fromMeter(
        _ board: OpenBoard, _ text: String, _ wanted: [(channel: Calibrated, nominal: Nominal)]
    ) throws {
        guard wanted.count == 1, let (key, nominal) = wanted.first else {
            complain("--reference reads one channel at a time\n  = add --channel")
            throw ExitCode.validationFailure
        }
        if text == "channel:\(key.key)" {
            complain("--reference \(text): a channel is no reference for itself")
            throw ExitCode.validationFailure
        }
        let lock = try hold(board.site, for: "a controller that runs is not calibrated")
        defer { _ = lock }
        let reading = try LiveReading(board)
        defer { _ = reading.source.end() }
        try reading.gather(0.5)
        let instrument = try open(text, reading)
        let meter = try meterOptions.meter(
            key.unit, named: instrument.model, serial: instrument.serial)
        let plan = try reading.plan(key, nominal)
        var kept = try unfinished(board, key, nominal, meter, meterOptions.who)
        var session = ChannelSession(plan: plan, meter: meter, points: kept.points)
        let full = plan.fullScale
        let unattended = Unattended(
            count: count ?? plan.levels.count, within_s: within.seconds, apart: 0.05 * full,
            confirms: confirm)
        let stop = StopSign()
        Interrupt.watch { stop.raise() }
        var windows = reading.windows
        let isDone = try unattended.run(
            &session, reading.source, windows: &windows, reference: { try average(instrument) },
            utc_s: utc_s, isAsked: { stop.isRaised }, tell: { news($0, key) })
        kept.points = session.points
        try board.save(kept)
        guard isDone else {
            complain(
                "\(key.key): \(session.points.count) of \(unattended.count) points; they are kept\n"
                    + "  = the same command goes on, or: skerry calibrate finish")
            throw ExitCode.failure
        }
        let (record, fit) = try board.keep(
            key, session.points, nominal, meterOptions.recipe(board, meter))
        if !tell(board, record, fit) { throw ExitCode.failure }
    }

    private func news(_ news: Unattended.News, _ key: Calibrated) {
        let unit = key.unit
        switch news {
        case .waiting(let text):
            json
                ? progress([("channel", .text(key.key)), ("waiting", .text(text))])
                : print("\(key.key): \(text)")
        case .taken(let n, let point):
            json
                ? progress([
                    ("channel", .text(key.key)), ("point", .number(Double(n))),
                    ("raw", .number(point.raw)), ("reference", .number(point.reference)),
                ])
                : print("\(key.key): point \(n) at \(Digits.quantity(point.reference, unit))")
        case .refused(let refusal):
            json
                ? progress([
                    ("channel", .text(key.key)), ("refused", .text(refusal.message)),
                    ("remedy", .text(refusal.remedy)),
                ])
                : print("\(key.key): \(refusal.message) \(refusal.remedy)")
        }
        fflush(nil)
    }

    private func tell(_ board: OpenBoard, _ record: CalibrationRecord, _ fit: ChannelFit) -> Bool {
        if json { print(board.summary(record, fit).compact) } else { board.report(record, fit) }
        return board.suffices(record)
    }

    // MARK: With a person

    private func fromPerson(
        _ board: OpenBoard, _ wanted: [(channel: Calibrated, nominal: Nominal)]
    ) throws {
        let plans = wanted.compactMap { channel, nominal in
            ChannelPlan(
                channel: channel, nominal: nominal, required: board.site.accuracy(of: channel),
                span: board.site.span(of: channel))
        }
        var meters: [String: ReferenceMeter] = [:]
        for unit in units(plans.map(\.channel)) {
            // To practise nobody need own a meter: a bench meter of 5½ digits.
            let isGiven = !meterOptions.accuracy.isEmpty
            meters[unit] =
                practice && !isGiven
                ? ReferenceMeter(
                    model: "practice meter", form: .limits, ofReading: 1.5e-4, absolute: 1e-4)
                : try meterOptions.meter(unit)
        }
        // Points of another meter are told of before the walk begins, not point by point.
        if !practice {
            for plan in plans {
                _ = try unfinished(
                    board, plan.channel, plan.nominal, meters[plan.channel.unit] ?? .unknown,
                    meterOptions.who)
            }
        }
        guard let screen = TerminalScreen() else {
            complain(
                "there is no terminal to walk on\n"
                    + "  = --points, --reference, or skerry calibrate take do without")
            throw ExitCode.validationFailure
        }
        let stop = WalkStop()
        Interrupt.watch { stop.stop() }
        let end: WalkEnd
        if practice {
            let simulated = PracticeSource(
                plans: plans, seed: seed, wait: { Thread.sleep(forTimeInterval: $0) })
            end = walk(board, plans, meters, simulated, simulated, .none).run(
                on: screen, ability: .ofOutput(), stop: stop)
        } else {
            let lock = try hold(board.site, for: "a controller that runs is not calibrated")
            defer { _ = lock }
            let reading = try LiveReading(board)
            defer { _ = reading.source.end() }
            end = walk(
                board, plans, meters, reading.source, nil, keeping(board, meters)
            ).run(on: screen, ability: .ofOutput(), stop: stop)
        }
        switch end {
        case .quit(let isDone):
            print(
                isDone
                    ? "Done."
                    : practice
                        ? "Practice is over; nothing was kept."
                        : "What was taken is kept; the same command goes on.")
        case .interrupted:
            complain("interrupted\(practice ? "" : "; what was taken is kept")")
        case .failed(let fault):
            complain("\(fault.message)\n  = \(fault.remedy)")
            throw ExitCode.failure
        }
    }

    private func walk(
        _ board: OpenBoard, _ plans: [ChannelPlan], _ meters: [String: ReferenceMeter],
        _ source: any RawSource, _ practice: PracticeSource?, _ keeping: WalkKeeping
    ) -> WalkRun {
        let recipes = meters.mapValues { meterOptions.recipe(board, $0) }
        return WalkRun(
            board: board.site.name, plans: plans, meters: meters, source: source,
            practice: practice, keeping: keeping, now_s: utc_s
        ) { (channel, points, nominal) throws(FitRefusal) in
            guard let recipe = recipes[channel.unit] else {
                throw FitRefusal("no meter for \(channel.unit)", "give --accuracy")
            }
            return try recipe.fit(channel, points, nominal)
        }
    }

    private func keeping(_ board: OpenBoard, _ meters: [String: ReferenceMeter]) -> WalkKeeping {
        let nominals = Dictionary(
            uniqueKeysWithValues: board.nominals.map { ($0.channel, $0.nominal) })
        let who = meterOptions.who
        func begun(_ channel: Calibrated) throws -> UnfinishedCalibration {
            try unfinished(
                board, channel, nominals[channel] ?? Nominal(),
                meters[channel.unit]
                    ?? ReferenceMeter(
                        model: "", form: .limits, ofReading: 0, absolute: 0), who)
        }
        return WalkKeeping(
            saved: { (try? begun($0))?.points ?? [] },
            save: { channel, points in
                if points.isEmpty {
                    try board.store.discard(channel)
                } else {
                    var kept = try begun(channel)
                    kept.points = points
                    try board.save(kept)
                }
            },
            keep: { channel, points, fit in
                guard let meter = meters[channel.unit] else { return }
                _ = try board.keep(
                    meterOptions.recipe(board, meter).record(
                        channel, points, nominals[channel] ?? Nominal(), fit, at_s: utc_s()))
            })
    }
}

extension WalkKeeping {
    /// Keeps nothing: practice.
    static var none: WalkKeeping {
        WalkKeeping(saved: { _ in [] }, save: { _, _ in }, keep: { _, _, _ in })
    }
}

extension OpenBoard {
    func save(_ unfinished: UnfinishedCalibration) throws {
        do throws(StoreFault) { try store.save(unfinished) } catch {
            for problem in error.problems { complain(problem.rendered) }
            throw ExitCode.cannotCreate
        }
    }
}
