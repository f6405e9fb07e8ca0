import Control
import Testing
import Words

@testable import Replay

@Suite("Stories side by side")
struct StoryRowTests {
    private func story(_ list: [(UInt64, String)]) -> [Happening] {
        list.map {
            Happening(
                number: $0.0, tick: Tick($0.0), what: Happened(kind: .trip, text: $0.1))
        }
    }

    @Test("What happened in both is one row, at its own time in each")
    func pairs() {
        let rows = StoryRow.rows(
            story([(1, "a"), (5, "b"), (9, "c")]), story([(1, "a"), (7, "c"), (8, "d")]))
        #expect(rows.map { $0.recorded?.what.text } == ["a", "b", nil, "c"])
        #expect(rows.map { $0.instead?.what.text } == ["a", nil, "d", "c"])
        #expect(rows.map(\.isSame) == [true, false, false, false])
        #expect(rows.last?.instead?.tick == Tick(7))
    }

    @Test("A story that never happened stands alone")
    func alone() {
        #expect(StoryRow.rows([], story([(3, "x")])).map { $0.instead?.tick } == [Tick(3)])
        #expect(StoryRow.rows(story([(3, "x")]), []).map { $0.recorded?.tick } == [Tick(3)])
    }
}
