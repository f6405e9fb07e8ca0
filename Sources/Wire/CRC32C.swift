/// The Castagnoli cyclic redundancy check (CRC-32C: RFC 3720 §12.1, polynomial 0x1EDC6F41 reflected).
///
/// Finds every burst of up to 32 bits and, in blocks below 16 KiB, every error of up to five bits
/// (Koopman 2002, "32-Bit Cyclic Redundancy Codes for Internet Applications").
public struct CRC32C: Sendable {
    public init() {}

    /// - Parameter sum: of what came before; 0 at the beginning.
    public func of(_ bytes: UnsafeRawBufferPointer, after sum: UInt32 = 0) -> UInt32 {
        var c = ~sum
        var n = 0
        // Eight bytes at once, each by the table of its distance from the end (Kounavis and Berry 2005, "A
        // Systematic Approach to Building High Performance Software-Based CRC Generators").
        while n + 8 <= bytes.count {
            let low = c ^ Self.word(bytes, n)
            let high = Self.word(bytes, n + 4)
            c =
                tables[7 * 256 + Int(low & 0xFF)] ^ tables[6 * 256 + Int(low >> 8 & 0xFF)]
                ^ tables[5 * 256 + Int(low >> 16 & 0xFF)] ^ tables[4 * 256 + Int(low >> 24)]
                ^ tables[3 * 256 + Int(high & 0xFF)] ^ tables[2 * 256 + Int(high >> 8 & 0xFF)]
                ^ tables[256 + Int(high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
            n += 8
        }
        while n < bytes.count {
            c = tables[Int((c ^ UInt32(bytes[n])) & 0xFF)] ^ (c >> 8)
            n += 1
        }
        return ~c
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ n: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: n, as: UInt32.self))
    }
}

/// Of each byte, followed by none to seven zeros.
private let tables: InlineArray<2048, UInt32> = {
    var tables = InlineArray<2048, UInt32>(repeating: 0)
    for n in 0..<256 {
        var c = UInt32(n)
        for _ in 0..<8 { c = c & 1 == 0 ? c >> 1 : (c >> 1) ^ 0x82F6_3B78 }
        tables[n] = c
    }
    for n in 256..<2048 {
        let c = tables[n - 256]
        tables[n] = tables[Int(c & 0xFF)] ^ (c >> 8)
    }
    return tables
}()
