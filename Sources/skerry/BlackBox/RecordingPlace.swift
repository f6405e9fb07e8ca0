import ArgumentParser
import BlackBox
import BoardProfile
import Control
import Foundation
import Replay

/// A recording on the command line: a file, or the folder of a black box.
struct RecordingPlace: ParsableArguments {
    @Argument(
        help: "A recording: ring.skbb, a capture, or the folder of a black box.",
        completion: .file(extensions: ["skbb"]))
    var path: String
    @Option(help: "One start of the program by its number; the newest when left out.")
    var run: UInt32?

    /// The file that is meant.
    var file: String { Self.ring(path) }

    static func ring(_ path: String) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            isFolder.boolValue
        else { return path }
        return path.hasSuffix("/") ? "\(path)ring.skbb" : "\(path)/ring.skbb"
    }

    static func open(_ file: String) throws -> Recording {
        try requireFile(file)
        do {
            return try Recording(path: file)
        } catch {
            complain(error.words)
            throw ExitCode.noInput
        }
    }
    /// All runs, or the one that was asked for.
    func runs(_ recording: Recording) throws -> [RecordedRun] {
        guard let run else { return recording.runs }
        guard let found = recording.runs.first(where: { $0.number == run }) else {
            let there = recording.runs.map { "\($0.number)" }.joined(separator: ", ")
            complain("\(file): has no run \(run); it has \(there)")
            throw ExitCode.noInput
        }
        return [found]
    }
    /// The run that was asked for, or the newest.
    func oneRun() throws -> RecordedRun {
        guard let run = try runs(Self.open(file)).last else {
            complain("\(file): holds no run")
            throw ExitCode.noInput
        }
        return run
    }
}

/// A time on the command line: seconds of the loop, or UTC as `2026-11-25T22:53:15Z`.
enum Moment: ExpressibleByArgument {
    case seconds(Double)
    case wall_ns(Int64)

    init?(argument: String) {
        if argument == "0" || argument == "0s" {
            self = .seconds(0)
        } else if let span = Span(argument: argument) {
            self = .seconds(span.seconds)
        } else if let date = try? Date(argument, strategy: Self.style)
            .timeIntervalSince1970
        {
            self = .wall_ns(Int64(date * 1e9))
        } else if let date = try? Date(argument, strategy: .iso8601).timeIntervalSince1970 {
            self = .wall_ns(Int64(date * 1e9))
        } else {
            return nil
        }
    }
    private static var style: Date.ISO8601FormatStyle {
        Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    }

    func tick(_ clock: RunClock) throws -> Tick {
        switch self {
        case .seconds(let seconds): return clock.tick(seconds)
        case .wall_ns(let wall_ns):
            guard let tick = clock.tick(at: wall_ns) else {
                throw ValidationError(
                    "the recording knows no wall clock; write seconds since its start")
            }
            return Tick(tick)
        }
    }
    static func range(_ from: Moment?, _ to: Moment?, _ clock: RunClock) throws
        -> ClosedRange<Tick>?
    {
        if from == nil && to == nil { return nil }
        let first = try from?.tick(clock) ?? Tick(0)
        let last = try to?.tick(clock) ?? Tick(.max)
        guard first <= last else { throw ValidationError("--from is later than --to") }
        return first...last
    }
}

extension RunClock {
    /// Seconds to the millisecond, without needless digits behind the point.
    func text(_ tick: Tick) -> String { Self.text(seconds(tick)) }
    static func text(_ seconds: Double) -> String { String(format: "%.3f s", seconds) }
    /// UTC to the millisecond; empty where it was not known.
    func wallText(_ tick: Tick) -> String {
        guard let wall_ns = wall_ns(at: tick.count) else { return "" }
        return Date(timeIntervalSince1970: Double(wall_ns) / 1e9).formatted(
            Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}

extension RecordedRun {
    /// The settings made again from the texts; nil, saying why, where they cannot be.
    func recordedSettings(_ texts: [SettingsText]?, say: (String) -> Void) -> RecordedSettings? {
        do throws(RecordedSettings.Refusal) {
            return try RecordedSettings(texts)
        } catch {
            say(error.words)
            return nil
        }
    }
}

/// A verb of this program is called `Run` already.
typealias RecordedRun = BlackBox.Run
