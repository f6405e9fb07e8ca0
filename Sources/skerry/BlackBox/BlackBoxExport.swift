import ArgumentParser
import BlackBox
import BoardProfile
import Control
import Foundation
import Replay
import Wire

struct BlackBoxExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Tables: the records that were kept, every turn, or the events.",
        discussion: """
            Example: skerry blackbox export out/box/mill --turns --from 119s --to 121s \
            --fields measured.bus.a_V,islanding
            """)

    @OptionGroup var place: RecordingPlace
    @Option(help: "From here on: seconds since the loop's start (90s, 5min), or UTC.")
    var from: Moment?
    @Option(help: "Up to here.")
    var to: Moment?
    @Flag(
        help: "Every turn, lived again; left out, what was kept: a record a second and at changes.")
    var turns = false
    @Flag(help: "The events instead.")
    var events = false
    @Option(
        help:
            "Fields by their names, or beginnings of names: measured.bus,command. All when left out."
    )
    var fields: String?
    @Flag(help: "The names of all fields, one a line.")
    var names = false
    @Flag(help: "With --turns: raw numbers of every slow channel, and the contacts, besides.")
    var raw = false
    @Flag(
        help:
            "A row for every sample of the waveforms, in counts of the converter, instead of turns."
    )
    var waves = false
    @Flag(help: "JSON, one object a line.")
    var json = false
    @Option(help: "Write here and not to the standard output.", completion: .file())
    var out: String?

    func validate() throws {
        if raw && !turns { throw ValidationError("--raw needs --turns") }
        if (turns ? 1 : 0) + (events ? 1 : 0) + (waves ? 1 : 0) > 1 {
            throw ValidationError("--turns, --events and --waves exclude each other")
        }
    }

    func run() throws {
        if names {
            print(FieldPick.all.joined(separator: "\n"))
            return
        }
        let pick: FieldPick
        do throws(FieldPick.Unknown) {
            pick = try FieldPick(
                (fields ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            )
        } catch {
            let near = error.near.isEmpty ? "" : "; there is \(error.near.joined(separator: ", "))"
            throw ValidationError(
                "--fields: a record has no \(error.name)\(near) (--names lists all)")
        }
        let run = try place.oneRun()
        let clock = RunClock(run)
        let ticks = try Moment.range(from, to, clock)
        var table = try TableOutput(out, isJSON: json)
        if events {
            try exportEvents(run, clock, ticks, &table)
        } else if waves {
            try exportWaves(run, clock, ticks, &table)
        } else if turns {
            try exportTurns(run, clock, ticks, pick, &table)
        } else {
            try exportRecords(run, clock, ticks, pick, &table)
        }
        try table.end()
    }

    private func head(_ clock: RunClock, _ tick: Tick) -> [TableOutput.Cell] {
        [
            .init("time_s", String(format: "%.6f", clock.seconds(tick))),
            .text("utc", clock.wallText(tick)), .init("tick", "\(tick.count)"),
        ]
    }
    private func cells(_ pick: FieldPick, _ record: Record) -> [TableOutput.Cell] {
        zip(pick.names, pick.values(of: record)).map { .init($0, $1.csv) }
    }

    private func exportRecords(
        _ run: RecordedRun, _ clock: RunClock, _ ticks: ClosedRange<Tick>?, _ pick: FieldPick,
        _ table: inout TableOutput
    ) throws {
        for kept in run.records() {
            let tick = kept.record.tick
            if let ticks, tick > ticks.upperBound { break }
            if let ticks, tick < ticks.lowerBound { continue }
            try table.add(head(clock, tick) + cells(pick, kept.record))
        }
    }

    private func exportTurns(
        _ run: RecordedRun, _ clock: RunClock, _ ticks: ClosedRange<Tick>?, _ pick: FieldPick,
        _ table: inout TableOutput
    ) throws {
        let made = run.recordedSettings(run.settings(), say: { _ in })
        var life = Life(
            run, ours: .ofThisProgram(), from: ticks?.lowerBound ?? Tick(0),
            fresh: made.flatMap { $0.isExact ? $0.settings : nil })
        var unlived = 0
        loop: while let step = life.next() {
            switch step {
            case .lived(let turn):
                let tick = turn.turn.sample.tick
                if let ticks, tick > ticks.upperBound { break loop }
                if let ticks, tick < ticks.lowerBound { continue }
                let more = raw ? TableOutput.raw(turn.turn.sample) : []
                try table.add(head(clock, tick) + cells(pick, life.record) + more)
            case .unlived(let turn, _):
                let tick = turn.turn.sample.tick
                if let ticks, tick > ticks.upperBound { break loop }
                if let ticks, tick < ticks.lowerBound { continue }
                unlived += 1
            case .gap, .skipped, .state: continue
            }
        }
        if unlived > 0 {
            complain("\(place.file): \(unlived) turns could not be lived again and are left out")
        }
    }

    private func exportWaves(
        _ run: RecordedRun, _ clock: RunClock, _ ticks: ClosedRange<Tick>?,
        _ table: inout TableOutput
    ) throws {
        var isEmpty = true
        for turn in run.turns() {
            let sample = turn.turn.sample
            if let ticks, sample.tick > ticks.upperBound { break }
            if let ticks, sample.tick < ticks.lowerBound { continue }
            let count = max(0, min(sample.blockLength, blockLimit))
            for k in 0..<count {
                isEmpty = false
                // The block ends with its tick.
                let back = Double(count - 1 - k) / Double(count) / clock.rate_Hz
                var row: [TableOutput.Cell] = [
                    .init("time_s", String(format: "%.6f", clock.seconds(sample.tick) - back)),
                    .init("tick", "\(sample.tick.count)"),
                ]
                for channel in WaveChannel.allCases {
                    let wave = sample.waves[Int(channel.rawValue)]
                    row.append(
                        .init(
                            "\(channel.key)_counts", wave.age == 0 ? "\(wave.counts[k])" : ""))
                }
                try table.add(row)
            }
        }
        if isEmpty { complain("\(place.file): holds no waveforms there") }
    }

    private func exportEvents(
        _ run: RecordedRun, _ clock: RunClock, _ ticks: ClosedRange<Tick>?,
        _ table: inout TableOutput
    ) throws {
        for event in Listing(run, most: 0).events {
            let tick = event.happening.tick
            if let ticks, !ticks.contains(tick) { continue }
            try table.add(
                head(clock, tick) + [
                    .init("event", "\(event.index)"),
                    .text("kind", event.happening.what.kind.rawValue),
                    .text("text", event.happening.what.text),
                ])
        }
    }
}
