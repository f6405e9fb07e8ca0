import Plant
import Testing

@Suite struct ContactorTests {
    /// What a contactor shows after each row of (µs to pass, coil) — conducting, auxiliary.
    struct Row {
        var us: Int
        var coil: Bool
        var conducts: Bool
        var auxiliary: Bool
    }
    func check(_ start: Contactor, _ rows: [Row]) -> String {
        var k = start
        for (i, row) in rows.enumerated() {
            k.coil = row.coil
            k.step(us: row.us)
            if k.isConducting != row.conducts || k.auxiliary != row.auxiliary {
                return "row \(i): conducts \(k.isConducting), auxiliary \(k.auxiliary)"
            }
        }
        return ""
    }
    let plain = Contactor(closing_us: 1000, opening_us: 500, bounce_us: 400, bounceHalf_us: 100)

    @Test func travelsBouncesAndParts() {
        let story = check(
            plain,
            [
                Row(us: 999, coil: true, conducts: false, auxiliary: false),
                Row(us: 1, coil: true, conducts: true, auxiliary: true),  // first touch
                Row(us: 100, coil: true, conducts: false, auxiliary: true),  // lifts
                Row(us: 100, coil: true, conducts: true, auxiliary: true),
                Row(us: 100, coil: true, conducts: false, auxiliary: true),
                Row(us: 100, coil: true, conducts: true, auxiliary: true),  // rests
                Row(us: 10_000, coil: true, conducts: true, auxiliary: true),
                Row(us: 499, coil: false, conducts: true, auxiliary: true),
                Row(us: 1, coil: false, conducts: false, auxiliary: false),
            ])
        #expect(story.isEmpty, "\(story)")
    }

    @Test func aChangeOfMindBeforeTheTouchLeavesItOpen() {
        let story = check(
            plain,
            [
                Row(us: 900, coil: true, conducts: false, auxiliary: false),
                Row(us: 0, coil: false, conducts: false, auxiliary: false),
                Row(us: 900, coil: true, conducts: false, auxiliary: false),
                Row(us: 500, coil: true, conducts: true, auxiliary: true),
            ])
        #expect(story.isEmpty, "\(story)")
    }

    @Test func faults() {
        var welded = Contactor(opening_us: 500, isClosed: true)
        welded.fault = .welded
        #expect(
            check(welded, [Row(us: 10_000, coil: false, conducts: true, auxiliary: true)]) == "")
        var stuck = plain
        stuck.fault = .stuckOpen
        #expect(
            check(stuck, [Row(us: 90_000, coil: true, conducts: false, auxiliary: false)]) == "")
        var slow = plain
        slow.fault = .slow(times: 10)
        #expect(
            check(
                slow,
                [
                    Row(us: 9999, coil: true, conducts: false, auxiliary: false),
                    Row(us: 1, coil: true, conducts: true, auxiliary: true),
                ]) == "")
        var liar = plain
        liar.fault = .auxiliary(true)
        #expect(check(liar, [Row(us: 1, coil: false, conducts: false, auxiliary: true)]) == "")
    }

    @Test func oneLongStepEqualsManyShortOnes() {
        var a = plain
        var b = plain
        a.coil = true
        b.coil = true
        a.step(us: 1250)
        for _ in 0..<1250 { b.step(us: 1) }
        #expect(a == b)
        #expect(a.operations == 1)
    }
}
