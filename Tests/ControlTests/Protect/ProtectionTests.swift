import Quantities
import Testing

@testable import Control

@Suite("Protection")
struct ProtectionTests {
    static let battery = ChannelSet.scalar(.batteryVoltage)
    private func protection(_ stages: [Stage], blindAfter: UInt32 = 10, hold: UInt32 = 50)
        -> Protection
    {
        Protection(
            stages, blindAfter: blindAfter, islandNeeds: .gridVoltages, sourceNeeds: Self.battery,
            sourceTripHold: hold)
    }
    private func stage(_ watched: Watched, _ action: StageAction, clearing: UInt32 = 1) -> Stage {
        Stage(watched, .over, 10, clearing: clearing, dropout: 9, reset: 5, action: action)
    }
    private func measured(current: Float = 0, blind: ChannelSet = ChannelSet()) -> Measured {
        var m = Measured()
        m.grid = side(5)
        m.bus = side(5)
        m.bus.currentA = Amperes(current)
        m.blind = blind
        return m
    }

    @Test("24 stages at once: each keeps its own time, its bit and its number as cause")
    func twentyFour() {
        let stages = (0..<24).map { stage(.current, .island, clearing: UInt32($0 + 1)) }
        var p = protection(stages)
        var wrong: [Int] = []
        for n in 1...24 {
            let v = p.protect(
                measured(current: 11), elapsed: 1, acknowledged: false, sourceRuns: true)
            let tripped = UInt32((1 << n) - 1)
            if v.pickedUp != 0xFF_FFFF || v.tripped != tripped
                || v.newlyTripped != 1 << UInt32(n - 1)
                || !v.mustIsland || v.mustTripSource || v.cause != .stage(0)
            {
                wrong.append(n)
            }
        }
        #expect(wrong.isEmpty, "\(wrong)")
        for _ in 0..<5 {
            _ = p.protect(measured(), elapsed: 1, acknowledged: false, sourceRuns: true)
        }
        let v = p.protect(measured(), elapsed: 1, acknowledged: false, sourceRuns: true)
        #expect(v.tripped == 0 && !v.mustIsland && v.cause == .none)
    }

    @Test("Each action does its own and no other; an alarm is no cause")
    func actions() {
        var p = protection([stage(.current, .alarm), stage(.current, .tripSource)])
        let v = p.protect(measured(current: 11), elapsed: 1, acknowledged: false, sourceRuns: true)
        #expect(v.tripped == 0b11 && v.cause == .stage(1) && v.mustTripSource && !v.mustIsland)
    }

    @Test(
        "Blind for its time, an action is taken; blindness just short of it is forgiven",
        arguments: [1, 2, 7] as [UInt32])
    func blindIsland(elapsed: UInt32) {
        var p = protection([])
        let due = (10 + elapsed - 1) / elapsed
        for blind in [due - 1, due] {
            var islanded = false
            for _ in 0..<blind {
                let v = p.protect(
                    measured(blind: .wave(.gridB)), elapsed: elapsed, acknowledged: false,
                    sourceRuns: true)
                islanded = islanded || v.mustIsland
                if v.mustIsland && v.cause != .blind { Issue.record("cause \(v.cause)") }
            }
            #expect(islanded == (blind == due))
            let v = p.protect(measured(), elapsed: 1, acknowledged: false, sourceRuns: true)
            #expect(!v.mustIsland)
        }
    }

    @Test(
        "A source stays tripped for its hold after it sees again",
        arguments: [0, 1, 50] as [UInt32])
    func blindSource(hold: UInt32) {
        var p = protection([], hold: hold)
        for _ in 0..<9 {
            let v = p.protect(
                measured(blind: Self.battery), elapsed: 1, acknowledged: false, sourceRuns: true)
            if v.mustTripSource { Issue.record("too soon") }
        }
        for _ in 0..<100 {
            let v = p.protect(
                measured(blind: Self.battery), elapsed: 1, acknowledged: false, sourceRuns: true)
            if !v.mustTripSource || v.mustIsland || v.cause != .blind {
                Issue.record("not tripped")
            }
        }
        var held: UInt32 = 0
        while held < 1000 {
            let v = p.protect(measured(), elapsed: 1, acknowledged: false, sourceRuns: true)
            if !v.mustTripSource { break }
            held += 1
        }
        #expect(held == hold)
    }

    @Test("A stage on the bus idles with its source, an islanding one with its switch")
    func idle() {
        // busHighest at 5 V is beyond 10 with `.under`.
        func low(_ action: StageAction) -> Stage {
            Stage(.busHighest, .under, 10, clearing: 1, dropout: 11, reset: 1, action: action)
        }
        var p = protection([low(.tripSource), low(.island), low(.alarm)])
        let rows: [(runs: Bool, tied: Bool, tripped: UInt32)] = [
            (false, false, 0b100), (true, false, 0b101), (false, true, 0b110), (true, true, 0b111),
        ]
        for row in rows {
            let v = p.protect(
                measured(), elapsed: 1, acknowledged: false, sourceRuns: row.runs, isTied: row.tied)
            #expect(v.tripped == row.tripped)
        }
        // What was tripped resets while idle: a dead bus keeps nobody away.
        let v = p.protect(
            measured(), elapsed: 1, acknowledged: false, sourceRuns: false, isTied: false)
        #expect(v.tripped == 0b100 && !v.mustIsland && !v.mustTripSource)
    }

    @Test("Elapsed times as long as there are trap nothing")
    func longest() {
        var p = protection([stage(.current, .island, clearing: .max)], blindAfter: .max, hold: .max)
        for _ in 0..<3 {
            _ = p.protect(
                measured(current: 11, blind: .gridVoltages | Self.battery), elapsed: .max,
                acknowledged: false, sourceRuns: true)
        }
        let v = p.protect(
            measured(current: 11, blind: .gridVoltages | Self.battery), elapsed: .max,
            acknowledged: false, sourceRuns: true)
        #expect(v.mustIsland && v.mustTripSource && v.cause == .stage(0))
    }
}
