import HAL
import LinuxBoard
import Testing

/// Figures of the data sheet SBOS547, Table 1 "Configure/Measure/Calculate Example": load 10 A,
/// common mode 12 V, shunt 2 mΩ, current step 1 mA.
@Suite("INA226") struct INA226Tests {
    let at: UInt8 = 0x40
    /// Conversions are ready, no overflow.
    var ready: ScriptedPort.Step { .read([0x00, 0x08], after: [0x06], from: at) }
    var identity: [ScriptedPort.Step] {
        [
            .read([0x54, 0x49], after: [0xFE], from: at),
            .read([0x22, 0x60], after: [0xFF], from: at),
        ]
    }
    func example() throws -> INA226 {
        try INA226(address: at, shunt_Ohm: 0.002, currentLSB_A: 0.001)
    }

    @Test("The example's set-up: CAL 0A00h, configuration 4127h, each read back")
    func configures() throws {
        let port = ScriptedPort(
            identity + [
                .write([0x05, 0x0A, 0x00], to: at), .read([0x0A, 0x00], after: [0x05], from: at),
                .write([0x06, 0x00, 0x00], to: at), .read([0x00, 0x08], after: [0x06], from: at),
                .write([0x00, 0x41, 0x27], to: at), .read([0x41, 0x27], after: [0x00], from: at),
            ])
        var chip = try example()
        try chip.configure(on: port)
        port.done()
    }

    @Test("The example's readings: 11.98 V, 20 mV, 10 A, 119.8 W")
    func reads() throws {
        let port = ScriptedPort([
            ready, .read([0x25, 0x70], after: [0x02], from: at),
            .read([0x1F, 0x40], after: [0x01], from: at),
            ready, .read([0x27, 0x10], after: [0x04], from: at),
            ready, .read([0x12, 0xB8], after: [0x03], from: at),
            .read([0x27, 0x10], after: [0x04], from: at),
        ])
        var chip = try example()
        #expect(chip.inputs.map(\.name) == ["bus_voltage", "shunt_voltage", "current", "power"])
        #expect(abs(try chip.read(0, on: port) - 11.98) < 1e-5)
        #expect(abs(try chip.read(1, on: port) - 0.020) < 1e-8)
        #expect(abs(try chip.read(2, on: port) - 10) < 1e-5)
        #expect(abs(try chip.read(3, on: port) - 119.8) < 1e-3)
        port.done()
    }

    @Test("A current the other way has a negative power")
    func negative() throws {
        // −10 A: the complement of 2710h is D8F0h; the power register has no sign.
        let port = ScriptedPort([
            ready, .read([0xD8, 0xF0], after: [0x04], from: at),
            ready, .read([0x12, 0xB8], after: [0x03], from: at),
            .read([0xD8, 0xF0], after: [0x04], from: at),
        ])
        var chip = try example()
        #expect(abs(try chip.read(2, on: port) + 10) < 1e-5)
        #expect(abs(try chip.read(3, on: port) + 119.8) < 1e-3)
        port.done()
    }

    @Test("Before the first conversion, on overflow and at the end of a scale a reading is NaN")
    func invalid() throws {
        let port = ScriptedPort([
            .read([0x00, 0x00], after: [0x06], from: at),
            ready, .read([0x7F, 0xFF], after: [0x02], from: at),
            .read([0x80, 0x00], after: [0x01], from: at),
            // OVF is bit 2 of Mask/Enable.
            .read([0x00, 0x0C], after: [0x06], from: at),
            .read([0x27, 0x10], after: [0x04], from: at),
            ready, .read([0x7F, 0xFF], after: [0x04], from: at),
        ])
        var chip = try example()
        #expect(try chip.read(0, on: port).isNaN)
        #expect(try chip.read(0, on: port).isNaN)
        #expect(try chip.read(1, on: port).isNaN)
        #expect(try chip.read(2, on: port).isNaN)
        #expect(try chip.read(2, on: port).isNaN)
        port.done()
    }

