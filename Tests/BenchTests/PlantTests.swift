import Bench
import Glibc
import Testing

@Suite("The bench's plant") struct BenchPlantTests {
    private let host = Host()
    private enum Line { static let preCharge: UInt8 = 1, main: UInt8 = 2, enable: UInt8 = 4 }

    private func wake() {
        host.makeOutputs(0x0F, 0x00)
        host.makeOutputs(0x0F, 0x00, of: 1)
        host.live(0.1)
    }
    /// The battery's side up: pre-charge, main, converter.
    private func rise() {
        wake()
        host.drive(Line.preCharge, true)
        host.live(1.2)
        host.drive(Line.main, true)
        host.live(0.2)
        host.drive(Line.preCharge, false)
        host.drive(Line.enable, true)
        host.live(0.2)
    }

    @Test("Pre-charge takes as long as the resistor and the capacitor say")
    func preCharge() {
        wake()
        let before_s = host.now_s
        host.drive(Line.preCharge, true)
        // 47 Ω and the battery's own, 5 mF, and a travel of 20 ms ± 10 %: 63.2 % after one RC.
        let open_V = host.truth.battery_V
        while host.truth.link_V < open_V * (1 - exp(-1)) { host.live(0.01) }
        #expect(abs(host.now_s - before_s - 0.020 - 47.04 * 5e-3) < 0.02)
        host.live(1)
        let t = host.truth
        #expect(t.battery_V - t.link_V < 1)
        #expect(abs(t.inrush_A - open_V / 47) < 0.02, "no more than the resistor lets through")
        #expect(host.levels().map { $0 & 0x30 } == 0x10)
        host.drive(Line.main, true)
        host.live(0.1)
        #expect(host.levels().map { $0 & 0x30 } == 0x30)
        #expect(host.truth.blindCloses == 0 && host.truth.mainCloses == 1)
    }

    @Test("Closing the main contactor without pre-charge is blamed")
    func blindClose() {
        wake()
        host.drive(Line.main, true)
        host.live(0.2)
        let t = host.truth
        #expect(t.blindCloses >= 1 && t.mainCloses == 1)
        #expect(t.worstClose_V > 50)
        #expect(t.inrush_A > 500)
    }

    @Test("The watchdog relay drops the battery's side half a second after the last heartbeat")
    func watchdog() {
        rise()
        #expect(host.truth.converterRuns && host.truth.watchdogSupplies)
        let last_s = host.now_s
        while host.truth.mainCoil { host.wait(1e-3) }
        #expect(abs(host.now_s - last_s - 0.5) < 0.012, "heartbeats come every 10 ms")
        host.wait(0.1)
        let t = host.truth
        #expect(!t.mainConducts && !t.converterRuns && t.watchdogDrops == 1)
        #expect(host.levels().map { $0 & 0x03 } == 0x02, "the controller still asks for it")
        host.live(0.1)
        #expect(host.truth.mainCoil, "edges bring the supply back")
    }

    @Test("Without any heartbeat no coil is ever fed")
    func neverAlive() {
        host.makeOutputs(0x0F, 0x07)
        host.wait(2)
        let t = host.truth
        #expect(!t.mainCoil && !t.preChargeCoil && t.link_V == 0 && t.watchdogDrops == 0)
    }

    @Test("An outage: the battery carries the bus, or nobody does")
    func outage() {
        rise()
        host.drive(0x0F, true, of: 1)
        host.live(1)
        #expect(host.truth.rectifier_A > 1)
        host.order("sun 0")
        host.order("forget")
        host.order("outage")
        host.live(2)
        var t = host.truth
        #expect(t.rectifier_A == 0 && t.converter_A > 5)
        #expect(t.leastBus_V > 46 && t.longestDead_s == 0)
        host.drive(Line.enable, false)
        host.live(1)
        t = host.truth
        #expect(t.bus_V < 5 && t.longestDead_s > 0.5)
        host.order("restore")
        host.live(1)
        #expect(host.truth.bus_V > 47)
    }

