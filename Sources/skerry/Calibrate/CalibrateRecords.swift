import ArgumentParser
import BoardProfile
import Calibration
import Foundation

struct CalibrateShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "The calibrations in force, with what makes them uncertain.")
    @OptionGroup var place: BoardPlace
    @Option(help: "One channel.")
    var channel: String?
    @Flag(help: "JSON.")
    var json = false

    func run() throws {
        let board = try place.open()
        let wanted =
            try channel.map { [try board.channel($0).channel] }
            ?? board.nominals.map(\.channel)
        var records: [CalibrationRecord] = []
        var isBroken = false
        for channel in wanted {
            let reading = board.store.current(channel)
            for problem in reading.problems { complain(problem.rendered) }
            isBroken = isBroken || !reading.errors.isEmpty
            if let record = reading.value { records.append(record) }
        }
        if json {
            print(JSON.list(records.map(\.json)).rendered)
        } else if records.isEmpty && !isBroken {
            print("\(board.store.root)/\(board.store.serial): no calibrations")
        } else {
            for record in records { print(record.sheet) }
        }
        if isBroken { throw ExitCode.failure }
    }
}

struct CalibrateHistory: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Every calibration there was of a channel.")
    @OptionGroup var place: BoardPlace
    @Option(help: "The channel; left out, all.")
    var channel: String?
    @Flag(help: "JSON.")
    var json = false

    func run() throws {
        let board = try place.open()
        let wanted =
            try channel.map { [try board.channel($0).channel] }
            ?? board.nominals.map(\.channel)
        var all: [JSON] = []
        var isBroken = false
        for channel in wanted {
            let (records, problems) = board.store.history(channel)
            for problem in problems { complain(problem.rendered) }
            isBroken = isBroken || problems.contains { $0.severity == .error }
            if json {
                all += records.map(\.json)
                continue
            }
            for r in records {
                let at = UTC.text(r.at_s) ?? "never"
                print(
                    "\(channel.key) \(r.number)\t\(at)\t\(r.person)\t\(r.reference.model)\t\(r.note)"
                )
            }
        }
        if json { print(JSON.list(all).rendered) }
        if isBroken { throw ExitCode.failure }
    }
}

struct CalibrateDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "What changed between two calibrations of a channel.")
    @OptionGroup var place: BoardPlace
    @Option(help: "The channel.")
    var channel: String
    @Option(help: "The older; left out, the one before the newest.")
    var from: Int?
    @Option(help: "The newer; left out, the newest.")
    var to: Int?
    @Flag(help: "JSON.")
    var json = false

    func run() throws {
        let board = try place.open()
        let (records, problems) = board.store.history(try board.channel(channel).channel)
        for problem in problems { complain(problem.rendered) }
        let newer = try pick(records, to ?? records.last?.number ?? 0)
        let older = try pick(records, from ?? newer.number - 1)
        let difference = CalibrationStore.diff(older, newer)
        print(json ? difference.json.rendered : difference.text)
    }

    private func pick(_ records: [CalibrationRecord], _ number: Int) throws -> CalibrationRecord {
        if let found = records.first(where: { $0.number == number }) { return found }
        let known = records.map { "\($0.number)" }.joined(separator: ", ")
        complain(
            "\(channel) has no calibration \(number)\n"
                + "  = \(known.isEmpty ? "it has none" : "there are \(known)")")
        throw ExitCode.validationFailure
    }
}

struct CalibrateRevert: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revert",
        abstract: "Take an older calibration up again, as a new entry of the history.")
    @OptionGroup var place: BoardPlace
    @Option(help: "The channel.")
    var channel: String
    @Option(help: "Number of the one to take up.")
    var to: Int
    @Option(help: "Who does it.")
    var person: String?

    func run() throws {
        let board = try place.open()
        let lock = try hold(board.site, for: "what it runs on is not changed under it")
        defer { _ = lock }
        let channel = try board.channel(channel).channel
        do throws(StoreFault) {
            let record = try board.store.revert(
                channel, to: to,
                person: operatorName(person),
                at_s: utc_s(), software: Skerry.configuration.version)
            print("\(channel.key): calibration \(record.number), \(record.note)")
        } catch {
            for problem in error.problems { complain(problem.rendered) }
            throw ExitCode.failure
        }
    }
}
