import Quantities
import Testing

@testable import Control

/// Every support function at rest, against values that were worked out by hand from the default
/// curves of IEEE 1547-2018.
@Suite("Support functions at rest")
struct SteadyStateTests {
    private func near(_ a: Float, _ b: Float, _ by: Float = 0.002) -> Bool {
        (a - b).magnitude <= by
    }

    /// A minute and a half in steps of 10 ms.
    private func rest(_ desk: inout DERDesk) { desk.turn(9000, each: 10) }

    @Test(
        "Volt-var, category B: 0.92/0.98/1.02/1.08 pu, 44 %",
        arguments: [
            (0.89 as Float, 0.44 as Float), (0.95, 0.22), (0.98, 0), (1.0, 0), (1.05, -0.22),
            (1.08, -0.44), (1.09, -0.44),
        ])
    func voltVarB(v: Float, q: Float) {
        var s = DERSite.settings()
        s.interconnect!.reactiveMode = .voltVar
        s.interconnect!.voltVar = VoltVarSettings(curve: DERSite.voltVarB)
        var desk = DERDesk.running(s)
        desk.voltage_pu = v
        rest(&desk)
        #expect(near(desk.q, q), "\(desk.q)")
        // Reactive power first: P gives way to the circle.
        #expect(near(desk.p, (1 - q * q).squareRoot()), "\(desk.p)")
    }

    @Test(
        "Volt-var, category A: 0.9/1.0/1.0/1.1 pu, 25 %, and with another reference",
        arguments: [
            (0.95 as Float, 1 as Float, 0.125 as Float), (1.05, 1, -0.125), (1.0, 1, 0),
            (1.05, 1.05, 0), (1.0, 1.04, 0.1),
        ])
    func voltVarA(v: Float, reference: Float, q: Float) {
        var s = DERSite.settings()
        s.interconnect!.reactiveMode = .voltVar
        s.interconnect!.voltVar = VoltVarSettings(curve: DERSite.voltVarA, reference: reference)
        var desk = DERDesk.running(s)
        desk.voltage_pu = v
        rest(&desk)
        #expect(near(desk.q, q), "\(desk.q)")
    }

    @Test("A reference that adjusts itself follows the voltage, no further than 0.95 and 1.05")
    func autonomous() {
        var s = DERSite.settings()
        s.interconnect!.reactiveMode = .voltVar
        s.interconnect!.voltVar = VoltVarSettings(
            curve: DERSite.voltVarB, isAutonomous: true, adjustment: Seconds(300))
        var desk = DERDesk.running(s)
        desk.voltage_pu = 1.05
        desk.turn(3000, each: 10)
        // After 30 s: reference 1 + 0.05 (1 − e^−0.1) = 1.00476, curve at 1.04524 is −0.1851; behind a
        // lag of 5 s / ln 10 = 2.17 s, at 0.0011 a second, −0.1875.
        #expect(near(desk.q, -0.1875, 0.0005), "\(desk.q)")
        desk.turn(24_000, each: 100)
        #expect(near(desk.q, 0), "\(desk.q)")
        desk.voltage_pu = 1.09
        desk.turn(30_000, each: 100)
        // 1.05 is as far as it goes: curve at 1.04 is −0.1467.
        #expect(near(desk.q, -0.1467), "\(desk.q)")
    }

    @Test(
        "Volt-watt: 1.06 to 1.10 pu, 100 to 20 %",
        arguments: [(1.05 as Float, 1 as Float), (1.07, 0.8), (1.08, 0.6), (1.0999, 0.202)])
    func voltWatt(v: Float, p: Float) {
        var s = DERSite.settings()
        s.interconnect!.voltWatt.isEnabled = true
        var desk = DERDesk.running(s)
        desk.voltage_pu = v
        rest(&desk)
        #expect(near(desk.p, p), "\(desk.p)")
    }

    @Test("Volt-watt of storage may demand charging, per unit of what it can charge")
    func voltWattCharging() {
        var s = DERSite.settings(canCharge: true)
        s.interconnect!.nameplate.mostIn = Watts(5000)
        s.interconnect!.voltWatt = VoltWattSettings(
            isEnabled: true, curve: Curve(from: (1.06, 1), to: (1.08, -1)))
        var desk = DERDesk.running(s)
        desk.wish.active = Watts(8000)
        desk.voltage_pu = 1.09
        rest(&desk)
        #expect(near(desk.p, -0.5), "\(desk.p)")
    }

