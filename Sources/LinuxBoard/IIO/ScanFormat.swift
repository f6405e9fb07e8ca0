/// How one scan element lies in a buffer, as the kernel's `scan_elements/*_type` files and iiod's
/// context say it: `[be|le]:[s|u]bits/storagebits[Xrepeat][>>shift]`, where libiio writes S and U
/// for values whose spare bits are already filled with the sign or with zeros
/// (Documentation/ABI/testing/sysfs-bus-iio).
public struct ScanFormat: Equatable, Sendable {
    public var isBigEndian: Bool
    public var isSigned: Bool
    /// The spare bits of the storage already carry the sign or zeros.
    public var isFullyDefined: Bool
    /// Bits that count, 1 ... `storage`.
    public var bits: Int
    /// Bits one value takes in the buffer: 8, 16, 32 or 64.
    public var storage: Int
    /// Values in one element, 1 ... 64.
    public var repeats: Int
    /// Bits to the right of those that count.
    public var shift: Int

    /// Nil where bits and shift do not fit in the storage, or the storage is of no known size.
    public init?(
        isBigEndian: Bool = false, isSigned: Bool, isFullyDefined: Bool = false, bits: Int,
        storage: Int, repeats: Int = 1, shift: Int = 0
    ) {
        guard [8, 16, 32, 64].contains(storage), bits >= 1, shift >= 0, bits <= storage - shift,
            (1...64).contains(repeats)
        else { return nil }
        self.isBigEndian = isBigEndian
        self.isSigned = isSigned
        self.isFullyDefined = isFullyDefined
        self.bits = bits
        self.storage = storage
        self.repeats = repeats
        self.shift = shift
    }

    /// Bytes of the whole element; also what its start is aligned to.
    public var bytes: Int { storage / 8 * repeats }

    /// The value in a storage word that has been brought to the machine's byte order.
    @inlinable func value(_ word: UInt64) -> Int64 {
        let spare = UInt64(64 - bits)
        let top = (word >> UInt64(shift)) << spare
        return isSigned ? Int64(bitPattern: top) >> Int64(spare) : Int64(bitPattern: top >> spare)
    }
}

extension ScanFormat {
    /// Reads `le:s12/16>>4`. Nil for anything else, however close.
    public init?(_ text: some StringProtocol) {
        var rest = Array(text.utf8)[...]
        func take(_ word: StaticString) -> Bool {
            let wanted = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
            guard rest.starts(with: wanted) else { return false }
            rest = rest.dropFirst(wanted.count)
            return true
        }
        func number() -> Int? {
            let digits = rest.prefix(while: { (0x30...0x39).contains($0) })
            guard (1...3).contains(digits.count) else { return nil }
            rest = rest.dropFirst(digits.count)
            return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        let isBigEndian = take("be:")
        guard isBigEndian || take("le:"), let sign = rest.popFirst(), let bits = number(),
            take("/"), let storage = number()
        else { return nil }
        var repeats = 1
        if take("X") {
            guard let n = number() else { return nil }
            repeats = n
        }
        var shift = 0
        if take(">>") {
            guard let n = number() else { return nil }
            shift = n
        }
        guard rest.isEmpty, "sSuU".utf8.contains(sign) else { return nil }
        let lower = sign | 0x20
        self.init(
            isBigEndian: isBigEndian, isSigned: lower == UInt8(ascii: "s"),
            isFullyDefined: sign != lower, bits: bits, storage: storage, repeats: repeats,
            shift: shift)
    }
}
