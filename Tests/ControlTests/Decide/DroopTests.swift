import Blocks
import Quantities
import Testing

@testable import Control

@Suite("Droop")
struct DroopTests {
    static let rate = TickRate(perSecond: 1000)
    static func settings(_ rating_VA: Float, out_W: Float? = nil) -> DroopSettings {
        DroopSettings(
            nominalFrequency: Hertz(50), nominalVoltage: Volts(230), rating: VoltAmperes(rating_VA),
            mostOut: Watts(out_W ?? rating_VA), mostIn: Watts(rating_VA))
    }
    private func input(
        _ active: Float = 0, _ reactive: Float = 0, v: Float = 230, f: Float = 50,
        tied: Bool = false, scheduled: Float = 0, bias: Float = 0, vBias: Float = 0,
        out: Float = 1e5, into: Float = 1e5
    ) -> DroopInput {
        DroopInput(
            active: Watts(active), reactive: Vars(reactive), voltage: Volts(v), frequency: Hertz(f),
            isTied: tied, scheduledActive: Watts(scheduled), frequencyBias: Hertz(bias),
            voltageBias: Volts(vBias), mostOut: Watts(out), mostIn: Watts(into))
    }

    /// Two sources on one bus: power flows by the angle between them, 30 kW a radian, and together
    /// they carry the load.
    private func share(
        _ a: inout Droop, _ b: inout Droop, load_W: Float, seconds: Float,
        out: (Float, Float) = (1e5, 1e5), bias: Float = 0
    ) -> (a: Float, b: Float, f: Float) {
        var angle: Float = 0
        var pa: Float = 0, pb: Float = 0
        for _ in 0..<Int(seconds * 1000) {
            pa = load_W / 2 + 30_000 * angle
            pb = load_W - pa
            a.step(input(pa, bias: bias, out: out.0))
            b.step(input(pb, bias: bias, out: out.1))
            angle += 6.2831853 * (a.frequency - b.frequency).value * 0.001
        }
        return (pa, pb, a.frequency.value)
    }

    @Test(
        "Unequal sources share in proportion to rating, within 1 %",
        arguments: [(5000, 10_000), (3000, 3000), (10_000, 2000)] as [(Float, Float)])
    func share(_ ra: Float, _ rb: Float) {
        var a = Droop(Self.settings(ra), rate: Self.rate)
        var b = Droop(Self.settings(rb), rate: Self.rate)
        let load = (ra + rb) * 0.8
        let r = share(&a, &b, load_W: load, seconds: 10)
        #expect((r.a / ra - r.b / rb).magnitude / 0.8 < 0.01, "\(r)")
        // 1 % droop: 0.5 Hz at rating.
        #expect((r.f - (50 - 0.5 * 0.8)).magnitude < 1e-3)
        // The same bias for both restores the frequency and leaves the shares alone.
        let s = share(&a, &b, load_W: load, seconds: 10, bias: 0.4)
        #expect((s.a - r.a).magnitude < 0.01 * ra && (s.f - 50).magnitude < 1e-3)
    }

    @Test("A trim from before the island fades, and the shares come back")
    func fade() {
        var a = Droop(Self.settings(5000), rate: Self.rate)
        var b = Droop(Self.settings(5000), rate: Self.rate)
        a.takeOver(input(4000, f: 50))
        b.takeOver(input(0, f: 50))
        let r = share(&a, &b, load_W: 4000, seconds: 5)
        #expect((r.a - 2000).magnitude < 20 && (r.b - 2000).magnitude < 20, "\(r)")
    }

    @Test("Bumpless: the first command is what is measured, at whatever power flows")
    func bumpless() {
        var worst: Float = 0
        for (p, q, v, f) in [
            (0, 0, 230, 50), (4000, -1000, 228, 49.9), (-5000, 2000, 236, 50.3),
            (2500, 500, 221.7, 49.62),
        ] as [(Float, Float, Float, Float)] {
            var settings = Self.settings(5000)
            settings.virtualResistance = Ohms(0.1)
            settings.virtualReactance = Ohms(0.2)
            var d = Droop(settings, rate: Self.rate)
            d.takeOver(input(p, q, v: v, f: f))
            worst = max(worst, (d.frequency.value - f).magnitude, (d.voltage.value - v).magnitude)
            d.step(input(p, q, v: v, f: f, tied: true, scheduled: p))
            worst = max(worst, (d.frequency.value - f).magnitude - 0.0015)
        }
        #expect(worst < 1e-3)
    }

