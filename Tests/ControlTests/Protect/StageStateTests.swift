import Quantities
import Testing

@testable import Control

/// The table in ``StageState``'s words, and what must hold whatever the order of findings.
@Suite("Stages: timer, trip and blindness")
struct StageStateTests {
    private static let findings: [Finding] = [.sound, .between, .beyond, .blind, .absent]
    private static func state(
        _ phase: StagePhase, _ ticks: UInt32 = 0, beyond: Bool = false, hold: UInt32 = 0
    ) -> StageState {
        var s = StageState()
        (s.phase, s.ticks, s.wasBeyond, s.hold) = (phase, ticks, beyond, hold)
        return s
    }

    /// Clearing 10, reset 20, hold 30.
    private typealias Row = (StageState, Finding, elapsed: UInt32, then: StageState, trips: Bool)
    private static let rows: [Row] = [
        // Watching, nothing or only blindness so far.
        (state(.watching), .sound, 1, state(.watching), false),
        (state(.watching, 9), .sound, 1, state(.watching), false),
        (state(.watching, 9), .between, 1, state(.watching, 9), false),
        (state(.watching, 9), .absent, 7, state(.watching, 9), false),
        (state(.watching), .beyond, 1, state(.watching, 1, beyond: true), false),
        (state(.watching), .beyond, 10, state(.tripped, beyond: true), true),
        (state(.watching, 8), .beyond, 1, state(.watching, 9, beyond: true), false),
        (state(.watching, 9), .beyond, 1, state(.tripped, beyond: true), true),
        (state(.watching), .beyond, .max, state(.tripped, beyond: true), true),
        (state(.watching), .blind, 1, state(.watching, 1), false),
        (state(.watching, 3), .blind, 6, state(.watching, 9), false),
        (state(.watching, 3), .blind, 7, state(.blind, hold: 30), false),
        (state(.watching, 9), .blind, 1, state(.blind, hold: 30), false),
        (state(.watching), .blind, .max, state(.blind, hold: 30), false),
        // Watching, beyond the threshold before: it goes on counting, and it is the stage's own.
        (state(.watching, 9, beyond: true), .sound, 1, state(.watching), false),
        (state(.watching, 9, beyond: true), .between, 1, state(.watching, 9, beyond: true), false),
        (state(.watching, 9, beyond: true), .absent, 7, state(.watching, 9, beyond: true), false),
        (state(.watching, 8, beyond: true), .blind, 1, state(.watching, 9, beyond: true), false),
        (state(.watching, 9, beyond: true), .blind, 1, state(.tripped, beyond: true), true),
        (state(.watching, 9, beyond: true), .beyond, 1, state(.tripped, beyond: true), true),
        // Acts for blindness: it ends with the hold, and counts what it sees beyond meanwhile.
        (state(.blind, hold: 30), .sound, 1, state(.blind, hold: 29), false),
        (state(.blind, hold: 1), .sound, 1, state(.blind), false),
        (state(.blind, hold: 5), .sound, 9, state(.blind), false),
        (state(.blind), .sound, 1, state(.watching), false),
        (state(.blind, 4, beyond: true, hold: 30), .sound, 1, state(.blind, hold: 29), false),
        (state(.blind, 4, hold: 7), .between, 1, state(.blind, 4, hold: 30), false),
        (
            state(.blind, 4, beyond: true, hold: 7), .between, 1,
            state(.blind, 4, beyond: true, hold: 30), false
        ),
        (state(.blind, hold: 7), .absent, 9, state(.blind, hold: 7), false),
        (state(.blind, hold: 7), .blind, 99, state(.blind, hold: 30), false),
        (state(.blind, hold: 7), .beyond, 1, state(.blind, 1, beyond: true, hold: 30), false),
        (state(.blind, hold: 7), .beyond, 10, state(.tripped, beyond: true), true),
        (
            state(.blind, 8, beyond: true, hold: 7), .beyond, 1,
            state(.blind, 9, beyond: true, hold: 30), false
        ),
        (
            state(.blind, 8, beyond: true, hold: 7), .blind, 1,
            state(.blind, 9, beyond: true, hold: 30), false
        ),
        (state(.blind, 9, beyond: true, hold: 7), .beyond, 1, state(.tripped, beyond: true), true),
        (state(.blind, 9, beyond: true, hold: 7), .blind, 1, state(.tripped, beyond: true), true),
        // Tripped stays tripped, blind or not, until it is sound for its own reset.
        (
            state(.tripped, 18, beyond: true), .sound, 1, state(.tripped, 19, beyond: true), false
        ),
        (state(.tripped, 19, beyond: true), .sound, 1, state(.watching), false),
        (state(.tripped, beyond: true), .sound, 20, state(.watching), false),
        (state(.tripped, .max, beyond: true), .sound, .max, state(.watching), false),
        (state(.tripped, 19, beyond: true), .between, 1, state(.tripped, beyond: true), false),
        (state(.tripped, 19, beyond: true), .beyond, 1, state(.tripped, beyond: true), false),
        (state(.tripped, 19, beyond: true), .blind, 99, state(.tripped, beyond: true), false),
        (
            state(.tripped, 19, beyond: true), .absent, 1, state(.tripped, 19, beyond: true), false
        ),
    ]

