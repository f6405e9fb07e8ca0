import HAL

/// Four analogue inputs and one analogue output of 8 bits (Philips PCF8591, 27 January 2003).
///
/// A read starts a conversion and returns the one before it, so each reading takes two bytes and
/// keeps the second (§7.4). The code at the end of the scale reads NaN. What the output gives
/// cannot be read back.
public struct PCF8591: Meter, ReferenceOutput {
    public static let name = "pcf8591"
    public static let addresses: ClosedRange<UInt8> = 0x48...0x4F

    /// How the four pins are paired: bits 5 and 4 of the control byte (§7.2).
    public enum Mode: Int, Sendable, CaseIterable {
        /// AIN0 ... AIN3 against ground.
        case fourSingle
        /// AIN0, AIN1, AIN2 against AIN3.
        case threeDifferential
        /// AIN0 and AIN1 against ground, AIN2 against AIN3.
        case mixed
        /// AIN0 against AIN1, AIN2 against AIN3.
        case twoDifferential
        /// Inputs against ground; the others are two's complement.
        func isSingle(_ channel: Int) -> Bool {
            self == .fourSingle || self == .mixed && channel < 2
        }
        var channels: Int { [4, 3, 3, 2][rawValue] }
    }

    static let mode = ChipOption(
        "mode", "", .oneOf([0, 1, 2, 3]), standard: 0,
        "0: four inputs to ground; 1: AIN0 ... AIN2 against AIN3; 2: AIN0, AIN1 to ground, AIN2 "
            + "against AIN3; 3: AIN0 against AIN1, AIN2 against AIN3")
    static let reference = ChipOption(
        "reference_V", "V", .range(0.1...6), standard: 3.3, "voltage of the pin VREF")
    static let ground = ChipOption(
        "ground_V", "V", .range(0...6), standard: 0, "voltage of the pin AGND")
    static let idle = ChipOption(
        "idle_V", "V", .range(0...6), standard: 0, "output after every start, until it is written")

    public let address: UInt8
    public let inputs: [ChipPin]
    public let outputs = Self.outputPins
    static let inputPins = (0...3).map { ChipPin("ain\($0)", "V") }
    static let outputPins = [ChipPin("aout", "V")]
    private let pairing: Mode
    private let ground_V: Float
    private let step_V: Float
    private let idle_V: Float

    /// - Parameters:
    ///   - mode: how the pins are paired; `inputs` are its channels.
    ///   - reference_V, ground_V: of the pins VREF and AGND; the first is the higher.
    ///   - idle_V: what `configure` sets the output to.
    public init(
        address: UInt8, mode: Mode = .fourSingle, reference_V: Double, ground_V: Double = 0,
        idle_V: Double = 0
    ) throws(ChipRefusal) {
        self.address = try Self.seat(address)
        try Self.reference.hold(reference_V)
        try Self.ground.hold(ground_V)
        try Self.idle.hold(idle_V)
        guard reference_V > ground_V else {
            throw ChipRefusal(
                Self.reference.name, "\(reference_V) V is not above ground_V, \(ground_V) V",
                remedy: "give more")
        }
        pairing = mode
        inputs = Array(Self.inputPins.prefix(mode.channels))
        self.ground_V = Float(ground_V)
        self.idle_V = Float(idle_V)
        step_V = Float((reference_V - ground_V) / 256)
    }

    public func identify(on port: any I2CPort) throws(BoardFault) -> Identity {
        _ = try port.exactly(1, from: address)
        return .unverifiable
    }

    public mutating func configure(on port: any I2CPort) throws(BoardFault) {
        try write(idle_V, to: 0, on: port)
    }

    public func step(of n: Int) -> Float { step_V }
    public func least(of n: Int) -> Float { pairing.isSingle(n) ? ground_V : -.infinity }

    public mutating func read(_ n: Int, on port: any I2CPort) throws(BoardFault) -> Float {
        precondition(inputs.indices.contains(n))
        let byte = try port.exactly(2, from: address, write: [control(n)])[1]
        if pairing.isSingle(n) {
            return byte < 0xFF ? ground_V + Float(byte) * step_V : .nan
        }
        let code = Int8(bitPattern: byte)
        return code > -128 && code < 127 ? Float(code) * step_V : .nan
    }

    public mutating func write(
        _ value: Float, to n: Int, on port: any I2CPort
    ) throws(BoardFault) {
        precondition(n == 0)
        // §7.3, Figure 7: V_AOUT = V_AGND + (V_REF − V_AGND) / 256 · D. NaN gives D = 0.
        let exact = ((value - ground_V) / step_V).rounded()
        try port.send([control(0), exact > 0 ? UInt8(min(exact, 255)) : 0], to: address)
    }

    /// Always NaN: the chip does not say.
    public mutating func readBack(_ n: Int, on port: any I2CPort) throws(BoardFault) -> Float {
        .nan
    }

    /// §7.2: bit 6 keeps the output on, bits 5 and 4 are the mode, bits 1 and 0 the channel.
    private func control(_ channel: Int) -> UInt8 {
        0x40 | UInt8(pairing.rawValue) << 4 | UInt8(channel)
    }

    public static let kind = ChipKind(
        PCF8591.self, "Four analogue inputs and one output of 8 bits.",
        options: [mode, reference, ground, idle], inputs: inputPins, outputs: outputPins
    ) { (address, given) throws(ChipRefusal) in
        try PCF8591(
            address: address, mode: Mode(rawValue: Int(given[mode])) ?? .fourSingle,
            reference_V: given[reference], ground_V: given[ground], idle_V: given[idle])
    }
}
