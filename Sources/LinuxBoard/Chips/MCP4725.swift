import HAL

/// One analogue output of 12 bits, 0 V to just below its supply (Microchip MCP4725, DS22039D).
///
/// Its EEPROM, which decides what it gives between power-up and `configure`, is never written: it
/// bears a million writes, and a write blocks the chip for 25 ms or more. Set it on the bench.
public struct MCP4725: ReferenceOutput {
    public static let name = "mcp4725"
    public static let addresses: ClosedRange<UInt8> = 0x60...0x67

    /// What the pin does: the power-down bits PD1 and PD0.
    public enum Drive: UInt8, Sendable {
        case driven = 0
        /// Not driven, and pulled to ground by so much.
        case pulledBy1kOhm, pulledBy100kOhm, pulledBy500kOhm
    }

    static let reference = ChipOption(
        "reference_V", "V", .range(2.7...5.5), standard: 3.3,
        "the chip's supply, which is its reference")
    static let idle = ChipOption(
        "idle_V", "V", .range(0...5.5), standard: 0, "output after every start, until it is written"
    )

    public let address: UInt8
    public let outputs = Self.pins
    static let pins = [ChipPin("vout", "V")]
    private let reference_V: Float
    private let idleCode: UInt16

    /// - Parameters:
    ///   - reference_V: the chip's supply, 2.7 ... 5.5.
    ///   - idle_V: what `configure` sets, 0 ... `reference_V`.
    public init(address: UInt8, reference_V: Double, idle_V: Double = 0) throws(ChipRefusal) {
        self.address = try Self.seat(address)
        self.reference_V = Float(try Self.reference.hold(reference_V))
        try Self.idle.hold(idle_V)
        guard idle_V <= reference_V else {
            throw ChipRefusal(
                Self.idle.name, "\(idle_V) V is above reference_V, \(reference_V) V",
                remedy: "give at most \(reference_V) V")
        }
        idleCode = Self.code(Float(idle_V), Float(reference_V))
    }

    /// V_OUT = V_REF · D / 4096, D = 0 ... 4095. NaN gives 0.
    static func code(_ value_V: Float, _ reference_V: Float) -> UInt16 {
        let exact = (value_V / reference_V * 4096).rounded()
        return exact > 0 ? UInt16(min(exact, 4095)) : 0
    }

    public func identify(on port: any I2CPort) throws(BoardFault) -> Identity {
        _ = try state(on: port)
        return .unverifiable
    }

    public mutating func configure(on port: any I2CPort) throws(BoardFault) {
        guard try state(on: port).isReady else { throw .neverReady }
        try fastWrite(idleCode, .driven, on: port)
        let now = try state(on: port)
        guard now.code == idleCode, now.drive == .driven else { throw .differs }
    }

    public mutating func write(
        _ value: Float, to n: Int, on port: any I2CPort
    ) throws(BoardFault) {
        precondition(n == 0)
        try fastWrite(Self.code(value, reference_V), .driven, on: port)
    }

    /// NaN where the output is not driven.
    public mutating func readBack(_ n: Int, on port: any I2CPort) throws(BoardFault) -> Float {
        precondition(n == 0)
        let now = try state(on: port)
        return now.drive == .driven ? Float(now.code) * reference_V / 4096 : .nan
    }

    /// Stops driving the output, or drives 0 V.
    public mutating func letGo(_ drive: Drive, on port: any I2CPort) throws(BoardFault) {
        try fastWrite(0, drive, on: port)
    }

    /// Figure 6-1: C2 C1 = 00, PD1 PD0, D11 ... D8; D7 ... D0.
    private func fastWrite(
        _ code: UInt16, _ drive: Drive, on port: any I2CPort
    ) throws(BoardFault) {
        try port.send(
            [drive.rawValue << 4 | UInt8(code >> 8), UInt8(code & 0xFF)], to: address)
    }

    /// Figure 6-3: RDY/BSY, POR, X X X, PD1, PD0, X; D11 ... D4; D3 ... D0, X X X X; the EEPROM.
    private func state(
        on port: any I2CPort
    ) throws(BoardFault) -> (isReady: Bool, drive: Drive, code: UInt16) {
        let b = try port.exactly(5, from: address)
        let drive = Drive(rawValue: b[0] >> 1 & 0b11) ?? .pulledBy500kOhm
        return (b[0] & 0x80 != 0, drive, UInt16(b[1]) << 4 | UInt16(b[2]) >> 4)
    }

    public static let kind = ChipKind(
        MCP4725.self, "One analogue output of 12 bits, 0 V to the supply.",
        options: [reference, idle], outputs: pins
    ) { (address, given) throws(ChipRefusal) in
        try MCP4725(address: address, reference_V: given[reference], idle_V: given[idle])
    }
}
