import HAL

/// Whose turn it is to be looked at again: a disturbance can turn a bit in a chip that goes on
/// answering, and a wrong scale is worse than no reading. One register every `pace` readings.
struct Watch: Sendable {
    /// At 50 readings a second each of three registers is seen once a second.
    static let pace = 16
    private var readings = 0
    private var next = 0

    /// The index of the register to look at now, below `count`; mostly nil.
    mutating func turn(of count: Int) -> Int? {
        readings += 1
        guard readings >= Self.pace else { return nil }
        readings = 0
        next = next + 1 < count ? next + 1 : 0
        return next
    }
}

/// A 16-bit register and the bits of it that set-up decides.
struct SettledRegister: Sendable {
    var register: UInt8
    var value: UInt16
    var mask: UInt16 = 0xFFFF
}

extension I2CPort {
    /// Writes each and reads it back.
    func settle(_ registers: [SettledRegister], of address: UInt8) throws(BoardFault) {
        for r in registers { try settle(r.register, r.value, mask: r.mask, of: address) }
    }

    /// Throws `.differs` where a register no longer holds what it was given.
    func confirm(_ r: SettledRegister, of address: UInt8) throws(BoardFault) {
        guard try word(r.register, of: address) & r.mask == r.value & r.mask else { throw .differs }
    }
}
