import Glibc
import HAL

/// The ways a chip can answer and still be wrong. The code tells them apart.
extension BoardFault {
    /// The adapter has no way to make a transfer of this shape.
    static let unsupported = BoardFault(.bus, code: EOPNOTSUPP)
    /// Fewer or more bytes came than were asked for.
    static let shortAnswer = BoardFault(.bus, code: EPROTO)
    /// Another chip answers at this address.
    static let wrongChip = BoardFault(.bus, code: EPROTOTYPE)
    /// A register does not hold what was written: the chip was reset, or it is another chip.
    static let differs = BoardFault(.bus, code: EILSEQ)
    /// A conversion did not end in its time.
    static let neverReady = BoardFault(.timeout, code: ETIMEDOUT)
}

/// Registers behind an 8-bit pointer, 16-bit ones most significant byte first, as most meters have
/// them. All of them hold the port to the number of bytes asked for.
extension I2CPort {
    func exactly(
        _ count: Int, from address: UInt8, write bytes: [UInt8] = []
    ) throws(BoardFault) -> [UInt8] {
        let answer = try transfer(address, write: bytes, read: count)
        guard answer.count == count else { throw .shortAnswer }
        return answer
    }

    func send(_ bytes: [UInt8], to address: UInt8) throws(BoardFault) {
        guard try transfer(address, write: bytes, read: 0).isEmpty else { throw .shortAnswer }
    }

    func word(_ register: UInt8, of address: UInt8) throws(BoardFault) -> UInt16 {
        let b = try exactly(2, from: address, write: [register])
        return UInt16(b[0]) << 8 | UInt16(b[1])
    }

    func setWord(_ register: UInt8, _ value: UInt16, of address: UInt8) throws(BoardFault) {
        try send([register, UInt8(value >> 8), UInt8(value & 0xFF)], to: address)
    }

    /// Writes, reads back, and compares the bits of `mask`.
    func settle(
        _ register: UInt8, _ value: UInt16, mask: UInt16 = 0xFFFF, of address: UInt8
    ) throws(BoardFault) {
        try setWord(register, value, of: address)
        guard try word(register, of: address) & mask == value & mask else { throw .differs }
    }
}
