import Quantities
import Testing

@testable import Control

/// In and out of service (IEEE 1547-2018, 4.6.1, 4.10), and what is not known.
@Suite("The machine of a DER")
struct DERTests {
    private func enters(_ desk: inout DERDesk, by most: Int) -> Int? {
        desk.ticksUntil(most) { $0.state.isInService }
    }

    @Test("It enters service after the delay, and ramps up in a line")
    func enterService() throws {
        var desk = DERDesk(DERSite.settings())
        let took = try #require(enters(&desk, by: 1000))
        #expect(took == 500)
        #expect(desk.p == 0)
        desk.turn(500)
        guard case .enteringService = desk.state else {
            Issue.record("\(desk.state)")
            return
        }
        #expect((desk.p - 0.5).magnitude < 0.002, "\(desk.p)")
        desk.turn(499)
        #expect(desk.state != .continuous && desk.p < 1)
        desk.turn(2)
        #expect(desk.state == .continuous && desk.p == 1)
    }

    @Test(
        "Just outside the window it never enters, just inside it does",
        arguments: [
            (0.916 as Float, 60 as Float, false), (0.918, 60, true), (1.051, 60, false),
            (1.049, 60, true), (1, 59.49, false), (1, 59.51, true), (1, 60.11, false),
            (1, 60.09, true),
        ])
    func window(v: Float, f: Float, does: Bool) {
        var desk = DERDesk(DERSite.settings())
        desk.voltage_pu = v
        desk.frequency = f
        #expect((enters(&desk, by: 2000) != nil) == does)
    }

    @Test("An excursion longer than 50 ms begins the delay anew, a shorter one does not")
    func interrupted() {
        for (excursion, expected) in [(50, 500), (51, 951)] {
            var desk = DERDesk(DERSite.settings())
            desk.turn(400)
            desk.phases[2] = 0.9
            desk.turn(excursion)
            #expect(!desk.state.isInService)
            desk.phases[2] = 1
            let took = 400 + excursion + (enters(&desk, by: 2000) ?? 9999)
            #expect(took == expected + (excursion == 50 ? 50 : 0), "\(took)")
        }
    }

    @Test("After a trip it waits for the whole delay again")
    func again() throws {
        var desk = DERDesk.running(DERSite.settings())
        desk.voltage_pu = 1.25
        #expect(desk.ticksUntil(200) { $0.state == .tripped(.stage(0)) } == 120)
        desk.voltage_pu = 1
        let took = try #require(enters(&desk, by: 2000))
        #expect(took >= 500 && took <= 600, "\(took)")
        #expect(desk.p == 0)
    }

    @Test(
        "A random delay is drawn anew each time, is never above its most, and repeats by its seed")
    func random() {
        func delays(_ seed: UInt32) -> [Int] {
            var s = DERSite.settings()
            s.interconnect!.enterService.randomDelay = 1000
            s.interconnect!.enterService.seed = seed
            var desk = DERDesk(s)
            return (0..<8).map { _ in
                let took = enters(&desk, by: 3000) ?? 9999
                s.interconnect!.enterService.isPermitted = false
                desk.controller.adopt(s)
                desk.turn()
                s.interconnect!.enterService.isPermitted = true
                desk.controller.adopt(s)
                return took
            }
        }
        let a = delays(1), b = delays(2)
        #expect(a == delays(1) && a != b)
        #expect((a + b).allSatisfy { (500...1500).contains($0) }, "\(a) \(b)")
        #expect(Set(a + b).count >= 14 && (a + b).max()! > 1000 && (a + b).min()! < 1000)
    }

    @Test("Permission withdrawn, by the operator or by a wish, ends service at once")
    func permission() {
        for way in 0..<3 {
            var s = DERSite.settings()
            var desk = DERDesk.running(s)
            switch way {
            case 0:
                s.interconnect!.enterService.isPermitted = false
                desk.controller.adopt(s)
            case 1: desk.wish.connect = false
            default: desk.wish.island = true
            }
            desk.turn()
            #expect(desk.state == .outOfService(.wish))
            #expect(!desk.record.command.outputs[Output.inverterEnable])
            desk.turn(3000)
            #expect(desk.state == .outOfService(.wish))
            s.interconnect!.enterService.isPermitted = true
            desk.controller.adopt(s)
            desk.wish = .fallback
            // The delay begins with the permission, however long the window has held before.
            #expect(enters(&desk, by: 600) == 500)
        }
    }

