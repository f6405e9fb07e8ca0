/// Microchip MCP4725 (DS22039D): a 12-bit reference with an EEPROM for the value it starts with.
///
/// No analogue inputs. Leaves the factory with half of its supply in the EEPROM.
public struct VirtualMCP4725: VirtualChip {
    /// A value with its power-down bits: 0 on, 1 to 3 off with 1, 100 or 500 kΩ to ground.
    private struct Setting: Equatable {
        var code: UInt16
        var powerDown: UInt8 = 0
    }
    private static let supply_V = 3.3
    /// Time of an EEPROM write: 25 ms typical, 50 ms at most.
    private static let writing_s = 0.025

    /// The output stands still.
    public var isFrozen = false
    private var output = Setting(code: 0x800)
    private var stored = Setting(code: 0x800)
    private var held: Setting?
    private var busy_s = 0.0

    public init() {}

    /// The output's voltage, V. Powered down, its resistor pulls it to ground.
    public var output_V: Double? {
        let now = isFrozen ? held ?? output : output
        return now.powerDown == 0 ? Self.supply_V * Double(now.code) / 4096 : 0
    }

    public mutating func step(pins_V: SIMD4<Double>, dt_s: Double) {
        busy_s = max(0, busy_s - dt_s)
        if !isFrozen { held = output }
    }

    public mutating func write(_ bytes: [UInt8]) -> Int {
        // While the EEPROM is written, commands are acknowledged and have no effect.
        if busy_s > 0 { return bytes.count }
        var rest = bytes[...]
        while let first = rest.first {
            switch first >> 5 {
            case 0, 1:
                // Fast mode: two bytes a command, as many as come.
                guard rest.count >= 2 else { return bytes.count }
                output = Setting(
                    code: UInt16(first & 0x0F) << 8 | UInt16(rest[rest.startIndex + 1]),
                    powerDown: first >> 4 & 3)
                rest = rest.dropFirst(2)
            case 2, 3:
                guard rest.count >= 3 else { return bytes.count }
                output = Setting(
                    code: UInt16(rest[rest.startIndex + 1]) << 4
                        | UInt16(rest[rest.startIndex + 2] >> 4),
                    powerDown: first >> 1 & 3)
                if first >> 5 == 3 {
                    stored = output
                    busy_s = Self.writing_s
                    return bytes.count
                }
                rest = rest.dropFirst(3)
            default:
                // Reserved.
                return bytes.count
            }
        }
        return bytes.count
    }

    /// Five bytes: status, value; then what the EEPROM holds; and over again.
    public mutating func read(_ count: Int) -> [UInt8] {
        let status: UInt8 = (busy_s > 0 ? 0 : 0x80) | 0x40 | output.powerDown << 1
        let all = [
            status, UInt8(output.code >> 4), UInt8(output.code << 4 & 0xF0),
            stored.powerDown << 5 | UInt8(stored.code >> 8), UInt8(stored.code & 0xFF),
        ]
        return (0..<count).map { all[$0 % 5] }
    }

    public mutating func reset() {
        output = stored
        busy_s = 0
    }

    /// Register 0: the value; 1: what the EEPROM holds.
    public mutating func flip(_ register: UInt8, _ mask: UInt16) -> Bool {
        switch register {
        case 0: output.code ^= mask & 0x0FFF
        case 1: stored.code ^= mask & 0x0FFF
        default: return false
        }
        return true
    }
}