    @Test("The average of the phases and the positive sequence are two evaluations")
    func evaluation() {
        for evaluation in [VoltageEvaluation.positiveSequence, .phaseAverage] {
            var s = DERSite.settings()
            s.interconnect!.voltageEvaluation = evaluation
            s.interconnect!.voltWatt.isEnabled = true
            var desk = DERDesk.running(s)
            desk.override = {
                $0.positive = Volts(1.08 * DERSite.volts)
                $0.phaseA = Volts(1.09 * DERSite.volts)
            }
            rest(&desk)
            // Average (1.09 + 1 + 1) / 3 = 1.03: no limit. Positive sequence 1.08: 0.6.
            #expect(near(desk.p, evaluation == .phaseAverage ? 1 : 0.6), "\(desk.p)")
        }
    }

    @Test(
        "Watt-var: from half power on, 44 % absorbed at full; at the circle both are on the curve")
    func wattVar() {
        var s = DERSite.settings()
        s.interconnect!.reactiveMode = .wattVar
        s.interconnect!.wattVar.curve = DERSite.curve([(-1, 0), (0.5, 0), (1, -0.44)])
        var desk = DERDesk.running(s)
        for (available, q) in [(2000 as Float, 0 as Float), (5000, 0), (7500, -0.22)] {
            desk.available_W = available
            rest(&desk)
            #expect(near(desk.q, q), "\(available) W: \(desk.q)")
        }
        desk.available_W = 20_000
        rest(&desk)
        // p² + (0.88 (p − 0.5))² = 1: p = 0.9268, q = −0.3756.
        #expect(near(desk.p, 0.9268) && near(desk.q, -0.3756), "\(desk.p) \(desk.q)")
    }

    @Test(
        "Constant power factor goes by the power that flows, and stays at the circle",
        arguments: [
            (5000 as Float, true, 0.2422 as Float), (5000, false, -0.2422), (20_000, true, 0.4359),
        ])
    func powerFactor(available: Float, injecting: Bool, q: Float) {
        var s = DERSite.settings()
        s.interconnect!.powerFactor = PowerFactorSettings(magnitude: 0.9, isInjecting: injecting)
        var desk = DERDesk.running(s)
        desk.available_W = available
        rest(&desk)
        #expect(near(desk.q, q), "\(desk.q)")
        let flowing = min(desk.p, available / DERSite.rating)
        #expect(near(flowing / (flowing * flowing + desk.q * desk.q).squareRoot(), 0.9))
    }

    @Test("Constant reactive power, and one that is dispatched, by which active power gives way")
    func constantReactive() {
        var s = DERSite.settings()
        s.interconnect!.reactiveMode = .constantReactive
        s.interconnect!.constantReactive.reactive = -0.4
        var desk = DERDesk.running(s)
        rest(&desk)
        #expect(near(desk.q, -0.4) && near(desk.p, 0.9165), "\(desk.p) \(desk.q)")
        s.interconnect!.reactiveMode = .dispatched
        desk.controller.adopt(s)
        desk.wish.reactive = Vars(3000)
        rest(&desk)
        #expect(near(desk.q, 0.3) && near(desk.p, 0.9539), "\(desk.p) \(desk.q)")
        // Beyond the rating it is the rating.
        desk.wish.reactive = Vars(9000)
        rest(&desk)
        #expect(near(desk.q, 0.44), "\(desk.q)")
    }

    @Test("With active power first, reactive power gives way to what flows")
    func activeFirst() {
        var s = DERSite.settings()
        s.interconnect!.reactiveMode = .constantReactive
        s.interconnect!.constantReactive.reactive = 0.44
        s.interconnect!.priority = .active
        var desk = DERDesk.running(s)
        rest(&desk)
        #expect(near(desk.p, 1) && near(desk.q, 0), "\(desk.p) \(desk.q)")
        desk.available_W = 9500
        rest(&desk)
        // √(1 − 0.96²) = 0.28: 1 % of head room.
        #expect(near(desk.q, 0.28), "\(desk.q)")
    }

    @Test(
        "Frequency-droop: p_pre less 1 for every 3 Hz (k = 0.05) beyond 36 mHz",
        arguments: [
            (8000 as Float, 60.5 as Float, 0.6453 as Float), (8000, 60.03, 0.8),
            (5000, 61.5, 0.012),
            (5000, 61.9, 0), (8000, 59.5, 0.9547), (9500, 59.0, 1),
        ])
    func frequencyDroop(available: Float, f: Float, p: Float) {
        var desk = DERDesk.running(DERSite.settings())
        desk.available_W = available
        desk.turn(150)
        if f < 60 {
            // Head room: the sun comes out, but the limit was lower before.
            var s = DERSite.settings()
            s.interconnect!.activeLimit = ActiveLimitSettings(
                isEnabled: true, most: available / DERSite.rating, response: Seconds(0.1))
            desk.controller.adopt(s)
            desk.turn(3000)
            desk.available_W = 20_000
        }
        desk.frequency = f
        desk.turn(3000, each: 10)
        #expect(near(min(desk.p, desk.available_W / DERSite.rating), p), "\(desk.p)")
    }

