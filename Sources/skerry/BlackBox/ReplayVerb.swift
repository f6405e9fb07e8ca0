import ArgumentParser
import BlackBox
import BoardProfile
import Control
import Foundation
import Replay
import Report
import Wire

struct ReplayVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract:
            "Live a recording again through this build and compare every command bit for bit.",
        discussion: """
            Example: skerry replay out/box/mill
            Exit codes: 0 bit for bit the same, 1 it differs, 2 nothing could be replayed. With --with \
            it is 0 once both stories could be told.
            """)
    @OptionGroup var place: RecordingPlace
    @Option(help: "Compare from here on: seconds since the loop's start (90s, 5min), or UTC.")
    var from: Moment?
    @Option(help: "Compare up to here.")
    var to: Moment?
    @Option(
        help: "A board file, or its folder: what would have happened with its settings.",
        completion: .file(extensions: ["yaml"]))
    var with: String?
    @Flag(help: "The settings in force, as the recording's own texts say.")
    var settings = false
    @Flag(help: "One JSON object.")
    var json = false

    func run() throws {
        let recording = try RecordingPlace.open(place.file)
        let runs = try place.runs(recording)
        if let with {
            try Instead(place: place, from: from, to: to, json: json).tell(runs, with)
            return
        }
        let ours = StateLayout.ofThisProgram()
        var results: [(run: RecordedRun, report: ReplayText, comparison: Comparison)] = []
        for run in runs {
            let clock = RunClock(run)
            let ticks = try Moment.range(from, to, clock)
            let texts = run.settings()
            var trouble = ""
            let made = run.recordedSettings(texts) { trouble = $0 }
            let fresh = made.flatMap { $0.isExact ? $0.settings : nil }
            var bar = ProgressBar(
                label: "run \(run.number)", length_s: clock.seconds(run.heads.last?.tick ?? Tick(0))
            )
            let start = Date()
            let comparison = run.compared(ours: ours, ticks: ticks, fresh: fresh) { tick in
                bar.show(
                    done_s: clock.seconds(tick), wall_s: Date().timeIntervalSince(start))
                return true
            }
            bar.finish()
            let report = ReplayText(
                run, clock, texts, made, trouble: trouble, ours: ours,
                wall_s: Date().timeIntervalSince(start))
            if !json {
                print(report.text(comparison, settings: settings))
            }
            results.append((run, report, comparison))
        }
        if json {
            print(
                JSON.object([
                    ("file", .text(place.file)), ("version", .text(ProgramVersion.text)),
                    ("peak_rss_kB", .number(Self.peak_kB)),
                    ("runs", .list(results.map { $0.report.json($0.comparison) })),
                ]).rendered, terminator: "")
        }
        if results.contains(where: { $0.comparison.verdict == .differs }) {
            throw ExitCode.failure
        }
        if !results.contains(where: { $0.comparison.verdict == .exact }) { throw ExitCode(2) }
    }

    /// The most memory this process ever had: a recording of any length needs no more.
    private static var peak_kB: Double {
        var usage = rusage()
        return getrusage(RUSAGE_SELF.rawValue, &usage) == 0 ? Double(usage.ru_maxrss) : .nan
    }
}
