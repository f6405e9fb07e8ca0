/// Texas Instruments INA226 (SBOS547B): shunt and bus voltage, current and power by calibration.
///
/// Pins: 0 the shunt's voltage, 1 the bus input's, V. Shunt ±81.92 mV in steps of 2.5 µV; bus 0 ...
/// 40.96 V in steps of 1.25 mV, of which the input bears 36 V: a 48 V site needs a divider in front.
public struct VirtualINA226: VirtualChip {
    public static let manufacturer: UInt16 = 0x5449
    public static let die: UInt16 = 0x2260
    private static let powerUp: UInt16 = 0x4127

    enum Register {
        static let configuration: UInt8 = 0x00
        static let shunt: UInt8 = 0x01
        static let bus: UInt8 = 0x02
        static let power: UInt8 = 0x03
        static let current: UInt8 = 0x04
        static let calibration: UInt8 = 0x05
        static let mask: UInt8 = 0x06
        static let limit: UInt8 = 0x07
        static let manufacturer: UInt8 = 0xFE
        static let die: UInt8 = 0xFF
    }
    /// Of Mask/Enable.
    private enum Flag {
        static let alert: UInt16 = 1 << 4
        static let ready: UInt16 = 1 << 3
        static let overflow: UInt16 = 1 << 2
        static let latched: UInt16 = 1 << 0
        static let shown: UInt16 = alert | ready | overflow
        /// Functions, polarity and latch can be written.
        static let writable: UInt16 = 0xFC03
    }

    public var isFrozen = false
    private var configuration = powerUp
    private var shunt: Int16 = 0
    private var bus: UInt16 = 0
    private var power: UInt16 = 0
    private var current: Int16 = 0
    private var calibration: UInt16 = 0
    private var mask: UInt16 = 0
    private var limit: UInt16 = 0
    private var pointer: UInt8 = 0
    private var identity: UInt16?
    // The conversion under way: sums of V·s, and how long it has run.
    private var shunt_Vs = 0.0
    private var bus_Vs = 0.0
    private var summed_s = 0.0
    private var elapsed_s = 0.0
    /// A triggered conversion was asked for.
    private var isTriggered = true

    public init() {}

    private var mode: UInt16 { configuration & 7 }
    private var measuresShunt: Bool { mode & 1 != 0 }
    private var measuresBus: Bool { mode & 2 != 0 }
    private var isContinuous: Bool { mode & 4 != 0 }

    /// Time of one result: conversion times of both inputs, times the averages (tables 6 to 8).
    public var period_s: Double {
        func time_us(_ code: UInt16) -> Double {
            switch code & 7 {
            case 0: 140
            case 1: 204
            case 2: 332
            case 3: 588
            case 4: 1100
            case 5: 2116
            case 6: 4156
            default: 8244
            }
        }
        let averages: Double =
            switch configuration >> 9 & 7 {
            case 0: 1
            case 1: 4
            case 2: 16
            case 3: 64
            case 4: 128
            case 5: 256
            case 6: 512
            default: 1024
            }
        return averages * 1e-6
            * ((measuresShunt ? time_us(configuration >> 3) : 0)
                + (measuresBus ? time_us(configuration >> 6) : 0))
    }

    public mutating func step(pins_V: SIMD4<Double>, dt_s: Double) {
        guard measuresShunt || measuresBus, isContinuous || isTriggered else { return }
        shunt_Vs += pins_V[0] * dt_s
        bus_Vs += pins_V[1] * dt_s
        summed_s += dt_s
        elapsed_s += dt_s
        guard elapsed_s >= period_s else { return }
        finish(shunt_V: shunt_Vs / summed_s, bus_V: bus_Vs / summed_s)
        // What is over belongs to the next result; a step longer than a period ends several.
        begin(after_s: isContinuous ? elapsed_s.truncatingRemainder(dividingBy: period_s) : 0)
        isTriggered = false
    }

    private mutating func begin(after_s: Double = 0) {
        shunt_Vs = 0
        bus_Vs = 0
        summed_s = 0
        elapsed_s = after_s
    }