    @Test("Blind: what was commanded holds until the blind rule, then it trips, named blind")
    func blind() {
        for channel in [ChannelSet.busVoltages, .currents, .wave(.busB)] {
            var desk = DERDesk.running(DERSite.settings())
            desk.available_W = 6000
            desk.turn(10)
            desk.blind = channel
            desk.voltage_pu = 0
            desk.frequency = 70
            desk.override = {
                $0.active = Watts(.nan)
                $0.positive = Volts(.nan)
            }
            if channel == .currents {
                desk.voltage_pu = 1
                desk.frequency = 60
                desk.override = nil
            }
            desk.turn(99)
            #expect(desk.p == 1 && desk.record.command.inverter.mode == .follow)
            desk.turn()
            #expect(desk.state == .tripped(.blind) && desk.record.derCause == .blind)
            #expect(!desk.record.command.outputs[Output.inverterEnable])
            desk.blind = ChannelSet()
            desk.voltage_pu = 1
            desk.frequency = 60
            desk.override = nil
            #expect(enters(&desk, by: 600) != nil)
        }
    }

    @Test("NaN in any figure is never sound: nothing but finite commands, and a trip in the end")
    func nan() {
        for keyPath: WritableKeyPath<ACMeasured, Volts> in [\.phaseA, \.lineCA] {
            var desk = DERDesk.running(DERSite.settings())
            desk.override = { $0[keyPath: keyPath] = Volts(.nan) }
            let tripped = desk.ticksUntil(300) {
                if case .tripped = $0.state { true } else { false }
            }
            #expect(tripped != nil && tripped! <= 120)
        }
        var desk = DERDesk.running(DERSite.settings())
        desk.override = { $0.frequency = Hertz(.nan) }
        #expect(desk.ticksUntil(300) { $0.state == .tripped(.blind) } != nil)
    }

    @Test("An inverter that does not report ready trips; without such a line it is not asked")
    func ready() {
        var s = DERSite.settings()
        s.interconnect!.readyBy = 200
        var desk = DERDesk.running(s)
        desk.isReady = false
        #expect(desk.ticksUntil(500) { $0.state == .tripped(.notReady) } == 201)
        s.interconnect!.readyBy = .max
        var other = DERDesk.running(s)
        other.isReady = false
        other.turn(2000)
        #expect(other.state == .continuous)
    }

    @Test(
        "An inverter that goes on though told to cease is named, and not entered with until a person came",
        arguments: [0.3, -0.3] as [Float])
    func goesOn(power: Float) {
        var desk = DERDesk.running(DERSite.settings(canCharge: true))
        desk.voltage_pu = 1.25
        #expect(desk.ticksUntil(300) { $0.state == .tripped(.stage(0)) } != nil)
        desk.voltage_pu = 1
        desk.override = { $0.active = Watts(power * DERSite.rating) }
        desk.turn(498)
        #expect(!desk.record.disobedient[Output.inverterEnable])
        desk.turn(3)
        #expect(desk.record.disobedient[Output.inverterEnable])
        #expect(desk.record.derCause == .welded)
        // The window has long held.
        desk.turn(3000)
        #expect(!desk.state.isInService && !desk.record.command.outputs[Output.inverterEnable])
        // Seen by a person while it still flows, and no longer flowing without a person: neither is enough.
        desk.wish.acknowledge = true
        desk.turn(10)
        #expect(desk.record.disobedient[Output.inverterEnable])
        desk.wish.acknowledge = false
        desk.override = nil
        desk.turn(3000)
        #expect(!desk.state.isInService && desk.record.disobedient[Output.inverterEnable])
        desk.wish.acknowledge = true
        #expect(enters(&desk, by: 600) != nil)
        #expect(!desk.record.disobedient[Output.inverterEnable])
    }

