/// Writes to the console one character at a time, so that it needs neither a heap nor Foundation.
/// The corresponding C function is `putchar`; on a Cortex-M it is ours (`armv7em/start.c`).
enum Console {
    @_silgen_name("putchar") private static func put(_ character: Int32) -> Int32

    static func write(_ words: StaticString) {
        words.withUTF8Buffer { for byte in $0 { _ = put(Int32(byte)) } }
    }
    static func write(_ number: UInt64) {
        var power: UInt64 = 1
        while number / power >= 10 { power *= 10 }
        while power > 0 {
            _ = put(Int32(48 + number / power % 10))
            power /= 10
        }
    }
    /// Sixteen hexadecimal digits.
    static func write(hex number: UInt64) {
        for k in 0..<16 {
            let digit = Int32(truncatingIfNeeded: number >> UInt64(60 - 4 * k) & 0xF)
            _ = put(digit < 10 ? 48 + digit : 87 + digit)
        }
    }
    static func end() { _ = put(10) }
}
