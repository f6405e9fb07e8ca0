import HAL
import LinuxBoard
import Testing

/// Control byte of the data sheet's §7.2: 0 AOE A A 0 I C C.
@Suite("PCF8591") struct PCF8591Tests {
    let at: UInt8 = 0x4B

    @Test("The second byte is the conversion asked for; after power-up the first is 80h")
    func reads() throws {
        let port = ScriptedPort([
            .read([0x80, 0x40], after: [0x40], from: at),
            .read([0x40, 0x00], after: [0x43], from: at),
            .read([0x00, 0xFF], after: [0x41], from: at),
        ])
        var chip = try PCF8591(address: at, reference_V: 2.56)
        #expect(abs(try chip.read(0, on: port) - 0.64) < 1e-6)
        #expect(try chip.read(3, on: port) == 0)
        #expect(try chip.read(1, on: port).isNaN)
        port.done()
    }

    @Test("Differences are two's complement, in steps of (VREF − AGND) / 256")
    func differential() throws {
        let port = ScriptedPort([
            .read([0x00, 0xFF], after: [0x50], from: at),
            .read([0x00, 0x7F], after: [0x51], from: at),
            .read([0x00, 0x80], after: [0x52], from: at),
            .read([0x00, 0x80], after: [0x60], from: at),
            .read([0x00, 0x81], after: [0x62], from: at),
        ])
        var three = try PCF8591(address: at, mode: .threeDifferential, reference_V: 2.56)
        #expect(three.inputs.count == 3)
        #expect(abs(try three.read(0, on: port) + 0.01) < 1e-7)
        #expect(try three.read(1, on: port).isNaN)
        #expect(try three.read(2, on: port).isNaN)
        var mixed = try PCF8591(address: at, mode: .mixed, reference_V: 3, ground_V: 0.44)
        #expect(abs(try mixed.read(0, on: port) - 1.72) < 1e-6)
        #expect(abs(try mixed.read(2, on: port) + 1.27) < 1e-6)
        port.done()
    }

    @Test("The output is D · (VREF − AGND) / 256 above AGND, clamped, and cannot be read back")
    func writes() throws {
        let port = ScriptedPort([
            .write([0x40, 0x40], to: at), .write([0x40, 0x80], to: at),
            .write([0x40, 0xFF], to: at), .write([0x40, 0x00], to: at),
            .write([0x40, 0x00], to: at),
        ])
        var chip = try PCF8591(address: at, reference_V: 2.56, idle_V: 0.64)
        try chip.configure(on: port)
        try chip.write(1.28, to: 0, on: port)
        try chip.write(9, to: 0, on: port)
        try chip.write(-9, to: 0, on: port)
        try chip.write(.nan, to: 0, on: port)
        #expect(try chip.readBack(0, on: port).isNaN)
        port.done()
    }

    @Test("A short answer is a fault")
    func short() throws {
        let port = ScriptedPort([
            ScriptedPort.Step(address: at, bytes: [0x40], count: 2, answer: .success([0x80]))
        ])
        var chip = try PCF8591(address: at, reference_V: 3.3)
        let fault = #expect(throws: BoardFault.self) { try chip.read(0, on: port) }
        #expect(fault?.kind == .bus)
        port.done()
    }
}