    @Test("Gates that do not block in momentary cessation end service; late power is no fault")
    func blocksNot() {
        var desk = DERDesk.running(DERSite.settings(.three))
        desk.override = { $0.active = Watts(0.3 * DERSite.rating) }
        desk.voltage_pu = 0.45
        #expect(desk.ticksUntil(200) { !$0.state.isEnergising } != nil)
        #expect(desk.ticksUntil(600) { $0.state == .tripped(.welded) } != nil)
        var late = DERDesk.running(DERSite.settings(.three))
        late.voltage_pu = 0.45
        #expect(late.ticksUntil(200) { !$0.state.isEnergising } != nil)
        late.override = { $0.active = Watts(0.3 * DERSite.rating) }
        late.turn(400)
        late.override = nil
        late.turn(400)
        #expect(late.state.isInService)
    }

    @Test("A board that let go by itself leaves service, and comes back the long way")
    func letGo() {
        var desk = DERDesk.running(DERSite.settings())
        desk.controller.letGo()
        desk.turn()
        #expect(desk.state == .tripped(.droppedOut))
        #expect(enters(&desk, by: 600) == 499)
    }

    @Test("The trip of the own source ends service too; a DER stage leaves the source alone")
    func sourceTrip() {
        var s = DERSite.settings()
        s.stages.append(
            Stage(
                .batteryTemperature, .over, 55, clearing: 10, dropout: 50, reset: 100,
                action: .tripSource))
        var desk = DERDesk.running(s)
        desk.battery_degC = 60
        desk.turn(10)
        #expect(desk.state == .tripped(.stage(8)) && desk.record.verdict.mustTripSource)
        #expect(desk.record.derCause == .stage(8) && !desk.record.verdict.mustCease)
        desk.battery_degC = 25
        // 99 more ticks of the stage's reset, then the delay is over too.
        #expect(enters(&desk, by: 2000) == 500)
    }
}

@Suite("Settings taken over while running")
struct AdoptTests {
    @Test("A stage that is as it was goes on timing; one that changed begins anew")
    func stages() {
        var s = DERSite.settings()
        var desk = DERDesk.running(s)
        desk.voltage_pu = 1.15
        desk.turn(1500)
        s.stages[0].pickup = 1.3 * DERSite.volts
        desk.controller.adopt(s)
        // OV1 has 460 of its 1960 ticks to go.
        #expect(desk.ticksUntil(1000) { $0.state == .tripped(.stage(1)) } == 460)
        var other = DERDesk.running(DERSite.settings())
        other.voltage_pu = 1.15
        other.turn(1500)
        s.stages[1].clearing = 1000
        other.controller.adopt(s)
        #expect(other.ticksUntil(2000) { $0.state == .tripped(.stage(1)) } == 1000)
    }

    @Test("Fewer and more stages: those that are gone act no longer, those that came do")
    func count() {
        var s = DERSite.settings()
        var desk = DERDesk.running(s)
        let all = s.stages
        s.stages = []
        desk.controller.adopt(s)
        desk.voltage_pu = 1.15
        desk.turn(5000)
        #expect(desk.state.isInService && desk.record.verdict.pickedUp == 0)
        s.stages = all
        desk.controller.adopt(s)
        #expect(desk.ticksUntil(3000) { $0.state == .tripped(.stage(1)) } == 1960)
    }

    @Test("Another window and other functions, without leaving service; a mode changes smoothly")
    func functions() {
        var s = DERSite.settings()
        var desk = DERDesk.running(s)
        s.interconnect!.reactiveMode = .constantReactive
        s.interconnect!.constantReactive.reactive = 0.4
        s.interconnect!.enterService.window.delay = 2000
        desk.controller.adopt(s)
        var last = desk.q
        var jump: Float = 0
        for _ in 0..<3000 {
            desk.turn()
            jump = max(jump, (desk.q - last).magnitude)
            last = desk.q
        }
        #expect(jump < 0.001 && last > 0.1 && desk.state == .continuous)
        desk.wish.connect = false
        desk.turn()
        desk.wish.connect = true
        #expect(desk.ticksUntil(3000) { $0.state.isInService } == 2000)
    }

    @Test("The enter-service window of a coupling is taken over")
    func coupling() {
        var s = TestSite.coupling
        var controller = Controller(s)
        s.coupling!.window.delay = 77
        s.interconnect = DERSite.settings().interconnect
        controller.adopt(s)
        #expect(controller.enterService.window.delay == 77)
        // No grid code where there was none.
        #expect(controller.interconnect == nil)
    }
}
