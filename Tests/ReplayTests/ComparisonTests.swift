import BoardProfile
import Control
import Foundation
import Testing
import Wire

@testable import BlackBox
@testable import Replay

@Suite("A recording lived again")
struct ComparisonTests {
    private let village: RecordedVillage
    private let ours = StateLayout.ofThisProgram()
    init() throws { village = try RecordedVillage.shared.get() }

    private func run(_ controller: String) throws -> Run {
        try #require(try village.recording(controller).runs.first)
    }

    @Test(
        "Every turn of every controller is bit for bit the recorded one",
        arguments: ["pcc", "mill", "smithy", "school", "inn"])
    func exact(_ controller: String) throws {
        let run = try run(controller)
        let result = run.compared(ours: ours)
        #expect(result.verdict == .exact)
        #expect(result.turns == village.turns)
        #expect(result.span == Tick(1)...Tick(village.turns))
        #expect(result.missed.isEmpty && result.gapCount == 0 && result.lostTurns == 0)
        #expect(result.statesTaken == 1 && result.statesMet >= 10)
    }

    @Test("There were trips, transitions and blindness to get right")
    func eventful() throws {
        let stages = try RecordedSettings(run("pcc").settings()).stages.map(\.name)
        var kinds: Set<String> = []
        for controller in ["pcc", "mill"] {
            try run(controller).story(stages: stages) { happening, _ in
                kinds.insert(happening.what.kind.rawValue)
                return true
            }
        }
        #expect(kinds.isSuperset(of: ["trip", "transition", "contactor", "blind"]))
        let letGo = try run("smithy").turns().contains { $0.turn.hadLetGo }
        #expect(letGo, "the driver's failure made a board let go")
    }

    @Test("One bit of one recorded command is found at its tick, by the name of its field")
    func flipped() throws {
        let changed = try rewritten(run("mill")) { number, record in
            guard number == 4321 else { return }
            record.command.inverter.voltage.value = Float(
                bitPattern: record.command.inverter.voltage.value.bitPattern ^ 1)
        }
        let result = try #require(changed.runs.first).compared(ours: ours)
        #expect(result.verdict == .differs && result.differing == 1)
        let first = try #require(result.first)
        #expect(first.number == 4321 && first.tick == Tick(4322))
        #expect(first.command.map(\.name) == ["command.inverter.voltage_V"])
        guard case .float(let a)? = first.command.first?.recorded,
            case .float(let b)? = first.command.first?.replayed
        else {
            Issue.record("a voltage is a float")
            return
        }
        #expect(a.bitPattern ^ b.bitPattern == 1)
    }

    @Test("A record that differs beside its command is found, and named where all of it was kept")
    func besideTheCommand() throws {
        let changed = try rewritten(run("mill")) { number, record in
            if number >= 4321 && number < 4600 { record.missedTicks += 1 }
        }
        let result = try #require(changed.runs.first).compared(ours: ours)
        let first = try #require(result.first)
        #expect(result.differing == 279 && first.number == 4321 && first.command.isEmpty)
        let kept = try #require(first.kept)
        #expect(kept.number >= 4321 && kept.number < 4600)
        #expect(kept.fields.map(\.name) == ["missed_ticks"])
    }

    @Test("A range is compared, and what stands before it only lived")
    func range() throws {
        let run = try run("pcc")
        let result = run.compared(ours: ours, ticks: Tick(3000)...Tick(3500))
        #expect(result.verdict == .exact && result.turns == 501)
        #expect(result.span == Tick(3000)...Tick(3500))
        let beyond = run.compared(ours: ours, ticks: Tick(1_000_000)...Tick(2_000_000))
        #expect(beyond.verdict == .nothing && beyond.turns == 0)
    }

    @Test("States of another build are of no use; the recorded settings are, from the first turn")
    func otherLayout() throws {
        let run = try run("mill")
        let other = StateLayout(size: ours.size, fingerprint: ours.fingerprint ^ 1)
        let blind = run.compared(ours: other)
        #expect(blind.verdict == .nothing && blind.turns == 0)
        #expect(blind.missed.first?.turns == village.turns)
        guard case .state(.otherLayout)? = blind.missed.first?.why else {
            Issue.record("the layout is why")
            return
        }
        let settings = try RecordedSettings(run.settings())
        #expect(settings.isExact && settings.sheet.controller == "mill")
        let fresh = run.compared(ours: other, fresh: settings.settings)
        #expect(fresh.verdict == .exact && fresh.turns == village.turns && fresh.beganFresh)
        // Somebody else's settings are not the recorded ones, and that is seen.
        let wrong = try #require(
            settings.site.settings(of: "inn", .init(rate_Hz: 100, samplesPerTick: 0)))
        #expect(run.compared(ours: other, fresh: wrong).verdict == .differs)
    }

    @Test("What is recorded twice is the same twice")
    func same() throws {
        let again = try RecordedVillage()
        for controller in ["pcc", "mill"] {
            let first = try run(controller)
            let second = try #require(try again.recording(controller).runs.first)
            let isSame =
                zip(first.turns(), second.turns()).allSatisfy { $0.turn.isSame(as: $1.turn) }
                && first.records().map(\.record.digest) == second.records().map(\.record.digest)
                && first.settings() == second.settings()
                && Array(first.notes()) == Array(second.notes())
            #expect(isSame, "\(controller)")
        }
    }
}
