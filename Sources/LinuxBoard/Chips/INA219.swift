import HAL

/// Voltage, current and power of a DC line by a shunt (Texas Instruments INA219, SBOS448G).
///
/// It converts without end, and has no register that says what it is. Its flag OVF, and readings at
/// the end of a scale, read NaN.
public struct INA219: Meter {
    public static let name = "ina219"
    public static let addresses: ClosedRange<UInt8> = 0x40...0x4F

    /// Table 2.
    enum Register {
        static let configuration: UInt8 = 0x00
        static let shuntVoltage: UInt8 = 0x01
        static let busVoltage: UInt8 = 0x02
        static let power: UInt8 = 0x03
        static let current: UInt8 = 0x04
        static let calibration: UInt8 = 0x05
    }
    /// Bus voltage register, 8.6.3.2: OVF, the arithmetic of current or power overflowed; CNVR, a
    /// conversion has ended since the mode was written or the power was read.
    static let overflow: UInt16 = 1 << 0
    static let converted: UInt16 = 1 << 1

    /// 8.6.3.1 and 8.6.3.2.
    static let shuntLSB_V = 10e-6
    static let busLSB_V: Float = 4e-3

    static let busRange = ChipOption(
        "bus_range_V", "V", .oneOf([16, 32]), standard: 32, "full scale of the bus voltage")
    static let shuntRange = ChipOption(
        "shunt_range_mV", "mV", .oneOf([40, 80, 160, 320]), standard: 320,
        "full scale of the shunt voltage, either way")
    static let averaging = ChipOption(
        "averaging", "", .oneOf([1, 2, 4, 8, 16, 32, 64, 128]), standard: 1,
        "12-bit conversions averaged into one reading")

    public let address: UInt8
    public let inputs = INA226.pins
    let currentLSB_A: Float
    private let busLimit: UInt16
    private let shuntLimit: Int
    private let currentLimit: Int
    private var hasConverted = false
    private var watch = Watch()
    /// Calibration; last the configuration (bits 15 and 14 are no settings): writing it starts a new
    /// conversion.
    private let settled: [SettledRegister]

    /// - Parameters:
    ///   - shunt_Ohm: 1e-5 ... 10.
    ///   - currentLSB_A: the step of the current register; nil: 10 µV / shunt, with which it has
    ///     the shunt register's own resolution and cannot overflow.
    ///   - busRange_V: 16 or 32 (the pins bear 26 V).
    ///   - shuntRange_mV: 40, 80, 160 or 320, either way.
    ///   - averaging: 12-bit conversions averaged, 1, 2, 4 ... 128.
    public init(
        address: UInt8, shunt_Ohm: Double, currentLSB_A: Double? = nil, busRange_V: Int = 32,
        shuntRange_mV: Int = 320, averaging: Int = 1
    ) throws(ChipRefusal) {
        self.address = try Self.seat(address)
        try INAOptions.shunt.hold(shunt_Ohm)
        // Table 5: one 12-bit conversion is 0011, 2 ... 128 of them are 1001 ... 1111.
        let samples = try Self.averaging.code(Double(averaging))
        let adc = samples == 0 ? 0b0011 : 0b1000 | samples
        // 8.6.2.1: RST 0, BRNG, PG, BADC, SADC, MODE 7 (both, without end).
        let configuration =
            try Self.busRange.code(Double(busRange_V)) << 13
            | Self.shuntRange.code(Double(shuntRange_mV)) << 11 | adc << 7 | adc << 3 | 7
        // Equation 1: CAL = 0.04096 / (Current_LSB · R_SHUNT); bit 0 is void (8.6.4.1).
        let calibration =
            try INAOptions.calibration(
                0.04096, shunt_Ohm, currentLSB_A ?? Self.shuntLSB_V / shunt_Ohm, 64...0xFFFF) & ~1
        self.currentLSB_A = Float(0.04096 / (Double(calibration) * shunt_Ohm))
        // 4 mV a step to 16 or 32 V; 10 µV a step to the range of the gain.
        busLimit = UInt16(busRange_V * 250)
        shuntLimit = shuntRange_mV * 100
        // Equation 4: Current = ShuntVoltage · CAL / 4096.
        currentLimit = min(0x7FFF, shuntLimit * Int(calibration) / 4096)
        settled = [
            SettledRegister(register: Register.calibration, value: calibration),
            SettledRegister(register: Register.configuration, value: configuration, mask: 0x3FFF),
        ]
    }

    public func identify(on port: any I2CPort) throws(BoardFault) -> Identity {
        _ = try port.word(Register.configuration, of: address)
        return .unverifiable
    }

    public mutating func configure(on port: any I2CPort) throws(BoardFault) {
        hasConverted = false
        try port.settle(settled, of: address)
    }

    public mutating func read(_ n: Int, on port: any I2CPort) throws(BoardFault) -> Float {
        precondition(inputs.indices.contains(n))
        if let k = watch.turn(of: settled.count) { try port.confirm(settled[k], of: address) }
        let bus = n != 1 || !hasConverted ? try port.word(Register.busVoltage, of: address) : 0
        if !hasConverted {
            guard bus & Self.converted != 0 else { return .nan }
            hasConverted = true
        }
        switch n {
        case 0: return bus >> 3 < busLimit ? Float(bus >> 3) * Self.busLSB_V : .nan
        case 1:
            let code = try signed(Register.shuntVoltage, on: port)
            return code.magnitude < shuntLimit ? Float(code) * Float(Self.shuntLSB_V) : .nan
        default:
            // The power register has no sign; the current's is its own.
            let code = try n == 3 ? port.word(Register.power, of: address) : 0
            let current = try signed(Register.current, on: port)
            // A chip that lost its supply has no calibration, and calls every current 0.
            if current == 0 { try port.confirm(settled[0], of: address) }
            guard bus & Self.overflow == 0, current.magnitude < currentLimit else { return .nan }
            if n == 2 { return Float(current) * currentLSB_A }
            // Equation 3: the power's step is 20 times the current's.
            let power = Float(code) * 20 * currentLSB_A
            return current < 0 ? -power : power
        }
    }

    public func least(of n: Int) -> Float { n == 0 ? 0 : -.infinity }
    public func step(of n: Int) -> Float {
        switch n {
        case 0: Self.busLSB_V
        case 1: Float(Self.shuntLSB_V)
        case 2: currentLSB_A
        // The power's step is 20 times the current's (equation 3).
        default: 20 * currentLSB_A
        }
    }

    private func signed(_ register: UInt8, on port: any I2CPort) throws(BoardFault) -> Int {
        Int(Int16(bitPattern: try port.word(register, of: address)))
    }

    public static let kind = ChipKind(
        INA219.self, "Voltage, current and power of a DC line, 0 ... 26 V, by a shunt of ±320 mV.",
        options: [INAOptions.shunt, INAOptions.currentLSB, busRange, shuntRange, averaging],
        inputs: INA226.pins
    ) { (address, given) throws(ChipRefusal) in
        let step = given[INAOptions.currentLSB]
        return try INA219(
            address: address, shunt_Ohm: given[INAOptions.shunt],
            currentLSB_A: step > 0 ? step : nil, busRange_V: Int(given[busRange]),
            shuntRange_mV: Int(given[shuntRange]), averaging: Int(given[averaging]))
    }
}
