import HAL
import LinuxBoard
import Testing

/// Byte layouts of the data sheet DS22039: Figure 6-1 (fast write) and Figure 6-3 (read).
@Suite("MCP4725") struct MCP4725Tests {
    let at: UInt8 = 0x62
    /// Ready and powered, not powered down; the register holds `code`, the EEPROM 800h.
    func state(_ code: UInt16, powerDown: UInt8 = 0, busy: Bool = false) -> ScriptedPort.Step {
        let head = (busy ? 0x40 : 0xC0) | powerDown << 1
        return .read(
            [head, UInt8(code >> 4), UInt8(code & 0xF) << 4, 0x08, 0x00], from: at)
    }

    @Test("It starts from the idle output and reads it back; the EEPROM is left alone")
    func configures() throws {
        let port = ScriptedPort([state(0x800), .write([0x04, 0x00], to: at), state(0x400)])
        var chip = try MCP4725(address: at, reference_V: 5, idle_V: 1.25)
        try chip.configure(on: port)
        port.done()
    }

    @Test(
        "V_OUT = V_REF · D / 4096, clamped; NaN is 0",
        arguments: [
            // The steps at 5.0 V and 3.0 V are 1.22 mV and 0.73 mV.
            (5.0, 2.5, [0x08, 0x00]), (5.0, 0.00122, [0x00, 0x01]), (3.0, 0.00073, [0x00, 0x01]),
            (5.0, 5.0, [0x0F, 0xFF]), (5.0, 1e9, [0x0F, 0xFF]), (5.0, .infinity, [0x0F, 0xFF]),
            (5.0, -1, [0x00, 0x00]), (5.0, .nan, [0x00, 0x00]), (3.3, 1.0, [0x04, 0xD9]),
        ] as [(Double, Float, [UInt8])])
    func writes(reference_V: Double, value: Float, bytes: [UInt8]) throws {
        let port = ScriptedPort([.write(bytes, to: at)])
        var chip = try MCP4725(address: at, reference_V: reference_V)
        try chip.write(value, to: 0, on: port)
        port.done()
    }

    @Test("It says what it gives; powered down it gives nothing")
    func readsBack() throws {
        let port = ScriptedPort([
            state(0xABC), .write([0x10, 0x00], to: at), state(0, powerDown: 1),
            .write([0x30, 0x00], to: at), state(0, powerDown: 3),
        ])
        var chip = try MCP4725(address: at, reference_V: 4.096)
        #expect(abs(try chip.readBack(0, on: port) - 2.748) < 1e-5)
        try chip.letGo(.pulledBy1kOhm, on: port)
        #expect(try chip.readBack(0, on: port).isNaN)
        try chip.letGo(.pulledBy500kOhm, on: port)
        #expect(try chip.readBack(0, on: port).isNaN)
        port.done()
    }

    @Test("An EEPROM under way is waited for; a false echo and silence are faults")
    func fails() throws {
        let gone = BoardFault(.notPresent, code: 121)
        let port = ScriptedPort([
            state(0, busy: true), state(0), .write([0x00, 0x00], to: at), state(1),
            .fault(gone, after: [0x08, 0x00], reading: 0, at: at),
        ])
        var chip = try MCP4725(address: at, reference_V: 5)
        let late = #expect(throws: BoardFault.self) { try chip.configure(on: port) }
        #expect(late?.kind == .timeout)
        let other = #expect(throws: BoardFault.self) { try chip.configure(on: port) }
        #expect(other?.kind == .bus)
        #expect(throws: gone) { try chip.write(2.5, to: 0, on: port) }
        port.done()
    }

    @Test("An idle output above the reference is refused")
    func refuses() {
        let refusal = #expect(throws: ChipRefusal.self) {
            _ = try MCP4725(address: at, reference_V: 3.3, idle_V: 5)
        }
        #expect(refusal?.key == "idle_V")
    }
}
