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
        m.batteryTemperature = Celsius(25)
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
                || !v.mustIsland || v.mustTripSource || v.islandCause != .stage(0)
                || v.sourceCause != .none
            {
                wrong.append(n)
            }
        }
        #expect(wrong.isEmpty, "\(wrong)")
        for _ in 0..<5 {
            _ = p.protect(measured(), elapsed: 1, acknowledged: false, sourceRuns: true)
        }
        let v = p.protect(measured(), elapsed: 1, acknowledged: false, sourceRuns: true)
        #expect(v.tripped == 0 && !v.mustIsland && v.islandCause == .none)
    }

    @Test("Each action does its own and no other; an alarm is no cause")
    func actions() {
        var p = protection([stage(.current, .alarm), stage(.current, .tripSource)])
        let v = p.protect(measured(current: 11), elapsed: 1, acknowledged: false, sourceRuns: true)
        #expect(v.tripped == 0b11 && v.sourceCause == .stage(1) && v.mustTripSource)
        #expect(!v.mustIsland && v.islandCause == .none)
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
                if v.mustIsland && (v.islandCause != .blind || v.islandBlind != .wave(.gridB)) {
                    Issue.record("\(v.islandCause) \(v.islandBlind)")
                }
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
            if !v.mustTripSource || v.mustIsland || v.sourceCause != .blind
                || v.sourceBlind != Self.battery || v.islandCause != .none
            {
                Issue.record("not tripped")
            }
        }
        var held: UInt32 = 0
        while held < 1000 {
            let v = p.protect(measured(), elapsed: 1, acknowledged: false, sourceRuns: true)
            if !v.mustTripSource {
                #expect(v.sourceCause == .none && v.sourceBlind.isEmpty)
                break
            }
            // Through the hold the record still says what was blind.
            if v.sourceBlind != Self.battery || v.sourceCause != .blind { Issue.record("forgot") }
            held += 1
        }
        #expect(held == hold)
    }

    /// Ticks 1 ... of a protection that sees `blind` for `count` ticks and then is sound.
    private func run(
        _ p: inout Protection, blind: ChannelSet, _ count: Int, then sound: Int = 0
    ) -> [Verdict] {
        (0..<(count + sound)).map { n in
            p.protect(
                measured(blind: n < count ? blind : ChannelSet()), elapsed: 1, acknowledged: false,
                sourceRuns: true)
        }
    }
    private static let hot = Stage(
        .batteryTemperature, .over, 55, clearing: 30, dropout: 50, reset: 600, action: .tripSource,
        latch: .person)
    private static let temperature = ChannelSet.scalar(.batteryTemperature)

    @Test("A channel only a stage rests on: blind for its clearing time, it acts and names it")
    func onlyAStage() {
        var p = protection([Self.hot])
        let v = run(&p, blind: Self.temperature, 100, then: 60)
        #expect(v[28].mustTripSource == false && v[29].mustTripSource)
        let during = v[29..<150]
        #expect(during.allSatisfy { $0.mustTripSource && $0.sourceCause == .blind })
        #expect(during.allSatisfy { $0.sourceBlind == Self.temperature && $0.blinded == 1 })
        #expect(v.allSatisfy { $0.tripped == 0 && $0.newlyTripped == 0 && !$0.mustIsland })
        // The hold of 50 after it sees, not the reset of 600, and nobody has to acknowledge.
        #expect(!v[150].mustTripSource && v[150].sourceCause == .none)
    }

    @Test("A channel the source rests on as well: the first of both acts, and both say blind")
    func alsoNeeded() {
        for clearing in [3, 10, 40] as [UInt32] {
            let stage = Stage(
                .batteryVoltage, .under, 40, clearing: clearing, dropout: 42, reset: 600,
                action: .tripSource)
            var p = protection([stage])
            var m = measured(blind: Self.battery)
            m.batteryVoltage = Volts(50)
            var first: Int?
            for n in 1...100 {
                let v = p.protect(m, elapsed: 1, acknowledged: false, sourceRuns: true)
                if v.mustTripSource && first == nil { first = n }
                if v.mustTripSource && v.sourceCause != .blind { Issue.record("\(v.sourceCause)") }
            }
            #expect(first == min(Int(clearing), 10))
            m.blind = ChannelSet()
            var held = 0
            while p.protect(m, elapsed: 1, acknowledged: false, sourceRuns: true).mustTripSource {
                held += 1
            }
            #expect(held == 50)
        }
    }

    @Test("A figure that is no number, on a channel nobody called blind, is named too")
    func notANumber() {
        var p = protection([Self.hot])
        var m = measured()
        m.batteryTemperature = Celsius(.nan)
        var v = Verdict()
        for _ in 0..<30 { v = p.protect(m, elapsed: 1, acknowledged: false, sourceRuns: true) }
        #expect(v.sourceCause == .blind && v.sourceBlind == Self.temperature && v.blind.isEmpty)
    }

    @Test("A stage that trips while another is blind outranks it; the record names the stage")
    func outranks() {
        var p = protection([Self.hot, stage(.current, .tripSource, clearing: 5)])
        _ = run(&p, blind: Self.temperature, 40)
        var v = Verdict()
        for _ in 0..<5 {
            v = p.protect(
                measured(current: 11, blind: Self.temperature), elapsed: 1, acknowledged: false,
                sourceRuns: true)
        }
        #expect(v.sourceCause == .stage(1) && v.tripped == 0b10 && v.blinded == 0b01)
    }

    @Test("Each action has its own cause, whatever the other's")
    func causes() {
        // The island by a stage, the source by blindness, and the other way round.
        var p = protection([stage(.current, .island)])
        var v = Verdict()
        for _ in 0..<20 {
            v = p.protect(
                measured(current: 11, blind: Self.battery), elapsed: 1, acknowledged: false,
                sourceRuns: true)
        }
        #expect(v.islandCause == .stage(0) && v.sourceCause == .blind)
        #expect(v.islandBlind.isEmpty && v.sourceBlind == Self.battery)
        p = protection([stage(.current, .tripSource), stage(.current, .island, clearing: 99)])
        for _ in 0..<20 {
            v = p.protect(
                measured(current: 11, blind: .wave(.gridC)), elapsed: 1, acknowledged: false,
                sourceRuns: true)
        }
        #expect(v.islandCause == .blind && v.sourceCause == .stage(0))
        #expect(v.islandBlind == .wave(.gridC) && v.sourceBlind.isEmpty)
    }

    @Test("An island for blindness ends when it sees, whatever the stage's reset")
    func islandEnds() {
        let slow = Stage(
            .gridFrequency, .over, 52, clearing: 4, dropout: 51, reset: 600, action: .island)
        var p = protection([slow])
        let v = run(&p, blind: .wave(.gridA), 200, then: 1)
        #expect(!v[2].mustIsland && v[3].mustIsland && v[199].mustIsland && !v[200].mustIsland)
        #expect(v[3...199].allSatisfy { $0.islandCause == .blind })
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
        #expect(v.mustIsland && v.mustTripSource && v.islandCause == .stage(0))
        #expect(v.sourceCause == .blind)
    }
}
