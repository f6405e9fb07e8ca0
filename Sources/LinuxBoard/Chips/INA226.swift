import HAL

/// Voltage, current and power of a DC line by a shunt (Texas Instruments INA226, SBOS547B).
///
/// It converts without end. Current and power come from its own arithmetic, scaled by the
/// calibration register; its flag OVF, and readings at the end of a scale, read NaN.
public struct INA226: Meter {
    public static let name = "ina226"
    public static let addresses: ClosedRange<UInt8> = 0x40...0x4F

    /// Table 7-1.
    enum Register {
        static let configuration: UInt8 = 0x00
        static let shuntVoltage: UInt8 = 0x01
        static let busVoltage: UInt8 = 0x02
        static let power: UInt8 = 0x03
        static let current: UInt8 = 0x04
        static let calibration: UInt8 = 0x05
        static let maskEnable: UInt8 = 0x06
        static let manufacturer: UInt8 = 0xFE
        static let die: UInt8 = 0xFF
    }
    /// Mask/Enable register, 7.1.7: OVF, a current or power beyond its register; CVRF, a conversion
    /// has ended since the configuration was written or this register was read.
    static let overflow: UInt16 = 1 << 2
    static let converted: UInt16 = 1 << 3

    /// 7.1.2 and 7.1.3.
    static let shuntLSB_V = 2.5e-6
    static let busLSB_V: Float = 1.25e-3

    public let address: UInt8
    public let inputs = Self.pins
    static let pins = [
        ChipPin("bus_voltage", "V"), ChipPin("shunt_voltage", "V"), ChipPin("current", "A"),
        ChipPin("power", "W"),
    ]
    let currentLSB_A: Float
    /// The largest current code a shunt voltage of full scale can make.
    private let currentLimit: Int
    private var hasConverted = false
    private var watch = Watch()
    /// Calibration, no alerts (the flags among the bits move by themselves); last the configuration:
    /// writing it starts a new conversion with all of them.
    private let settled: [SettledRegister]

    /// - Parameters:
    ///   - shunt_Ohm: 1e-5 ... 10.
    ///   - currentLSB_A: the step of the current register; nil: 2.5 µV / shunt, with which it has
    ///     the shunt register's own resolution and cannot overflow.
    ///   - averaging: conversions averaged: 1, 4, 16, 64, 128, 256, 512 or 1024.
    ///   - busConversion_us, shuntConversion_us: 140, 204, 332, 588, 1100, 2116, 4156 or 8244.
    public init(
        address: UInt8, shunt_Ohm: Double, currentLSB_A: Double? = nil, averaging: Int = 1,
        busConversion_us: Int = 1100, shuntConversion_us: Int = 1100
    ) throws(ChipRefusal) {
        self.address = try Self.seat(address)
        try INAOptions.shunt.hold(shunt_Ohm)
        // 7.1.1: RST 0, bits 14 ... 12 always 100, AVG, VBUSCT, VSHCT, MODE 7 (both, without end).
        let configuration =
            try 0x4000 | INAOptions.averaging.code(Double(averaging)) << 9
            | INAOptions.busConversion.code(Double(busConversion_us)) << 6
            | INAOptions.shuntConversion.code(Double(shuntConversion_us)) << 3 | 7
        // Equation 1: CAL = 0.00512 / (Current_LSB · R_SHUNT), cut to a whole number of 15 bits.
        let calibration = try INAOptions.calibration(
            0.00512, shunt_Ohm, currentLSB_A ?? Self.shuntLSB_V / shunt_Ohm, 32...0x7FFF)
        // The step that the whole CAL really gives.
        self.currentLSB_A = Float(0.00512 / (Double(calibration) * shunt_Ohm))
        // Equation 3: Current = ShuntVoltage · CAL / 2048.
        currentLimit = min(0x7FFF, 0x7FFF * Int(calibration) / 2048)
        settled = [
            SettledRegister(register: Register.calibration, value: calibration),
            SettledRegister(register: Register.maskEnable, value: 0, mask: 0xFC03),
            SettledRegister(register: Register.configuration, value: configuration),
        ]
    }

    public func identify(on port: any I2CPort) throws(BoardFault) -> Identity {
        let maker = try port.word(Register.manufacturer, of: address)
        let die = try port.word(Register.die, of: address)
        return maker == 0x5449 && die & 0xFFF0 == 0x2260
            ? .confirmed : .other("manufacturer \(hex(maker)), die \(hex(die))")
    }

    public mutating func configure(on port: any I2CPort) throws(BoardFault) {
        hasConverted = false
        try insist(on: port)
        try port.settle(settled, of: address)
    }

    public mutating func read(_ n: Int, on port: any I2CPort) throws(BoardFault) -> Float {
        precondition(inputs.indices.contains(n))
        if let k = watch.turn(of: settled.count) { try port.confirm(settled[k], of: address) }
        let flags = n >= 2 || !hasConverted ? try port.word(Register.maskEnable, of: address) : 0
        if !hasConverted {
            guard flags & Self.converted != 0 else { return .nan }
            hasConverted = true
        }
        switch n {
        case 0:
            let code = try port.word(Register.busVoltage, of: address)
            return code < 0x7FFF ? Float(code) * Self.busLSB_V : .nan
        case 1:
            let code = try signed(Register.shuntVoltage, on: port)
            return code.magnitude < 0x7FFF ? Float(code) * Float(Self.shuntLSB_V) : .nan
        default:
            // The power register has no sign; the current's is its own (7.1.4).
            let code = try n == 3 ? port.word(Register.power, of: address) : 0
            let current = try signed(Register.current, on: port)
            // A chip that lost its supply has no calibration, and calls every current 0.
            if current == 0 { try port.confirm(settled[0], of: address) }
            guard flags & Self.overflow == 0, current.magnitude < currentLimit else { return .nan }
            if n == 2 { return Float(current) * currentLSB_A }
            // 6.5.1: the power's step is 25 times the current's.
            let power = Float(code) * 25 * currentLSB_A
            return current < 0 ? -power : power
        }
    }

    public func least(of n: Int) -> Float { n == 0 ? 0 : -.infinity }
    public func step(of n: Int) -> Float {
        switch n {
        case 0: Self.busLSB_V
        case 1: Float(Self.shuntLSB_V)
        case 2: currentLSB_A
        // The power's step is 25 times the current's (6.5.1).
        default: 25 * currentLSB_A
        }
    }

    private func signed(_ register: UInt8, on port: any I2CPort) throws(BoardFault) -> Int {
        Int(Int16(bitPattern: try port.word(register, of: address)))
    }

    public static let kind = ChipKind(
        INA226.self, "Voltage, current and power of a DC line, 0 ... 36 V, by a shunt of ±81.9 mV.",
        options: [
            INAOptions.shunt, INAOptions.currentLSB, INAOptions.averaging, INAOptions.busConversion,
            INAOptions.shuntConversion,
        ], inputs: pins
    ) { (address, given) throws(ChipRefusal) in
        let step = given[INAOptions.currentLSB]
        return try INA226(
            address: address, shunt_Ohm: given[INAOptions.shunt],
            currentLSB_A: step > 0 ? step : nil, averaging: Int(given[INAOptions.averaging]),
            busConversion_us: Int(given[INAOptions.busConversion]),
            shuntConversion_us: Int(given[INAOptions.shuntConversion]))
    }
}
