import Quantities
import Testing

@testable import Control

@Suite("Load shedding")
struct SheddingTests {
    static let groups = [
        LoadGroup(
            shedBelow: 49.0, shedAfter: 10, shedAtCharge: 0.5, restoreAbove: 49.8,
            restoreAtCharge: 0.55, restoreAfter: 100),
        LoadGroup(
            shedBelow: 48.7, shedAfter: 10, shedAtCharge: 0.3, restoreAbove: 49.8,
            restoreAtCharge: 0.35, restoreAfter: 100),
        LoadGroup(
            shedBelow: 48.4, shedAfter: 10, shedAtCharge: 0.15, restoreAbove: 49.8,
            restoreAtCharge: 0.2, restoreAfter: 100),
    ]
    /// What is connected after `ticks` ticks of this.
    private func after(
        _ s: inout Shedding, _ ticks: Int, level: Float, charge: Float = 0.9, grid: Bool = false,
        elapsed: UInt32 = 1
    ) -> UInt8 {
        for _ in 0..<ticks {
            s.step(level: level, charge: charge, onGrid: grid, elapsed: elapsed)
        }
        return s.connected
    }

    @Test("Each group goes at its own frequency, after its time and not before")
    func byLevel() {
        let rows: [(level: Float, connected: UInt8)] = [
            (50, 0b1111), (49, 0b1111), (Float(49).nextDown, 0b1110), (48.7, 0b1110),
            (48.69, 0b1100), (48.4, 0b1100), (48.39, 0b1000), (0.1, 0b1000),
        ]
        var wrong: [Float] = []
        for row in rows {
            var s = Shedding(Self.groups)
            if after(&s, 9, level: row.level) != 0b1111 { wrong.append(row.level) }
            if after(&s, 1, level: row.level) != row.connected { wrong.append(row.level) }
        }
        #expect(wrong.isEmpty, "\(wrong)")
    }

    @Test(
        "Each group goes at its own charge",
        arguments: [
            (Float(0.51), 0b1111), (0.5, 0b1110), (0.3, 0b1100), (0.15, 0b1000), (0, 0b1000),
            (.nan, 0b1111),
        ] as [(Float, UInt8)])
    func byCharge(charge: Float, connected: UInt8) {
        var s = Shedding(Self.groups)
        let answer1 = after(&s, 50, level: 50, charge: charge)
        #expect(answer1 == connected)
    }

    @Test("On the grid neither its frequency nor our charge sheds anything")
    func onGrid() {
        var s = Shedding(Self.groups)
        let answer2 = after(&s, 1000, level: 48, charge: 0, grid: true)
        #expect(answer2 == 0b1111)
    }

    @Test("Groups return one by one, the last shed first, each after a whole wait")
    func stepwise() {
        var s = Shedding(Self.groups)
        _ = after(&s, 10, level: 48)
        var returns: [Int] = []
        var was = s.connected
        for n in 1...400 {
            if after(&s, 1, level: 50) != was { returns.append(n) }
            was = s.connected
            if n == 150 { #expect(was == 0b1100) }
        }
        #expect(returns == [100, 200, 300] && was == 0b1111)
        #expect(s.sheds == 3 && s.restores == 3)
    }

    @Test("A dip begins the wait anew; between the thresholds nothing moves")
    func dip() {
        var s = Shedding(Self.groups)
        _ = after(&s, 10, level: 48.9)
        _ = after(&s, 99, level: 49.8)
        let answer3 = after(&s, 1, level: Float(49.8).nextDown)
        #expect(answer3 == 0b1110)
        let answer4 = after(&s, 99, level: 49.8)
        #expect(answer4 == 0b1110)
        let answer5 = after(&s, 1, level: 49.8)
        #expect(answer5 == 0b1111)
    }

    @Test("Restoring asks for charge too; a sensor that says nothing restores nothing")
    func charge() {
        var s = Shedding(Self.groups)
        _ = after(&s, 10, level: 50, charge: 0.5)
        let answer6 = after(&s, 500, level: 50, charge: 0.54)
        #expect(answer6 == 0b1110)
        let answer7 = after(&s, 500, level: 50, charge: .nan)
        #expect(answer7 == 0b1110)
        let answer8 = after(&s, 100, level: 50, charge: 0.55)
        #expect(answer8 == 0b1111)
    }

    @Test("A dead or unknown bus holds every timer", arguments: [0, .nan, -1] as [Float])
    func held(level: Float) {
        var s = Shedding(Self.groups)
        _ = after(&s, 9, level: 48)
        let answer9 = after(&s, 1000, level: level)
        #expect(answer9 == 0b1111)
        let answer10 = after(&s, 1, level: 48)
        #expect(answer10 == 0b1000)
    }

    @Test("Missed ticks count", arguments: [1, 2, 7] as [UInt32])
    func missed(elapsed: UInt32) {
        var s = Shedding(Self.groups)
        let steps = Int((10 + elapsed - 1) / elapsed)
        let answer11 = after(&s, steps - 1, level: 48, elapsed: elapsed)
        #expect(answer11 == 0b1111)
        let answer12 = after(&s, 1, level: 48, elapsed: elapsed)
        #expect(answer12 == 0b1000)
        let answer13 = after(&s, 5, level: 48, elapsed: .max)
        #expect(answer13 == 0b1000)
    }
}

@Suite("Curtailment")
struct CurtailmentTests {
    private func curtailment() -> Curtailment {
        Curtailment(
            CurtailmentSettings(
                downAbove: 50.2, upBelow: 50.1, downEvery: 300, upEvery: 2000, step: 0.1,
                offAbove: 52))
    }