    @Test("No current: is it calibrated still? A chip that lost its supply is a fault")
    func forgets() throws {
        let port = ScriptedPort([
            ready, .read([0x00, 0x00], after: [0x04], from: at),
            .read([0x0A, 0x00], after: [0x05], from: at),
            ready, .read([0x00, 0x00], after: [0x04], from: at),
            .read([0x00, 0x00], after: [0x05], from: at),
        ])
        var chip = try example()
        #expect(try chip.read(2, on: port) == 0)
        let fault = #expect(throws: BoardFault.self) { try chip.read(2, on: port) }
        #expect(fault?.kind == .bus)
        port.done()
    }

    @Test("Another chip's identity is refused, and nothing is written to it")
    func wrongChip() throws {
        let wrong: [ScriptedPort.Step] = [
            .read([0x54, 0x49], after: [0xFE], from: at),
            .read([0x32, 0x20], after: [0xFF], from: at),
        ]
        let port = ScriptedPort(wrong + wrong)
        var chip = try example()
        #expect(try chip.identify(on: port) == .other("manufacturer 0x5449, die 0x3220"))
        let fault = #expect(throws: BoardFault.self) { try chip.configure(on: port) }
        #expect(fault?.kind == .bus)
        port.done()
    }

    @Test("A register that does not hold what was written is a fault; silence is not present")
    func deviates() throws {
        let port = ScriptedPort(
            identity + [
                .write([0x05, 0x0A, 0x00], to: at), .read([0x0A, 0x01], after: [0x05], from: at),
                .fault(BoardFault(.notPresent, code: 6), after: [0xFE], reading: 2, at: at),
            ])
        var chip = try example()
        let fault = #expect(throws: BoardFault.self) { try chip.configure(on: port) }
        #expect(fault?.kind == .bus)
        #expect(throws: BoardFault(.notPresent, code: 6)) { try chip.configure(on: port) }
        port.done()
    }

    @Test("The finest step is the shunt register's own: CAL 2048; averages and times have codes")
    func options() throws {
        // Table 7-3: 16 averages are 010; Tables 7-4, 7-5: 8.244 ms is 111, 140 µs is 000.
        let port = ScriptedPort(
            identity + [
                .write([0x05, 0x08, 0x00], to: at), .read([0x08, 0x00], after: [0x05], from: at),
                .write([0x06, 0x00, 0x00], to: at), .read([0x00, 0x00], after: [0x06], from: at),
                .write([0x00, 0x45, 0xC7], to: at), .read([0x45, 0xC7], after: [0x00], from: at),
                ready, .read([0x03, 0xE8], after: [0x04], from: at),
            ])
        var chip = try INA226(
            address: at, shunt_Ohm: 0.1, averaging: 16, busConversion_us: 8244,
            shuntConversion_us: 140)
        try chip.configure(on: port)
        // 1000 steps of 2.5 µV over 0.1 Ω.
        #expect(abs(try chip.read(2, on: port) - 0.025) < 1e-7)
        port.done()
    }

    @Test("What cannot be is refused with its key")
    func refusals() {
        func key(_ make: () throws -> INA226) -> String? {
            do { _ = try make() } catch { return (error as? ChipRefusal)?.key }
            return nil
        }
        #expect(key { try INA226(address: 0x50, shunt_Ohm: 0.1) } == "address")
        #expect(key { try INA226(address: at, shunt_Ohm: 0) } == "shunt_ohm")
        #expect(key { try INA226(address: at, shunt_Ohm: .nan) } == "shunt_ohm")
        #expect(key { try INA226(address: at, shunt_Ohm: 0.1, averaging: 3) } == "averaging")
        #expect(
            key { try INA226(address: at, shunt_Ohm: 0.1, currentLSB_A: 1e-9) } == "current_lsb_A")
        #expect(
            key { try INA226(address: at, shunt_Ohm: 0.1, busConversion_us: 1) }
                == "bus_conversion_us")
    }
}
