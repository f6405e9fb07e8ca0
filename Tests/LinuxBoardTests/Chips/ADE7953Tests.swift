import HAL
import LinuxBoard
import Testing

/// Register addresses and full scales of the data sheet, Rev. C.
@Suite("ADE7953") struct ADE7953Tests {
    let at: UInt8 = 0x38
    var identity: [ScriptedPort.Step] {
        [
            .read([0x40], after: [0x07, 0x02], from: at),
            .read([0x35], after: [0x00, 0xFD], from: at),
        ]
    }
    /// 0.5 V peak at the pins: 400 V peak by a divider of 800, and 20 A peak by a sensor.
    func chip(pgaA: Int = 1) throws -> ADE7953 {
        try ADE7953(
            voltsPerLSB: 400 / 2.0.squareRoot() / 9_032_007,
            amperesAPerLSB: 20 / 2.0.squareRoot() / 9_032_007,
            amperesBPerLSB: 40 / 2.0.squareRoot() / 9_032_007, pgaA: pgaA)
    }

    @Test("The required unlocking comes first; lengths follow addresses; gains are read back")
    func configures() throws {
        let port = ScriptedPort(
            identity + [
                .write([0x00, 0xFE, 0xAD], to: at), .write([0x01, 0x20, 0x00, 0x30], to: at),
                .write([0x01, 0x02, 0x00, 0x04], to: at),
                .read([0x00, 0x04], after: [0x01, 0x02], from: at),
                .write([0x00, 0x07, 0x00], to: at), .read([0x00], after: [0x00, 0x07], from: at),
                .write([0x00, 0x08, 0x05], to: at), .read([0x05], after: [0x00, 0x08], from: at),
                .write([0x00, 0x09, 0x00], to: at), .read([0x00], after: [0x00, 0x09], from: at),
            ])
        var chip = try chip(pgaA: 22)
        #expect(try chip.identify(on: ScriptedPort(identity)) == .confirmed)
        try chip.configure(on: port)
        port.done()
    }

    @Test("RMS at full scale: code 9032007")
    func rms() throws {
        // 9032007 is 89D147h.
        let port = ScriptedPort([
            .read([0x89, 0xD1, 0x47], after: [0x02, 0x1C], from: at),
            .read([0x89, 0xD1, 0x47], after: [0x02, 0x1A], from: at),
            .read([0x89, 0xD1, 0x47], after: [0x02, 0x1B], from: at),
            // More than a square wave of full scale: a bus stuck at 1.
            .read([0xFF, 0xFF, 0xFF], after: [0x02, 0x1C], from: at),
        ])
        var chip = try chip()
        #expect(abs(try chip.read(0, on: port) - 282.8427) < 1e-3)
        #expect(abs(try chip.read(1, on: port) - 14.14214) < 1e-4)
        #expect(abs(try chip.read(2, on: port) - 28.28427) < 1e-4)
        #expect(try chip.read(0, on: port).isNaN)
        port.done()
    }

    @Test("A reading somebody made: 1244824 behind a divider of 401 was 19.43 V by another meter")
    func measured() throws {
        // ez.analog.com, Energy Metering discussion 117723; within its 1 % resistors.
        let port = ScriptedPort([.read([0x12, 0xFE, 0x98], after: [0x02, 0x1C], from: at)])
        var chip = try ADE7953(
            voltsPerLSB: 401 * 0.5 / 2.0.squareRoot() / 9_032_007, amperesAPerLSB: 1e-6)
        #expect(abs(try chip.read(0, on: port) / 19.431 - 1) < 0.01)
        port.done()
    }

    @Test("Powers at full scale: code 4862401, either sign, of 24 bits")
    func powers() throws {
        // 4862401 is 4A31C1h, its negative B5CE3Fh.
        let port = ScriptedPort([
            .read([0x4A, 0x31, 0xC1], after: [0x02, 0x12], from: at),
            .read([0xB5, 0xCE, 0x3F], after: [0x02, 0x13], from: at),
            .read([0x4A, 0x31, 0xC1], after: [0x02, 0x14], from: at),
            .read([0xB5, 0xCE, 0x3F], after: [0x02, 0x15], from: at),
            .read([0xFF, 0xFF, 0xFF], after: [0x02, 0x12], from: at),
        ])
        var chip = try chip()
        // 282.84 V · 14.142 A and 282.84 V · 28.284 A.
        #expect(abs(try chip.read(3, on: port) - 4000) < 0.05)
        #expect(abs(try chip.read(4, on: port) + 8000) < 0.05)
        #expect(abs(try chip.read(5, on: port) - 4000) < 0.05)
        #expect(abs(try chip.read(6, on: port) + 8000) < 0.05)
        #expect(abs(try chip.read(3, on: port) + 4000 / 4_862_401) < 1e-6)
        port.done()
    }

    @Test("Frequency is 223.75 kHz over PERIOD + 1; the angle is a share of the period")
    func times() throws {
        let config: ScriptedPort.Step = .read([0x00, 0x04], after: [0x01, 0x02], from: at)
        // 1179h is 4473: 4474 counts a period, near 50 Hz; 100 of them are 8.05°.
        let port = ScriptedPort([
            config, .read([0x11, 0x79], after: [0x01, 0x0E], from: at),
            config, .read([0x00, 0x00], after: [0x01, 0x0E], from: at),
            .read([0x00, 0x64], after: [0x01, 0x0C], from: at),
            .read([0x11, 0x79], after: [0x01, 0x0E], from: at),
            .read([0xFF, 0x9C], after: [0x01, 0x0D], from: at),
            .read([0x11, 0x79], after: [0x01, 0x0E], from: at),
        ])
        var chip = try chip()
        #expect(abs(try chip.read(7, on: port) - 50.0112) < 1e-3)
        #expect(try chip.read(7, on: port).isNaN)
        // One step at 50 Hz is 0.0805°; the data sheet, with the clock cut to 223 kHz, says 0.0807°.
        #expect(abs(try chip.read(8, on: port) - 8.046) < 1e-2)
        #expect(abs(try chip.read(9, on: port) + 8.046) < 1e-2)
        port.done()
    }

    @Test("A chip that was reset has its lock open again: a fault, not a frequency")
    func forgets() throws {
        let port = ScriptedPort([.read([0x80, 0x04], after: [0x01, 0x02], from: at)])
        var chip = try chip()
        let fault = #expect(throws: BoardFault.self) { try chip.read(7, on: port) }
        #expect(fault?.kind == .bus)
        port.done()
    }

    @Test("Another chip does not know its last operation: refused")
    func wrongChip() throws {
        let port = ScriptedPort([
            .read([0x00], after: [0x07, 0x02], from: at),
            .read([0x00], after: [0x00, 0xFD], from: at),
        ])
        var chip = try chip()
        let fault = #expect(throws: BoardFault.self) { try chip.configure(on: port) }
        #expect(fault?.kind == .bus)
        port.done()
    }
}
