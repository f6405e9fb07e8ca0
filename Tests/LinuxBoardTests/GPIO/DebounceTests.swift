import Testing

@testable import LinuxBoard

@Suite("Debounce") struct DebounceTests {
    /// Levels seen at 0, 1, 2, ... and what is believed, as a picture.
    struct Row: Sendable, CustomTestStringConvertible {
        var rising: UInt64 = 3
        var falling: UInt64 = 3
        var seen: String
        var believed: String
        var why: String
        var testDescription: String { why }
    }

    @Test(
        "What is believed of a contact",
        arguments: [
            Row(seen: "0000000", believed: "0000000", why: "a level that stays"),
            Row(seen: "1111111", believed: "1111111", why: "the first is believed at once"),
            Row(seen: "0011111", believed: "0000011", why: "risen, after three"),
            Row(seen: "1100000", believed: "1111100", why: "fallen, after three"),
            Row(seen: "0011100", believed: "0000000", why: "stood for two intervals only"),
            Row(seen: "0101010111111", believed: "0000000000111", why: "chatter begins anew"),
            Row(seen: "0011111011111", believed: "0000011111111", why: "a drop-out is bridged"),
            Row(
                rising: 0, falling: 4, seen: "0101000000", believed: "0111111100",
                why: "quick to rise, slow to fall"),
            Row(
                rising: 5, falling: 0, seen: "0011111110110", believed: "0000000110000",
                why: "slow to rise, quick to fall"),
        ])
    func table(row: Row) {
        var debounce = Debounce(rising: row.rising, falling: row.falling)
        let believed = row.seen.enumerated().map { time, level in
            debounce.step(level == "1", at: UInt64(time)) ? "1" : "0"
        }
        #expect(believed.joined() == row.believed)
    }

    @Test("A clock that runs backwards begins the wait anew")
    func backwards() {
        var debounce = Debounce(hold: 10)
        var believed: [Bool] = []
        for (level, time) in [(false, 100), (true, 105), (true, 90), (true, 99), (true, 100)]
            as [(Bool, UInt64)]
        {
            believed.append(debounce.step(level, at: time))
        }
        #expect(believed == [false, false, false, false, true])
    }

    @Test("Looks that are far apart count by the time, not by their number")
    func gaps() {
        var debounce = Debounce(hold: 10)
        let believed = [
            debounce.step(false, at: 0), debounce.step(true, at: 1_000),
            debounce.step(true, at: 2_000),
        ]
        #expect(believed == [false, false, true])
    }
}
