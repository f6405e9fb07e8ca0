import Control
import Plant
import SimBoard
import Testing

/// Two batteries, driven by hand through their ports.
private func plant(
    _ change: (inout NanogridDescription) -> Void = { _ in }
) -> (nanogrid: Nanogrid, ports: [NanogridPort]) {
    var d = NanogridDescription()
    for k in 1...2 {
        var b = DCBatteryDescription()
        b.name = "b\(k)"
        d.batteries.append(b)
    }
    change(&d)
    let n = Nanogrid(d, ticksPerSecond: 1000, random: Random(seed: 1))
    return (n, (0..<2).map { NanogridPort(n, battery: $0) })
}
private func order(_ volts: Float, out: Float = 40, into: Float = 40) -> Command {
    var c = Command()
    c.outputs[Output.mainContactor] = true
    c.outputs[Output.preCharge] = true
    c.outputs[Output.load0] = true
    c.outputs[Output.load1] = true
    c.outputs[Output.load2] = true
    c.converter.isOn = true
    c.converter.voltage = .init(volts)
    c.converter.mostOut = .init(out)
    c.converter.mostIn = .init(into)
    return c
}
private func pass(_ n: Nanogrid, _ ticks: Int) { for _ in 0..<ticks { n.tick() } }

@Suite("The nanogrid") struct NanogridTests {
    @Test("Pre-charge fills the link in 47 Ω · 5 mF; only then does the converter run")
    func preCharge() {
        let (n, ports) = plant()
        var c = order(48)
        c.outputs[Output.mainContactor] = false
        ports[0].apply(c)
        pass(n, 25)  // the relay's travel
        let before = n.batteries[0].link.voltage_V
        pass(n, 235)
        let cells = n.batteries[0].battery.openCircuit_V
        // One time constant from where it was; the converter's 40 V are not yet there.
        let wanted = cells - (cells - before) * 0.367879
        #expect(abs(n.batteries[0].link.voltage_V - wanted) < 0.3)
        #expect(!n.batteries[0].isRunning && n.bus_V == 0)
        #expect(n.batteries[0].link.inrush_A < 1.2)
    }

    @Test("Energy is kept: what leaves the cells and the sun reaches the bus less the losses")
    func energy() {
        let (n, ports) = plant { $0.pv_W = 400 }
        n.conditions.irradiance_Wm2 = 800
        var c = order(48)
        c.renewables = 1
        for p in ports { p.apply(c) }
        pass(n, 3000)
        let volts = n.bus_V
        var cells = 0.0, sun = 0.0, used = 0.0
        for _ in 0..<1000 {
            n.tick()
            for b in n.batteries { cells += b.power_W }
            sun += n.pvPower_W
            used -= n.loadPower_W
        }
        let cables = n.batteries.reduce(0) { $0 + 0.01 * $1.current_A * $1.current_A }
        let stored = 0.5 * 20e-3 * (n.bus_V * n.bus_V - volts * volts)
        #expect(abs((cells + sun - used) / 1000 - cables - stored) < 0.5)
        #expect(used / 1000 > 500 && sun / 1000 > 250)
    }

    @Test("A converter holds its limits either way")
    func limits() {
        let (n, ports) = plant { $0.pv_W = 0 }
        ports[0].apply(order(48, out: 5))
        ports[1].apply(order(48))
        pass(n, 2000)
        #expect(abs(n.batteries[0].current_A - 5) < 0.1)
        // Now the second pushes into the first, which may take 3 A.
        ports[0].apply(order(47, into: 3))
        ports[1].apply(order(48))
        pass(n, 500)
        #expect(abs(n.batteries[0].current_A + 3) < 0.1)
        // No current either way.
        ports[0].apply(order(60, out: 0, into: 0))
        pass(n, 500)
        #expect(abs(n.batteries[0].current_A) < 0.05)
    }

    @Test("The sun needs a live bus, keeps below its ceiling, and stops when told")
    func sun() {
        let (n, ports) = plant {
            $0.pv_W = 2000
            $0.critical_W = 20
            $0.comfort_W = 0
            $0.deferrable_W = 0
        }
        n.conditions.irradiance_Wm2 = 1000
        var c = Command()
        c.renewables = 1
        ports[0].apply(c)
        pass(n, 500)
        #expect(n.bus_V == 0 && n.pvPower_W == 0)
        c = order(48, into: 0)
        c.renewables = 1
        for p in ports { p.apply(c) }
        pass(n, 3000)
        // Nobody takes it: the regulator's own ceiling holds.
        #expect(n.bus_V > 53 && n.bus_V < 55.6)
        #expect(n.pvPower_W > 15 && n.pvPower_W < 60)
        c.renewables = 0
        ports[0].apply(c)
        pass(n, 2)
        #expect(n.pvPower_W == 0)
    }

    @Test("Load relays act on their group; the second battery has none")
    func groups() {
        let (n, ports) = plant()
        for p in ports { p.apply(order(48)) }
        pass(n, 2000)
        #expect(abs(n.loadPower_W + 560) < 15)
        var c = order(48)
        c.outputs[Output.load0] = false
        ports[1].apply(c)
        pass(n, 100)
        #expect(abs(n.loadPower_W + 560) < 15)
        ports[0].apply(c)
        pass(n, 100)
        #expect(abs(n.loadPower_W + 410) < 12)
        #expect(!ports[0].contacts[Contact.load0] && ports[0].contacts[Contact.load1])
        ports[0].fault(.load2, .deaf)
        #expect(ports[0].deafContacts[Contact.load2] && !ports[1].deafContacts[Contact.load2])
    }

    @Test("A main contactor that opens stops the converter when its link is drained")
    func opened() {
        let (n, ports) = plant()
        for p in ports { p.apply(order(48)) }
        pass(n, 1000)
        ports[0].fault(.mainContactor, .disconnected)
        ports[0].fault(.preCharge, .disconnected)
        pass(n, 200)
        #expect(!n.batteries[0].isRunning && n.batteries[0].current_A == 0)
        #expect(n.batteries[1].isRunning && n.isAlive)
    }
}
