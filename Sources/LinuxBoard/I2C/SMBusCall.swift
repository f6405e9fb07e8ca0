import CI2C
import HAL

/// The transfers that SMBus has a name for (System Management Bus specification 3.2, §6.5).
/// On the wire each is exactly the plain transfer of the same bytes.
enum SMBusCall: Equatable {
    case readByte
    case writeByte(UInt8)
    case readByteData(command: UInt8)
    case writeByteData(command: UInt8, UInt8)
    case readWordData(command: UInt8)
    case writeWordData(command: UInt8, UInt16)
    case processCall(command: UInt8, UInt16)
    case readBlock(command: UInt8, count: Int)
    case writeBlock(command: UInt8, [UInt8])

    /// nil where SMBus has no name for writing `bytes` and then reading `count`: a bare read of
    /// more than one byte, a read behind a 16-bit register address, blocks over 32 bytes.
    init?(_ bytes: [UInt8], reading count: Int) {
        switch (bytes.count, count) {
        case (0, 1): self = .readByte
        case (1, 0): self = .writeByte(bytes[0])
        case (1, 1): self = .readByteData(command: bytes[0])
        case (2, 0): self = .writeByteData(command: bytes[0], bytes[1])
        case (1, 2): self = .readWordData(command: bytes[0])
        case (3, 0): self = .writeWordData(command: bytes[0], Self.word(bytes[1], bytes[2]))
        case (3, 2): self = .processCall(command: bytes[0], Self.word(bytes[1], bytes[2]))
        case (1, 3...32): self = .readBlock(command: bytes[0], count: count)
        case (4...33, 0): self = .writeBlock(command: bytes[0], Array(bytes[1...]))
        default: return nil
        }
    }

    /// The I2C_FUNC_ bits an adapter must offer for it.
    var needs: UInt {
        switch self {
        case .readByte: UInt(I2C_FUNC_SMBUS_READ_BYTE)
        case .writeByte: UInt(I2C_FUNC_SMBUS_WRITE_BYTE)
        case .readByteData: UInt(I2C_FUNC_SMBUS_READ_BYTE_DATA)
        case .writeByteData: UInt(I2C_FUNC_SMBUS_WRITE_BYTE_DATA)
        case .readWordData: UInt(I2C_FUNC_SMBUS_READ_WORD_DATA)
        case .writeWordData: UInt(I2C_FUNC_SMBUS_WRITE_WORD_DATA)
        case .processCall: UInt(I2C_FUNC_SMBUS_PROC_CALL)
        case .readBlock: UInt(I2C_FUNC_SMBUS_READ_I2C_BLOCK)
        case .writeBlock: UInt(I2C_FUNC_SMBUS_WRITE_I2C_BLOCK)
        }
    }

    /// Makes the call to the address chosen on `file`; the bytes read, in the order of the wire.
    func perform(on file: CInt) throws(BoardFault) -> [UInt8] {
        switch self {
        case .readByte: return [Self.low(try checkReturned { i2c_smbus_read_byte(file) })]
        case .writeByte(let value): try checkReturned { i2c_smbus_write_byte(file, value) }
        case .readByteData(let command):
            return [Self.low(try checkReturned { i2c_smbus_read_byte_data(file, command) })]
        case .writeByteData(let command, let value):
            try checkReturned { i2c_smbus_write_byte_data(file, command, value) }
        case .readWordData(let command):
            return Self.wire(try checkReturned { i2c_smbus_read_word_data(file, command) })
        case .writeWordData(let command, let value):
            try checkReturned { i2c_smbus_write_word_data(file, command, value) }
        case .processCall(let command, let value):
            return Self.wire(try checkReturned { i2c_smbus_process_call(file, command, value) })
        case .readBlock(let command, let count):
            var answer = [UInt8](repeating: 0, count: 32)
            let length = try checkReturned {
                i2c_smbus_read_i2c_block_data(file, command, UInt8(count), &answer)
            }
            guard Int(length) == count else { throw .shortAnswer }
            return Array(answer.prefix(count))
        case .writeBlock(let command, let values):
            try checkReturned {
                i2c_smbus_write_i2c_block_data(file, command, UInt8(values.count), values)
            }
        }
        return []
    }

    /// SMBus words go low byte first.
    private static func word(_ first: UInt8, _ second: UInt8) -> UInt16 {
        UInt16(first) | UInt16(second) << 8
    }
    private static func wire(_ word: Int32) -> [UInt8] {
        [low(word), UInt8(truncatingIfNeeded: word >> 8)]
    }
    private static func low(_ value: Int32) -> UInt8 { UInt8(truncatingIfNeeded: value) }
}
