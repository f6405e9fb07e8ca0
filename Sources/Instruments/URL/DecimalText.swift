/// A number as IEEE 488.2 writes answers (NR1, NR2, NR3): an optional sign, digits, an optional
/// fraction, an optional power of ten. By no locale; no hexadecimal, no `inf`, no `nan`.
struct DecimalText: Equatable {
    /// Finite.
    let value: Double
    /// One unit of the last digit written.
    let step: Double

    /// Nil for anything else, for more than 64 bytes, and for what no Double can hold.
    init?(_ bytes: some Collection<UInt8>) {
        guard (1...64).contains(bytes.count) else { return nil }
        var rest = Array(bytes)[...]
        Self.skipSign(&rest)
        let whole = Self.digits(&rest).count
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = Self.digits(&rest).count
        }
        guard whole + fraction > 0 else { return nil }
        var power = 0
        if let e = rest.first, e | 0x20 == UInt8(ascii: "e") {
            rest.removeFirst()
            let isNegative = rest.first == UInt8(ascii: "-")
            Self.skipSign(&rest)
            let digits = Self.digits(&rest)
            guard !digits.isEmpty else { return nil }
            // More than four digits are beyond any Double either way.
            power = Int(String(decoding: digits.suffix(18), as: UTF8.self)) ?? 0
            power = min(power, 9999) * (isNegative ? -1 : 1)
        }
        guard rest.isEmpty, let value = Double(String(decoding: bytes, as: UTF8.self)),
            value.isFinite
        else { return nil }
        self.value = value
        step = Double("1e\(power - fraction)") ?? 0
    }
    init?(_ text: some StringProtocol) { self.init(Array(text.utf8)) }

    private static func skipSign(_ rest: inout ArraySlice<UInt8>) {
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    }
    private static func digits(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let found = rest.prefix { (0x30...0x39).contains($0) }
        rest.removeFirst(found.count)
        return found
    }
}
