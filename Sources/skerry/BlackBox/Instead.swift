import ArgumentParser
import BlackBox
import BoardProfile
import Control
import Foundation
import Replay
import Report
import Wire

/// What would have happened with other settings, beside what was recorded.
struct Instead {
    var place: RecordingPlace
    var from: Moment?
    var to: Moment?
    var json: Bool

    func tell(_ runs: [RecordedRun], _ path: String) throws {
        try requireFile(path)
        let reading = try load(SiteProfile.load(path))
        let readingAgain = Reading(
            value: reading, problems: [], settings: [], names: Names())
        let ours = StateLayout.ofThisProgram()
        var told: [JSON] = []
        var turns: UInt64 = 0
        for run in runs {
            let clock = RunClock(run)
            let texts = run.settings()
            let made = run.recordedSettings(texts) { complain("\(place.file): \($0)") }
            var sheet = texts.flatMap { RunSheet($0) } ?? RunSheet()
            sheet.board = path
            if sheet.tick_Hz == 0 { sheet.tick_Hz = clock.rate_Hz }
            let other: RecordedSettings
            do throws(RecordedSettings.Refusal) {
                other = try RecordedSettings(readingAgain, sheet)
            } catch {
                complain(error.words)
                throw ExitCode.failure
            }
            guard Double(other.settings.rate.perSecond) == clock.rate_Hz else {
                complain(
                    "\(path): \(other.settings.rate.perSecond) ticks/s; the recording has "
                        + "\(clock.rate_Hz). Timers would mean something else: write the "
                        + "recording's rate")
                throw ExitCode.failure
            }
            let ticks = try Moment.range(from, to, clock)
            let recordedStages = made?.stages.map(\.name) ?? []
            var bar = ProgressBar(
                label: "run \(run.number)", length_s: clock.seconds(run.heads.last?.tick ?? Tick(0))
            )
            let start = Date()
            let story = run.lived(
                with: other.settings, stages: other.stages.map(\.name),
                recordedStages: recordedStages, ours: ours,
                fresh: made.flatMap { $0.isExact ? $0.settings : nil }, ticks: ticks
            ) { tick in
                bar.show(done_s: clock.seconds(tick), wall_s: Date().timeIntervalSince(start))
                return true
            }
            bar.finish()
            turns += story.turns
            if other.site.hardware != nil, !json {
                print("  Channels as the file says, without calibrations.")
            }
            let rows = StoryRow.rows(story.recorded, story.instead)
            if json {
                told.append(Self.json(run, clock, story, rows))
            } else {
                print(text(run, clock, story, rows, path).joined(separator: "\n"))
            }
        }
        if json {
            print(
                JSON.object([
                    ("file", .text(place.file)), ("with", .text(path)), ("runs", .list(told)),
                ]).rendered, terminator: "")
        }
        if turns == 0 {
            complain("\(place.file): holds no turn that could be lived again")
            throw ExitCode(2)
        }
    }

    private func text(
        _ run: RecordedRun, _ clock: RunClock, _ story: Hypothesis, _ rows: [StoryRow],
        _ path: String
    ) -> [String] {
        var lines = ["run \(run.number), with \(path)"]
        lines.append(
            "  The samples are those that were recorded: the plant does not answer to what this "
                + "controller would have done otherwise.")
        switch story.beginning {
        case .together: break
        case .cold(let tick):
            lines.append(
                "  Begins cold at \(clock.text(tick)): what the recorded controller knew by then, "
                    + "this one had to find out.")
        case .never: lines.append("  There is no turn in it.")
        }
        if story.gapTurns > 0 {
            lines.append("  \(story.gapTurns) turns were not recorded and are missing here.")
        }
        if story.isByRecords {
            lines.append(
                "  The recorded turns cannot be lived again: what happened is told by the records that "
                    + "were kept, up to a second late.")
        }
        if story.isCut { lines.append("  Only the first \(Hypothesis.most) events are told.") }
        lines.append(
            "  \(story.turns) turns; another command in \(story.otherCommands) of them")
        let same = rows.count { $0.isSame }
        lines.append("  \(same) events at the same tick in both; the others:")
        let others = rows.filter { !$0.isSame }
        func cell(_ happening: Happening?) -> String {
            happening.map { "\(clock.text($0.tick))  \($0.what.text)" } ?? ""
        }
        let width = max(11, others.map { cell($0.recorded).count }.max() ?? 0)
        func pad(_ text: String) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        lines.append("  \(pad("as recorded")) | as it would have been")
        for row in others { lines.append("  \(pad(cell(row.recorded))) | \(cell(row.instead))") }
        if others.isEmpty { lines.append("  none") }
        return lines
    }

    private static func json(
        _ run: RecordedRun, _ clock: RunClock, _ story: Hypothesis, _ rows: [StoryRow]
    ) -> JSON {
        func side(_ happening: Happening?) -> JSON {
            happening.map {
                .object([
                    ("time_s", .number(clock.seconds($0.tick))),
                    ("kind", .text($0.what.kind.rawValue)), ("text", .text($0.what.text)),
                ])
            } ?? .null
        }
        let cold: JSON =
            if case .cold(let tick) = story.beginning { .number(clock.seconds(tick)) } else {
                .null
            }
        return .object([
            ("run", .number(Double(run.number))), ("turns", .number(Double(story.turns))),
            ("cold_start_s", cold), ("other_commands", .number(Double(story.otherCommands))),
            (
                "events",
                .list(
                    rows.map {
                        .object([
                            ("recorded", side($0.recorded)), ("instead", side($0.instead)),
                            ("same", .flag($0.isSame)),
                        ])
                    })
            ),
        ])
    }
}
