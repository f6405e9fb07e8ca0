import Control
import Testing

@testable import Calibration

@Suite("A session of one channel")
struct SessionTests {
    /// After a point at 15 V, with the link at 0 and a quiet current.
    private func begun() -> ChannelSession {
        var session = ChannelSession(plan: plan(), meter: meter)
        #expect(session.refusal(15, moment(at(1500, link: 0))) == nil)
        return session
    }
    private func at(_ raw: Double, link: Double = 0, noise: Double = 1) -> [Calibrated: Window] {
        [volts: window(raw, noise: noise), linkVolts: window(link), amperes: window(0)]
    }

    @Test("A point holds what was seen")
    func taken() throws {
        var session = ChannelSession(plan: plan(), meter: meter)
        let point = try session.take(15.02, phase_deg: 1, deviation: 0.001, at: moment(at(1500)))
        #expect((point.raw - 1500).magnitude < 1e-9)
        #expect((point.deviation - (50.0 / 49).squareRoot()).magnitude < 1e-9)
        #expect(point.count == 50 && point.reference == 15.02 && point.referenceDeviation == 0.001)
        #expect(point.referencePhase_deg == 1 && point.temperature_degC == 21)
        #expect(point.at_s == 1_800_000_000)
        #expect(session.points == [point])
    }