    @Test("Graded: a tenth each 0.3 s down, each 2 s up; between, nothing")
    func graded() {
        var c = curtailment()
        for _ in 0..<299 { c.step(level: 50.3, elapsed: 1) }
        #expect(c.allowed == 1)
        c.step(level: 50.3, elapsed: 1)
        #expect((c.allowed - 0.9).magnitude < 1e-6)
        for _ in 0..<3000 { c.step(level: 50.3, elapsed: 1) }
        #expect(c.allowed == 0)
        for _ in 0..<10_000 { c.step(level: 50.15, elapsed: 1) }
        #expect(c.allowed == 0)
        for _ in 0..<1999 { c.step(level: 50, elapsed: 1) }
        #expect(c.allowed == 0)
        c.step(level: 50, elapsed: 1)
        #expect((c.allowed - 0.1).magnitude < 1e-6)
        for _ in 0..<30_000 { c.step(level: 50, elapsed: 1) }
        #expect(c.allowed == 1)
    }

    @Test(
        "Off at once beyond the highest level, on a dead bus, and on a level nobody knows",
        arguments: [Float(52).nextUp, 0, -1, .nan, .infinity] as [Float])
    func off(level: Float) {
        var c = curtailment()
        c.step(level: level, elapsed: 1)
        #expect(c.allowed == 0)
        c.step(level: 50, elapsed: 1)
        #expect(c.allowed == 0)
    }

    @Test("No time is too long, and no time at all steps nothing")
    func times() {
        var c = Curtailment(
            CurtailmentSettings(
                downAbove: 50.2, upBelow: 50.1, downEvery: .max, upEvery: 0, step: 0.1,
                offAbove: 52))
        for _ in 0..<10 { c.step(level: 50.3, elapsed: .max) }
        c.step(level: 50.15, elapsed: 1)
        #expect(c.allowed >= 0 && c.allowed <= 1)
    }
}

@Suite("Feedback")
struct FeedbackTests {
    private func wrong(
        _ outputs: UInt16, _ contacts: UInt16, deaf: UInt16 = 0, loads: Int = 3, ticks: Int = 21
    ) -> UInt16 {
        var watch = FeedbackWatch(loads: loads, travel: 20)
        var last = LineSet()
        for _ in 0..<ticks {
            last = watch.step(
                outputs: LineSet(bits: outputs), contacts: LineSet(bits: contacts),
                deaf: LineSet(bits: deaf), elapsed: 1)
        }
        return last.bits
    }

    @Test("Every pattern of four load relays: what differs longer than its travel is named")
    func every() {
        var complaints: [String] = []
        for loads in 0...4 {
            let watched = UInt16((1 << loads) - 1) << 4
            for o in 0..<16 as Range<UInt16> {
                for c in 0..<16 as Range<UInt16> {
                    for d in 0..<16 as Range<UInt16> {
                        let expected = ((o ^ c | d) << 4) & watched
                        let late = wrong(o << 4, c << 4, deaf: d << 4, loads: loads)
                        let early = wrong(o << 4, c << 4, deaf: d << 4, loads: loads, ticks: 20)
                        if late != expected || early != 0 {
                            complaints.append("\(loads) \(o) \(c) \(d)")
                        }
                    }
                }
            }
        }
        #expect(complaints.isEmpty, "\(complaints.first ?? "")")
    }

    @Test("Other lines have machines of their own")
    func others() { #expect(wrong(0x010F, 0x0000, deaf: 0xF) == 0) }

    @Test("Confirmed slowly, forgiven at once")
    func forgiven() {
        var watch = FeedbackWatch(loads: 1, travel: 20)
        let on = LineSet(bits: 0x10), off = LineSet()
        for _ in 0..<21 { _ = watch.step(outputs: on, contacts: off, deaf: off, elapsed: 1) }
        let answer14 = watch.step(outputs: on, contacts: off, deaf: off, elapsed: .max)
        #expect(answer14.bits == 0x10)
        let answer15 = watch.step(outputs: on, contacts: on, deaf: off, elapsed: 1)
        #expect(answer15.bits == 0)
        let answer16 = watch.step(outputs: on, contacts: off, deaf: off, elapsed: 20)
        #expect(answer16.bits == 0)
        let answer17 = watch.step(outputs: on, contacts: off, deaf: off, elapsed: 1)
        #expect(answer17.bits == 0x10)
    }
}

@Suite("Setpoint limits")
struct SetpointLimitsTests {
    static let limits = SetpointLimits(
        frequencyBias: Hertz(2), voltageBias: Volts(30), active: Watts(5000), reactive: Vars(3000),
        horizon: 1000)

    @Test("Each number, at its limit, beyond it, NaN and infinite")
    func each() {
        let at = Tick(500)
        let fields: [(String, Float, (inout Setpoints, Float) -> Void)] = [
            ("frequency", 2, { $0.frequencyBias = Hertz($1) }),
            ("voltage", 30, { $0.voltageBias = Volts($1) }),
            ("active", 5000, { $0.active = Watts($1) }),
            ("reactive", 3000, { $0.reactive = Vars($1) }),
        ]
        var wrong: [String] = []
        for (name, limit, set) in fields {
            let rows: [(Float, Bool)] = [
                (0, true), (limit, true), (-limit, true), (limit.nextUp, false),
                (-limit.nextUp, false), (.nan, false), (.infinity, false), (-.infinity, false),
            ]
            for (value, admitted) in rows {
                var wish = Setpoints(expires: Tick(600))
                set(&wish, value)
                if Self.limits.admit(wish, at: at) != admitted { wrong.append("\(name) \(value)") }
            }
        }
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(Self.limits.admit(Setpoints(expires: Tick(1500)), at: at))
        #expect(!Self.limits.admit(Setpoints(expires: Tick(1501)), at: at))
        #expect(!Self.limits.admit(Setpoints(expires: Tick(.max)), at: at))
    }
}
