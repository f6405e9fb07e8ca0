import ArgumentParser
import BlackBox
import BoardProfile
import Control
import Foundation
import Replay
import Wire

struct BlackBoxShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "One moment: what was measured, what the stages saw, what was decided.",
        discussion: "Example: skerry blackbox show out/box/mill --event 12")

    @OptionGroup var place: RecordingPlace
    @OptionGroup var instant: Instant
    @Flag(help: "Every value of the settings in force.")
    var settings = false
    @Flag(help: "One JSON object.")
    var json = false

    func run() throws {
        let run = try place.oneRun()
        let clock = RunClock(run)
        let texts = run.settings()
        let made = run.recordedSettings(texts) { complain("\(place.file): \($0)") }
        let (tick, words) = try instant.tick(run, clock)
        guard let found = find(run, tick, made) else {
            complain("\(place.file): nothing is kept of \(clock.text(tick)) or later")
            throw ExitCode.failure
        }
        var list = FieldList()
        var record = found.record
        record.visit(&list)
        let stages = made.map { stageLines(record, $0.settingsSheet.stages, $0.settings) } ?? []
        if json {
            print(
                JSON.object([
                    ("tick", .number(Double(record.tick.count))),
                    ("time_s", .number(clock.seconds(record.tick))),
                    ("utc", .text(clock.wallText(record.tick))),
                    ("lived", .flag(found.isLived)),
                    ("fields", .object(list.fields.map { ($0.name, $0.value.json) })),
                    (
                        "sample",
                        .object(found.turn.map { rawPairs($0.turn.sample) } ?? [])
                    ), ("stages", .list(stages.map { .text($0) })),
                ]).rendered, terminator: "")
            return
        }
        let wall = clock.wallText(record.tick)
        print(words)
        print(
            "tick \(record.tick.count), \(clock.text(record.tick))\(wall.isEmpty ? "" : ", \(wall)"): "
                + (found.isLived
                    ? "lived again by this build"
                    : "as it was kept; the turns there cannot be lived again"))
        print("\nwhat the stages saw")
        for line in stages { print("  \(line)") }
        if made == nil { print("  the settings are not to be had: stages have no names here") }
        if let turn = found.turn {
            print("\nsample, as the board gave it")
            for (name, value) in rawPairs(turn.turn.sample) {
                print(
                    "  \(name.padding(toLength: 40, withPad: " ", startingAt: 0)) \(value.compact)")
            }
            var wish = turn.turn.wish
            var wishes = FieldList()
            wish.visit(&wishes)
            print("\nwish")
            show(wishes)
        }
        print("\nrecord")
        show(list)
        if settings, let made { print("\nsettings in force\n\(made.values.table)", terminator: "") }
    }

    private func show(_ list: FieldList) {
        for field in list.fields {
            print(
                "  \(field.name.padding(toLength: 40, withPad: " ", startingAt: 0)) "
                    + field.value.text)
        }
    }

    /// The first turn from there on that can be lived; else the nearest record that was kept.
    private func find(
        _ run: RecordedRun, _ tick: Tick, _ made: RecordedSettings?
    ) -> (record: Record, turn: NumberedTurn?, isLived: Bool)? {
        var life = Life(
            run, ours: .ofThisProgram(), from: tick,
            fresh: made.flatMap { $0.isExact ? $0.settings : nil })
        let kept = run.records().first { $0.record.tick >= tick }
        while let step = life.next() {
            switch step {
            case .lived(let turn) where turn.turn.sample.tick >= tick:
                if let kept, kept.record.tick < turn.turn.sample.tick { break }
                return (life.record, turn, true)
            case .unlived(let turn, _) where turn.turn.sample.tick >= tick:
                guard let kept else { return nil }
                return (kept.record, kept.number == turn.number ? turn : nil, false)
            default: continue
            }
            break
        }
        return kept.map { ($0.record, nil, false) }
    }

    private func stageLines(
        _ r: Record, _ rows: [SettingsSheet.StageRow], _ settings: ControllerSettings
    ) -> [String] {
        rows.enumerated().map { k, row in
            let bit: UInt32 = 1 << UInt32(k)
            let state =
                r.verdict.tripped & bit != 0
                ? "TRIPPED"
                : r.verdict.blinded & bit != 0
                    ? "BLIND" : r.verdict.pickedUp & bit != 0 ? "picked up" : "sound"
            let fresh = r.verdict.newlyTripped & bit != 0 ? " in this tick" : ""
            let value =
                k < settings.stages.count
                ? r.measured.value(of: settings.stages[k].watched)
                    * Float(row.unit == "%" ? 100 : 1)
                : .nan
            return "\(row.words): saw \(String(format: "%g", value)) \(row.unit), \(state)\(fresh)"
        }
    }
}

/// Raw numbers by channel, of those that were ever heard.
func rawPairs(_ sample: Sample) -> [(String, JSON)] {
    var pairs: [(String, JSON)] = []
    for channel in ScalarChannel.allCases {
        let scalar = sample[channel]
        if scalar.age == .max && scalar.raw.isNaN { continue }
        pairs.append(("\(channel.key).raw", .number(Double("\(scalar.raw)") ?? .nan)))
        pairs.append(("\(channel.key).age_ticks", .number(Double(scalar.age))))
    }
    for channel in WaveChannel.allCases {
        let wave = sample.waves[Int(channel.rawValue)]
        if wave.age == .max { continue }
        let counts = (0..<max(0, min(sample.blockLength, blockLimit))).map {
            JSON.number(Double(wave.counts[$0]))
        }
        pairs.append(("\(channel.key).counts", .list(counts)))
        pairs.append(("\(channel.key).age_ticks", .number(Double(wave.age))))
    }
    let closed = Contact.allCases.filter { sample.contacts[$0] }.map { JSON.text($0.key) }
    let deaf = Contact.allCases.filter { sample.deafContacts[$0] }.map { JSON.text($0.key) }
    pairs.append(("contacts.closed", .list(closed)))
    pairs.append(("contacts.deaf", .list(deaf)))
    return pairs
}

extension Measured {
    /// What a stage of this kind looks at.
    func value(of watched: Watched) -> Float {
        switch watched {
        case .gridLowest: grid.lowest.value
        case .gridHighest: grid.highest.value
        case .busLowest: bus.lowest.value
        case .busHighest: bus.highest.value
        case .gridFrequency: grid.frequency.value
        case .busFrequency: bus.frequency.value
        case .gridROCOF: grid.rocof.value.magnitude
        case .busROCOF: bus.rocof.value.magnitude
        case .gridVectorShift: grid.vectorShift.magnitude
        case .current: bus.highestCurrent.value
        case .dcBusVoltage: dcBusVoltage.value
        case .batteryVoltage: batteryVoltage.value
        case .batteryCurrent: batteryCurrent.value.magnitude
        case .batteryTemperature: batteryTemperature.value
        case .stateOfCharge: stateOfCharge
        }
    }
}
