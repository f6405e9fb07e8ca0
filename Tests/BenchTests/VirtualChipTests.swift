import Bench
import Testing

/// A chip on a bus of its own.
@dynamicMemberLookup private final class Part<C: VirtualChip> {
    var chip: C
    init(_ chip: C) { self.chip = chip }
    subscript<T>(dynamicMember path: WritableKeyPath<C, T>) -> T {
        get { chip[keyPath: path] }
        set { chip[keyPath: path] = newValue }
    }
    subscript<T>(dynamicMember path: KeyPath<C, T>) -> T { chip[keyPath: path] }

    func write(_ bytes: [UInt8]) -> Int { chip.write(bytes) }
    func read(_ count: Int) -> [UInt8] { chip.read(count) }
    func put(_ register: UInt8, _ word: UInt16) {
        _ = chip.write([register, UInt8(word >> 8), UInt8(word & 0xFF)])
    }
    func word(_ register: UInt8) -> UInt16 {
        _ = chip.write([register])
        let b = chip.read(2)
        return UInt16(b[0]) << 8 | UInt16(b[1])
    }
    func step(pins_V: [Double], dt_s: Double) {
        var pins = SIMD4<Double>.zero
        for n in pins_V.indices { pins[n] = pins_V[n] }
        chip.step(pins_V: pins, dt_s: dt_s)
    }
    func flip(_ register: UInt8, _ mask: UInt16) -> Bool { chip.flip(register, mask) }
    func pretend(_ identity: UInt16?) -> Bool { chip.pretend(identity) }
    func reset() { chip.reset() }
}

@Suite("INA226 on the bench") struct VirtualINA226Tests {
    private let chip = Part(VirtualINA226())

    /// Lets 100 ms pass with these on the pins, V.
    private func settle(_ shunt_V: Double, _ bus_V: Double) {
        for _ in 0..<100 { chip.step(pins_V: [shunt_V, bus_V], dt_s: 1e-3) }
    }

    @Test("Wakes as the data sheet says, and says who it is")
    func powerUp() {
        #expect(chip.word(0x00) == 0x4127)
        #expect(chip.word(0xFE) == 0x5449)
        #expect(chip.word(0xFF) == 0x2260)
        #expect(chip.word(0x05) == 0 && chip.word(0x06) == 0 && chip.word(0x07) == 0)
        #expect(chip.read(4) == [0, 0, 0xFF, 0xFF])
    }

    @Test("The data sheet's example: 10 A in 2 mΩ at 11.98 V")
    func example() {
        // SBOS547B, configure, measure and calculate: calibration 0A00h for 1 mA a count gives shunt
        // 1F40h, bus 2570h, current 2710h and power 12B8h, which is 119.8 W.
        chip.put(0x05, 0x0A00)
        settle(0.02, 11.98)
        #expect(chip.word(0x01) == 0x1F40)
        #expect(chip.word(0x02) == 0x2570)
        #expect(chip.word(0x04) == 0x2710)
        #expect(chip.word(0x03) == 0x12B8)
    }

    @Test("Negative and saturated inputs")
    func ends() {
        settle(-0.08, 45)
        #expect(chip.word(0x01) == 0x8300, "the data sheet's −80 mV")
        #expect(chip.word(0x02) == 0x7FFF)
        settle(-0.1, -1)
        #expect(chip.word(0x01) == 0x8000)
        #expect(chip.word(0x02) == 0)
        chip.put(0x05, 0x7FFF)
        settle(0.08, 30)
        #expect(chip.word(0x04) == 0x7FFF)
        #expect(chip.word(0x06) & 1 << 2 != 0, "overflow is said")
        settle(.nan, .nan)
        #expect(chip.word(0x01) == 0x7FFF && chip.word(0x02) == 0x7FFF, "open wires are pulled up")
    }

    @Test("Conversion ready comes each period, and goes as it is read")
    func ready() {
        // 1.1 ms of each, averaged over 4: 8.8 ms.
        chip.put(0x00, 0x4327)
        #expect(abs(chip.period_s - 8.8e-3) < 1e-12)
        var seen: [Int] = []
        for ms in 1...44 {
            chip.step(pins_V: [0, 24], dt_s: 1e-3)
            if chip.word(0x06) & 1 << 3 != 0 { seen.append(ms) }
        }
        #expect(seen == [9, 18, 27, 36, 44])
        #expect(chip.word(0x06) & 1 << 3 == 0)
    }

    @Test("Averages over its period, not over the last millisecond")
    func averages() {
        chip.put(0x00, 0x4327)
        for ms in 0..<9 { chip.step(pins_V: [0, ms < 3 ? 30 : 0], dt_s: 1e-3) }
        #expect(chip.word(0x02) == 8000, "10 V")
    }

    @Test("Triggered modes convert once; power-down not at all")
    func modes() {
        chip.put(0x00, 0x4123)
        settle(0, 20)
        settle(0, 30)
        #expect(chip.word(0x02) == 16_000)
        chip.put(0x00, 0x4123)
        settle(0, 30)
        #expect(chip.word(0x02) == 24_000)
        chip.put(0x00, 0x4120)
        settle(0, 10)
        #expect(chip.word(0x02) == 24_000)
    }

    @Test("Alert on bus over-voltage follows, or is held until read")
    func alert() {
        chip.put(0x07, 20_000)
        chip.put(0x06, 1 << 13)
        settle(0, 26)
        #expect(chip.word(0x06) & 1 << 4 != 0)
        settle(0, 24)
        #expect(chip.word(0x06) & 1 << 4 == 0)
        chip.put(0x06, 1 << 13 | 1)
        settle(0, 26)
        settle(0, 24)
        #expect(chip.word(0x06) & 1 << 4 != 0)
        #expect(chip.word(0x06) & 1 << 4 == 0)
    }

