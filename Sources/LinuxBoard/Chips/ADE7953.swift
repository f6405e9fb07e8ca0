import HAL

/// A meter of one AC phase with two current inputs (Analog Devices ADE7953, Rev. C).
///
/// RMS voltage and currents, active and reactive powers, frequency, and the angles from voltage to
/// current. Powers are positive as the current inputs are wired. An RMS beyond what its converters
/// can give reads NaN, and so does a frequency where it has counted nothing.
public struct ADE7953: Meter {
    public static let name = "ade7953"
    public static let addresses: ClosedRange<UInt8> = 0x38...0x38

    /// Tables 13 ... 15. An address's second byte from the right says how long the register is.
    enum Register: UInt16, CaseIterable {
        case pgaV = 0x007
        case pgaA = 0x008
        case pgaB = 0x009
        case lastOperation = 0x0FD
        case unlock = 0x0FE
        case version = 0x702
        case config = 0x102
        case angleA = 0x10C
        case angleB = 0x10D
        case period = 0x10E
        /// Reserved; must be 0x30 for the promised accuracy (Required Register Setting).
        case required = 0x120
        case activeA = 0x212
        case activeB = 0x213
        case reactiveA = 0x214
        case reactiveB = 0x215
        case currentA = 0x21A
        case currentB = 0x21B
        case voltage = 0x21C

        /// 0x1__: 2 bytes, 0x2__: 3, 0x3__: 4, the others 1.
        var length: Int {
            switch rawValue >> 8 {
            case 1: 2
            case 2: 3
            case 3: 4
            default: 1
            }
        }
    }

    /// RMS code of a sine at full scale, 0.5 V peak at the pins over the gain (Root Mean Square
    /// Measurement), and the power code of two such sines in phase (Instantaneous Powers).
    static let rmsFullScale = 9_032_007.0
    static let powerFullScale = 4_862_401.0
    /// A square wave of full scale: no RMS code above it can be true.
    static let rmsLimit = UInt32(rmsFullScale * 1.414_213_6)
    /// CLKIN / 16 counts the period: 3.58 MHz / 16.
    static let periodClock_Hz: Float = 223_750

    static let voltsPerLSB = ChipOption(
        "volts_per_lsb", "V", .range(1e-12...1), standard: nil,
        "RMS volts of one step: divider ratio · 0.5 V / √2 / 9032007 / pga_v")
    static let amperesALSB = ChipOption(
        "amperes_a_per_lsb", "A", .range(1e-12...1), standard: nil,
        "RMS amperes of one step of input A: amperes per volt · 0.5 V / √2 / 9032007 / pga_a")
    static let amperesBLSB = ChipOption(
        "amperes_b_per_lsb", "A", .range(1e-12...1), standard: 1e-6,
        "RMS amperes of one step of input B: amperes per volt · 0.5 V / √2 / 9032007 / pga_b")
    static let pgaV = ChipOption(
        "pga_v", "", .oneOf([1, 2, 4, 8, 16]), standard: 1, "gain of the voltage input")
    static let pgaA = ChipOption(
        "pga_a", "", .oneOf([1, 2, 4, 8, 16, 22]), standard: 1, "gain of current input A")
    static let pgaB = ChipOption(
        "pga_b", "", .oneOf([1, 2, 4, 8, 16]), standard: 1, "gain of current input B")

    public let address: UInt8
    public let inputs = Self.pins
    static let pins = [
        ChipPin("voltage", "V"), ChipPin("current_a", "A"), ChipPin("current_b", "A"),
        ChipPin("active_a", "W"), ChipPin("active_b", "W"), ChipPin("reactive_a", "var"),
        ChipPin("reactive_b", "var"), ChipPin("frequency", "Hz"), ChipPin("angle_a", "degrees"),
        ChipPin("angle_b", "degrees"),
    ]
    private let voltageLSB: Float
    private let currentLSB: (a: Float, b: Float)
    private let powerLSB: (a: Float, b: Float)
    /// The configuration and the gains.
    private let settled: [(register: Register, value: UInt32)]
    private var watch = Watch()
    /// Bit 2, the high-pass filters; bit 15 (COMM_LOCK) 0: held to the I²C port.
    static let configuration: UInt32 = 0x0004

    /// - Parameters:
    ///   - voltsPerLSB, amperesAPerLSB, amperesBPerLSB: RMS of one step of the RMS registers,
    ///     1e-12 ... 1. The powers' steps follow from them.
    ///   - pgaV, pgaA, pgaB: gains 1, 2, 4, 8, 16, and 22 for A alone.
    public init(
        address: UInt8 = 0x38, voltsPerLSB: Double, amperesAPerLSB: Double,
        amperesBPerLSB: Double = 1e-6, pgaV: Int = 1, pgaA: Int = 1, pgaB: Int = 1
    ) throws(ChipRefusal) {
        self.address = try Self.seat(address)
        let volts = try Self.voltsPerLSB.hold(voltsPerLSB)
        let amperes = (
            try Self.amperesALSB.hold(amperesAPerLSB), try Self.amperesBLSB.hold(amperesBPerLSB)
        )
        voltageLSB = Float(volts)
        currentLSB = (Float(amperes.0), Float(amperes.1))
        // Full scale of power is the product of the RMS full scales:
        // 9032007² V-steps · A-steps are 4862401 W-steps.
        let steps = Self.rmsFullScale * Self.rmsFullScale / Self.powerFullScale
        powerLSB = (Float(volts * amperes.0 * steps), Float(volts * amperes.1 * steps))
        settled = [
            (.config, Self.configuration),
            (.pgaV, UInt32(try Self.pgaV.code(Double(pgaV)))),
            (.pgaA, UInt32(try Self.pgaA.code(Double(pgaA)))),
            (.pgaB, UInt32(try Self.pgaB.code(Double(pgaB)))),
        ]
    }

