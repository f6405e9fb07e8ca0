import HAL
import LinuxBoard
import Testing

/// Figures of the data sheet SBOS448, Table 3 "Configure/Measure/Calculate Example": load 10 A,
/// common mode 12 V, shunt 2 mΩ, full scales 40 mV and 16 V, current step 1 mA.
@Suite("INA219") struct INA219Tests {
    let at: UInt8 = 0x41
    /// 11.98 V with CNVR: 2995 · 8 + 2; the table's 5D98h has the flag still clear.
    var bus: ScriptedPort.Step { .read([0x5D, 0x9A], after: [0x02], from: at) }
    func example() throws -> INA219 {
        try INA219(
            address: at, shunt_Ohm: 0.002, currentLSB_A: 0.001, busRange_V: 16, shuntRange_mV: 40)
    }

    @Test("The example's set-up: CAL 5000h, configuration 019Fh, each read back")
    func configures() throws {
        let port = ScriptedPort([
            .write([0x05, 0x50, 0x00], to: at), .read([0x50, 0x00], after: [0x05], from: at),
            .write([0x00, 0x01, 0x9F], to: at), .read([0x01, 0x9F], after: [0x00], from: at),
        ])
        var chip = try example()
        try chip.configure(on: port)
        port.done()
    }

    @Test("The example's readings: 11.98 V, 20 mV, 10 A, 119.8 W")
    func reads() throws {
        let port = ScriptedPort([
            bus,
            .read([0x07, 0xD0], after: [0x01], from: at),
            bus, .read([0x27, 0x10], after: [0x04], from: at),
            bus, .read([0x17, 0x66], after: [0x03], from: at),
            .read([0x27, 0x10], after: [0x04], from: at),
            // Once converted, a cleared CNVR means no newer value, not a false one.
            .read([0x5D, 0x98], after: [0x02], from: at),
        ])
        var chip = try example()
        #expect(abs(try chip.read(0, on: port) - 11.98) < 1e-5)
        #expect(abs(try chip.read(1, on: port) - 0.020) < 1e-8)
        #expect(abs(try chip.read(2, on: port) - 10) < 1e-5)
        #expect(abs(try chip.read(3, on: port) - 119.8) < 1e-3)
        #expect(abs(try chip.read(0, on: port) - 11.98) < 1e-5)
        port.done()
    }

    @Test("Before the first conversion, on overflow and at the end of a scale a reading is NaN")
    func invalid() throws {
        let port = ScriptedPort([
            .read([0x5D, 0x98], after: [0x02], from: at),
            bus,
            // 4000 steps: the end of 16 V, and of 40 mV. FS is 0FA0h (8.6.3.1, 8.6.3.2).
            .read([0x7D, 0x02], after: [0x02], from: at),
            .read([0xF0, 0x60], after: [0x01], from: at),
            // OVF is bit 0 of the bus voltage register.
            .read([0x5D, 0x9B], after: [0x02], from: at),
            .read([0x27, 0x10], after: [0x04], from: at),
        ])
        var chip = try example()
        #expect(try chip.read(0, on: port).isNaN)
        #expect(try !chip.read(0, on: port).isNaN)
        #expect(try chip.read(0, on: port).isNaN)
        #expect(try chip.read(1, on: port).isNaN)
        #expect(try chip.read(2, on: port).isNaN)
        port.done()
    }

    @Test("A negative shunt voltage: −320 mV is 8300h (8.6.3.1), and its neighbour counts")
    func negative() throws {
        let port = ScriptedPort([
            .read([0x5D, 0x9A], after: [0x02], from: at),
            .read([0x83, 0x00], after: [0x01], from: at),
            .read([0x83, 0x01], after: [0x01], from: at),
        ])
        var chip = try INA219(address: at, shunt_Ohm: 0.1)
        #expect(try chip.read(1, on: port).isNaN)
        #expect(abs(try chip.read(1, on: port) + 0.31999) < 1e-7)
        port.done()
    }

    @Test("Reset values: 32 V, 320 mV, 12 bits are 399Fh; 128 samples are 1111")
    func options() throws {
        let port = ScriptedPort([
            .write([0x05, 0x10, 0x00], to: at), .read([0x10, 0x00], after: [0x05], from: at),
            .write([0x00, 0x39, 0x9F], to: at), .read([0x39, 0x9F], after: [0x00], from: at),
            .write([0x05, 0x10, 0x00], to: at), .read([0x10, 0x00], after: [0x05], from: at),
            .write([0x00, 0x3F, 0xFF], to: at), .read([0x3F, 0xFF], after: [0x00], from: at),
        ])
        var chip = try INA219(address: at, shunt_Ohm: 0.1)
        try chip.configure(on: port)
        var averaging = try INA219(address: at, shunt_Ohm: 0.1, averaging: 128)
        try averaging.configure(on: port)
        port.done()
    }

    @Test("It cannot say what it is, and an INA226 in its place fails the read-back")
    func identity() throws {
        let port = ScriptedPort([
            .read([0x39, 0x9F], after: [0x00], from: at),
            .write([0x05, 0x10, 0x00], to: at), .read([0x10, 0x00], after: [0x05], from: at),
            // Bits 13 and 12 of an INA226's configuration are always 0.
            .write([0x00, 0x39, 0x9F], to: at), .read([0x49, 0x9F], after: [0x00], from: at),
        ])
        var chip = try INA219(address: at, shunt_Ohm: 0.1)
        #expect(try chip.identify(on: port) == .unverifiable)
        let fault = #expect(throws: BoardFault.self) { try chip.configure(on: port) }
        #expect(fault?.kind == .bus)
        port.done()
    }

    @Test("A chip that lost its supply calls every current 0: a fault")
    func forgets() throws {
        let port = ScriptedPort([
            bus, .read([0x00, 0x00], after: [0x04], from: at),
            .read([0x00, 0x00], after: [0x05], from: at),
        ])
        var chip = try example()
        let fault = #expect(throws: BoardFault.self) { try chip.read(2, on: port) }
        #expect(fault?.kind == .bus)
        port.done()
    }
}