    @Test(
        "Storage is driven through nil by frequency",
        arguments: [
            (0.3 as Float, 59.5 as Float, 0.4547 as Float), (-0.3, 59.5, -0.1453),
            (0.1, 61.536, -0.4), (0.1, 63.9, -1),
        ])
    func storage(wish: Float, f: Float, p: Float) {
        var s = DERSite.settings(canCharge: true)
        s.stages = []
        var desk = DERDesk.running(s)
        desk.wish.active = Watts(wish * DERSite.rating)
        desk.turn(150)
        desk.frequency = f
        desk.turn(3000, each: 10)
        #expect(near(desk.p, p), "\(desk.p)")
        desk.frequency = 60
        desk.turn(4000, each: 10)
        #expect(near(desk.p, wish), "\(desk.p)")
    }

    @Test("EN 50549-1, LFSM-O: 50.2 Hz, 5 % of the power that flowed")
    func lfsm() {
        var s = DERSite.settings(frequency: 50)
        s.stages = []
        s.interconnect!.rideThrough.continuousFrequency = .init(49, 51)
        s.interconnect!.frequencyDroop = FrequencyDroopSettings(
            over: .init(deadBand: Hertz(0.2), droop: 0.05),
            under: .init(isEnabled: false), base: .preDisturbance, response: Seconds(2),
            release_per_s: 0.1 / 60)
        var desk = DERDesk.running(s)
        desk.available_W = 6000
        desk.turn(150)
        desk.frequency = 50.7
        desk.turn(2000, each: 10)
        // 0.6 − 0.6 · 0.5 Hz / (50 Hz · 0.05) = 0.48.
        #expect(near(desk.p, 0.48), "\(desk.p)")
        // Back again, at most 10 % of the rating a minute: 0.05 in 30 s.
        desk.frequency = 50
        desk.turn(3000, each: 10)
        #expect(near(desk.p, 0.53), "\(desk.p)")
    }

    @Test("The lower of volt-watt and frequency-droop holds, and droop goes above a limit")
    func precedence() {
        var s = DERSite.settings(canCharge: true)
        s.interconnect!.voltWatt.isEnabled = true
        s.interconnect!.activeLimit = ActiveLimitSettings(
            isEnabled: true, most: 0.3, response: Seconds(0.1))
        var desk = DERDesk.running(s)
        desk.wish.active = Watts(8000)
        rest(&desk)
        #expect(near(desk.p, 0.3), "\(desk.p)")
        desk.frequency = 59.364  // 0.6 Hz below the dead band: 0.2 more.
        rest(&desk)
        #expect(near(desk.p, 0.5), "\(desk.p)")
        desk.voltage_pu = 1.09  // Volt-watt allows 0.4.
        rest(&desk)
        #expect(near(desk.p, 0.4), "\(desk.p)")
    }

    @Test("A forming home that is tied has its schedule shaped; untied it has not")
    func forming() {
        var s = TestSite.home
        s.interconnect = DERSite.settings(canCharge: true).interconnect
        s.interconnect!.nameplate = Nameplate(
            apparent: VoltAmperes(5000), mostOut: Watts(5000), mostIn: Watts(5000),
            mostInjected: Vars(2200), mostAbsorbed: Vars(2200))
        s.interconnect!.reactiveMode = .constantReactive
        s.interconnect!.constantReactive.reactive = 0.2
        s.interconnect!.frequencyDroop.over = .init(deadBand: Hertz(0.036), droop: 0.05)
        var controller = Controller(s)
        var m = Measured()
        m.bus.isSettled = true
        m.bus.positive = Volts(230)
        m.bus.frequency = Hertz(50)
        m.bus.active = Watts(2000)
        var wish = Setpoints(tied: true, active: Watts(2000))
        for _ in 0..<30_000 { _ = controller.shaped(wish, m, elapsed: 1) }
        var shaped = controller.shaped(wish, m, elapsed: 1)
        #expect(near(shaped.reactive.value, 1000, 3) && near(shaped.active.value, 2000, 3))
        m.bus.frequency = Hertz(50.286)
        for _ in 0..<20_000 { shaped = controller.shaped(wish, m, elapsed: 1) }
        // 0.25 Hz of 2.5 Hz: a tenth of the rating less.
        #expect(near(shaped.active.value, 1500, 3), "\(shaped.active)")
        wish.tied = false
        shaped = controller.shaped(wish, m, elapsed: 1)
        #expect(shaped == wish)
    }
}