    /// After any read the register LAST_OP says 0x35 (Communication Verification).
    public func identify(on port: any I2CPort) throws(BoardFault) -> Identity {
        let version = try get(.version, on: port)
        let last = try get(.lastOperation, on: port)
        return last == 0x35
            ? .confirmed
            : .other("version \(hex(UInt8(version))), last operation \(hex(UInt8(last)))")
    }

    public mutating func configure(on port: any I2CPort) throws(BoardFault) {
        try insist(on: port)
        try set(.unlock, 0xAD, on: port)
        try set(.required, 0x0030, on: port)
        for (register, value) in settled { try settle(register, value, on: port) }
    }

    public mutating func read(_ n: Int, on port: any I2CPort) throws(BoardFault) -> Float {
        precondition(inputs.indices.contains(n))
        if let k = watch.turn(of: settled.count) { try confirm(k, on: port) }
        switch n {
        case 0: return rms(try get(.voltage, on: port), voltageLSB)
        case 1: return rms(try get(.currentA, on: port), currentLSB.a)
        case 2: return rms(try get(.currentB, on: port), currentLSB.b)
        case 3: return try signed(.activeA, on: port) * powerLSB.a
        case 4: return try signed(.activeB, on: port) * powerLSB.b
        case 5: return try signed(.reactiveA, on: port) * powerLSB.a
        case 6: return try signed(.reactiveB, on: port) * powerLSB.b
        case 7:
            // A chip that was reset has forgotten its gains: its lock is open again.
            try confirm(0, on: port)
            return Self.periodClock_Hz / (try period(on: port))
        default:
            // One step is one count of the period's own clock: a turn is PERIOD + 1 of them.
            let angle = try signed(n == 8 ? .angleA : .angleB, on: port)
            return 360 * angle / (try period(on: port))
        }
    }

    private func rms(_ code: UInt32, _ step: Float) -> Float {
        code <= Self.rmsLimit ? Float(code) * step : .nan
    }

    /// Period Measurement: the line's period is (PERIOD + 1) / 223.75 kHz. NaN at its ends.
    private func period(on port: any I2CPort) throws(BoardFault) -> Float {
        let code = try get(.period, on: port)
        return code > 0 && code < 0xFFFF ? Float(code) + 1 : .nan
    }

    /// Two's complement of the register's own length.
    private func signed(_ register: Register, on port: any I2CPort) throws(BoardFault) -> Float {
        let unused = UInt32(32 - 8 * register.length)
        return Float(Int32(bitPattern: try get(register, on: port) << unused) >> Int32(unused))
    }

    /// I²C Read Operations: the register's address in two bytes, then its bytes, highest first.
    private func get(_ register: Register, on port: any I2CPort) throws(BoardFault) -> UInt32 {
        try port.exactly(register.length, from: address, write: Self.bytes(of: register))
            .reduce(0) { $0 << 8 | UInt32($1) }
    }
    private func set(
        _ register: Register, _ value: UInt32, on port: any I2CPort
    ) throws(BoardFault) {
        let value = (0..<register.length).reversed().map {
            UInt8(truncatingIfNeeded: value >> UInt32(8 * $0))
        }
        try port.send(Self.bytes(of: register) + value, to: address)
    }
    private func settle(
        _ register: Register, _ value: UInt32, on port: any I2CPort
    ) throws(BoardFault) {
        try set(register, value, on: port)
        guard try get(register, on: port) == value else { throw .differs }
    }
    private func confirm(_ n: Int, on port: any I2CPort) throws(BoardFault) {
        guard try get(settled[n].register, on: port) == settled[n].value else { throw .differs }
    }
    private static func bytes(of register: Register) -> [UInt8] {
        [UInt8(register.rawValue >> 8), UInt8(register.rawValue & 0xFF)]
    }

    public static let kind = ChipKind(
        ADE7953.self, "Voltage, two currents, powers and frequency of one AC phase.",
        options: [voltsPerLSB, amperesALSB, amperesBLSB, pgaV, pgaA, pgaB], inputs: pins
    ) { (address, given) throws(ChipRefusal) in
        try ADE7953(
            address: address, voltsPerLSB: given[voltsPerLSB], amperesAPerLSB: given[amperesALSB],
            amperesBPerLSB: given[amperesBLSB], pgaV: Int(given[pgaV]), pgaA: Int(given[pgaA]),
            pgaB: Int(given[pgaB]))
    }
}
