/// Writes numbers of any width, least bit first, into the bytes of a `ByteWriter`.
struct BitWriter {
    private(set) var bytes: ByteWriter
    private var pending: UInt64 = 0
    /// Bits in `pending`, below 8 between calls.
    private var held: UInt64 = 0

    init(_ bytes: ByteWriter) { self.bytes = bytes }

    /// - Parameter width: 0 ... 56.
    mutating func put(_ value: UInt64, _ width: Int) {
        pending |= (value & ((1 << UInt64(width)) &- 1)) << held
        held &+= UInt64(width)
        while held >= 8 {
            bytes.put(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            held &-= 8
        }
    }
    mutating func put(_ flag: Bool) { put(flag ? 1 : 0, 1) }

    /// A number of any size, small ones short: 5, 10, 16, 24, 37 or 69 bits for what fits into 4, 8,
    /// 13, 20, 32 or 64.
    mutating func putNumber(_ value: UInt64) {
        switch value {
        case 0..<(1 << 4): put(value << 1, 5)
        case 0..<(1 << 8): put(value << 2 | 0b01, 10)
        case 0..<(1 << 13): put(value << 3 | 0b011, 16)
        case 0..<(1 << 20): put(value << 4 | 0b0111, 24)
        case 0..<(1 << 32): put(value << 5 | 0b01111, 37)
        default:
            put(0b11111, 5)
            put(value & 0xFFFF_FFFF, 32)
            put(value >> 32, 32)
        }
    }
    mutating func putNumber(signed value: Int64) { putNumber(folded(value)) }

    /// Fills the last byte with zeros.
    mutating func finish() -> ByteWriter {
        if held > 0 { put(0, Int(8 &- held)) }
        return bytes
    }
}

/// Reads what `BitWriter` wrote; what is not there reads as zero and the bytes say that they are short.
struct BitReader {
    private(set) var bytes: ByteReader
    private var pending: UInt64 = 0
    private var held: UInt64 = 0

    init(_ bytes: ByteReader) { self.bytes = bytes }

    /// - Parameter width: 0 ... 56.
    mutating func take(_ width: Int) -> UInt64 {
        while held < UInt64(width) {
            pending |= UInt64(bytes.take(UInt8.self)) << held
            held &+= 8
        }
        let value = pending & ((1 << UInt64(width)) &- 1)
        pending >>= UInt64(width)
        held &-= UInt64(width)
        return value
    }
    mutating func takeFlag() -> Bool { take(1) == 1 }
    mutating func takeNumber() -> UInt64 {
        if take(1) == 0 { return take(4) }
        if take(1) == 0 { return take(8) }
        if take(1) == 0 { return take(13) }
        if take(1) == 0 { return take(20) }
        if take(1) == 0 { return take(32) }
        let low = take(32)
        return low | take(32) << 32
    }
    mutating func takeNumberSigned() -> Int64 { unfolded(takeNumber()) }
    mutating func reject() { bytes.reject() }
}

/// 0, -1, 1, -2 ... as 0, 1, 2, 3 ...
@inline(__always)
func folded(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value << 1) ^ (value >> 63)) }
@inline(__always)
func unfolded(_ value: UInt64) -> Int64 {
    Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
}
