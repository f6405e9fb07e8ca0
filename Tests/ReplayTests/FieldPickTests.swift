import BlackBox
import Control
import Testing
import Wire

@testable import BlackBox
@testable import Replay

@Suite("Fields by name, and times")
struct FieldPickTests {
    @Test("Picked values are those of the list, in the order that was asked for")
    func picks() throws {
        var record = Record()
        record.measured.bus.frequency.value = 49.5
        record.command.outputs.bits = 5
        record.missedTicks = 7
        let pick = try FieldPick(["missed_ticks", "measured.bus.frequency_Hz", "command.outputs"])
        #expect(pick.names == ["missed_ticks", "measured.bus.frequency_Hz", "command.outputs"])
        let values = pick.values(of: record)
        #expect(values[0].isSame(as: .count(7)))
        #expect(values[1].isSame(as: .float(49.5)))
        #expect(values[2].isSame(as: .count(5)))
        let all = try FieldPick([])
        #expect(all.names == FieldPick.all && all.values(of: record).count == all.names.count)
        #expect(try FieldPick(["command"]).names.allSatisfy { $0.hasPrefix("command.") })
    }

    @Test("A name that is not there is answered with those that are like it")
    func unknown() {
        do {
            _ = try FieldPick(["bus.frequency_Hz"])
            Issue.record("there is no such field")
        } catch {
            #expect(error.near.contains("measured.bus.frequency_Hz"))
        }
    }

    @Test("Seconds, ticks and back; a simulated run knows no wall clock")
    func clock() throws {
        let village = try RecordedVillage.shared.get()
        let clock = RunClock(try #require(try village.recording("inn").runs.first))
        #expect(clock.rate_Hz == 100)
        let isStable = (0..<20_000 as Range<UInt64>).allSatisfy {
            clock.tick(clock.seconds(Tick($0))) == Tick($0)
        }
        #expect(isStable)
        #expect(clock.wall_ns(at: 5) == nil && clock.tick(at: 5) == nil)
    }

    @Test("A sheet says after a file what it said before")
    func sheet() {
        var sheet = RunSheet()
        (sheet.version, sheet.controller, sheet.board) = ("1.2", "mill", "sim-village/board.yaml")
        (sheet.tick_Hz, sheet.samplesPerTick, sheet.isFresh) = (1000, 8, true)
        (sheet.command, sheet.seed) = ("skerry simulate x: y", .max)
        #expect(RunSheet([SettingsText(name: "other", text: "x"), sheet.text]) == sheet)
        #expect(RunSheet([SettingsText(name: "other", text: "x")]) == nil)
    }
}