    @Test("The limiter gives the excess to the neighbour, and leaves the limit at once")
    func limiter() {
        var a = Droop(Self.settings(5000), rate: Self.rate)
        var b = Droop(Self.settings(5000), rate: Self.rate)
        let held = share(&a, &b, load_W: 6000, seconds: 10, out: (1000, 1e5))
        #expect((held.a - 1000).magnitude < 50 && (held.b - 5000).magnitude < 50, "\(held)")
        // Half a minute more winds nothing up: the way back is no longer.
        _ = share(&a, &b, load_W: 6000, seconds: 30, out: (1000, 1e5))
        let back = share(&a, &b, load_W: 6000, seconds: 2, out: (1e5, 1e5))
        #expect((back.a - 3000).magnitude < 60, "\(back)")
    }

    @Test("A full battery takes nothing, an empty one gives nothing")
    func limits() {
        var a = Droop(Self.settings(5000), rate: Self.rate)
        for _ in 0..<2000 { a.step(input(-500, into: 0)) }
        // Held up: it must not take, so it raises its frequency.
        #expect(a.frequency.value > 50.5)
        var b = Droop(Self.settings(5000), rate: Self.rate)
        for _ in 0..<2000 { b.step(input(500, out: 0)) }
        #expect(b.frequency.value < 49.5)
    }

    @Test("Bias moves no faster than its ramp: 1 Hz/s and 60 V/s")
    func ramps() {
        var d = Droop(Self.settings(5000), rate: Self.rate)
        var f = d.frequency.value, v = d.voltage.value
        var fastest: (Float, Float) = (0, 0)
        for _ in 0..<100 {
            d.step(input(bias: 2, vBias: 20))
            fastest = (
                max(fastest.0, (d.frequency.value - f).magnitude),
                max(fastest.1, (d.voltage.value - v).magnitude)
            )
            f = d.frequency.value
            v = d.voltage.value
        }
        #expect(fastest.0 < 0.00101 && fastest.1 < 0.0601)
        #expect((f - 50.1).magnitude < 1e-3 && (v - 236).magnitude < 0.01)
    }

    @Test("Tied, the schedule flows; the drift pushes away from nominal, at most 1.5 Hz/s")
    func tied() {
        var d = Droop(Self.settings(5000), rate: Self.rate)
        // A stiff grid at 50 Hz: power follows the angle.
        var angle: Float = 0
        var p: Float = 0
        for _ in 0..<20_000 {
            p = 30_000 * angle
            d.step(input(p, tied: true, scheduled: 2000))
            angle += 6.2831853 * (d.frequency.value - 50) * 0.001
        }
        #expect((p - 2000).magnitude < 20)
        var settings = Self.settings(5000)
        settings.drift = 4
        // An island that nobody holds: what it commands is what it measures.
        var e = Droop(settings, rate: Self.rate)
        var f: Float = 50.05
        for _ in 0..<2000 {
            let before = e.frequency.value
            e.step(input(f: f, tied: true))
            if e.frequency.value - before > 0.00151 { Issue.record("too fast") }
            f = e.frequency.value + 0.05
        }
        #expect(f > 51.5)
    }

    @Test(
        "What is not known holds: NaN and infinity in every figure leave the command finite",
        arguments: [Float.nan, .infinity, -.infinity])
    func unknown(bad: Float) {
        for tied in [false, true] {
            for field in 0..<4 {
                var settings = Self.settings(5000)
                settings.drift = 4
                settings.virtualResistance = Ohms(0.1)
                var d = Droop(settings, rate: Self.rate)
                d.takeOver(input(1000, 200, v: 229, f: 49.95, tied: tied, scheduled: 1000))
                var good = input(1000, 200, v: 229, f: 50, tied: tied, scheduled: 1000)
                for _ in 0..<100 { d.step(good) }
                let before = (d.frequency.value, d.voltage.value, d.active.value, d.reactive.value)
                switch field {
                case 0: good.active = Watts(bad)
                case 1: good.reactive = Vars(bad)
                case 2: good.voltage = Volts(bad)
                default: good.frequency = Hertz(bad)
                }
                d.step(good)
                #expect((d.frequency.value - before.0).magnitude < 0.002, "field \(field)")
                #expect((d.voltage.value - before.1).magnitude < 0.6, "field \(field)")
                #expect(d.active.value == before.2 || field != 0)
                #expect(d.reactive.value == before.3 || field != 1)
                d.takeOver(good)
                #expect(d.frequency.isFinite && d.voltage.isFinite)
            }
        }
    }