    @Test("Every row")
    func everyRow() {
        let stage = Stage(.current, .over, 1, clearing: 10, dropout: 1, reset: 20, action: .alarm)
        var wrong: [String] = []
        for (n, row) in Self.rows.enumerated() {
            var state = row.0
            let trips = state.step(
                stage, row.1, elapsed: row.elapsed, acknowledged: false, hold: 30)
            if trips != row.trips || state != row.then {
                wrong.append("row \(n): \(row.0) \(row.1): \(state), trips \(trips)")
            }
        }
        #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
        // No phase and finding is without a row.
        for phase in [StagePhase.watching, .blind, .tripped] {
            for finding in Self.findings {
                let rows = Self.rows.filter { $0.0.phase == phase && $0.1 == finding }
                #expect(!rows.isEmpty, "\(phase) \(finding)")
            }
        }
    }

    @Test(
        "Clearing and reset times in real ticks", arguments: [1, 2, 7] as [UInt32],
        [0, 1, 2, 20, 23] as [UInt32])
    func clearing(elapsed: UInt32, clearing: UInt32) {
        let stage = Stage(
            .current, .over, 1, clearing: clearing, dropout: 1, reset: clearing, action: .alarm)
        let due = (max(clearing, 1) + elapsed - 1) / elapsed
        for finding in [Finding.beyond, .blind] {
            var state = StageState()
            var n: UInt32 = 0
            func step(_ finding: Finding) {
                n += 1
                _ = state.step(
                    stage, finding, elapsed: elapsed, acknowledged: false, hold: clearing)
            }
            repeat { step(finding) } while !state.acts && n < 1000
            #expect(n == due)
            #expect(state.phase == (finding == .beyond ? .tripped : .blind))
            n = 0
            while state.acts && n < 1000 { step(.sound) }
            // The hold is whole ticks of acting; a reset ends in the tick that completes it.
            let held = clearing == 0 ? 1 : (clearing + elapsed - 1) / elapsed + 1
            #expect(n == (finding == .beyond ? due : held))
        }
    }

    /// How a stage's timer ran before blindness had a name of its own: everything that was not
    /// sound was the stage's.
    private struct Former {
        var ticks: UInt32 = 0
        var isTripped = false
        mutating func step(_ stage: Stage, _ finding: Finding, elapsed: UInt32) {
            guard finding != .absent else { return }
            switch (isTripped, finding) {
            case (false, .beyond), (false, .blind):
                ticks = longer(ticks, by: elapsed)
                if ticks >= max(stage.clearing, 1) { (isTripped, ticks) = (true, 0) }
            case (false, .sound): ticks = 0
            case (true, .sound):
                ticks = longer(ticks, by: elapsed)
                if ticks >= stage.reset { (isTripped, ticks) = (false, 0) }
            case (true, _): ticks = 0
            default: break
            }
        }
    }

    @Test("In any order of findings it acts no later than by one timer for all that is not sound")
    func noLater() {
        var dice = Dice(7)
        var wrong: [String] = []
        var (trips, blinds) = (0, 0)
        for run in 0..<20_000 {
            let clearing = UInt32(dice.below(12)), hold = UInt32(dice.below(20))
            let stage = Stage(
                .current, .over, 1, clearing: clearing, dropout: 1, reset: UInt32(dice.below(20)),
                action: .alarm)
            var state = StageState()
            var former = Former()
            // Ticks beyond or blind since the last sound one.
            var unsound: UInt32 = 0
            var mayDiffer = false
            for n in 0..<60 {
                let finding = Self.findings[Int(dice.below(5))]
                let elapsed = UInt32(1 + dice.below(4))
                _ = state.step(stage, finding, elapsed: elapsed, acknowledged: false, hold: hold)
                former.step(stage, finding, elapsed: elapsed)
                switch finding {
                case .sound: unsound = 0
                case .beyond, .blind: unsound += elapsed
                case .between, .absent: break
                }
                // Not sound for the clearing time: it acts, whatever it is called.
                if unsound >= max(clearing, 1) && !state.acts {
                    wrong.append("run \(run) tick \(n): idle after \(unsound) of \(clearing)")
                }
                // Until one of them lets go for the first time they act in the same ticks.
                if !mayDiffer && state.acts != former.isTripped {
                    if finding == .sound {
                        mayDiffer = true
                    } else {
                        wrong.append("run \(run) tick \(n): \(state.acts)")
                    }
                }
                trips += state.phase == .tripped ? 1 : 0
                blinds += state.phase == .blind ? 1 : 0
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
        #expect(trips > 10_000 && blinds > 10_000, "\(trips) \(blinds)")
    }

    @Test("Blindness needs no person; a reading beyond the threshold does, seen before or after")
    func latch() {
        let stage = Stage(
            .current, .over, 1, clearing: 5, dropout: 1, reset: 5, action: .alarm, latch: .person)
        func phase(after findings: [Finding]) -> StagePhase {
            var state = StageState()
            for f in findings {
                _ = state.step(stage, f, elapsed: 1, acknowledged: false, hold: 9)
            }
            return state.phase
        }
        func many(_ f: Finding, _ n: Int) -> [Finding] { Array(repeating: f, count: n) }
        let rest = many(.sound, 50)
        #expect(phase(after: many(.blind, 5)) == .blind)
        #expect(phase(after: many(.blind, 500) + rest) == .watching)
        #expect(phase(after: [.beyond] + many(.blind, 4) + rest) == .tripped)
        #expect(phase(after: many(.blind, 4) + [.beyond] + rest) == .tripped)
        // One reading beyond is no trip when it is sound again before the clearing time.
        #expect(phase(after: many(.blind, 50) + many(.beyond, 4)) == .blind)
        #expect(phase(after: many(.blind, 50) + many(.beyond, 4) + rest) == .watching)
        #expect(phase(after: many(.blind, 50) + many(.beyond, 5) + rest) == .tripped)
        #expect(phase(after: many(.beyond, 5) + many(.blind, 50) + rest) == .tripped)
    }
}
