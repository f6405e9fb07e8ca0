import Control
import Plant
import Testing
import Wire

@testable import BlackBox

/// What a recording gives of turns, held against what was pushed.
struct Given {
    var turns: [UInt64] = []
    var wrong: [UInt64] = []
    var records = 0
    var states: [KeptState] = []
    var gaps: [Gap] = []
    var notes: [Note] = []
    var skipped: [Skip] = []

    init(_ run: Run, _ rig: Rig) {
        for entry in run.entries() {
            switch entry {
            case .turn(let turn):
                turns.append(turn.number)
                let isRight =
                    turn.number < rig.turns.count
                    && rig.turns[Int(turn.number)].isSame(as: turn.turn)
                if !isRight { wrong.append(turn.number) }
            case .record(let record):
                records += 1
                let isRight =
                    record.number < rig.records.count
                    && rig.records[Int(record.number)] == record.record.digest
                if !isRight { wrong.append(record.number) }
            case .state(let state): states.append(state)
            case .gap(let gap): gaps.append(gap)
            case .note(let note): notes.append(note)
            case .skipped(let skip): skipped.append(skip)
            }
        }
    }
    /// Numbers that are neither given nor in a gap.
    func missing(_ range: Range<UInt64>) -> [UInt64] {
        var there = Set(turns)
        for gap in gaps { for n in gap.first..<gap.first + gap.turns { there.insert(n) } }
        return range.filter { !there.contains($0) }
    }
}

/// Lives a run again from a state and counts what differs.
func relive(_ run: Run, from state: KeptState) -> (turns: Int, differing: Int) {
    guard case .success(var controller) = state.controller(ours: .ofThisProgram()) else {
        return (0, 1)
    }
    var next = state.turn
    var record = Record()
    var differing = 0
    for entry in run.life(from: state.turn) {
        guard case .turn(let turn) = entry else { continue }
        guard turn.number == next else { break }
        if turn.turn.hadLetGo { controller.letGo() }
        controller.tick(turn.turn.sample, wanting: turn.turn.wish, into: &record)
        if record.digest != turn.turn.digest || record.command != turn.turn.command {
            differing += 1
        }
        next += 1
    }
    return (Int(next - state.turn), differing)
}

@Suite("The ring on disk")
struct RingTests {
    @Test(
        "What a new ring has not come to is not read whole, and a segment far behind is found all the same"
    )
    func blank() throws {
        let rig = Rig(perSecond: 1000)
        rig.live(.couplingByWaveform, 3000, seed: 11)
        rig.stop()
        let ring = rig.disk.files[Keeper.ringName]?.data ?? []
        let written = ReadFile(bytes: ring)
        let (length, far): (Int64, Int64) = (512 << 20, 300 << 20)
        var bytesRead = 0
        func index(copyFar: Bool) -> SegmentIndex? {
            SegmentIndex(length: length) { memory, offset in
                bytesRead += memory.count
                memory.initializeMemory(as: UInt8.self, repeating: 0)
                let from = copyFar && offset >= far ? offset - far : offset
                if case .failure(let error) = written.read(memory, at: from) {
                    return .failure(error)
                }
                return .success(memory.count)
            }
        }
        let used = try #require(try rig.recording().runs.first).heads.count
        let found = try #require(index(copyFar: false))
        #expect(found.segments.count == used && found.skipped.isEmpty)
        #expect(found.segments.count + found.blanks.count == Int(length) / found.size)
        // A block of each segment, and some that are whole.
        let blocks = Int(length) / found.size * FramePlace.block
        #expect(bytesRead < 2 * blocks, "\(bytesRead) of \(length)")
        // The same frames at another place are not the ring's, and are told of.
        let copied = try #require(index(copyFar: true))
        #expect(copied.segments.count == used && copied.skipped.count == used)
    }

    @Test(
        "What was recorded is read, bit for bit, and can be lived again",
        arguments: isSanitized ? [TurnWorld.dc48] : [.dc48, .homeByChip, .couplingByWaveform])
    func whole(world: TurnWorld) throws {
        let rig = Rig(perSecond: world.perSecond)
        rig.live(world, 3000, seed: 3)
        rig.stop()
        let recording = try rig.recording()
        #expect(recording.runs.count == 1 && recording.skipped.isEmpty)
        let run = try #require(recording.runs.first)
        let given = Given(run, rig)
        #expect(given.wrong.isEmpty && given.skipped.isEmpty && given.gaps.isEmpty)
        #expect(given.turns == Array(0..<3000))
        #expect(given.records >= 3000 / Int(world.perSecond))
        #expect(run.settings() == Rig.texts)
        #expect(run.ticksPerSecond == Float(world.perSecond))
        #expect(given.states.count >= 2)
        for state in given.states {
            let (turns, differing) = relive(run, from: state)
            #expect(differing == 0 && turns == 3000 - Int(state.turn))
        }
        let found = try #require(run.state(before: 2900))
        #expect(found.turn == given.states.last { $0.turn <= 2900 }?.turn)
        #expect(run.turns(1234...1240).map(\.number) == Array(1234...1240))
        #expect(Array(run.gaps()).isEmpty && run.skipped().isEmpty)
        #expect(rig.disk.unaligned == 0)
    }

