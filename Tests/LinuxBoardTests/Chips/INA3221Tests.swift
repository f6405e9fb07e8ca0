import HAL
import LinuxBoard
import Testing

/// Figures of the data sheet SBOS576: reset configuration 7127h (7.6.2.1), −80 mV is C180h
/// (7.6.2.2), full scales 7FF8h.
@Suite("INA3221") struct INA3221Tests {
    let at: UInt8 = 0x42
    var identity: [ScriptedPort.Step] {
        [
            .read([0x54, 0x49], after: [0xFE], from: at),
            .read([0x32, 0x20], after: [0xFF], from: at),
        ]
    }
    var ready: ScriptedPort.Step { .read([0x00, 0x01], after: [0x0F], from: at) }

    @Test("Its standard settings are the reset value 7127h")
    func configures() throws {
        let port = ScriptedPort(
            identity + [
                .write([0x00, 0x71, 0x27], to: at), .read([0x71, 0x27], after: [0x00], from: at),
            ])
        var chip = try INA3221(address: at, shunts_Ohm: [0.1, 0.1, 0.1])
        try chip.configure(on: port)
        port.done()
    }

    @Test("Each channel has its registers and its shunt; −80 mV over 0.05 Ω is −1.6 A")
    func reads() throws {
        let port = ScriptedPort([
            ready,
            .read([0x2E, 0xE0], after: [0x02], from: at),
            .read([0xC1, 0x80], after: [0x03], from: at),
            .read([0xC1, 0x80], after: [0x03], from: at),
            .read([0x2E, 0xE0], after: [0x06], from: at),
            .read([0x3E, 0x80], after: [0x05], from: at),
        ])
        var chip = try INA3221(address: at, shunts_Ohm: [0.1, 0.05, 0.01])
        #expect(chip.inputs[4] == ChipPin("shunt_voltage_2", "V"))
        // 2EE0h >> 3 is 1500 steps of 8 mV.
        #expect(abs(try chip.read(0, on: port) - 12) < 1e-5)
        #expect(abs(try chip.read(4, on: port) + 0.080) < 1e-7)
        #expect(abs(try chip.read(5, on: port) + 1.6) < 1e-5)
        #expect(abs(try chip.read(6, on: port) - 12) < 1e-5)
        #expect(abs(try chip.read(8, on: port) - 8) < 1e-4)
        port.done()
    }

    @Test("Before the first conversion and at the end of a scale a reading is NaN")
    func invalid() throws {
        let port = ScriptedPort([
            .read([0x00, 0x00], after: [0x0F], from: at),
            ready,
            .read([0x7F, 0xF8], after: [0x02], from: at),
            .read([0x80, 0x00], after: [0x01], from: at),
        ])
        var chip = try INA3221(address: at, shunts_Ohm: [0.1, 0.1, 0.1])
        for n in [0, 0, 1] { #expect(try chip.read(n, on: port).isNaN) }
        port.done()
    }

    @Test("An INA226 in its place is refused")
    func wrongChip() throws {
        let port = ScriptedPort([
            .read([0x54, 0x49], after: [0xFE], from: at),
            .read([0x22, 0x60], after: [0xFF], from: at),
        ])
        var chip = try INA3221(address: at, shunts_Ohm: [0.1, 0.1, 0.1])
        let fault = #expect(throws: BoardFault.self) { try chip.configure(on: port) }
        #expect(fault?.kind == .bus)
        port.done()
    }
}