    private mutating func finish(shunt_V: Double, bus_V: Double) {
        mask |= Flag.ready
        if isFrozen { return }
        if measuresShunt {
            shunt = Int16(counts(shunt_V / 2.5e-6, -0x8000...0x7FFF))
        }
        if measuresBus { bus = UInt16(counts(bus_V / 1.25e-3, 0...0x7FFF)) }
        calculate()
        alert()
    }

    /// Equations 3 and 4: current = shunt · calibration / 2048, power = current · bus / 20 000.
    private mutating func calculate() {
        let i = Int(shunt) * Int(calibration) / 2048
        let p = abs(i) * Int(bus) / 20_000
        mask &= ~Flag.overflow
        if i != Int(Int16(clamping: i)) || p > 0xFFFF { mask |= Flag.overflow }
        current = Int16(clamping: i)
        power = UInt16(clamping: p)
    }

    /// The highest function that is enabled counts.
    private mutating func alert() {
        let signedLimit = Int(Int16(bitPattern: limit))
        let beyond: Bool
        if mask & 1 << 15 != 0 {
            beyond = Int(shunt) > signedLimit
        } else if mask & 1 << 14 != 0 {
            beyond = Int(shunt) < signedLimit
        } else if mask & 1 << 13 != 0 {
            beyond = bus > limit
        } else if mask & 1 << 12 != 0 {
            beyond = bus < limit
        } else if mask & 1 << 11 != 0 {
            beyond = power > limit
        } else {
            beyond = false
        }
        if beyond {
            mask |= Flag.alert
        } else if mask & Flag.latched == 0 {
            mask &= ~Flag.alert
        }
    }

    public mutating func write(_ bytes: [UInt8]) -> Int {
        guard let first = bytes.first else { return 0 }
        pointer = first
        guard bytes.count >= 3 else { return bytes.count }
        let word = UInt16(bytes[1]) << 8 | UInt16(bytes[2])
        switch pointer {
        case Register.configuration:
            if word & 0x8000 != 0 {
                restart()
                return bytes.count
            }
            // Bits 14 to 12 read 100.
            configuration = word & 0x0FFF | 0x4000
            if mode & 3 != 0 { mask &= ~Flag.ready }
            isTriggered = true
            begin()
        case Register.calibration:
            calibration = word & 0x7FFF
            calculate()
        case Register.mask: mask = word & Flag.writable | mask & Flag.shown
        case Register.limit: limit = word
        default: break
        }
        return bytes.count
    }

    public mutating func read(_ count: Int) -> [UInt8] {
        let word: UInt16
        switch pointer {
        case Register.configuration: word = configuration
        case Register.shunt: word = UInt16(bitPattern: shunt)
        case Register.bus: word = bus
        case Register.power: word = power
        case Register.current: word = UInt16(bitPattern: current)
        case Register.calibration: word = calibration
        case Register.mask:
            word = mask
            // Reading clears the ready flag, and an alert that was held.
            mask &= ~Flag.ready
            if mask & Flag.latched != 0 { mask &= ~Flag.alert }
        case Register.limit: word = limit
        case Register.manufacturer: word = Self.manufacturer
        case Register.die: word = identity ?? Self.die
        default: word = 0
        }
        return wire(word, count)
    }

    public mutating func reset() { restart() }
    private mutating func restart() {
        let (frozen, other) = (isFrozen, identity)
        self = VirtualINA226()
        isFrozen = frozen
        identity = other
    }

    public mutating func flip(_ register: UInt8, _ bits: UInt16) -> Bool {
        switch register {
        case Register.configuration: configuration ^= bits & 0x0FFF
        case Register.calibration: calibration ^= bits & 0x7FFF
        case Register.mask: mask ^= bits & Flag.writable
        case Register.limit: limit ^= bits
        default: return false
        }
        return true
    }
    public mutating func pretend(_ other: UInt16?) -> Bool {
        identity = other
        return true
    }
}
