import Calibration
import Control
import Report
import Testing

@testable import Walk

@Suite("The walk, drawn")
struct WalkViewTests {
    /// Every screen a walk can show, by name.
    private static let screens: [(String, WalkScreen)] = {
        var desk = Desk([batteryPlan, currentPlan, gridPlan], seed: 7, [.reversed(current)])
        var screens = [("list", desk.walk.screen)]
        func keep(_ name: String) { screens.append((name, desk.walk.screen)) }
        desk.press(.enter)
        keep("connect")
        desk.press(.enter)
        keep("empty")
        for _ in 0..<3 { desk.takePoint() }
        desk.wait(1)
        keep("moving")
        desk.wait(1)
        desk.type("45")
        keep("refused")
        for _ in 0..<2 { desk.takePoint() }
        keep("all")
        desk.press(.character("f"))
        keep("summary")
        desk.press(.enter, .enter)
        for _ in 0..<2 { desk.takePoint() }
        keep("confirm")
        desk.press(.character("y"), .character("s"))
        keep("mains")
        desk.press(.character("?"))
        keep("help")
        desk.press(.enter, .character("s"))
        keep("done")
        return screens
    }()

    private func lines(_ name: String, _ columns: Int, _ rows: Int, unicode: Bool = true)
        -> [String]
    {
        let screen = Self.screens.first { $0.0 == name }?.1 ?? WalkScreen()
        return WalkView(
            columns: columns, rows: rows, ability: .init(colour: false, unicode: unicode)
        ).lines(screen)
    }

    @Test("Never wider or higher than the terminal, and whole from 60 × 18")
    func sizes() {
        for (name, _) in Self.screens {
            for (columns, rows) in [
                (60, 18), (61, 19), (75, 20), (76, 22), (80, 24), (120, 40), (200, 60), (20, 5),
                (1, 1),
            ] {
                let drawn = lines(name, columns, rows)
                let widest = drawn.map(Width.of).max() ?? 0
                #expect(drawn.count == rows && widest <= columns, "\(name) \(columns)×\(rows)")
                guard columns >= 60 else { continue }
                let last = drawn.last ?? ""
                #expect(
                    last.contains("q quit") || last.contains("any key"), "\(name): \(last)")
            }
        }
    }

    @Test("Without Unicode every byte is plain, and nothing became a question mark")
    func plain() {
        for (name, _) in Self.screens {
            let drawn = lines(name, 80, 24, unicode: false).joined(separator: "\n")
            #expect(drawn.utf8.allSatisfy { $0 < 0x80 }, "\(name)")
            let asked = drawn.filter { $0 == "?" }.count
            let meant = lines(name, 80, 24).joined().filter { $0 == "?" }.count
            #expect(asked == meant, "\(name)")
        }
    }

    @Test("With colour only SGR sequences are added")
    func colour() {
        for (name, screen) in Self.screens {
            let coloured = WalkView(
                columns: 80, rows: 24, ability: .init(colour: true, unicode: true)
            ).lines(screen)
            let stripped = coloured.map { line in
                line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
            }
            #expect(stripped == lines(name, 80, 24), "\(name)")
        }
    }

    @Test("What matters is on the smallest screen")
    func smallest() {
        func has(_ name: String, _ text: String) {
            let drawn = lines(name, 60, 18)
            #expect(drawn.contains { $0.contains(text) }, "\(name): \(text)")
        }
        has("list", "battery_voltage  ±(0.5 % + 0.1 V)  new")
        has("connect", "Fuse the leads at the source")
        has("connect", "the smallest range that holds 60 V")
        has("mains", "Above 50 V AC: dangerous to touch.")
        has("mains", "Switch off, wait, prove it dead")
        has("empty", "Level 1 of 5: zero.")
        has("moving", "▲ not yet: drifting")
        has("refused", "✕ Refused: battery_voltage: drifting")
        has("refused", "Let the source and the load settle.")
        has("all", "● steady")
        has("all", "allowed ±0.1 V: off scale")
        has("summary", "● passes: ±")
        has("summary", "most of it")
        has("confirm", "sensor reversed?")
        has("confirm", "take it all the same, y or n")
        has("done", "kept, ±")
        has("done", "skipped")
    }

    /// By hand: half the height is 1.05 · 0.5; 21 rows of field, nil in the 11th; one count of
    /// height is 0.0525.
    @Test("A point, its bar and the band stand where they belong")
    func plot() {
        let plan = plan(battery, gain: 1, 0...10, ratio: 0, absolute: 0.5)
        func row(_ x: Double, _ y: Double, _ bar: Double, out: Bool = false) -> WalkScreen.PointRow
        {
            .init(number: 1, reference: x, residual: y, expanded: bar, isOutlier: out)
        }
        let drawn = ResidualPlot(
            points: [row(0, 0.21, 0.105), row(5, -0.315, 0), row(10, 0.0, 0.0, out: true)],
            plan: plan, unicode: true
        ).lines(columns: 40, rows: 22).map { $0.text(for: .init(colour: false, unicode: true)) }
        #expect(drawn.count == 22)
        #expect(drawn[0].hasPrefix("+525 mV │"))
        #expect(drawn[20].hasPrefix("−525 mV │"))
        #expect(drawn[10].hasPrefix("      0 │"))
        let field = drawn.prefix(21).map { Array($0.dropFirst(9)) }
        let wide = field[0].count
        #expect(field[6][1] == "●", "0.21 is four steps of 0.0525 above nil")
        #expect(field[4][1] == "│" && field[8][1] == "│" && field[3][1] == " ")
        #expect(field[16][1 + (wide - 3) / 2] == "●" || field[16][2 + (wide - 3) / 2] == "●")
        #expect(field[10][wide - 2] == "○")
        let edges = field.indices.filter { field[$0][wide - 4] == "┄" }
        #expect(edges == [0, 20], "±0.5 is nearest the ends of ±0.525")
        #expect(drawn[21].contains("0") && drawn[21].hasSuffix("10 V"))
    }
    @Test("Small residuals are drawn large, and the band is said to be off the field")
    func zoom() {
        let points = [0.0, 30, 60].map {
            WalkScreen.PointRow(
                number: 1, reference: $0, residual: 0.001, expanded: 0.0005, isOutlier: false)
        }
        let drawn = ResidualPlot(points: points, plan: batteryPlan, unicode: true)
            .lines(columns: 60, rows: 10).map { $0.text(for: .init(colour: false, unicode: true)) }
        #expect(drawn[0].hasPrefix("+1.6 mV"))
        #expect(!drawn.joined().contains("┄"))
        #expect(drawn.last?.contains("allowed ±0.1 V: off scale") == true)
    }

    @Test("Each channel says what to connect, how to make zero, and what can kill")
    func connections() {
        for channel in ScalarChannel.allCases.map(Calibrated.scalar)
            + WaveChannel.allCases.map(Calibrated.wave)
        {
            let c = Connection(plan(channel, gain: 0.01, 0...400, ratio: 0.01, absolute: 0.1))
            #expect(!c.connect.isEmpty && !c.meter.isEmpty && !c.zero.isEmpty, "\(channel.key)")
            if channel.unit == "V" {
                #expect(c.safety.contains { $0.contains("dangerous to touch") }, "\(channel.key)")
            }
            if channel.unit == "A" || channel.unit == "W" {
                #expect(
                    !c.safety.isEmpty && (!c.polarity.isEmpty || channel == .scalar(.busCurrent)))
            }
        }
    }
}
