import Testing

@testable import Report

@Suite("Plain lines")
struct LinesTests {
    @Test("One line of figures a second, and every event once")
    func oncePerSecond() {
        var view = LineView()
        var frame = islandFrame()
        let first = view.lines(frame, wall_s: 100)
        #expect(first.count == frame.log.count + 1)
        #expect(first.allSatisfy { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) } })
        #expect(first.last?.contains("site islanded 2.2 s | bus 228.7 V 49.821 Hz") == true)
        #expect(first.last?.contains("load -4.68 kW, solar 2.14 kW, battery 0.96 kW") == true)
        #expect(first.last?.contains("charge 17...79 %") == true)
        #expect(view.lines(frame, wall_s: 100.5) == [])

        // The log slides: its oldest goes, a new one comes.
        frame.log.removeFirst(2)
        frame.log.append(.init(time_s: 13, text: "grid returns", tone: .normal))
        #expect(view.lines(frame, wall_s: 100.9) == ["t=13.000 s -: grid returns"])
        frame.log = frame.log.suffix(1) + [.init(time_s: 14, text: "x", tone: .alarm)]
        #expect(view.lines(frame, wall_s: 100.95) == ["t=14.000 s alarm: x"])
        var count = 0
        for tenth in 0..<100 { count += view.lines(frame, wall_s: 101 + Double(tenth) / 10).count }
        #expect(count == 10)
        #expect(view.lines(frame, wall_s: 500).count == 1, "nothing is caught up")
        #expect(view.lines(frame, wall_s: 500.5).count == 0)
    }

    @Test("A bar with speed and time left, ten times a second at most")
    func bar() {
        var bar = ProgressBar(
            label: "simulating", length_s: 3600, mode: .bar,
            ability: .init(colour: false, unicode: true))
        let half = bar.update(done_s: 1800, wall_s: 2, columns: 100)
        #expect(half == "\rsimulating ████████████────────────  50 %  ×900  2 s left\u{1B}[K")
        #expect(bar.update(done_s: 1801, wall_s: 2.05, columns: 100) == nil)
        #expect(bar.update(done_s: 3600, wall_s: 2.06, columns: 100)?.contains("100 %") == true)
        #expect(bar.update(done_s: 3600, wall_s: 2.07, columns: 100) == nil)
        let narrow = bar.update(done_s: 9, wall_s: 9, columns: 30) ?? ""
        #expect(narrow.contains("simulating"))
        #expect(Width.of(narrow) - Width.of("\r[K") <= 30)
    }

    @Test("Elsewhere a line for each ten percent, or nothing")
    func tenths() {
        var lines = ProgressBar(
            label: "run", length_s: 100, mode: .lines, ability: .init(colour: false, unicode: false)
        )
        let written = (0...100).compactMap {
            lines.update(done_s: Double($0), wall_s: Double($0) / 50, columns: 80)
        }
        #expect(written.count == 10)
        #expect(written.first == "run: 10 %  x50  2 s left\n")
        #expect(written.last == "run: 100 %  x50  in 2 s\n")
        var silent = ProgressBar(
            label: "run", length_s: 100, mode: .silent, ability: .init(colour: true, unicode: true))
        #expect(silent.update(done_s: 50, wall_s: 1, columns: 80) == nil)
    }
}
