import Control
import Plant
import Testing
import Wire

@testable import BlackBox

@Suite("Captures of trips and transitions", .disabled(if: isSanitized))
struct CaptureTests {
    private static var settings: BlackBoxSettings {
        var s = Rig.small
        s.before_s = 1
        s.after_s = 1.5
        s.longestCapture_s = 20
        return s
    }
    /// Turns at which a state changed or a stage tripped, by what records say.
    private func triggers(_ rig: Rig) throws -> [UInt64] {
        try rig.recording().runs.flatMap { run in
            run.records().filter { $0.reason.contains(.trigger) }.map(\.number)
        }
    }

    @Test(
        "The seconds around every transition are in a capture, and can be lived again from its state",
        arguments: [TurnWorld.dc48, .couplingByWaveform])
    func around(world: TurnWorld) throws {
        var s = Self.settings
        s.ringBytes = 64 << 16
        let rig = Rig(perSecond: world.perSecond, s)
        rig.live(world, 9000, seed: 6)
        rig.wait(8)
        rig.stop()
        let triggers = try triggers(rig)
        #expect(triggers.count >= 2)
        let captures = try rig.captures.map { try rig.recording($0) }
        #expect(captures.count >= 1 && captures.count == Int(rig.keeper.status.captures))
        var covered: Set<UInt64> = []
        for capture in captures {
            #expect(capture.purpose == .capture && capture.runs.count == 1)
            let run = try #require(capture.runs.first)
            let given = Given(run, rig)
            #expect(given.wrong.isEmpty && given.skipped.isEmpty && given.gaps.isEmpty)
            #expect(run.settings() == Rig.texts)
            #expect(given.notes.first?.kind == .capture)
            covered.formUnion(given.turns)
            if given.turns.first != 0 {
                let state = try #require(given.states.first)
                #expect(state.turn == given.turns.first)
                let (turns, differing) = relive(run, from: state)
                #expect(turns == given.turns.count && differing == 0)
            }
        }
        let last = UInt64(rig.turns.count)
        for trigger in triggers {
            let from = trigger > 1000 ? trigger - 1000 : 0
            let missing = (from..<min(trigger + 1500, last)).filter { !covered.contains($0) }
            #expect(missing.isEmpty, "around \(trigger)")
        }
        // Away from transitions there is none.
        #expect(covered.count < rig.turns.count)
    }

    @Test("Captures are bounded in number and in bytes; the oldest give way")
    func bounds() throws {
        var s = Self.settings
        s.mostCaptures = 3
        s.before_s = 0.2
        s.after_s = 0.2
        let disk = FakeDisk()
        for n in 0..<3 as Range<UInt64> {
            let rig = Rig(disk, perSecond: 1000, s)
            rig.live(.dc48, 6000, seed: n)
            rig.stop()
        }
        let rig = Rig(disk, perSecond: 1000, s)
        #expect(rig.captures.count == 3)
        let numbers = rig.captures.compactMap { UInt64($0.dropFirst(9).prefix(6)) }
        #expect(numbers.count == 3 && numbers[0] > 1 && numbers == numbers.sorted())
        s.captureBytes = 1 << 20
        #expect(disk.files[rig.captures[0]].map { $0.data.count > 40_000 } ?? false)
    }

    @Test("A capture that a restart or a loss of power interrupts is kept as it is")
    func interrupted() throws {
        let disk = FakeDisk()
        var s = Self.settings
        s.after_s = 10
        s.longestCapture_s = 60
        let first = Rig(disk, perSecond: 1000, s)
        first.live(.dc48, 4000, seed: 6)
        #expect(first.captures.isEmpty && disk.files[CaptureKeeper.unfinished] != nil)
        var random = Random(seed: 1)
        disk.losePower(&random)
        let second = Rig(disk, perSecond: 1000, s)
        second.live(.dc48, 100, seed: 7)
        #expect(second.captures.first?.hasSuffix("unfinished.skbb") ?? false)
        let given = Given(
            try #require(try second.recording(second.captures[0]).runs.first), first)
        #expect(given.wrong.isEmpty && given.turns.count > 2500)
        #expect(given.turns == Array(0..<UInt64(given.turns.count)))
    }

    @Test("Where the disk fails meanwhile, a capture is made once it is back, from memory")
    func retried() throws {
        var s = Self.settings
        s.memoryBytes = 1 << 20
        let rig = Rig(perSecond: 1000, s)
        rig.live(.dc48, 9000, seed: 6) { n in
            if n == 2000 { rig.disk.writeFault = 5 }
            if n == 4500 { rig.disk.writeFault = nil }
        }
        rig.wait(8)
        rig.stop()
        let triggers = try triggers(rig)
        #expect(rig.captures.count >= 1 && rig.keeper.status.capturesMissed == 0)
        let turns = try rig.captures.flatMap { name in
            try rig.recording(name).runs.flatMap { Given($0, rig).turns }
        }
        let covered = Set(turns)
        for trigger in triggers where trigger > 1000 {
            #expect((trigger - 1000..<trigger + 1000).allSatisfy { covered.contains($0) })
        }
    }

    @Test("Where a clock stands still a capture ends all the same")
    func frozenClock() throws {
        let rig = Rig(perSecond: 1000, Self.settings)
        var n = 0
        TurnWorld.dc48.live(9000, seed: 6) { kept, controller, record in
            var kept = kept
            if n > 3100 { kept.sample.tick = Tick(3100) }
            rig.turn(kept, record, controller)
            n += 1
        }
        #expect(rig.captures.count >= 1)
        let whole = try rig.captures.flatMap { try rig.recording($0).runs }
        #expect(whole.allSatisfy { Array($0.turns()).count < 8000 })
    }
}
