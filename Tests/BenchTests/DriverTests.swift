import Bench
import HAL
import LinuxBoard
import Plant
import Testing

/// LinuxBoard's drivers against the bench's chips, through the bridge's reports: two readings of the
/// same data sheets.
@Suite("Drivers on the bench") struct DriverTests {
    private let host = Host()
    private let port: LoopbackPort

    init() { port = LoopbackPort(host) }

    private func meter(_ address: UInt8) throws -> INA226 {
        var chip = try INA226(address: address, shunt_Ohm: 1e-3)
        #expect(try chip.identify(on: port) == .confirmed)
        try chip.configure(on: port)
        host.wait(0.02)
        return chip
    }
    private func converter(_ rate_SPS: Double) throws -> ADS1115 {
        nonisolated(unsafe) let host = host
        var chip = try ADS1115(address: 0x48, rate_SPS: rate_SPS) { host.wait(Double($0.value)) }
        #expect(try chip.identify(on: port) == .unverifiable)
        try chip.configure(on: port)
        return chip
    }
    private func value(_ name: String, of chip: inout some Meter) throws -> Double {
        let n = try #require(chip.inputs.firstIndex { $0.name == name })
        return Double(try chip.read(n, on: port))
    }

    @Test("An INA226 tells the bus's true voltage and the converter's true current")
    func busMeter() throws {
        #expect(host.order("sun 0") == "ok")
        var chip = try meter(0x41)
        var dac = try MCP4725(address: 0x60, reference_V: 3.3)
        try dac.configure(on: port)
        try dac.write(3.3 * 9 / 16, to: 0, on: port)
        #expect(abs(try dac.readBack(0, on: port) - 3.3 * 9 / 16) < 1e-3)
        host.makeOutputs(0x0F, 0x00)
        host.live(0.1)
        host.drive(0b001, true)
        host.live(1.5)
        host.drive(0b010, true)
        host.live(0.2)
        host.drive(0b100, true)
        host.live(1)
        let truth = host.truth
        #expect(truth.converterRuns)
        #expect(truth.converter_A > 1, "49 V against the rectifier's 48.5 V")
        // A count is 1.25 mV behind a divider of 2, and of current 2.5 mA; noise is as much again.
        #expect(abs(try value("bus_voltage", of: &chip) * 2 - truth.bus_V) < 0.01)
        #expect(abs(try value("current", of: &chip) - truth.converter_A) < 0.03)
        let power_W = try value("power", of: &chip) * 2
        #expect(abs(power_W - truth.converter_A * truth.bus_V) < 3)

        var cells = try meter(0x40)
        let later = host.truth
        #expect(abs(try value("bus_voltage", of: &cells) * 2 - later.battery_V) < 0.01)
        #expect(abs(try value("current", of: &cells) - later.battery_A) < 0.05)
        #expect(later.battery_A > 1, "discharging is positive")
    }

    @Test("An ADS1115 tells all four analogue signals", arguments: [128, 860] as [Double])
    func converterInputs(rate_SPS: Double) throws {
        var chip = try converter(rate_SPS)
        host.makeOutputs(0x0F, 0x00, of: 1)
        host.drive(0b0101, true, of: 1)
        host.wait(1)
        let truth = host.truth
        #expect(truth.loadsConduct == [true, false, true, false])
        #expect(truth.pv_A > 1 && truth.load_A < -5)
        // Of ±4.096 V a count is 0.125 mV: 2.5 mV of the link, 3 mA of current, 0.0125 °C.
        #expect(abs(try value("ain0", of: &chip) * 20 - truth.link_V) < 0.01)
        #expect(abs((try value("ain1", of: &chip) - 0.5) / 0.01 - truth.temperature_C) < 0.5)
        #expect(abs((try value("ain2", of: &chip) - 1.65) / 0.04 - truth.pv_A) < 0.2)
        #expect(abs((try value("ain3", of: &chip) - 1.65) / 0.04 - truth.load_A) < 0.2)
    }

    @Test("A chip that does not acknowledge, and comes back")
    func nack() throws {
        var chip = try meter(0x40)
        #expect(host.order("nack 0x40") == "ok")
        #expect(throws: BoardFault.self) { try value("bus_voltage", of: &chip) }
        var other = try meter(0x41)
        #expect(try value("bus_voltage", of: &other) > 20, "the others go on")
        #expect(host.order("ack 0x40") == "ok")
        #expect(try value("bus_voltage", of: &chip) > 20)
    }

    @Test(
        "A sick bus is felt by the driver",
        arguments: ["hang", "busy", "arbitration", "stucklow", "slow 60"])
    func sickBus(order: String) throws {
        var chip = try meter(0x40)
        #expect(host.order(order) == "ok")
        let before_s = host.now_s
        #expect(throws: BoardFault.self) { try value("bus_voltage", of: &chip) }
        #expect(host.now_s - before_s < 0.2)
        #expect(host.order("heal") == "ok")
        host.wait(0.2)
        #expect(try value("bus_voltage", of: &chip) > 20)
    }