    @Test("A tick far slower than the fade still fades")
    func slowTick() {
        var d = Droop(Self.settings(5000), rate: TickRate(perSecond: 1))
        d.takeOver(input(0, f: 51))
        d.step(input())
        #expect((d.frequency.value - 50).magnitude < 1e-4)
    }
}

@Suite("DC converter droop")
struct ConverterDroopTests {
    private func droop(restore: Float = 0) -> ConverterDroop {
        ConverterDroop(
            ConverterDroopSettings(
                nominalVoltage: Volts(48), resistance: Ohms(0.05), mostCurrent: Amperes(40),
                restoreGain: restore), rate: TickRate(perSecond: 1000))
    }
    /// The command after the current filter has settled.
    private func settled(_ current: Float, bus: Float = 48, charge: Float) -> ConverterCommand {
        var d = droop()
        for _ in 0..<200 {
            _ = d.step(
                current: Amperes(current), busVoltage: Volts(bus), charge: charge)
        }
        return d.step(current: Amperes(current), busVoltage: Volts(bus), charge: charge)
    }

    @Test("The fuller battery gives more, the emptier takes more: R weighs by what is left")
    func weighting() {
        let d = droop()
        let rows: [(charge: Float, discharging: Bool, ohm: Float)] = [
            (0.5, true, 0.05), (0.5, false, 0.05), (1, true, 0.025), (0, false, 0.025),
            (0.25, true, 0.1), (0.75, false, 0.1), (0, true, 0.2), (1, false, 0.2),
            (.nan, true, 0.2), (.nan, false, 0.2),
        ]
        let wrong = rows.filter {
            (d.resistance(charge: $0.charge, discharging: $0.discharging).value - $0.ohm).magnitude
                > 1e-6
        }
        #expect(wrong.isEmpty, "\(wrong)")
    }

    @Test("Two batteries at 80 % and 40 % share two to one")
    func sharing() {
        var a = droop(), b = droop()
        var ia: Float = 0, ib: Float = 0
        for _ in 0..<5000 {
            let va = a.step(current: Amperes(ia), busVoltage: Volts(47), charge: 0.8).voltage.value
            let vb = b.step(current: Amperes(ib), busVoltage: Volts(47), charge: 0.4).voltage.value
            // Both feed 30 A through 10 mΩ each.
            let bus = (va + vb - 0.01 * 30) / 2
            ia += ((va - bus) / 0.01 - ia) * 0.01
            ib += ((vb - bus) / 0.01 - ib) * 0.01
        }
        // R is inverse to charge: (0.0625 + 0.01) : (0.03125 + 0.01).
        #expect((ia / ib - 0.0725 / 0.04125).magnitude < 0.02, "\(ia) \(ib)")
    }

    @Test(
        "Each limit tapers to nil on its own side: out towards empty, in towards full",
        arguments: [
            (0.5, 40, 40), (0.1, 0, 40), (0.125, 20, 40), (1, 40, 0), (0.975, 40, 20),
            (.nan, 0, 0), (0.05, 0, 40),
        ] as [(Float, Float, Float)])
    func taper(charge: Float, out: Float, into: Float) {
        for bus in [47, 49, .nan] as [Float] {
            let c = settled(0, bus: bus, charge: charge)
            #expect((c.mostOut.value - out).magnitude < 0.001)
            #expect((c.mostIn.value - into).magnitude < 0.001)
            #expect(c.voltage.isFinite)
        }
    }

    @Test("One reading that is no number is forgotten", arguments: [Float.nan, .infinity])
    func unknown(bad: Float) {
        var d = droop(restore: 1)
        for _ in 0..<100 {
            _ = d.step(current: Amperes(10), busVoltage: Volts(47.5), charge: 0.5)
        }
        let a = d.step(current: Amperes(bad), busVoltage: Volts(bad), charge: 0.5)
        let b = d.step(current: Amperes(10), busVoltage: Volts(47.5), charge: 0.5)
        #expect(a.voltage.isFinite && (a.voltage - b.voltage).magnitude.value < 0.01)
    }

