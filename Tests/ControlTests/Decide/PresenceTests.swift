import Quantities
import Testing

@testable import Control

/// A settled, balanced side.
func side(_ voltage_V: Float, _ frequency_Hz: Float = 50, settled: Bool = true) -> ACMeasured {
    var s = ACMeasured()
    s.phaseA = Volts(voltage_V)
    s.phaseB = s.phaseA
    s.phaseC = s.phaseA
    s.positive = s.phaseA
    s.frequency = Hertz(voltage_V > 0 ? frequency_Hz : 0)
    s.isSettled = settled
    return s
}

@Suite("Presence")
struct PresenceTests {
    static let limits = PresenceLimits(deadBelow: Volts(23), liveAbove: Volts(161))

    @Test("Dead and live are proved; all else is doubtful")
    func judge() {
        var onePhase = side(230)
        onePhase.phaseB = Volts(100)
        var ghost = side(0)
        ghost.phaseC = Volts(24)
        var reversed = side(230)
        reversed.positive = Volts(1)
        var halfKnown = [side(0), side(0), side(0)]
        halfKnown[0].phaseA = Volts(.nan)
        halfKnown[1].phaseB = Volts(.nan)
        halfKnown[2].phaseC = Volts(.nan)
        let rows: [(ACMeasured, Bool, Presence)] = [
            (side(0), false, .dead), (side(23), false, .dead),
            (side(Float(23).nextUp), false, .doubtful),
            (side(Float(161).nextDown), false, .doubtful), (side(161), false, .live),
            (side(230), false, .live), (side(230), true, .doubtful), (side(0), true, .doubtful),
            (side(230, settled: false), false, .doubtful),
            (side(0, settled: false), false, .doubtful),
            (side(230, 0), false, .doubtful), (side(230, .nan), false, .doubtful),
            (side(.nan), false, .doubtful), (onePhase, false, .doubtful),
            (ghost, false, .doubtful), (reversed, false, .doubtful),
            (halfKnown[0], false, .doubtful), (halfKnown[1], false, .doubtful),
            (halfKnown[2], false, .doubtful),
        ]
        let wrong = rows.indices.filter {
            Self.limits.judge(rows[$0].0, blind: rows[$0].1) != rows[$0].2
        }
        #expect(wrong.isEmpty, "rows \(wrong)")
    }

    @Test("NaN in any phase is NaN in lowest and highest", arguments: 0..<3)
    func nanPhase(phase: Int) {
        var s = side(230)
        for current in [Float(1), 2, 3] { s.currentA = Amperes(current) }
        switch phase {
        case 0: (s.phaseA, s.currentA) = (Volts(.nan), Amperes(.nan))
        case 1: (s.phaseB, s.currentB) = (Volts(.nan), Amperes(.nan))
        default: (s.phaseC, s.currentC) = (Volts(.nan), Amperes(.nan))
        }
        #expect(s.lowest.value.isNaN && s.highest.value.isNaN && s.highestCurrent.value.isNaN)
    }
}

/// IEEE 1547-2018 §4.10: 0.917 ... 1.05 pu, here with 100 ticks of delay instead of 300 s, at 1 kHz.
@Suite("Enter service (IEEE 1547-2018 §4.10)")
struct EnterServiceTests {
    static let window = EnterService.Window(
        voltage: (Volts(210.91), Volts(241.5)), frequency: (Hertz(49.5), Hertz(50.2)), delay: 100,
        excursion: 50)

    /// The first tick at which the grid is fit; `sides` says what it is like.
    private func fitAt(
        elapsed: UInt32 = 1, _ sides: (UInt32) -> ACMeasured
    ) -> UInt32? {
        var enter = EnterService(Self.window)
        var n: UInt32 = 0
        while n < 2000 {
            n += elapsed
            let s = sides(n)
            let presence = PresenceTests.limits.judge(s, blind: false)
            if enter.step(s, presence: presence, elapsed: elapsed) { return n }
        }
        return nil
    }

    @Test("The delay is exact, and counts real ticks", arguments: [1, 2, 7] as [UInt32])
    func delay(elapsed: UInt32) {
        let due = (100 + elapsed - 1) / elapsed * elapsed
        #expect(fitAt(elapsed: elapsed) { _ in side(230) } == due)
    }

    @Test("At the edges it is inside; a unit in the last place beyond, it is not")
    func edges() {
        let inside = [side(210.91), side(241.5), side(230, 49.5), side(230, 50.2)]
        let outside = [
            side(Float(210.91).nextDown), side(Float(241.5).nextUp),
            side(230, Float(49.5).nextDown),
            side(230, Float(50.2).nextUp), side(230, .nan), side(.nan),
        ]
        #expect(inside.allSatisfy { s in fitAt { _ in s } == 100 })
        #expect(outside.allSatisfy { s in fitAt { _ in s } == nil })
    }

    @Test(
        "An excursion of 50 ms does not restart the delay, one of 51 to 100 ms does",
        arguments: [(1, 101), (50, 150), (51, 211), (75, 235), (100, 260)] as [(UInt32, UInt32)])
    func excursion(length: UInt32, fit: UInt32) {
        // It begins at tick 61, after 60 good ones: short, it only adds its length; long, 100 more
        // good ticks are due after it.
        let at = fitAt { $0 > 60 && $0 <= 60 + length ? side(200) : side(230) }
        #expect(at == (length <= 50 ? 100 + length : 160 + length))
        #expect(at == fit)
    }

    @Test("Never fit while outside, however long it held before")
    func never() {
        var enter = EnterService(Self.window)
        for _ in 0..<500 { _ = enter.step(side(230), presence: .live, elapsed: 1) }
        let answer1 = enter.step(side(200), presence: .live, elapsed: 1)
        #expect(!answer1)
        let answer2 = enter.step(side(230), presence: .doubtful, elapsed: 1)
        #expect(!answer2)
        let answer3 = enter.step(side(230), presence: .live, elapsed: 1)
        #expect(answer3)
        let answer4 = enter.step(side(230), presence: .dead, elapsed: .max)
        #expect(!answer4)
        let answer5 = enter.step(side(230), presence: .live, elapsed: 1)
        #expect(!answer5)
    }
}