    @Test("Reset, upsets, strangers and frozen readings")
    func faults() {
        chip.put(0x05, 2048)
        #expect(chip.flip(0x05, 0x0800))
        #expect(chip.word(0x05) == 0)
        #expect(!chip.flip(0x01, 1))
        #expect(chip.pretend(0x1234))
        #expect(chip.word(0xFF) == 0x1234)
        settle(0, 20)
        chip.isFrozen = true
        settle(0, 30)
        #expect(chip.word(0x02) == 16_000)
        #expect(chip.word(0x06) & 1 << 3 != 0, "it looks alive")
        chip.put(0x00, 0x8000)
        #expect(chip.word(0x00) == 0x4127 && chip.word(0x02) == 0)
    }
}

@Suite("ADS1115 on the bench") struct VirtualADS1115Tests {
    private let chip = Part(VirtualADS1115())
    private var pins = [1.0, 0.25, 2.0, 3.0]

    private func settle(_ ms: Int = 20) {
        for _ in 0..<ms { chip.step(pins_V: pins, dt_s: 1e-3) }
    }

    @Test("Wakes idle as the data sheet says")
    func powerUp() {
        #expect(chip.word(1) == 0x8583)
        #expect(chip.word(2) == 0x8000 && chip.word(3) == 0x7FFF)
        settle()
        #expect(chip.word(0) == 0)
    }

    @Test(
        "Every input and range",
        arguments: [
            // mux, range code, counts
            (0, 2, 12_000), (1, 1, -16_000), (2, 1, -22_000), (3, 2, -16_000), (4, 2, 16_000),
            (5, 4, 16_000), (5, 5, 32_000), (6, 1, 16_000), (7, 0, 16_000), (7, 2, 32_767),
        ])
    mutating func inputs(mux: UInt16, range: UInt16, counts: Int) {
        chip.put(1, 0x8000 | mux << 12 | range << 9 | 0x0183)
        #expect(chip.word(1) & 0x8000 == 0, "converting")
        settle()
        #expect(chip.word(1) & 0x8000 != 0)
        #expect(Int(Int16(bitPattern: chip.word(0))) == counts)
        pins = [0, 0, 0, 0]
        settle()
        #expect(Int(Int16(bitPattern: chip.word(0))) == counts, "single shot")
    }

    @Test("Inputs are clamped to the supply")
    mutating func clamps() {
        pins = [12, -5, .nan, 0]
        chip.put(1, 0xC183 & ~0x0E00)
        settle()
        #expect(Int16(bitPattern: chip.word(0)) == 19_200, "3.6 V of 6.144")
        chip.put(1, 0xD183 & ~0x0E00)
        settle()
        #expect(Int16(bitPattern: chip.word(0)) == -1600)
        chip.put(1, 0xE183 & ~0x0E00)
        settle()
        #expect(Int16(bitPattern: chip.word(0)) == 19_200, "an open wire is pulled up")
    }

    @Test("Continuous: a conversion ends as it began, the next takes the new input")
    func continuous() {
        // 128 per second: 7.8 ms.
        chip.put(1, 0x4483)
        settle(2)
        chip.put(1, 0x7483)
        settle(7)
        #expect(chip.word(0) == 16_000, "still input 0")
        settle(8)
        #expect(chip.word(0) == 0x7FFF, "now input 3, beyond the range")
        #expect(chip.word(1) == 0x7483)
    }

    @Test("Takes as long as its rate says")
    func rates() {
        chip.put(1, 0xC5E3)
        chip.step(pins_V: pins, dt_s: 1.16e-3)
        #expect(chip.word(1) & 0x8000 == 0)
        chip.step(pins_V: pins, dt_s: 0.01e-3)
        #expect(chip.word(1) & 0x8000 != 0, "1/860 s")
        #expect(chip.flip(1, 0x0E00) && chip.word(1) == 0xCBE3)
        #expect(!chip.pretend(1), "it has no identity")
    }
}

@Suite("MCP4725 on the bench") struct VirtualMCP4725Tests {
    private let chip = Part(VirtualMCP4725())

    @Test("Every way to write, and the five bytes that come back")
    func writes() {
        #expect(chip.read(5) == [0xC0, 0x80, 0x00, 0x08, 0x00])
        #expect(chip.output_V == 1.65)
        #expect(chip.write([0x0F, 0xFF]) == 2)
        #expect(chip.read(3) == [0xC0, 0xFF, 0xF0])
        #expect(abs((chip.output_V ?? 0) - 3.3 * 4095 / 4096) < 1e-12)
        #expect(chip.write([0x40, 0x12, 0x30]) == 3)
        #expect(chip.read(5) == [0xC0, 0x12, 0x30, 0x08, 0x00], "EEPROM untouched")
        #expect(chip.write([0x60, 0x45, 0x60]) == 3)
        #expect(chip.read(5) == [0x40, 0x45, 0x60, 0x04, 0x56], "busy")
        _ = chip.write([0x00, 0x01])
        #expect(chip.read(3) == [0x40, 0x45, 0x60], "ignored meanwhile")
        chip.step(pins_V: [], dt_s: 0.026)
        #expect(chip.read(1) == [0xC0])
        _ = chip.write([0x01, 0x00, 0x02, 0x00])
        #expect(chip.read(3) == [0xC0, 0x20, 0x00], "two fast commands, the later holds")
        chip.reset()
        #expect(chip.read(3) == [0xC0, 0x45, 0x60], "as the EEPROM says")
    }

    @Test("Powered down it gives nothing")
    func powerDown() {
        _ = chip.write([0x28, 0x00])
        #expect(chip.output_V == 0)
        #expect(chip.read(1) == [0xC4])
    }
}
