import ArgumentParser
import BlackBox
import BoardProfile
import Control
import Foundation
import Moments
import Replay
import Report

struct BlackBoxPlot: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot",
        abstract: "A page to open in a browser: the seconds around a trip, every turn of them.",
        discussion: "Example: skerry blackbox plot out/box/mill --event 12")

    @OptionGroup var place: RecordingPlace
    @OptionGroup var instant: Instant
    @Option(help: "How much before it.")
    var before = Span(argument: "2s")!
    @Option(help: "How much after it.")
    var after = Span(argument: "2s")!
    @Option(help: "The file to write; left out, out/blackbox.html.", completion: .file())
    var out: String?

    func run() throws {
        let run = try place.oneRun()
        let clock = RunClock(run)
        let made = run.recordedSettings(run.settings()) { complain("\(place.file): \($0)") }
        let (tick, words) = try instant.tick(run, clock)
        let at_s = clock.seconds(tick)
        guard (before.seconds + after.seconds) * clock.rate_Hz <= 2_000_000 else {
            throw ValidationError("--before and --after: at most two million turns make a page")
        }
        let ticks = clock.tick(max(0, at_s - before.seconds))...clock.tick(at_s + after.seconds)
        var plot = MomentPlot(clock, made)
        let missed = plot.live(run, ticks)
        guard plot.rows > 0 else {
            complain(
                "\(place.file): no turn of \(clock.text(ticks.lowerBound)) ... "
                    + "\(clock.text(ticks.upperBound)) can be lived again"
                    + (missed > 0 ? " (\(missed) are there: skerry replay says why)" : ""))
            throw ExitCode.failure
        }
        let name = made?.sheet.controller ?? "Black box"
        let wall = clock.wallText(tick)
        let trace = plot.trace(
            title: "\(name): \(words)",
            subtitle:
                "\(place.file), run \(run.number)\(wall.isEmpty ? "" : ", \(wall)"): every turn "
                + "lived again\(missed > 0 ? ", \(missed) turns left out" : "")",
            seed: made?.sheet.seed ?? 0,
            command: "skerry blackbox plot \(place.path) --at \(clock.seconds(tick))s")
        let file = out ?? "out/blackbox.html"
        do {
            let url = URL(fileURLWithPath: file)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try HTMLReport(trace).write(to: url)
        } catch {
            complain("\(file): cannot be written: \(error.localizedDescription)")
            throw ExitCode.cannotCreate
        }
        print("\(words)\n\(file)")
    }
}
