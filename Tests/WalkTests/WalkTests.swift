import Calibration
import Report
import Testing

@testable import Walk

@Suite("A walk, key by key")
struct WalkTests {
    /// To the live view of the first channel of several.
    private func atFirst(
        _ plans: [ChannelPlan] = [batteryPlan, linkPlan], seed: UInt64 = 7,
        _ misbehaviours: [PracticeSource.Misbehaviour] = []
    ) -> Desk {
        var desk = Desk(plans, seed: seed, misbehaviours)
        desk.press(.enter, .enter)
        return desk
    }

    @Test(
        "From the list to a kept calibration that knows the hidden errors",
        arguments: 1...4 as ClosedRange<UInt64>)
    func whole(seed: UInt64) throws {
        var desk = atFirst(seed: seed)
        for n in 1...5 {
            desk.takePoint()
            #expect(desk.points.count == n, "seed \(seed): \(desk.message)")
        }
        #expect(desk.saved[battery]?.count == 5)
        desk.press(.character("f"))
        #expect(desk.walk.place == .summary)
        #expect(desk.kept.isEmpty, "nothing is kept before enter")
        desk.press(.enter)
        let c = try #require(desk.kept[battery]).coefficients
        let truth = try #require(desk.source.truth(of: battery))
        #expect((c.zero - truth.zero).magnitude < endBound_V, "seed \(seed)")
        #expect((c.scale - truth.scale).magnitude < scaleBound, "seed \(seed)")
        #expect(desk.walk.place == .connect && desk.walk.current == 1, "on to the next")
        desk.press(.character("s"))
        #expect(desk.walk.isDone && desk.walk.place == .list(1))
        desk.press(.character("q"))
        #expect(desk.hasQuit)
    }

    @Test("A point at once is refused and the picture says why; a moment later it is taken")
    func unsteady() {
        var desk = atFirst()
        desk.takePoint()
        desk.wait(0.5)
        desk.type(desk.source.display ?? "")
        #expect(desk.message.hasPrefix("Refused: battery_voltage: not settled"))
        #expect(desk.remedy == "Let the source and the load settle.")
        #expect(desk.points.count == 1 && desk.saved[battery]?.count == 1)
        desk.takePoint()
        #expect(desk.points.count == 2 && desk.message == "Point 2 taken.")
    }

    @Test("A supply that wanders is never steady")
    func wandering() {
        var desk = atFirst([batteryPlan], [.unsteady(battery, 0.01)])
        desk.press(.enter)
        desk.takePoint()
        for _ in 0..<3 {
            desk.takePoint()
            #expect(desk.message.hasPrefix("Refused: battery_voltage: "))
        }
        #expect(desk.points.count == 1)
    }

    @Test("The supply on another channel is seen, named, and mended by moving the leads")
    func misplugged() {
        var desk = atFirst([batteryPlan, linkPlan], [.misplugged(battery, level: 2, onto: link)])
        desk.takePoint()
        desk.takePoint()
        desk.takePoint()
        #expect(desk.message.hasSuffix("; link_voltage shows it."))
        #expect(desk.points.count == 2)
        desk.takePoint()
        #expect(desk.points.count == 3)
    }

    @Test("Exchanged wires are named on the first level that is not nil")
    func swapped() {
        var desk = atFirst([batteryPlan, linkPlan], [.swapped(battery, link)])
        desk.takePoint()
        desk.takePoint()
        #expect(desk.message.contains("link_voltage moved, battery_voltage did not."))
        #expect(desk.points.count == 1)
    }

    @Test("A converter that ends too early says saturated")
    func saturated() {
        var desk = atFirst([batteryPlan], [.saturated(battery, 0.6)])
        desk.press(.enter)
        for _ in 0..<4 { desk.takePoint() }
        #expect(desk.points.count == 3)
        #expect(desk.message.hasPrefix("Refused: battery_voltage: saturated in 100 %"))
    }

    @Test("A reversed sensor is asked about once")
    func reversed() throws {
        var desk = atFirst([currentPlan], [.reversed(current)])
        desk.press(.enter)
        desk.takePoint()
        desk.takePoint()
        #expect(desk.message.hasSuffix("current sensor reversed?"))
        desk.type("5")
        #expect(desk.points.count == 1, "only y takes it")
        desk.press(.character("n"))
        #expect(desk.walk.place == .live && desk.points.count == 1)
        desk.takePoint()
        desk.press(.character("y"))
        #expect(desk.points.count == 2)
        for _ in 0..<3 { desk.takePoint() }
        #expect(desk.points.count == 5)
        desk.press(.character("f"), .enter)
        let fit = try #require(desk.kept[current])
        let truth = try #require(desk.source.truth(of: current))
        #expect(fit.isReversed)
        #expect((fit.coefficients.scale - truth.scale).magnitude < 2e-4)
    }

