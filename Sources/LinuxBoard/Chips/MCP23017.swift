import HAL

/// Sixteen lines, A0 ... A7 and then B0 ... B7 (Microchip MCP23017, DS20001952C).
///
/// At power-up all lines are inputs. Outputs get their level before their direction, so that
/// `configure` makes no pulse on them.
public struct MCP23017: Expander {
    public static let name = "mcp23017"
    public static let addresses: ClosedRange<UInt8> = 0x20...0x27

    /// Table 3-5, IOCON.BANK = 0: port B's register follows port A's, and the pointer moves on.
    enum Register {
        static let direction: UInt8 = 0x00  // IODIR, 1 is an input
        static let polarity: UInt8 = 0x02  // IPOL, 1 turns the level read
        static let control: UInt8 = 0x0A  // IOCON
        static let pullUp: UInt8 = 0x0C  // GPPU, 1 is 100 kΩ to the supply
        static let port: UInt8 = 0x12  // GPIO
        static let latch: UInt8 = 0x14  // OLAT
        /// IOCON where BANK = 1; where BANK = 0 it is GPINTENB, whose 0 is its reset value.
        static let controlInBank1: UInt8 = 0x05
    }

    static let inputMask = ChipOption(
        "inputs", "", .whole(0...0xFFFF), standard: 0xFFFF,
        "mask of the lines that are inputs, bit 0 is A0, bit 8 is B0")
    static let pullUps = ChipOption(
        "pull_ups", "", .whole(0...0xFFFF), standard: 0, "mask of the inputs pulled up by 100 kΩ")
    static let inverted = ChipOption(
        "inverted", "", .whole(0...0xFFFF), standard: 0, "mask of the inputs that read turned")
    static let idleLevels = ChipOption(
        "idle", "", .whole(0...0xFFFF), standard: 0, "levels of the outputs after every start")

    public let address: UInt8
    public let lineCount = 16
    private let inputs: UInt16
    private let pulled: UInt16
    private let turned: UInt16
    private let idle: UInt16
    /// What the latch was last given.
    private var wanted: UInt16
    private var watch = Watch()

    /// All masks: bit 0 is A0, bit 8 is B0. `pullUps` and `inverted` name inputs only.
    public init(
        address: UInt8, inputs: UInt16, pullUps: UInt16 = 0, inverted: UInt16 = 0, idle: UInt16 = 0
    ) throws(ChipRefusal) {
        self.address = try Self.seat(address)
        for (option, mask) in [(Self.pullUps, pullUps), (Self.inverted, inverted)]
        where mask & ~inputs != 0 {
            throw ChipRefusal(
                option.name, "\(hex(mask)) names lines that are outputs",
                remedy: "name only lines of inputs, \(hex(inputs))")
        }
        self.inputs = inputs
        pulled = pullUps
        turned = inverted
        self.idle = idle & ~inputs
        wanted = self.idle
    }

    public func identify(on port: any I2CPort) throws(BoardFault) -> Identity {
        _ = try port.exactly(1, from: address, write: [Register.control])
        return .unverifiable
    }

    public mutating func configure(on port: any I2CPort) throws(BoardFault) {
        wanted = idle
        // BANK 0 whatever was before; SEQOP 0, the pointer moves on.
        try port.send([Register.controlInBank1, 0], to: address)
        try port.send([Register.control, 0], to: address)
        guard try port.exactly(1, from: address, write: [Register.control])[0] == 0 else {
            throw .differs
        }
        try settlePair(Register.latch, wanted, on: port)
        for (register, value) in settled { try settlePair(register, value, on: port) }
    }

    /// Besides the latch; the direction last, so that no output moves before its level is right.
    private var settled: [(register: UInt8, value: UInt16)] {
        [(Register.polarity, turned), (Register.pullUp, pulled), (Register.direction, inputs)]
    }

    /// A chip whose latch is not what it was given was reset: a fault, not a reading.
    public mutating func levels(on port: any I2CPort) throws(BoardFault) -> UInt16 {
        if let k = watch.turn(of: 3) {
            guard try pair(settled[k].register, on: port) == settled[k].value else {
                throw .differs
            }
        }
        let b = try port.exactly(4, from: address, write: [Register.port])
        guard Self.pair(b[2], b[3]) == wanted else { throw .differs }
        return Self.pair(b[0], b[1])
    }

    /// Also asks whether the outputs still are outputs: a chip that was reset lets go of them.
    public mutating func drive(_ levels: UInt16, on port: any I2CPort) throws(BoardFault) {
        wanted = levels & ~inputs
        try setPair(Register.latch, wanted, on: port)
        guard try pair(Register.direction, on: port) == inputs else { throw .differs }
    }

    private func settlePair(
        _ register: UInt8, _ value: UInt16, on port: any I2CPort
    ) throws(BoardFault) {
        try setPair(register, value, on: port)
        guard try pair(register, on: port) == value else { throw .differs }
    }
    private func setPair(
        _ register: UInt8, _ value: UInt16, on port: any I2CPort
    ) throws(BoardFault) {
        try port.send([register, UInt8(value & 0xFF), UInt8(value >> 8)], to: address)
    }
    private func pair(_ register: UInt8, on port: any I2CPort) throws(BoardFault) -> UInt16 {
        let b = try port.exactly(2, from: address, write: [register])
        return Self.pair(b[0], b[1])
    }
    private static func pair(_ a: UInt8, _ b: UInt8) -> UInt16 { UInt16(a) | UInt16(b) << 8 }

    public static let kind = ChipKind(
        MCP23017.self, "Sixteen lines, each an input or an output: relay boards and contacts.",
        options: [inputMask, pullUps, inverted, idleLevels], lineCount: 16
    ) { (address, given) throws(ChipRefusal) in
        try MCP23017(
            address: address, inputs: UInt16(given[inputMask]), pullUps: UInt16(given[pullUps]),
            inverted: UInt16(given[inverted]), idle: UInt16(given[idleLevels]))
    }
}