    @Test("Onto any bus, known or not, with droop or without, the first command is finite")
    func takeOver() {
        var wrong: [String] = []
        for r in [Float(0.05), 0, .nan] {
            for bus in [Float(0), 47, 60, .nan, .infinity] {
                var d = ConverterDroop(
                    ConverterDroopSettings(
                        nominalVoltage: Volts(48), resistance: Ohms(r), mostCurrent: Amperes(40)),
                    rate: TickRate(perSecond: 1000))
                d.takeOver(busVoltage: Volts(bus), charge: 0.5)
                if !d.current.isFinite { wrong.append("\(r) \(bus)") }
                let c = d.step(current: Amperes(0), busVoltage: Volts(bus), charge: 0.5)
                if r == 0.05 && bus.isFinite && bus < 50 {
                    // It begins at the bus's own voltage and leaves it by a filter's step.
                    let first = bus + (48 - bus) * 0.001 / 0.006
                    if (c.voltage.value - first).magnitude > 0.01 { wrong.append("\(c)") }
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong)")
    }

    @Test("Restoration brings the bus back, and stays inside its limit")
    func restoration() {
        var d = droop(restore: 2)
        var bus: Float = 47
        for _ in 0..<10_000 {
            bus = d.step(current: Amperes(10), busVoltage: Volts(bus), charge: 0.5).voltage.value
        }
        #expect((bus - 48).magnitude < 0.01)
        for _ in 0..<10_000 {
            _ = d.step(current: Amperes(10), busVoltage: Volts(30), charge: 0.5)
        }
        #expect(d.restoration.value == 1)
    }
}

@Suite("Secondary")
struct SecondaryTests {
    private func secondary() -> Secondary {
        Secondary(
            SecondarySettings(nominalFrequency: Hertz(50), nominalVoltage: Volts(230)),
            rate: TickRate(perSecond: 1000))
    }
    private func island(_ f: Float, _ v: Float) -> Measured {
        var m = Measured()
        m.bus = side(v, f)
        return m
    }

    @Test("Islanded: frequency and voltage return to nominal")
    func restores() {
        var s = secondary()
        for _ in 0..<30_000 {
            s.restore(island(49.6 + s.frequencyBias.value, 224 + s.voltageBias.value))
        }
        #expect((49.6 + s.frequencyBias.value - 50).magnitude < 1e-3)
        #expect((224 + s.voltageBias.value - 230).magnitude < 0.01)
    }

    @Test("Never beyond its limits")
    func limits() {
        var s = secondary()
        for _ in 0..<60_000 { s.restore(island(40, 100)) }
        #expect(s.frequencyBias.value == 1 && s.voltageBias.value == 15)
        for _ in 0..<120_000 { s.restore(island(60, 400)) }
        #expect(s.frequencyBias.value == -1 && s.voltageBias.value == -15)
    }

    @Test("What is not a number moves nothing", arguments: [Float.nan, .infinity, -.infinity])
    func unknown(bad: Float) {
        var s = secondary()
        for _ in 0..<1000 { s.restore(island(49.9, 229)) }
        let f = s.frequencyBias, v = s.voltageBias
        s.restore(island(bad, 229))
        s.restore(island(49.9, bad))
        var m = Measured()
        m.angleAcross_deg = bad
        m.slip = Hertz(0)
        m.voltageAcross = Volts(0)
        s.approach(m)
        m.angleAcross_deg = 0
        m.slip = Hertz(bad)
        s.approach(m)
        m.slip = Hertz(0)
        m.voltageAcross = Volts(bad)
        s.approach(m)
        #expect(s.frequencyBias == f && s.voltageBias == v)
    }

    @Test(
        "Resynchronising: angle, slip and voltage go to nil from any angle",
        arguments: [-179, -90, 10, 120] as [Float])
    func approach(angle: Float) {
        var s = secondary()
        var m = Measured()
        var across = angle
        for _ in 0..<60_000 {
            let bus = 49.7 + s.frequencyBias.value
            m.slip = Hertz(49.95 - bus)
            m.voltageAcross = Volts(4 - s.voltageBias.value)
            across += 360 * m.slip.value * 0.001
            if across >= 180 { across -= 360 }
            if across < -180 { across += 360 }
            m.angleAcross_deg = across
            s.approach(m)
        }
        #expect(across.magnitude < 1 && m.slip.value.magnitude < 0.01, "\(across)° \(m.slip)")
        #expect(m.voltageAcross.value.magnitude < 0.1)
    }

    @Test("Tied, the offsets fade")
    func rests() {
        var s = secondary()
        for _ in 0..<30_000 { s.restore(island(49.5, 225)) }
        let f = s.frequencyBias.value
        for _ in 0..<2000 { s.rest() }
        #expect((s.frequencyBias.value / f - 0.368).magnitude < 0.01)
    }
}