    @Test("Redo, remove, undo; what is typed wrongly changes nothing")
    func editing() {
        var desk = atFirst()
        for _ in 0..<3 { desk.takePoint() }
        let three = desk.points
        for (text, said) in [
            ("36,1", "Not taken: decimal comma: write 36.1."), ("r9", "There are points 1 to 3."),
            ("r", "There are points 1 to 3."), ("x0", "There are points 1 to 3."),
            ("12 A", "Not taken: “A”: this channel is in V."),
        ] {
            desk.type(text)
            #expect(desk.message == said)
        }
        desk.type("   ")
        #expect(desk.points == three)

        desk.type("r2")
        #expect(desk.walk.screen.body.live?.wanted == "Point 2 again, about 15.1 V.")
        desk.takePoint()
        #expect(desk.message == "Point 2 taken.")
        #expect(desk.points.count == 3 && desk.points[1] != three[1])
        desk.press(.character("u"))
        #expect(desk.points == three)
        desk.type("x1")
        #expect(desk.points == Array(three.dropFirst()) && desk.saved[battery] == desk.points)
        desk.press(.character("u"))
        #expect(desk.points == three)

        desk.press(.character("4"), .character("7"), .backspace)
        #expect(desk.walk.screen.typed == "4")
        desk.press(.escape)
        #expect(desk.walk.screen.typed == "")
        for _ in 0..<99 { desk.press(.character("1")) }
        #expect(desk.walk.screen.typed.count == 40)
    }

    @Test("Too few points finish nothing; help covers and uncovers; b goes to the list")
    func places() {
        var desk = atFirst()
        desk.press(.character("f"))
        #expect(desk.message == "There is no point yet.")
        desk.press(.character("u"))
        #expect(desk.message == "Nothing to take back.")
        desk.takePoint()
        desk.press(.character("f"))
        #expect(desk.message.hasPrefix("No calibration yet: ") && desk.walk.place == .live)
        desk.press(.character("?"))
        #expect(desk.walk.screen.body == .help)
        desk.press(.character("q"))
        #expect(!desk.hasQuit && desk.walk.place == .live, "any key only uncovers")
        desk.press(.character("b"))
        #expect(desk.walk.place == .list(0))
        desk.type("7")
        #expect(desk.message == "There are channels 1 to 2.")
        desk.type("2")
        #expect(desk.walk.place == .connect && desk.walk.current == 1)
        desk.press(.character("b"), .up, .up, .down, .down, .down, .up, .enter)
        #expect(desk.walk.current == 0 && desk.message == "Resumed with 1 saved points.")
    }

    @Test("An interrupted walk goes on from its points")
    func resumed() {
        var first = atFirst()
        for _ in 0..<3 { first.takePoint() }
        var second = Desk([batteryPlan, linkPlan], seed: 7, saved: first.saved)
        #expect(second.picture(80, 24).contains { $0.contains("3 points saved") })
        second.press(.enter, .enter)
        #expect(second.points == first.points)
        #expect(
            second.walk.screen.body.live?.wanted == "Level 4 of 5: set the source to about 45 V.")
        second.takePoint()
        #expect(second.points.count == 4)
    }

    @Test("A waveform is calibrated by its RMS, and keeps mean and phases")
    func waveform() throws {
        var desk = atFirst([gridPlan])
        desk.press(.enter)
        for _ in 0..<5 { desk.takePoint() }
        let truth = try #require(desk.source.truth(of: grid))
        let point = try #require(desk.points.last)
        #expect(point.referencePhase_deg == 0)
        #expect(((point.phase_deg ?? 0) - truth.phase_deg).magnitude < 0.02)
        #expect(((point.mean ?? 0) - truth.mean).magnitude < 1e-9)
        desk.press(.character("f"), .enter)
        let scale = try #require(desk.kept[grid]).coefficients.scale
        #expect((scale - truth.scale).magnitude < 2e-4)
    }

    @Test("The same seed is the same bench")
    func seeds() {
        var (a, b, c) = (atFirst(seed: 3), atFirst(seed: 3), atFirst(seed: 4))
        for _ in 0..<3 {
            a.takePoint()
            b.takePoint()
            c.takePoint()
        }
        #expect(a.points == b.points && a.points != c.points)
    }
}

extension WalkScreen.Body {
    var live: WalkScreen.Live? {
        if case .live(let live) = self { return live }
        return nil
    }
}