    @Test("A load step is drawn; the rectifier holds its limit")
    func loadStep() {
        wake()
        host.order("sun 0")
        host.drive(0x04, true, of: 1)
        host.wait(0.5)
        #expect(
            abs(host.truth.load_A * host.truth.bus_V + 320) < 6, "critical 120 W and group 200 W")
        host.order("load load2 300")
        host.wait(0.5)
        #expect(abs(host.truth.load_A * host.truth.bus_V + 420) < 6)
        host.order("load load2 2000")
        host.wait(1)
        // More than it can give: loads let go below 36 V and come back above 44 V, over and over.
        let before_Wh = host.truth.grid_Wh
        host.order("forget")
        host.wait(10)
        let mean_A = (host.truth.grid_Wh - before_Wh) * 360 / 40
        #expect(mean_A > 12 && mean_A < 17)
        #expect(host.truth.leastBus_V < 36 && host.truth.mostBus_V > 43)
    }

    @Test("What goes in comes out: the energy counters close")
    func energy() {
        rise()
        host.drive(0x0F, true, of: 1)
        host.live(5)
        host.order("outage")
        host.live(5)
        let t = host.truth
        let balance_Wh = t.converterOut_Wh - t.converterIn_Wh + t.pv_Wh + t.grid_Wh - t.load_Wh
        // 20 mF that went from one voltage to another hold less than a joule of difference.
        #expect(abs(balance_Wh) < 0.005 * t.load_Wh)
        #expect(t.load_Wh > 1 && t.batteryOut_Wh > t.converterOut_Wh)
    }

    @Test(
        "Relay faults are seen at the pins",
        arguments: [
            ("weld", true, true), ("stuck", false, false), ("disconnected", false, false),
            ("feedback 1", true, false), ("deaf", false, false),
        ])
    func relayFaults(fault: String, contact: Bool, conducts: Bool) {
        host.makeOutputs(0x0F, 0x00, of: 1)
        #expect(host.order("relay load1 \(fault)") == "ok")
        // Welded and lying contacts are tried open, the others closed.
        let tried = fault != "weld" && fault != "feedback 1"
        host.drive(0x02, tried, of: 1)
        host.wait(0.2)
        #expect(host.levels(of: 1).map { $0 & 0x20 != 0 } == contact)
        #expect(host.truth.loadsConduct[1] == (fault == "deaf" ? true : conducts))
        #expect(host.order("clear") == "ok")
        host.drive(0x02, true, of: 1)
        host.wait(0.2)
        #expect(host.levels(of: 1).map { $0 & 0x22 } == 0x22)
    }

    @Test("A slow relay takes its 250 ms")
    func slowRelay() {
        rise()
        host.drive(Line.main, false)
        host.live(0.1)
        #expect(host.order("relay main_contactor slow 250") == "ok")
        let before_s = host.now_s
        host.drive(Line.main, true)
        while !host.truth.mainConducts { host.live(0.01) }
        // Travels differ by ± 10 %.
        #expect((0.22...0.29).contains(host.now_s - before_s))
    }

    @Test("Pulled out, a bridge lets go of its coils")
    func unplug() {
        rise()
        host.drive(0x01, true, of: 1)
        host.live(0.1)
        host.order("unplug a")
        host.wait(0.1)
        let t = host.truth
        #expect(!t.mainConducts && !t.converterRuns && t.loadsConduct[0])
        #expect(t.reference_V == 40)
        host.order("unplug b")
        host.wait(0.1)
        #expect(!host.truth.loadsConduct[0])
        host.order("replug a")
        #expect(host.truth.bridges.map(\.isPlugged) == [true, false])
        #expect(host.truth.bridges[0].driven == 0)
        #expect(host.truth.reference_V == 48, "as the EEPROM says")
    }

    @Test("One seed, one sequence: the same world to the last bit")
    func deterministic() {
        func story(_ seed: UInt64) -> String {
            let host = Host(seed: seed)
            host.makeOutputs(0x0F, 0x01)
            host.live(0.5)
            host.order("outage")
            host.live(0.5)
            var raw: [String] = []
            let port = LoopbackPort(host)
            for _ in 0..<20 {
                host.wait(0.01)
                raw.append("\((try? port.transfer(0x41, write: [2], read: 2)) ?? [])")
            }
            return raw.joined() + host.truth.json
        }
        #expect(story(7) == story(7))
        #expect(story(7) != story(8))
    }

    @Test("A stall longer than half a minute is skipped, and said")
    func stall() {
        host.wait(3600)
        #expect(host.truth.skipped_s >= 3599)
        host.wait(1)
        #expect(host.truth.time_s < 2)
    }
}