    @Test("A bus that is slow but alive costs time and no reading")
    func slow() throws {
        var chip = try meter(0x40)
        #expect(host.order("slow 30") == "ok")
        let before_s = host.now_s
        #expect(try value("bus_voltage", of: &chip) > 20)
        #expect(host.now_s - before_s > 0.03)
    }

    @Test("A stranger in the place, an upset register, a frozen reading")
    func chipFaults() throws {
        var chip = try meter(0x41)
        #expect(host.order("identity 0x41 0x2270") == "ok")
        guard case .other = try chip.identify(on: port) else {
            Issue.record("the stranger was not seen")
            return
        }
        #expect(host.order("identity 0x41 clear") == "ok")
        #expect(try chip.identify(on: port) == .confirmed)

        #expect(host.order("flip 0x41 5 0x7FFF") == "ok")
        #expect(try port.transfer(0x41, write: [5], read: 2) != [0x08, 0x00])
        try chip.configure(on: port)

        #expect(host.order("freeze 0x41") == "ok")
        host.wait(0.1)
        let held = try value("bus_voltage", of: &chip)
        #expect(host.order("outage") == "ok")
        #expect(host.order("sun 0") == "ok")
        host.wait(2)
        #expect(host.truth.bus_V < 40)
        #expect(try value("bus_voltage", of: &chip) == held)
        #expect(host.order("thaw 0x41") == "ok")
        host.wait(0.1)
        #expect(try abs(value("bus_voltage", of: &chip) * 2 - host.truth.bus_V) < 0.1)
    }

    @Test("Unplugged, nobody is there; replugged, chips have forgotten their settings")
    func plug() throws {
        var chip = try meter(0x40)
        #expect(host.order("unplug") == "ok")
        #expect(throws: BoardFault(.notPresent, code: 19)) { try value("bus_voltage", of: &chip) }
        #expect(host.levels() == nil)
        #expect(host.order("replug") == "ok")
        #expect(try port.transfer(0x40, write: [5], read: 2) == [0, 0])
        try chip.configure(on: port)
        host.wait(0.02)
        #expect(try value("bus_voltage", of: &chip) > 20)
    }

    @Test(
        "Every sensor fault is seen at the chip",
        arguments: [
            ("stick 40", 40.0...40.1), ("scale 0.5", 23...25), ("drift 1", 52...60),
            ("nan", 80...83), ("swap battery_voltage", 52...54),
        ])
    func sensorFaults(fault: String, expected: ClosedRange<Double>) throws {
        #expect(host.order("sensor dc_bus_voltage \(fault)") == "ok")
        host.wait(5)
        // Straight from the register, for a driver calls the end of the scale no value.
        let raw = try port.transfer(0x41, write: [2], read: 2)
        let bus_V = Double(UInt16(raw[0]) << 8 | UInt16(raw[1])) * 1.25e-3 * 2
        #expect(expected.contains(bus_V), "\(bus_V) V")
        #expect(abs(host.truth.bus_V - 48.5) < 0.5, "the plant knows nothing of it")
    }

    @Test("Random transfers to every chip end nothing", arguments: 0..<4 as Range<UInt64>)
    func fuzz(seed: UInt64) throws {
        var random = Random(seed: seed)
        let addresses: [UInt8] = [0x40, 0x41, 0x48, 0x60, 0x20]
        var (answered, refused) = (0, 0)
        for _ in 0..<3000 {
            let bytes = (0..<Int(random.next() % 6)).map { _ in
                UInt8(truncatingIfNeeded: random.next() & (random.unit() < 0.5 ? 0x07 : 0xFF))
            }
            let address = addresses[Int(random.next() % 5)]
            let count = Int(random.next() % 8)
            do {
                let got = try port.transfer(address, write: bytes, read: count)
                if got.count == count { answered += 1 }
            } catch { refused += 1 }
            host.wait(random.unit() * 2e-3)
        }
        #expect(answered > 1000 && refused > 100)
        // Whatever they were told, a reset of the general kind brings them back.
        #expect(host.order("unplug") == "ok" && host.order("replug") == "ok")
        var chip = try meter(0x41)
        #expect(try abs(value("bus_voltage", of: &chip) * 2 - host.truth.bus_V) < 0.05)
    }

    @Test("Spikes and noise move readings, freezing and dropping hold them")
    func spread() throws {
        func range(_ fault: String) throws -> Double {
            #expect(host.order("sensor dc_bus_voltage \(fault)") == "ok")
            host.wait(0.01)
            let all = try (0..<200).map { _ in
                host.wait(0.01)
                let raw = try port.transfer(0x41, write: [2], read: 2)
                return Double(UInt16(raw[0]) << 8 | UInt16(raw[1])) * 2.5e-3
            }
            return (all.max() ?? 0) - (all.min() ?? 0)
        }
        let healthy_V = try range("clear")
        #expect(healthy_V > 0 && healthy_V < 0.1)
        #expect(try range("noise 1") > 1)
        #expect(try range("spike 0.1 5") > 2)
        #expect(try range("freeze") < 0.003)
        #expect(try range("drop") == 0)
    }
}
