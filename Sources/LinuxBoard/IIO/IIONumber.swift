/// Numbers as sysfs writes them, read strictly and by no locale: an optional sign, digits, an
/// optional fraction, an optional power of ten. A newline or a NUL may end them, nothing else may
/// stand around them; no hexadecimal, no infinity, no NaN.
enum IIONumber {
    static func double(_ text: String) -> Double? {
        guard let body = trimmed(text) else { return nil }
        var rest = body[...]
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        let whole = digits(&rest)
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = digits(&rest)
        }
        guard whole + fraction > 0 else { return nil }
        if let e = rest.first, e | 0x20 == UInt8(ascii: "e") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
                rest.removeFirst()
            }
            guard digits(&rest) > 0 else { return nil }
        }
        guard rest.isEmpty, let value = Double(String(decoding: body, as: UTF8.self)),
            value.isFinite
        else { return nil }
        return value
    }

    static func integer(_ text: String) -> Int64? {
        guard let body = trimmed(text) else { return nil }
        return Int64(String(decoding: body, as: UTF8.self))
    }

    private static func digits(_ rest: inout ArraySlice<UInt8>) -> Int {
        let n = rest.prefix(while: { (0x30...0x39).contains($0) }).count
        rest.removeFirst(n)
        return n
    }
    /// Without one newline at the end. Nil where it is longer than any number.
    private static func trimmed(_ text: String) -> [UInt8]? {
        var body = Array(text.utf8)
        if body.last == UInt8(ascii: "\n") { body.removeLast() }
        return (1...64).contains(body.count) ? body : nil
    }
}
