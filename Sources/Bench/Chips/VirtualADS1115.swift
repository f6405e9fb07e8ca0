/// Texas Instruments ADS1115 (SBAS444D): four inputs, a multiplexer, a programmable range, 16 bits.
///
/// Pins: AIN0 ... AIN3, V. The inputs are held between 0.3 V below ground and 0.3 V above the supply
/// of 3.3 V by their clamps, whatever the range.
public struct VirtualADS1115: VirtualChip {
    private static let powerUp: UInt16 = 0x8583
    private static let supply_V = 3.3

    public var isFrozen = false
    private var conversion: Int16 = 0
    /// Without its top bit, which says whether a conversion runs.
    private var configuration = powerUp & 0x7FFF
    private var low: UInt16 = 0x8000
    private var high: UInt16 = 0x7FFF
    private var pointer: UInt8 = 0
    /// Settings of the conversion under way; nil: none.
    private var running: UInt16?
    private var sum_Vs = 0.0
    private var summed_s = 0.0
    private var elapsed_s = 0.0

    public init() {}

    private static func isContinuous(_ configuration: UInt16) -> Bool {
        configuration & 1 << 8 == 0
    }
    /// Time of one conversion (table 8, data rate).
    private static func period_s(_ configuration: UInt16) -> Double {
        switch configuration >> 5 & 7 {
        case 0: 1.0 / 8
        case 1: 1.0 / 16
        case 2: 1.0 / 32
        case 3: 1.0 / 64
        case 4: 1.0 / 128
        case 5: 1.0 / 250
        case 6: 1.0 / 475
        default: 1.0 / 860
        }
    }
    /// Full scale, V.
    private static func range_V(_ configuration: UInt16) -> Double {
        switch configuration >> 9 & 7 {
        case 0: 6.144
        case 1: 4.096
        case 2: 2.048
        case 3: 1.024
        case 4: 0.512
        default: 0.256
        }
    }
    /// What the multiplexer connects to the converter.
    private static func input_V(_ configuration: UInt16, _ pins: SIMD4<Double>) -> Double {
        func pin(_ n: Int) -> Double {
            pins[n] < supply_V + 0.3 ? max(pins[n], -0.3) : supply_V + 0.3
        }
        return switch configuration >> 12 & 7 {
        case 0: pin(0) - pin(1)
        case 1: pin(0) - pin(3)
        case 2: pin(1) - pin(3)
        case 3: pin(2) - pin(3)
        case let n: pin(Int(n) - 4)
        }
    }

    public mutating func step(pins_V: SIMD4<Double>, dt_s: Double) {
        guard let now = running else { return }
        sum_Vs += Self.input_V(now, pins_V) * dt_s
        summed_s += dt_s
        elapsed_s += dt_s
        let period_s = Self.period_s(now)
        guard elapsed_s >= period_s else { return }
        if !isFrozen {
            let code = sum_Vs / summed_s / Self.range_V(now) * 32_768
            conversion = Int16(counts(code, -0x8000...0x7FFF))
        }
        // Continuous: the next one begins with whatever is set by now.
        let goesOn = Self.isContinuous(configuration)
        begin(after_s: goesOn ? elapsed_s.truncatingRemainder(dividingBy: period_s) : 0)
        running = goesOn ? configuration : nil
    }

    private mutating func begin(after_s: Double = 0) {
        sum_Vs = 0
        summed_s = 0
        elapsed_s = after_s
        running = configuration
    }

    public mutating func write(_ bytes: [UInt8]) -> Int {
        guard let first = bytes.first else { return 0 }
        pointer = first & 3
        guard bytes.count >= 3 else { return bytes.count }
        let word = UInt16(bytes[1]) << 8 | UInt16(bytes[2])
        switch pointer {
        case 1:
            configuration = word & 0x7FFF
            // A conversion that runs ends as it began. One starts from rest on the top bit, or as
            // continuous mode begins.
            if running == nil, word & 0x8000 != 0 || Self.isContinuous(configuration) { begin() }
        case 2: low = word
        case 3: high = word
        default: break
        }
        return bytes.count
    }

    public mutating func read(_ count: Int) -> [UInt8] {
        switch pointer {
        case 0: wire(UInt16(bitPattern: conversion), count)
        case 1: wire(configuration | (running == nil ? 0x8000 : 0), count)
        case 2: wire(low, count)
        default: wire(high, count)
        }
    }

    public mutating func reset() {
        let frozen = isFrozen
        self = VirtualADS1115()
        isFrozen = frozen
    }

    public mutating func flip(_ register: UInt8, _ mask: UInt16) -> Bool {
        switch register {
        case 1: configuration ^= mask & 0x7FFF
        case 2: low ^= mask
        case 3: high ^= mask
        default: return false
        }
        return true
    }
}
