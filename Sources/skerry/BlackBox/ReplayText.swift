import BlackBox
import BoardProfile
import Control
import Foundation
import Replay
import Wire

/// A comparison for people and for scripts.
struct ReplayText {
    private let run: RecordedRun
    private let clock: RunClock
    private let texts: [SettingsText]?
    private let made: RecordedSettings?
    private let trouble: String
    private let ours: StateLayout
    private let wall_s: Double
    private let sheet: RunSheet?

    init(
        _ run: RecordedRun, _ clock: RunClock, _ texts: [SettingsText]?, _ made: RecordedSettings?,
        trouble: String, ours: StateLayout, wall_s: Double
    ) {
        (self.run, self.clock, self.texts, self.made) = (run, clock, texts, made)
        (self.trouble, self.ours, self.wall_s) = (trouble, ours, wall_s)
        sheet = made?.sheet ?? texts.flatMap { RunSheet($0) }
    }

    func text(_ c: Comparison, settings: Bool) -> String {
        var lines = ["run \(run.number)", origin, build]
        lines += settingsLines(settings)
        if c.beganFresh {
            lines.append(
                "  began    with a new controller made of the recorded settings, at turn 0")
        }
        for missed in c.missed {
            lines.append(
                "  not lived \(missed.turns) turns in \(missed.stretches) stretch"
                    + "\(missed.stretches == 1 ? "" : "es"), the first at \(clock.text(missed.first)): "
                    + missed.why.words)
        }
        if c.gapCount > 0 {
            lines.append(
                "  gaps     \(c.gapCount), \(c.gapTurns) turns not recorded: "
                    + Set(c.gaps.map(\.reason.words)).sorted().joined(separator: "; "))
        }
        if c.lostTurns > 0 {
            lines.append("  lost     \(c.lostTurns) turns to damage")
        }
        for skip in c.skips.prefix(5) { lines.append("  skipped  \(skip.words)") }
        if c.skipCount > 5 { lines.append("  skipped  and \(c.skipCount - 5) more places") }
        lines.append(verdict(c))
        if let first = c.first { lines += difference(first) }
        return lines.joined(separator: "\n")
    }

    private var origin: String {
        guard let sheet else {
            return "  recorded by a program that did not leave its name, "
                + "\(Int(clock.rate_Hz)) ticks/s"
        }
        let seed = sheet.command.isEmpty ? "" : ", seed \(sheet.seed): \(sheet.command)"
        return "  recorded by skerry \(sheet.version): \(sheet.controller) of \(sheet.board), "
            + "\(Int(clock.rate_Hz)) ticks/s\(seed)"
    }
    private var isSameLayout: Bool { run.heads.last?.layout == ours }
    private var build: String {
        let state =
            isSameLayout
            ? "keeps a controller's state as the recording does"
            : "keeps a controller's state differently: recorded states are of no use to it"
        return "  replayed by skerry \(ProgramVersion.text), which \(state)"
    }
    private func settingsLines(_ all: Bool) -> [String] {
        guard let texts else { return ["  settings \(trouble)"] }
        let names = texts.filter { $0.name != RunSheet.name }
            .map { "\($0.name) (\($0.text.utf8.count) bytes)" }
        var lines = [
            "  settings \(names.isEmpty ? "none in the file" : names.joined(separator: ", "))"
        ]
        guard let made else {
            lines.append("           cannot be read again: \(trouble)")
            return lines
        }
        if all { lines.append(made.values.table) }
        for stage in made.settingsSheet.stages {
            lines.append("           stage \(stage.words)")
        }
        return lines
    }
    private func verdict(_ c: Comparison) -> String {
        guard let span = c.span else { return "  NOTHING could be replayed" }
        let rate = wall_s > 0 ? clock.seconds(Tick(c.turns)) / wall_s : 0
        let what =
            "\(c.turns) turns, \(clock.text(span.lowerBound)) ... \(clock.text(span.upperBound)), in "
            + String(format: "%.1f s (%.0f times real time)", wall_s, rate)
        return c.differing == 0
            ? "  EXACT    \(what): every command and every record bit for bit"
            : "  DIFFERS  in \(c.differing) of \(what)"
    }
    private func difference(_ first: Comparison.Difference) -> [String] {
        let wall = clock.wallText(first.tick)
        var lines = [
            "  first at tick \(first.tick.count), \(clock.text(first.tick))"
                + (wall.isEmpty ? "" : " (\(wall))") + ", turn \(first.number):"
        ]
        func add(_ fields: [Comparison.Field]) {
            for field in fields.prefix(20) {
                lines.append(
                    "    \(field.name): recorded \(field.recorded.text), replayed "
                        + field.replayed.text)
            }
            if fields.count > 20 { lines.append("    and \(fields.count - 20) more fields") }
        }
        if !first.command.isEmpty {
            add(first.command)
        } else if let kept = first.kept {
            lines.append(
                "    the command is the same, the record is not; at tick \(kept.tick.count), where "
                    + "all of it was kept:")
            add(kept.fields)
        } else {
            lines.append(
                "    the command is the same, the record is not; no whole record was kept near by")
        }
        return lines
    }

    func json(_ c: Comparison) -> JSON {
        func number(_ x: UInt64) -> JSON { .number(Double(x)) }
        func fields(_ list: [Comparison.Field]) -> JSON {
            .list(
                list.map {
                    .object([
                        ("name", .text($0.name)), ("recorded", $0.recorded.json),
                        ("replayed", $0.replayed.json),
                    ])
                })
        }
        var pairs: [(String, JSON)] = [
            ("run", .number(Double(run.number))),
            ("recorded_by", .text(sheet?.version ?? "")),
            ("controller", .text(sheet?.controller ?? "")),
            ("ticks_per_second", .number(clock.rate_Hz)),
            ("same_layout", .flag(isSameLayout)),
            ("verdict", .text("\(c.verdict)")),
            ("turns", number(c.turns)), ("differing", number(c.differing)),
            ("seconds", .number(wall_s)),
            ("gaps", .number(Double(c.gapCount))), ("gap_turns", number(c.gapTurns)),
            ("lost_turns", number(c.lostTurns)), ("skipped", .number(Double(c.skipCount))),
            (
                "not_lived",
                .list(
                    c.missed.map {
                        .object([
                            ("turns", number($0.turns)),
                            ("first_s", .number(clock.seconds($0.first))),
                            ("why", .text($0.why.words)),
                        ])
                    })
            ),
        ]
        if let first = c.first {
            pairs.append(
                (
                    "first",
                    .object([
                        ("tick", number(first.tick.count)),
                        ("time_s", .number(clock.seconds(first.tick))),
                        ("turn", number(first.number)), ("command", fields(first.command)),
                        ("record_tick", first.kept.map { number($0.tick.count) } ?? .null),
                        ("record", fields(first.kept?.fields ?? [])),
                    ])
                ))
        }
        return .object(pairs)
    }
}

extension RecordedSettings {
    var settingsSheet: SettingsSheet.Controller {
        SettingsSheet.Controller(sheet.controller, settings, stages)
    }
}

extension SettingsSheet.StageRow {
    /// `U<: bus_lowest under 195.5 V, 150 ticks, island`
    var words: String {
        "\(name): \(watched) \(sense) \(String(format: "%g", pickup)) \(unit), "
            + "\(clearing_ticks) ticks, \(action)"
    }
}
