import Control
import Plant
import Testing
import Wire

@testable import BlackBox

@Suite("Disks that fail", .disabled(if: isSanitized))
struct TroubleTests {
    @Test("A disk that stalls for ten seconds loses nothing; longer is a gap that is told")
    func stall() throws {
        for stall in [10_000, 40_000] {
            var s = Rig.small
            s.memoryBytes = 1 << 19
            s.ringBytes = 128 << 16
            let rig = Rig(perSecond: 1000, s)
            rig.live(.dc48, stall + 12_000, seed: 5) { n in
                if n == 5000 { rig.isStuck = true }
                if n == 5000 + stall { rig.isStuck = false }
            }
            rig.stop()
            let run = try #require(try rig.recording().runs.first)
            let given = Given(run, rig)
            #expect(given.wrong.isEmpty && given.skipped.isEmpty)
            #expect(given.missing(0..<UInt64(rig.turns.count)).isEmpty)
            if stall == 10_000 {
                #expect(given.gaps.isEmpty && given.turns.count == rig.turns.count)
            } else {
                #expect(given.gaps.count == 1 && given.gaps.first?.reason == .disk)
                #expect(given.turns.count > rig.turns.count / 2)
            }
        }
    }

    /// ENOSPC, EROFS, EIO: of the disk, or of its writes alone.
    @Test(
        "A full, read-only or broken disk is told and tried again, and the run goes on",
        arguments: [28, 30, 5] as [Int32], [false, true])
    func fails(code: Int32, all: Bool) throws {
        let rig = Rig(perSecond: 1000)
        var told: DiskFault?
        rig.live(.dc48, 12_000, seed: 5) { n in
            if n == 3000 {
                if all { rig.disk.fault = code } else { rig.disk.writeFault = code }
            }
            if n == 6000 { told = rig.keeper.status.fault }
            if n == 7000 {
                rig.disk.fault = nil
                rig.disk.writeFault = nil
            }
        }
        #expect(told?.code == code)
        #expect(rig.keeper.status.fault == nil && rig.keeper.status.trouble == nil)
        // With pauses of 1, 2, 4 s: few tries.
        #expect(rig.keeper.status.faults >= 2 && rig.keeper.status.faults < 8)
        rig.stop()
        let recording = try rig.recording()
        #expect(recording.runs.count == 1)
        let given = Given(try #require(recording.runs.first), rig)
        #expect(given.wrong.isEmpty)
        #expect(given.missing(0..<12_000).isEmpty && given.turns.count == 12_000)
        #expect(given.turns == Array(0..<12_000))
    }

    @Test("A disk that is not there at first is waited for")
    func late() throws {
        let rig = Rig(perSecond: 1000)
        rig.disk.fault = 2
        rig.live(.dc48, 8000, seed: 5) { n in if n == 2000 { rig.disk.fault = nil } }
        rig.stop()
        let given = Given(try #require(try rig.recording().runs.first), rig)
        #expect(given.turns == Array(0..<8000) && given.wrong.isEmpty)
        #expect(rig.keeper.status.faults == 2)
    }

    @Test("A ring that is removed under way is made anew; nothing that memory has is lost")
    func removed() throws {
        let rig = Rig(perSecond: 1000)
        rig.live(.dc48, 20_000, seed: 5) { n in
            if n == 8000 { try? rig.disk.remove(Keeper.ringName) }
        }
        rig.stop()
        #expect(rig.keeper.status.faults == 1)
        let given = Given(try #require(try rig.recording().runs.first), rig)
        #expect(given.wrong.isEmpty && given.turns.last == 19_999)
        #expect(given.turns.count > 8000)
    }

    @Test("What stands in the ring's place and is none is set aside, not written over")
    func aside() throws {
        let disk = FakeDisk()
        let handle = try disk.open(Keeper.ringName)
        let text = [UInt8](repeating: 0x41, count: 9000)
        try disk.fill(handle, text)
        let rig = Rig(disk, perSecond: 1000)
        rig.live(.dc48, 1000, seed: 5)
        rig.stop()
        #expect(disk.files[Keeper.asideName]?.data == text)
        #expect(rig.keeper.status.setAside == Keeper.asideName)
        #expect(try rig.recording().runs.count == 1)
    }

    @Test("A ring grows and shrinks with its settings and keeps what it can")
    func resize() throws {
        let disk = FakeDisk()
        var counts: [Int] = []
        for segments in [8, 24, 12] as [Int64] {
            var s = Rig.small
            s.ringBytes = segments << 16
            s.segmentBytes = 1 << (segments == 24 ? 18 : 16)
            let rig = Rig(disk, perSecond: 1000, s)
            rig.live(.dc48, 3000, seed: UInt64(segments))
            rig.stop()
            let recording = try rig.recording()
            #expect(recording.segmentSize == 1 << 16)
            counts.append(disk.files[Keeper.ringName]?.data.count ?? 0)
            let given = Given(try #require(recording.runs.last), rig)
            #expect(given.turns == Array(0..<3000) && given.wrong.isEmpty)
        }
        #expect(counts == [8 << 16, 24 << 16, 12 << 16])
    }

    @Test("Over the bytes of a day turns are left out and told; records and captures go on")
    func budget() throws {
        var s = Rig.small
        // An hour's worth is 417 kB: half a minute of this board.
        s.bytesPerDay = 10_000_000
        s.checkpointEvery_s = 1
        s.ringBytes = 64 << 16
        let rig = Rig(perSecond: 1000, s)
        rig.live(.dc48, 60_000, seed: 5)
        let isOver = rig.keeper.status.isOverBudget
        rig.stop()
        #expect(isOver && rig.keeper.status.trouble != nil)
        let run = try #require(try rig.recording().runs.first)
        let given = Given(run, rig)
        #expect(given.wrong.isEmpty && given.skipped.isEmpty)
        #expect(given.turns.count < 59_000 && given.records >= 59)
        #expect(given.gaps.allSatisfy { $0.reason == .budget })
    }

    @Test("With the budget back, turns begin again at a state")
    func budgetBack() {
        var budget = Budget(bytesPerDay: 24_000_000)
        budget.pass(0)
        #expect(!budget.isSpent && budget.isBack)
        budget.spend(1_000_001)
        #expect(budget.isSpent && !budget.isFarOver && !budget.isBack)
        budget.spend(1_000_000)
        #expect(budget.isFarOver)
        budget.pass(3600_000_000_000)
        #expect(budget.isSpent)
        budget.pass(5400_000_000_000)
        #expect(budget.isBack)
        budget.pass(1 << 60)
        #expect(budget.left == 1_000_000)
    }

    @Test("Settings that are wrong are named, with what to write")
    func settings() {
        #expect(BlackBoxSettings().problems.isEmpty)
        var s = BlackBoxSettings()
        s.segmentBytes = 100_000
        s.ringBytes = 1
        s.age_s = 0
        s.checkpointEvery_s = .nan
        s.bytesPerDay = 0
        s.before_s = -1
        s.after_s = 61
        s.mostCaptures = 0
        s.captureBytes = 0
        s.memoryBytes = 0
        s.longestCapture_s = 0
        #expect(s.problems.count == 11)
        #expect(s.problems.allSatisfy { $0.text.hasPrefix($0.key) && $0.text.contains("write") })
    }
}
