import HAL
import LinuxBoard
import Testing

@Suite("PCF8574 and PCF8574A") struct PCF8574Tests {
    let at: UInt8 = 0x20

    @Test("Inputs are written 1, always (§8.1, §8.2)")
    func drives() throws {
        let port = ScriptedPort([
            .write([0xFF], to: at), .read([0xF3], from: at),
            .write([0xF0], to: at), .write([0xF5], to: at), .read([0x75], from: at),
        ])
        var chip = try PCF8574(address: at, inputs: 0xF0)
        try chip.configure(on: port)
        try chip.drive(0x0000, on: port)
        try chip.drive(0xFF05, on: port)
        #expect(try chip.levels(on: port) == 0x75)
        port.done()
    }

    @Test("A line pulled down that reads 1 is a fault, a line at 1 that reads 0 is not")
    func configures() throws {
        let port = ScriptedPort([
            .write([0xF6], to: at), .read([0x06], from: at),
            .write([0xF6], to: at), .read([0xF7], from: at),
        ])
        var chip = try PCF8574(address: at, inputs: 0xF0, idle: 0x06)
        try chip.configure(on: port)
        let fault = #expect(throws: BoardFault.self) { try chip.configure(on: port) }
        #expect(fault?.kind == .bus)
        port.done()
    }

    @Test("The A has its own addresses")
    func addresses() throws {
        #expect(throws: ChipRefusal.self) { _ = try PCF8574(address: 0x38, inputs: 0) }
        #expect(throws: ChipRefusal.self) { _ = try PCF8574A(address: 0x20, inputs: 0) }
        #expect(try PCF8574A(address: 0x3F, inputs: 0).address == 0x3F)
    }
}

/// Register addresses of the data sheet DS20001952, Table 3-5 (IOCON.BANK = 0).
@Suite("MCP23017") struct MCP23017Tests {
    let at: UInt8 = 0x27
    func settled(_ register: UInt8, _ a: UInt8, _ b: UInt8) -> [ScriptedPort.Step] {
        [.write([register, a, b], to: at), .read([a, b], after: [register], from: at)]
    }
    var banked: [ScriptedPort.Step] {
        [
            .write([0x05, 0x00], to: at), .write([0x0A, 0x00], to: at),
            .read([0x00], after: [0x0A], from: at),
        ]
    }
    var configured: [ScriptedPort.Step] {
        banked + settled(0x14, 0x81, 0x00) + settled(0x02, 0x00, 0x01) + settled(0x0C, 0x00, 0x03)
            + settled(0x00, 0x00, 0xFF)
    }
    /// Port A drives eight relays, two of them on at start; port B reads contacts.
    func chip() throws -> MCP23017 {
        try MCP23017(
            address: at, inputs: 0xFF00, pullUps: 0x0300, inverted: 0x0100, idle: 0x0081)
    }

    @Test("Levels come before directions, and every register is read back")
    func configures() throws {
        let port = ScriptedPort(configured)
        var chip = try chip()
        try chip.configure(on: port)
        port.done()
    }

    @Test("It drives its outputs alone, and reads all lines with the latch beside them")
    func drives() throws {
        let port = ScriptedPort([
            .write([0x14, 0x0F, 0x00], to: at), .read([0x00, 0xFF], after: [0x00], from: at),
            .read([0x0F, 0xA5, 0x0F, 0x00], after: [0x12], from: at),
        ])
        var chip = try chip()
        try chip.drive(0xFF0F, on: port)
        #expect(try chip.levels(on: port) == 0xA50F)
        port.done()
    }

    @Test("A chip that was reset has inputs alone and an empty latch: a fault either way")
    func forgets() throws {
        let port = ScriptedPort([
            .write([0x14, 0x0F, 0x00], to: at), .read([0xFF, 0xFF], after: [0x00], from: at),
            .read([0x00, 0x00, 0x00, 0x00], after: [0x12], from: at),
        ])
        var chip = try chip()
        let driving = #expect(throws: BoardFault.self) { try chip.drive(0x000F, on: port) }
        #expect(driving?.kind == .bus)
        let reading = #expect(throws: BoardFault.self) { try chip.levels(on: port) }
        #expect(reading?.kind == .bus)
        port.done()
    }

    @Test("Another chip that does not keep a register fails; set-up goes back to idle")
    func deviates() throws {
        let port = ScriptedPort(
            banked + [
                .write([0x14, 0x81, 0x00], to: at), .read([0xFF, 0xFF], after: [0x14], from: at),
                .write([0x14, 0x0F, 0x00], to: at), .read([0x00, 0xFF], after: [0x00], from: at),
            ] + configured)
        var chip = try chip()
        let fault = #expect(throws: BoardFault.self) { try chip.configure(on: port) }
        #expect(fault?.kind == .bus)
        try chip.drive(0x000F, on: port)
        try chip.configure(on: port)
        port.done()
    }

    @Test("Pull-ups and inversions name inputs only")
    func refuses() {
        let pulled = #expect(throws: ChipRefusal.self) {
            _ = try MCP23017(address: at, inputs: 0x00FF, pullUps: 0x0100)
        }
        #expect(pulled?.key == "pull_ups")
        let turned = #expect(throws: ChipRefusal.self) {
            _ = try MCP23017(address: at, inputs: 0x00FF, inverted: 0x8000)
        }
        #expect(turned?.key == "inverted")
    }
}