    @Test("Each refusal by its kind, with a remedy, and nothing taken")
    func refusals() {
        let cases: [(PointRefusal.Kind, Double, [Calibrated: Window])] = [
            (.noNumber, .nan, at(3000)), (.noNumber, .infinity, at(3000)),
            (.silent, 30, [:]),
            (.unsteady, 30, [volts: window(3000, noise: 30)]),
            (.unsteady, 30, [volts: window(3000, slope: 5)]),
            (.saturated, 300, [volts: window(32767, noise: 0)]),
            (.duplicate, 15, at(1500)), (.duplicate, 15.01, at(1500.3)),
            (.wrongChannel, 30, at(1500, link: 1500)),
            (.wrongChannel, 30, at(1500.5, link: 3000)),
            (.unmoved, 30, at(1500)),
            (.reversed, 30, at(-3000)),
            (.implausible, 30, at(300)), (.implausible, 3, at(3000)),
        ]
        for (kind, reference, windows) in cases {
            var session = begun()
            let refusal = session.refusal(reference, moment(windows))
            #expect(refusal?.kind == kind, "\(reference): \(refusal?.message ?? "taken")")
            #expect(refusal?.remedy.isEmpty == false && refusal?.message.isEmpty == false)
            #expect(session.points.count == 1)
            if kind == .wrongChannel { #expect(refusal?.other == linkVolts) }
            let confirmable: [PointRefusal.Kind] = [.reversed, .implausible]
            #expect(refusal?.canBeConfirmed == confirmable.contains(kind))
        }
        #expect(Set(cases.map(\.0)) == Set(PointRefusal.Kind.allCases), "every kind is met")
    }

    @Test("A channel that moves with the right one is no fault")
    func together() {
        var session = begun()
        #expect(session.refusal(30, moment(at(3000, link: 9000))) == nil)
    }

    @Test("Of two that moved, the one that moved further in its own noise is named")
    func furthest() {
        var session = begun()
        var windows = at(1500, link: 2000)
        windows[amperes] = window(5000)
        #expect(session.refusal(30, moment(windows))?.other == amperes)
        windows[amperes] = window(5000, noise: 900)
        #expect(session.refusal(30, moment(windows))?.other == linkVolts)
    }

    @Test("The first point knows a wrong channel by its value")
    func firstPoint() {
        var session = ChannelSession(plan: plan(), meter: meter)
        let refusal = session.refusal(30, moment(at(2, link: 3010)))
        #expect(refusal?.kind == .wrongChannel && refusal?.other == linkVolts)
        let dead = session.refusal(30, moment(at(2, link: 900)))
        #expect(dead?.kind == .implausible && dead?.canBeConfirmed == false)
    }

    @Test("A reversed sensor and another ratio, once confirmed, are expected")
    func confirmed() {
        var session = ChannelSession(plan: plan(amperes, -100...100), meter: meter)
        func windows(_ raw: Double) -> [Calibrated: Window] { [amperes: window(raw)] }
        let asked = session.refusal(12, moment(windows(-1210)))
        #expect(asked?.kind == .reversed)
        #expect(
            asked?.message
                == "battery_current reads −12.100 A where the meter says 12.000 A: current sensor reversed?"
        )
        #expect(session.refusal(12, moment(windows(-1210)), confirmed: true) == nil)
        #expect(session.refusal(-50, moment(windows(5000))) == nil, "no second question")
        #expect(session.refusal(50, moment(windows(5000)))?.kind == .unmoved)

        var resumed = ChannelSession(
            plan: session.plan, meter: meter, points: session.points)
        #expect(resumed.refusal(-90, moment(windows(9000))) == nil, "nor after an interruption")
        #expect(resumed.refusal(90, moment(windows(9000)))?.canBeConfirmed != true)

        var shunt = ChannelSession(plan: plan(amperes, -100...100), meter: meter)
        let twice = shunt.refusal(80, moment(windows(4000)))
        #expect(
            twice?.message.contains("2.00 times the reading. The true value is 2 times") == true)
        #expect(shunt.refusal(80, moment(windows(4000)), confirmed: true) == nil)
        #expect(shunt.refusal(-40, moment(windows(-2000))) == nil)
    }

    /// A current of 5 A into a resistor, whose sensor says another angle than 0.
    @Test("A waveform's phase tells a reversed sensor and another phase")
    func phases() {
        let nominal = Nominal(gain: 0.01, lowest: -32768, highest: 32767, isAlternating: true)
        let plan = ChannelPlan(
            channel: .wave(.currentA), nominal: nominal,
            required: RequiredAccuracy(ratio: 0.01, absolute: 0.05), span: 0...10)!
        func seen(_ phase_deg: Double, _ raw: Double = 500) -> ChannelSession.Moment {
            var window = Window(nominal: nominal)
            window.add(
                (0..<30).map {
                    RawReading(
                        raw: raw + ($0 % 2 == 0 ? 0.1 : -0.1), time_s: Double($0) / 5,
                        mean: 3, phase_deg: phase_deg, frequency_Hz: 50)
                })
            return moment([plan.channel: window])
        }
        func refusal(
            _ s: inout ChannelSession, _ moment: ChannelSession.Moment, _ reference: Double = 5,
            confirmed: Bool = false
        ) -> PointRefusal? {
            do throws(PointRefusal) {
                try s.take(reference, phase_deg: 0, at: moment, confirmed: confirmed)
                return nil
            } catch { return error }
        }
        for (phase_deg, kind) in [
            (2.5, nil), (-3, nil), (178, .reversed), (-179, .reversed), (121, .wrongChannel),
            (-119, .wrongChannel), (62, .wrongChannel),
        ] as [(Double, PointRefusal.Kind?)] {
            var session = ChannelSession(plan: plan, meter: meter)
            #expect(refusal(&session, seen(phase_deg))?.kind == kind, "\(phase_deg)")
        }
        var session = ChannelSession(plan: plan, meter: meter)
        #expect(refusal(&session, seen(178), confirmed: true) == nil)
        #expect(refusal(&session, seen(177, 800), 8) == nil, "no second question")
        #expect(refusal(&session, seen(121, 300), 3, confirmed: true)?.kind == .wrongChannel)
        #expect(refusal(&session, seen(97, 1), 0) == nil, "nothing flows: no phase")
        #expect(session.points.last?.phase_deg == nil && session.points.last?.mean == 3)
    }

    @Test("Confirming does not take what is unsteady, on the wrong channel or there already")
    func notConfirmable() {
        for (reference, windows) in [
            (30.0, [volts: window(3000, noise: 30)]), (30, at(1500, link: 1500)), (15, at(1500)),
        ] {
            var session = begun()
            #expect(session.refusal(reference, moment(windows), confirmed: true) != nil)
            #expect(session.points.count == 1)
        }
    }

    @Test("Redo, remove and undo, step by step")
    func changes() throws {
        var session = begun()
        #expect(session.refusal(30, moment(at(3000))) == nil)
        #expect(session.refusal(45, moment(at(4500))) == nil)
        let three = session.points

        #expect(!session.redo(3) && session.redo(1))
        #expect(session.wanted == 30)
        #expect(session.refusal(30.1, moment(at(3010))) == nil, "no duplicate of what it replaces")
        #expect(session.points.map(\.reference) == [15, 30.1, 45] && session.redoing == nil)
        #expect(session.undo() && session.points == three)

        #expect(!session.remove(5) && session.remove(0))
        #expect(session.points.map(\.reference) == [30, 45])
        #expect(session.undo() && session.points == three)

        _ = session.redo(0)
        #expect(session.undo() && session.redoing == nil && session.points == three)
        #expect(session.undo() && session.undo() && session.undo() && !session.undo())
        #expect(session.points.isEmpty)
        #expect(session.refusal(15, moment(at(1500))) == nil, "and it goes on")
    }

    @Test("Levels are asked for until each has a point near it, in any order")
    func levels() {
        var session = ChannelSession(plan: plan(), meter: meter)
        #expect(session.plan.levels == [0, 15, 30, 45, 60])
        #expect(session.wanted == 0)
        for (reference, next) in [(44.2, 0.0), (0.3, 15), (31, 15), (14, 60)] {
            #expect(session.refusal(reference, moment(at(reference * 100))) == nil)
            #expect(session.wanted == next)
        }
        #expect(session.refusal(58, moment(at(5800))) == nil)
        #expect(session.wanted == nil)
        let resumed = ChannelSession(
            plan: plan(), meter: meter, points: Array(session.points.prefix(2)))
        #expect(resumed.wanted == 15)
    }
}
