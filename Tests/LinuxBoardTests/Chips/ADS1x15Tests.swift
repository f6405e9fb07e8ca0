import HAL
import Quantities
import Synchronization
import Testing

@testable import LinuxBoard

/// Figures of the data sheets SBAS444 (ADS1115) and SBAS473 (ADS1015): reset configuration 8583h,
/// and the tables of ideal output codes.
@Suite("ADS1115 and ADS1015") struct ADS1x15Tests {
    let at: UInt8 = 0x48
    func ads1115(_ fullScale_V: Double = 2.048, rate_SPS: Double? = nil) throws -> ADS1115 {
        try ADS1115(
            address: at, fullScale_V: fullScale_V, rate_SPS: rate_SPS, pause: { (_: Seconds) in })
    }
    /// One conversion that is ready at once.
    func conversion(_ config: [UInt8], _ code: [UInt8]) -> [ScriptedPort.Step] {
        [
            .write([0x01] + config, to: at), .read(config, after: [0x01], from: at),
            .read(code, after: [0x00], from: at),
        ]
    }

    @Test("The standard rate at ±2.048 V is the reset value 8583h: one shot of AIN0 − AIN1")
    func resetValue() throws {
        let port = ScriptedPort(
            [.write([0x01, 0x05, 0x83], to: at), .read([0x85, 0x83], after: [0x01], from: at)]
                + conversion([0x85, 0x83], [0x40, 0x00]))
        var chip = try ads1115()
        try chip.configure(on: port)
        #expect(try chip.read(0, on: port) == 1.024)
        port.done()
    }

    /// A word of the conversion register and the steps it stands for; nil: the end of the scale.
    struct Code: Sendable {
        var word: UInt16
        var steps: Int?
        init(_ word: UInt16, _ steps: Int?) {
            self.word = word
            self.steps = steps
        }
        var bytes: [UInt8] { [UInt8(word >> 8), UInt8(word & 0xFF)] }
    }
    static let codesOf16: [Code] = [
        Code(0x7FFF, nil), Code(0x7FFE, 32766), Code(0x0001, 1), Code(0x0000, 0),
        Code(0xFFFF, -1), Code(0x8001, -32767), Code(0x8000, nil),
    ]
    static let codesOf12: [Code] = [
        Code(0x7FF0, nil), Code(0x7FE0, 2046), Code(0x0010, 1), Code(0x0000, 0),
        Code(0xFFF0, -1), Code(0x8010, -2047), Code(0x8000, nil),
    ]

    @Test("The table of codes of 16 bits, FS = 2.048 V: a step is 62.5 µV", arguments: codesOf16)
    func codes16(code: Code) throws {
        let port = ScriptedPort(conversion([0x85, 0x83], code.bytes))
        var chip = try ads1115()
        let value = try chip.read(0, on: port)
        if let steps = code.steps {
            #expect(abs(value - Float(steps) * 62.5e-6) < 1e-6)
        } else {
            #expect(value.isNaN)
        }
        port.done()
    }

    @Test("The table of codes of 12 bits, FS = 2.048 V: a step is 1 mV", arguments: codesOf12)
    func codes12(code: Code) throws {
        let port = ScriptedPort(conversion([0x85, 0x83], code.bytes))
        var chip = try ADS1015(address: at, fullScale_V: 2.048, pause: { (_: Seconds) in })
        let value = try chip.read(0, on: port)
        if let steps = code.steps {
            #expect(abs(value - Float(steps) * 1e-3) < 1e-6)
        } else {
            #expect(value.isNaN)
        }
        port.done()
    }

    struct Setting: Sendable {
        var input: Int
        var fullScale_V: Double
        var rate_SPS: Double
        /// OS 1, MUX, PGA, MODE 1; DR, COMP_QUE 11.
        var config: [UInt8]
        init(_ input: Int, _ fullScale_V: Double, _ rate_SPS: Double, _ config: [UInt8]) {
            self.input = input
            self.fullScale_V = fullScale_V
            self.rate_SPS = rate_SPS
            self.config = config
        }
    }
    static let settings: [Setting] = [
        Setting(4, 6.144, 8, [0xC1, 0x03]), Setting(5, 4.096, 860, [0xD3, 0xE3]),
        Setting(6, 1.024, 250, [0xE7, 0xA3]), Setting(7, 0.512, 16, [0xF9, 0x23]),
        Setting(1, 0.256, 475, [0x9B, 0xC3]), Setting(2, 2.048, 32, [0xA5, 0x43]),
        Setting(3, 2.048, 64, [0xB5, 0x63]),
    ]

    @Test("Inputs, full scales and rates have their codes", arguments: settings)
    func choices(setting: Setting) throws {
        let port = ScriptedPort(conversion(setting.config, [0x40, 0x00]))
        var chip = try ads1115(setting.fullScale_V, rate_SPS: setting.rate_SPS)
        #expect(try chip.read(setting.input, on: port) == Float(setting.fullScale_V) / 2)
        port.done()
    }

    @Test("It waits a conversion's time, then looks at OS until it is 1")
    func polls() throws {
        let waits = Mutex<[Float]>([])
        let busy: ScriptedPort.Step = .read([0x05, 0xE3], after: [0x01], from: at)
        let port = ScriptedPort([
            .write([0x01, 0x85, 0xE3], to: at), busy, busy,
            .read([0x85, 0xE3], after: [0x01], from: at),
            .read([0x20, 0x00], after: [0x00], from: at),
        ])
        var chip = try ADS1115(
            address: at, fullScale_V: 2.048, rate_SPS: 860,
            pause: { time in waits.withLock { $0.append(time.value) } })
        #expect(try chip.read(0, on: port) == 0.512)
        let first = Float(1.0 / 860)
        let look = Float(0.05 / 860)
        let waited = waits.withLock { $0 }
        #expect(waited == [first, look, look])
        port.done()
    }

    @Test("A conversion that never ends is a time-out; changed settings are a fault")
    func fails() throws {
        let busy: ScriptedPort.Step = .read([0x05, 0x83], after: [0x01], from: at)
        var script: [ScriptedPort.Step] = [.write([0x01, 0x85, 0x83], to: at)]
        script += [ScriptedPort.Step](repeating: busy, count: 10)
        script.append(.write([0x01, 0x95, 0x83], to: at))
        script.append(.read([0x85, 0x83], after: [0x01], from: at))
        let port = ScriptedPort(script)
        var chip = try ads1115()
        let late = #expect(throws: BoardFault.self) { try chip.read(0, on: port) }
        #expect(late?.kind == .timeout)
        let changed = #expect(throws: BoardFault.self) { try chip.read(1, on: port) }
        #expect(changed?.kind == .bus)
        port.done()
    }

    @Test("Real time does pass")
    func passes() {
        let clock = ContinuousClock()
        #expect(clock.measure { letPass(Seconds(0.002)) } >= .milliseconds(2))
        letPass(Seconds(0))
        letPass(Seconds(-1))
    }
}
