import Quantities
import Testing

@testable import Control

/// Open-loop response times (IEEE 1547-2018, clause 3.1): 90 % of the final change, within 2 %.
@Suite("Open-loop responses")
struct ResponseTests {
    /// Ticks until `value` has done 90 % of the way to where it ends.
    private func response(
        _ desk: DERDesk, by seconds: Float, _ value: (DERDesk) -> Float,
        _ step: (inout DERDesk) -> Void
    ) -> Float {
        var runs = desk
        let start = value(runs)
        step(&runs)
        var seen: [Float] = []
        for _ in 0..<Int(seconds * 6000) {
            runs.turn()
            seen.append(value(runs))
        }
        let end = seen.last!
        let there = seen.firstIndex { ($0 - start) / (end - start) >= 0.9 }!
        return Float(there + 1) / 1000
    }
    private func isNear(_ took: Float, _ asked: Float) -> Bool {
        (took - asked).magnitude <= 0.02 * asked + 0.001
    }

    @Test("Volt-var", arguments: [1 as Float, 5])
    func voltVar(t: Float) {
        var s = DERSite.settings()
        s.interconnect!.reactiveMode = .voltVar
        s.interconnect!.voltVar = VoltVarSettings(curve: DERSite.voltVarB, response: Seconds(t))
        let took = response(.running(s), by: t, \.q) { $0.voltage_pu = 1.06 }
        #expect(isNear(took, t), "\(took) s")
    }

    @Test("Volt-watt", arguments: [0.5 as Float, 10])
    func voltWatt(t: Float) {
        var s = DERSite.settings()
        s.interconnect!.voltWatt = VoltWattSettings(isEnabled: true, response: Seconds(t))
        let took = response(.running(s), by: t, \.p) { $0.voltage_pu = 1.08 }
        #expect(isNear(took, t), "\(took) s")
    }

    @Test("Frequency-droop, away and back", arguments: [0.2 as Float, 5])
    func frequencyDroop(t: Float) {
        var s = DERSite.settings(canCharge: true)
        s.interconnect!.frequencyDroop.response = Seconds(t)
        var desk = DERDesk.running(s)
        desk.wish.active = Watts(5000)
        desk.turn(150)
        let away = response(desk, by: t, \.p) { $0.frequency = 60.6 }
        desk.frequency = 60.6
        desk.turn(Int(t * 6000))
        let back = response(desk, by: t, \.p) { $0.frequency = 60 }
        // The desk has no meter, whose 3 cycles are deducted; `DERWaveTests` has the whole.
        let own = t - 3.0 / 60
        #expect(isNear(away, own) && isNear(back, own), "\(away) s, \(back) s")
    }

    @Test("A sag that moves power before it is known as one is no power of before")
    func movedFirst() {
        var before = PowerBefore()
        for _ in 0..<200 { before.step(1, isUndisturbed: true, passed: 0.001) }
        #expect(before.power == 1)
        // Twelve ticks, as calm as they seem, in which a sag draws power down.
        for n in 0..<12 { before.step(1 - Float(n) * 0.02, isUndisturbed: true, passed: 0.001) }
        for _ in 0..<600 { before.step(0.5, isUndisturbed: false, passed: 0.001) }
        #expect(before.power == 1)
        // Long calm again, it follows, 0.15 s behind; what is not known moves nothing.
        for _ in 0..<200 { before.step(.nan, isUndisturbed: true, passed: 0.001) }
        for _ in 0..<48 { before.step(0.7, isUndisturbed: true, passed: 0.001) }
        #expect(before.power == 1)
        for _ in 0..<4 { before.step(0.7, isUndisturbed: true, passed: 0.001) }
        #expect(before.power == 0.7)
    }

    @Test("Constant reactive power, power factor and the active-power limit")
    func others() {
        var s = DERSite.settings()
        s.interconnect!.reactiveMode = .constantReactive
        let desk = DERDesk.running(s)
        let reactive = response(desk, by: 10, \.q) {
            s.interconnect!.constantReactive.reactive = 0.3
            $0.controller.adopt(s)
        }
        #expect(isNear(reactive, 10), "\(reactive) s")
        s = DERSite.settings()
        let factor = response(.running(s), by: 10, \.q) {
            s.interconnect!.powerFactor.magnitude = 0.95
            $0.available_W = 5000
            $0.controller.adopt(s)
        }
        #expect(isNear(factor, 10), "\(factor) s")
        s = DERSite.settings()
        let limit = response(.running(s), by: 10, \.p) {
            s.interconnect!.activeLimit = ActiveLimitSettings(isEnabled: true, most: 0.4)
            $0.controller.adopt(s)
        }
        #expect(isNear(limit, 10), "\(limit) s")
    }

    @Test("A lag of minutes moves at a kilohertz, and a step longer than it does not overshoot")
    func slow() {
        var lag = OpenLoopResponse(1)
        for _ in 0..<300_000 { lag.step(towards: 1.001, constant: 3000, passed: 0.001) }
        // After 300 s of 3000 s: 1 − e^−0.1 = 0.09516 of the step.
        #expect((lag.now - 1.000_095_16).magnitude < 1e-6, "\(lag.now)")
        lag.step(towards: 2, constant: 0.1, passed: 1000)
        #expect(lag.now == 2)
        lag.step(towards: .nan, constant: 0.1, passed: 1)
        lag.jump(to: .infinity)
        #expect(lag.now == 2)
    }

    @Test("A blip of frequency just after a sag does not take the sag's power for that of before")
    func blipAfterSag() {
        var desk = DERDesk.running(DERSite.settings())
        desk.voltage_pu = 0.75
        desk.override = { $0.active = Watts(7500) }
        desk.turn(300)
        // Voltage is back, and the meter has some of the sag's power yet.
        desk.voltage_pu = 1
        desk.turn(20)
        desk.frequency = 60.06
        desk.turn(5)
        desk.frequency = 60
        desk.override = nil
        desk.turn(1500)
        #expect(desk.p > 0.99)
    }

    @Test(
        "Out of the dead band again while free, power falls from what flows, not from its ceiling")
    func againWhileFree() {
        var desk = DERDesk.running(DERSite.settings())
        desk.available_W = 0.5 * DERSite.rating
        desk.turn(300)
        for (frequency, ticks) in [(60.6, 20), (60, 60)] as [(Float, Int)] {
            desk.frequency = frequency
            desk.turn(ticks)
        }
        #expect(desk.p > 0.505)
        desk.frequency = 60.6
        desk.turn(2)
        #expect(desk.p <= 0.5)
    }
}