    @Test(
        "The ring goes round: the newest are there, settings too, and what is older is gone",
        .disabled(if: isSanitized))
    func round() throws {
        var s = Rig.small
        s.ringBytes = 7 << 16
        let rig = Rig(perSecond: 1000, s)
        rig.live(.couplingByWaveform, 7000, seed: 4)
        rig.stop()
        let recording = try rig.recording()
        let run = try #require(recording.runs.first)
        let given = Given(run, rig)
        #expect(given.wrong.isEmpty && given.skipped.isEmpty && recording.skipped.isEmpty)
        let first = try #require(given.turns.first)
        #expect(first > 0 && given.turns == Array(first..<7000))
        #expect(rig.disk.files[Keeper.ringName]?.data.count == 7 << 16)
        #expect(run.settings() == Rig.texts)
        #expect(run.heads.allSatisfy { $0.fields == FieldDigest.ofThisProgram })
        let (turns, differing) = relive(run, from: try #require(given.states.first))
        #expect(turns > 1000 && differing == 0)
    }

    @Test(
        "Each start is a run of its own, after what was there",
        arguments: 1...4 as ClosedRange<UInt64>)
    func restarts(seed: UInt64) throws {
        let disk = FakeDisk()
        var random = Random(seed: seed)
        var rigs: [Rig] = []
        for n in 0..<4 {
            let rig = Rig(disk, perSecond: 1000)
            rig.live(.dc48, 1500 + Int(random.next() % 1000), seed: seed + UInt64(n))
            // In order, killed, or without power.
            switch random.next() % 3 {
            case 0: rig.stop()
            case 1: break
            default: disk.losePower(&random)
            }
            rigs.append(rig)
        }
        let recording = try #require(rigs.last).recording()
        #expect(recording.runs.map(\.number) == [1, 2, 3, 4], "seed \(seed)")
        for (run, rig) in zip(recording.runs, rigs) {
            let given = Given(run, rig)
            #expect(given.wrong.isEmpty && given.gaps.isEmpty, "seed \(seed)")
            #expect(given.turns == Array(0..<UInt64(given.turns.count)), "seed \(seed)")
            #expect(given.turns.count >= rig.turns.count - 1000, "seed \(seed)")
            #expect(run.settings() == Rig.texts)
        }
    }

    @Test(
        "Power lost at any moment takes no more than the stated age, and no wrong frame",
        arguments: 0..<(isSanitized ? 4 : 24) as Range<UInt64>)
    func power(seed: UInt64) throws {
        var random = Random(seed: seed)
        let world = TurnWorld.allCases[Int(seed % 3)]
        let rig = Rig(perSecond: world.perSecond)
        let count = Int(Double(200 + random.next() % 3000) * world.perSecond / 1000)
        rig.live(world, count, seed: seed)
        rig.disk.losePower(&random)
        let most = Int((rig.settings.age_s * world.perSecond).rounded(.up))
        guard let recording = try? rig.recording() else {
            #expect(count <= most, "seed \(seed)")
            return
        }
        let given = Given(try #require(recording.runs.first), rig)
        #expect(given.wrong.isEmpty && given.gaps.isEmpty, "seed \(seed)")
        #expect(given.turns.count >= count - most, "seed \(seed): \(given.turns.count) of \(count)")
        #expect(given.missing(0..<UInt64(max(0, count - most))).isEmpty, "seed \(seed)")
    }

    @Test("Notes, overruns and other gaps are there, in order")
    func notes() throws {
        let rig = Rig(perSecond: 1000)
        rig.live(.dc48, 6000, seed: 8) { n in
            if n == 1000 {
                rig.log.append(
                    Note(.setpoints, tick: rig.log.newest, wall_ns: 7, text: "island, by radio ☂"))
            }
            if n == 2000 || n == 5000 { rig.isAsleep = true }
            if n == 4000 || n == 5500 { rig.isAsleep = false }
        }
        rig.stop()
        let run = try #require(try rig.recording().runs.first)
        let given = Given(run, rig)
        #expect(given.wrong.isEmpty && given.skipped.isEmpty)
        #expect(given.notes.map(\.text) == ["island, by radio ☂"])
        #expect(given.gaps.count == 1 && given.gaps.first?.reason == .overrun)
        #expect(given.gaps.first?.turns == rig.lost && rig.lost > 900)
        #expect(given.missing(0..<6000).isEmpty)
        // After the gap a state was kept soon, to live on from.
        let after = try #require(given.states.first { $0.turn > 4000 })
        #expect(after.turn < 4200 && relive(run, from: after).differing == 0)
    }

    @Test(
        "Text of settings up to 512 KiB is kept whole, in segments of any size",
        .disabled(if: isSanitized))
    func settings() throws {
        let long = [
            SettingsText(name: "long", text: String(repeating: "αβγδ 0123456789\n", count: 20_000)),
            SettingsText(name: "", text: ""),
        ]
        for bits in FramePlace.segmentBits {
            var s = Rig.small
            s.segmentBytes = 1 << Int(bits)
            s.ringBytes = 64 << Int64(bits)
            let rig = Rig(perSecond: 1000, s, texts: long)
            rig.live(.dc48, 1200, seed: 2)
            rig.stop()
            let run = try #require(try rig.recording().runs.first)
            let isThere = run.settings() == long
            #expect(isThere)
            let given = Given(run, rig)
            #expect(given.turns.count == 1200 && given.wrong.isEmpty && given.skipped.isEmpty)
        }
        let tooLong = [SettingsText(name: "", text: String(repeating: "x", count: 1 << 20))]
        #expect(RunIdentity(tooLong, 1000) == nil)
    }
}
