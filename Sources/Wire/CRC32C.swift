/// The Castagnoli cyclic redundancy check (CRC-32C: RFC 3720 §12.1, polynomial 0x1EDC6F41 reflected).
///
/// Finds every burst of up to 32 bits and, in blocks below 16 KiB, every error of up to five bits
/// (Koopman 2002, "32-Bit Cyclic Redundancy Codes for Internet Applications").
public struct CRC32C: Sendable {
    private var table = InlineArray<256, UInt32>(repeating: 0)

    public init() {
        for n in 0..<256 {
            var c = UInt32(n)
            for _ in 0..<8 { c = c & 1 == 0 ? c >> 1 : (c >> 1) ^ 0x82F6_3B78 }
            table[n] = c
        }
    }

    /// - Parameter sum: of what came before; 0 at the beginning.
    public func of(_ bytes: UnsafeRawBufferPointer, after sum: UInt32 = 0) -> UInt32 {
        var c = ~sum
        for byte in bytes {
            c = table[Int((c ^ UInt32(byte)) & 0xFF)] ^ (c >> 8)
        }
        return ~c
    }
}
