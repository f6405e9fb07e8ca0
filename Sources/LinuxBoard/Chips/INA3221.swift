import HAL

/// Voltage and current of three DC lines by shunts (Texas Instruments INA3221, SBOS576C).
///
/// It converts all three without end and knows shunt voltages only: the currents are worked out
/// here. Readings at the end of a scale read NaN.
public struct INA3221: Meter {
    public static let name = "ina3221"
    public static let addresses: ClosedRange<UInt8> = 0x40...0x43

    /// Summary of Register Set (7.6.1); the shunt and bus voltages of channels 1, 2, 3 follow each other.
    enum Register {
        static let configuration: UInt8 = 0x00
        static let shuntVoltage1: UInt8 = 0x01
        static let busVoltage1: UInt8 = 0x02
        static let maskEnable: UInt8 = 0x0F
        static let manufacturer: UInt8 = 0xFE
        static let die: UInt8 = 0xFF
    }
    /// Mask/Enable register, CVRF: a conversion of all channels has ended since the configuration
    /// was written or this register was read.
    static let converted: UInt16 = 1 << 0

    /// 7.6.2.2 and 7.6.2.3; the code stands in bits 15 ... 3.
    static let shuntLSB_V: Float = 40e-6
    static let busLSB_V: Float = 8e-3

    static let shunts = (1...3).map {
        ChipOption(
            "shunt_\($0)_ohm", "Ω", .range(1e-5...10), standard: 0.1,
            "resistance of channel \($0)'s shunt")
    }

    public let address: UInt8
    public let inputs = Self.pins
    static let pins = (1...3).flatMap {
        [
            ChipPin("bus_voltage_\($0)", "V"), ChipPin("shunt_voltage_\($0)", "V"),
            ChipPin("current_\($0)", "A"),
        ]
    }
    private let settled: SettledRegister
    private let conductances_S: [Float]
    private var hasConverted = false
    private var watch = Watch()

    /// - Parameters:
    ///   - shunts_Ohm: three, 1e-5 ... 10.
    ///   - averaging: conversions averaged: 1, 4, 16, 64, 128, 256, 512 or 1024.
    ///   - busConversion_us, shuntConversion_us: 140, 204, 332, 588, 1100, 2116, 4156 or 8244.
    public init(
        address: UInt8, shunts_Ohm: [Double], averaging: Int = 1, busConversion_us: Int = 1100,
        shuntConversion_us: Int = 1100
    ) throws(ChipRefusal) {
        precondition(shunts_Ohm.count == 3, "one shunt a channel")
        self.address = try Self.seat(address)
        for (option, shunt) in zip(Self.shunts, shunts_Ohm) { try option.hold(shunt) }
        conductances_S = shunts_Ohm.map { Float(1 / $0) }
        // 7.6.2.1: RST 0, all three channels on, AVG, VBUSCT, VSHCT, MODE 7 (both, without end).
        let configuration =
            try 0x7000 | INAOptions.averaging.code(Double(averaging)) << 9
            | INAOptions.busConversion.code(Double(busConversion_us)) << 6
            | INAOptions.shuntConversion.code(Double(shuntConversion_us)) << 3 | 7
        settled = SettledRegister(register: Register.configuration, value: configuration)
    }

    public func identify(on port: any I2CPort) throws(BoardFault) -> Identity {
        let maker = try port.word(Register.manufacturer, of: address)
        let die = try port.word(Register.die, of: address)
        return maker == 0x5449 && die == 0x3220
            ? .confirmed : .other("manufacturer \(hex(maker)), die \(hex(die))")
    }

    public mutating func configure(on port: any I2CPort) throws(BoardFault) {
        hasConverted = false
        try insist(on: port)
        try port.settle([settled], of: address)
    }

    public func step(of n: Int) -> Float {
        switch n % 3 {
        case 0: Self.busLSB_V
        case 1: Self.shuntLSB_V
        default: Self.shuntLSB_V * conductances_S[n / 3]
        }
    }

    public mutating func read(_ n: Int, on port: any I2CPort) throws(BoardFault) -> Float {
        precondition(inputs.indices.contains(n))
        if watch.turn(of: 1) != nil { try port.confirm(settled, of: address) }
        if !hasConverted {
            guard try port.word(Register.maskEnable, of: address) & Self.converted != 0 else {
                return .nan
            }
            hasConverted = true
        }
        let channel = UInt8(n / 3)
        let register = (n % 3 == 0 ? Register.busVoltage1 : Register.shuntVoltage1) + 2 * channel
        let code = Int16(bitPattern: try port.word(register, of: address)) >> 3
        // 7FF8h is the end of the scale, 4095 steps.
        guard code.magnitude < 4095 else { return .nan }
        switch n % 3 {
        case 0: return Float(code) * Self.busLSB_V
        case 1: return Float(code) * Self.shuntLSB_V
        default: return Float(code) * Self.shuntLSB_V * conductances_S[n / 3]
        }
    }

    public static let kind = ChipKind(
        INA3221.self, "Voltage and current of three DC lines, 0 ... 26 V, by shunts of ±163.8 mV.",
        options: shunts + [
            INAOptions.averaging, INAOptions.busConversion, INAOptions.shuntConversion,
        ], inputs: pins
    ) { (address, given) throws(ChipRefusal) in
        try INA3221(
            address: address, shunts_Ohm: shunts.map { given[$0] },
            averaging: Int(given[INAOptions.averaging]),
            busConversion_us: Int(given[INAOptions.busConversion]),
            shuntConversion_us: Int(given[INAOptions.shuntConversion]))
    }
}
