import Quantities
import Testing

@testable import Control

/// Whatever comes in: nothing leaves the nameplate, and nothing that is not a number.
@Suite("Properties of a DER")
struct DERPropertyTests {
    private static func anything(_ dice: inout Dice) -> Float {
        switch dice.below(12) {
        case 0: .nan
        case 1: .infinity
        case 2: -.infinity
        case 3: 0
        case 4: Float(bitPattern: UInt32(truncatingIfNeeded: dice.next()))
        default: Float(dice.unit()) * 3
        }
    }
    private static func curve(_ dice: inout Dice) -> Curve {
        var x: Float = 0.8
        return DERSite.curve(
            (0..<Int(dice.below(9))).map { _ in
                x += Float(dice.below(3)) * 0.05
                return (x, Float(dice.unit()))
            })
    }
    private static func settings(_ dice: inout Dice) -> ControllerSettings {
        let categories = DERSite.Category.allCases
        var s = DERSite.settings(categories[Int(dice.below(3))], canCharge: dice.oneIn(2))
        if dice.oneIn(3) { s.stages = [] }
        var i = s.interconnect!
        i.nameplate.mostIn = Watts(dice.oneIn(2) ? 0 : Float(dice.below(10_000)))
        i.nameplate.mostAbsorbed = Vars(Float(dice.below(10_000)))
        i.reactiveMode = ReactiveMode(rawValue: UInt8(dice.below(5)))!
        i.priority = dice.oneIn(2) ? .active : .reactive
        i.voltageEvaluation = dice.oneIn(2) ? .phaseAverage : .positiveSequence
        i.powerFactor = PowerFactorSettings(
            magnitude: 0.5 + Float(dice.below(500)) / 1000, isInjecting: dice.oneIn(2),
            response: Seconds(Float(dice.below(3))))
        i.voltVar = VoltVarSettings(
            curve: curve(&dice), isAutonomous: dice.oneIn(2),
            response: Seconds(Float(dice.below(3))))
        i.wattVar = WattVarSettings(curve: curve(&dice), response: Seconds(Float(dice.below(3))))
        i.voltWatt = VoltWattSettings(
            isEnabled: dice.oneIn(2), curve: curve(&dice), response: Seconds(Float(dice.below(3))))
        i.activeLimit = ActiveLimitSettings(isEnabled: dice.oneIn(2), most: Float(dice.unit()))
        i.frequencyDroop.response = Seconds(Float(dice.below(3)))
        i.frequencyDroop.base = dice.oneIn(2) ? .rated : .preDisturbance
        i.antiIslanding = AntiIslandingSettings(gain_per_Hz: dice.oneIn(2) ? 0.2 : 0)
        s.interconnect = i
        return s
    }

    @Test("4000 ticks of anything at all, 200 worlds", arguments: 0..<200 as Range<UInt64>)
    func inside(seed: UInt64) {
        var dice = Dice(seed)
        let s = Self.settings(&dice)
        var n = s.interconnect!.nameplate
        var desk = DERDesk(s)
        var broken: String?
        for k in 0..<400 {
            if dice.oneIn(40) {
                desk.override = nil
                desk.blind = ChannelSet()
                desk.voltage_pu = 1
                desk.frequency = 60
                // Long enough to enter service.
                desk.turn(80, each: 20)
            }
            if dice.oneIn(4) { desk.voltage_pu = Float(dice.below(1500)) / 1000 }
            if dice.oneIn(4) { desk.phases[Int(dice.below(3))] = Float(dice.below(1500)) / 1000 }
            if dice.oneIn(4) { desk.frequency = 55 + Float(dice.below(100)) / 10 }
            if dice.oneIn(4) { desk.available_W = Float(dice.below(30_000)) }
            if dice.oneIn(10) {
                let (a, b, c, d) = (
                    Self.anything(&dice), Self.anything(&dice), Self.anything(&dice),
                    Self.anything(&dice)
                )
                let which = dice.below(5)
                desk.override = {
                    switch which {
                    case 0: $0.active = Watts(a * 1e4)
                    case 1: $0.positive = Volts(b * 120)
                    case 2: $0.frequency = Hertz(c * 40)
                    case 3: $0.phaseB = Volts(d * 120)
                    default: $0.isSettled = false
                    }
                }
            }
            if dice.oneIn(50) { desk.override = nil }
            if dice.oneIn(30) { desk.blind = ChannelSet(bits: 1 << dice.below(9)) }
            desk.wish.active = Watts(Self.anything(&dice) * 1e4)
            desk.wish.reactive = Vars(Self.anything(&dice) * 1e4)
            if dice.oneIn(60) {
                let other = Self.settings(&dice)
                n = other.interconnect!.nameplate
                desk.controller.adopt(other)
            }
            desk.turn(10)
            let c = desk.record.command.inverter
            let p = c.active.value, q = c.reactive.value
            let by: Float = 1.000_01
            let isInside =
                p <= n.mostOut.value * by && p >= -n.mostIn.value * by
                && q <= n.mostInjected.value * by && q >= -n.mostAbsorbed.value * by
                && p * p + q * q <= n.apparent.value * n.apparent.value * by
                && c.frequency.isFinite && c.voltage.isFinite
            let isStill = c.mode != .off || (p == 0 && q == 0)
            let follows = c.mode != .form
            let isHeld =
                desk.record.command.outputs[Output.inverterEnable] == desk.state.isInService
                && (c.mode == .follow) == desk.state.isEnergising
            if !(isInside && isStill && follows && isHeld), broken == nil {
                broken = "step \(k): \(c) in \(desk.state)"
            }
        }
        #expect(
            broken == nil,
            "\(broken ?? ""); replay: swift test --filter DERPropertyTests, seed \(seed)")
    }

    @Test("A curve is flat outside, straight inside, and NaN for NaN")
    func curves() {
        let c = DERSite.curve([(0.9, 0.25), (1, 0), (1, 0.1), (1.1, -0.25)])
        #expect(c.value(at: -.infinity) == 0.25 && c.value(at: .infinity) == -0.25)
        #expect((c.value(at: 0.95) - 0.125).magnitude < 1e-6)
        #expect((c.value(at: 1.05) + 0.075).magnitude < 1e-6)
        #expect(c.value(at: .nan).isNaN && Curve().value(at: 1) == 0)
    }

    @Test("Two runs are equal bit for bit, and a copy taken half way goes on like its original")
    func replay() {
        func run(_ desk: inout DERDesk, _ range: Range<Int>, _ hash: inout RecordHash) {
            for n in range {
                switch n {
                case 1800: desk.voltage_pu = 1.04
                case 2100: desk.frequency = 60.3
                case 2400: desk.phases[0] = 0.4
                case 2460: desk.phases[0] = 1
                case 3000: desk.voltage_pu = 1.25
                case 3300: desk.voltage_pu = 1
                default: break
                }
                desk.turn()
                hash.add(desk.record)
            }
        }
        var s = DERSite.settings(.three)
        s.interconnect!.reactiveMode = .voltVar
        s.interconnect!.voltVar.curve = DERSite.voltVarB
        s.interconnect!.antiIslanding.gain_per_Hz = 0.2
        var a = DERDesk(s), b = DERDesk(s)
        var hashA = RecordHash(), hashB = RecordHash()
        run(&a, 0..<2430, &hashA)
        var c = a
        var hashC = hashA
        run(&a, 2430..<5000, &hashA)
        run(&c, 2430..<5000, &hashC)
        run(&b, 0..<5000, &hashB)
        #expect(hashA.value == hashB.value && hashA.value == hashC.value)
    }
}
