import BlackBox
import BoardProfile
import Control
import Foundation
import Replay
import Words

/// What is in a run, by one walk over its whole records, gaps and notes.
struct Listing {
    struct Event {
        /// Counts the events of the run from 1: `skerry blackbox show --event`.
        var index: Int
        var happening: Happening
    }
    let run: RecordedRun
    let clock: RunClock
    let sheet: RunSheet?
    private(set) var events: [Event] = []
    private(set) var eventCount = 0
    private(set) var gaps: [Gap] = []
    private(set) var notes: [Note] = []
    private(set) var skips: [Skip] = []
    private var first: KeptRecord?
    private var last: KeptRecord?

    /// - Parameters:
    ///   - most: events that are kept, the newest; 0 is all.
    ///   - only: of these kinds; nil is all.
    init(_ run: RecordedRun, most: Int, only: Set<Happened.Kind>? = nil) {
        self.run = run
        clock = RunClock(run)
        let texts = run.settings()
        let made = run.recordedSettings(texts, say: { _ in })
        sheet = made?.sheet ?? texts.flatMap { RunSheet($0) }
        let stages = made?.stages.map(\.name) ?? []
        var watch = HappenedWatch(stages: stages)
        for entry in run.entries([.records, .gaps, .notes]) {
            switch entry {
            case .record(let kept):
                if first == nil { first = kept }
                last = kept
                for what in watch.see(kept.record) {
                    eventCount += 1
                    if let only, !only.contains(what.kind) { continue }
                    events.append(
                        Event(
                            index: eventCount,
                            happening: Happening(
                                number: kept.number, tick: kept.record.tick, what: what)))
                }
                if most > 0 && events.count > 2 * most {
                    events.removeFirst(events.count - most)
                }
            case .gap(let gap): gaps.append(gap)
            case .note(let note): notes.append(note)
            case .skipped(let skip): skips.append(skip)
            case .turn, .state: break
            }
        }
        if most > 0 { events = Array(events.suffix(most)) }
    }

    var originText: String {
        guard let sheet else { return "by a program that did not leave its name" }
        return "\(sheet.controller) of \(sheet.board), skerry \(sheet.version)"
    }
    /// To within a second: by the records that were kept.
    var spanText: String {
        guard let first, let last else {
            return run.heads.isEmpty
                ? "no whole head is left" : "no record that this build can read"
        }
        let wall = clock.wallText(last.record.tick)
        return "\(clock.text(first.record.tick)) ... \(clock.text(last.record.tick))"
            + (wall.isEmpty ? "" : ", \(clock.wallText(first.record.tick)) ... \(wall)")
            + ", \(last.number - first.number + 1) turns at \(Int(clock.rate_Hz)) a second"
    }

    var json: JSON {
        .object([
            ("run", .number(Double(run.number))),
            ("controller", .text(sheet?.controller ?? "")),
            ("board", .text(sheet?.board ?? "")), ("version", .text(sheet?.version ?? "")),
            ("command", .text(sheet?.command ?? "")),
            ("ticks_per_second", .number(clock.rate_Hz)),
            ("first_s", first.map { .number(clock.seconds($0.record.tick)) } ?? .null),
            ("last_s", last.map { .number(clock.seconds($0.record.tick)) } ?? .null),
            (
                "events",
                .list(
                    events.map { event in
                        .object([
                            ("event", .number(Double(event.index))),
                            ("time_s", .number(clock.seconds(event.happening.tick))),
                            ("utc", .text(clock.wallText(event.happening.tick))),
                            ("kind", .text(event.happening.what.kind.rawValue)),
                            ("text", .text(event.happening.what.text)),
                        ])
                    })
            ),
            (
                "gaps",
                .list(
                    gaps.map {
                        .object([
                            ("first_turn", .number(Double($0.first))),
                            ("turns", .number(Double($0.turns))), ("why", .text($0.reason.words)),
                        ])
                    })
            ),
            (
                "notes",
                .list(
                    notes.map {
                        .object([
                            ("time_s", .number(clock.seconds($0.tick))),
                            ("kind", .text("\($0.kind)")), ("text", .text($0.text)),
                        ])
                    })
            ),
            ("skipped", .list(skips.map { .text($0.words) })),
        ])
    }
}
