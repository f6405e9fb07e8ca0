/// Reads JSON (RFC 8259) strictly: UTF-8, every name of an object once, numbers finite, nesting at most
/// `mostDepth`. Never beyond the bytes, never deeper, whatever they are.
struct JSONReader {
    /// What is wrong, and at which byte.
    struct Fault: Error, Equatable {
        var message: String
        var at: Int
    }
    static let mostDepth = 16

    private let bytes: UnsafeRawBufferPointer
    private var at = 0

    private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The one value that `bytes` are.
    static func read(_ bytes: UnsafeRawBufferPointer) throws(Fault) -> JSONValue {
        var reader = JSONReader(bytes)
        let value = try reader.value(depth: 1)
        reader.skipSpace()
        guard reader.at == bytes.count else { throw reader.fault("something follows the value") }
        return value
    }
    static func read(_ bytes: [UInt8]) throws(Fault) -> JSONValue {
        // A closure of the library's cannot throw a typed error through.
        let result = bytes.withUnsafeBytes { memory in
            Result { () throws(Fault) in try read(memory) }
        }
        return try result.get()
    }

    private func fault(_ message: String) -> Fault { Fault(message: message, at: at) }
    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipSpace() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }

    private mutating func value(depth: Int) throws(Fault) -> JSONValue {
        skipSpace()
        guard depth <= Self.mostDepth else {
            throw fault("is nested deeper than \(Self.mostDepth)")
        }
        switch next {
        case UInt8(ascii: "{"): return .object(try object(depth))
        case UInt8(ascii: "["): return try list(depth)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .flag(true))
        case UInt8(ascii: "f"): return try word("false", .flag(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"): return .number(try number())
        case let byte? where byte >= 0x30 && byte <= 0x39: return .number(try number())
        case nil: throw fault("ends too early")
        default: throw fault("is no JSON")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Fault) -> JSONValue
    {
        let count = word.utf8CodeUnitCount
        guard bytes.count - at >= count else { throw fault("is no JSON") }
        for k in 0..<count where bytes[at + k] != word.utf8Start[k] { throw fault("is no JSON") }
        at += count
        return value
    }

    private mutating func object(_ depth: Int) throws(Fault) -> JSONObject {
        at += 1
        var found = JSONObject()
        var names: Set<String> = []
        skipSpace()
        if next == UInt8(ascii: "}") {
            at += 1
            return found
        }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw fault("has no name where one belongs") }
            let name = try text()
            guard names.insert(name).inserted else { throw fault("has a name twice") }
            skipSpace()
            guard next == UInt8(ascii: ":") else { throw fault("has no colon after a name") }
            at += 1
            found.members.append(.init(name: name, value: try value(depth: depth + 1)))
            skipSpace()
            switch next {
            case UInt8(ascii: ","): at += 1
            case UInt8(ascii: "}"):
                at += 1
                return found
            default: throw fault("has an object that is not closed")
            }
        }
    }

    /// Lists of numbers, waveforms, are read into an array of them.
    private mutating func list(_ depth: Int) throws(Fault) -> JSONValue {
        at += 1
        var numbers: [Double] = []
        var mixed: [JSONValue]?
        skipSpace()
        if next == UInt8(ascii: "]") {
            at += 1
            return .numbers([])
        }
        while true {
            skipSpace()
            let isNumber =
                next == UInt8(ascii: "-") || next.map { $0 >= 0x30 && $0 <= 0x39 } ?? false
            if isNumber && mixed == nil {
                numbers.append(try number())
            } else {
                if mixed == nil { mixed = numbers.map { .number($0) } }
                mixed!.append(try value(depth: depth + 1))
            }
            skipSpace()
            switch next {
            case UInt8(ascii: ","): at += 1
            case UInt8(ascii: "]"):
                at += 1
                return mixed.map { .list($0) } ?? .numbers(numbers)
            default: throw fault("has a list that is not closed")
            }
        }
    }
}

extension JSONReader {
    /// Powers of ten that a `Double` has exactly.
    private static let tens: [Double] = (0...22).map { n in (0..<n).reduce(1.0) { x, _ in x * 10 } }

    /// 15 digits and a power of ten up to 22 are two exact numbers, so one multiplication or division is
    /// right to the last bit (Clinger 1990); what is longer goes to the library.
    private mutating func number() throws(Fault) -> Double {
        let start = at
        let isNegative = next == UInt8(ascii: "-")
        if isNegative { at += 1 }
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        func digit(_ byte: UInt8?) -> UInt64? {
            guard let byte, byte >= 0x30, byte <= 0x39 else { return nil }
            return UInt64(byte - 0x30)
        }
        guard let first = digit(next) else { throw fault("has a sign without a number") }
        if first == 0 && at + 1 < bytes.count && digit(bytes[at + 1]) != nil {
            throw fault("has a number that begins with 0")
        }
        while let d = digit(next) {
            if digits < 19 { mantissa = mantissa &* 10 &+ d }
            if mantissa > 0 { digits += 1 }
            at += 1
        }
        if next == UInt8(ascii: ".") {
            at += 1
            guard digit(next) != nil else { throw fault("has no digit after a point") }
            while let d = digit(next) {
                if digits < 19 {
                    mantissa = mantissa &* 10 &+ d
                    exponent -= 1
                }
                if mantissa > 0 { digits += 1 }
                at += 1
            }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            at += 1
            var isDown = false
            if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") {
                isDown = next == UInt8(ascii: "-")
                at += 1
            }
            guard digit(next) != nil else { throw fault("has no digit in an exponent") }
            var power = 0
            while let d = digit(next) {
                power = min(power * 10 + Int(d), 100_000)
                at += 1
            }
            exponent += isDown ? -power : power
        }
        var value: Double
        if digits <= 15 && exponent.magnitude <= 22 {
            let whole = Double(mantissa)
            value =
                exponent < 0 ? whole / Self.tens[-exponent] : whole * Self.tens[exponent]
            if isNegative { value = -value }
        } else {
            let written = String(decoding: bytes[start..<at], as: UTF8.self)
            guard let read = Double(written) else { throw fault("has a number that is none") }
            value = read
        }
        guard value.isFinite else { throw fault("has a number that is too large") }
        return value
    }

    private mutating func text() throws(Fault) -> String {
        at += 1
        let start = at
        // Most texts are plain.
        while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\")
        {
            at += 1
        }
        var found: [UInt8] = []
        if next != UInt8(ascii: "\"") {
            found = Array(bytes[start..<at])
            try rest(of: &found)
        }
        let plain = found.isEmpty ? bytes[start..<at] : bytes[at..<at]
        at += 1
        let read =
            found.isEmpty
            ? String(validating: plain, as: UTF8.self) : String(validating: found, as: UTF8.self)
        guard let read else { throw fault("has a text that is not UTF-8") }
        return read
    }

    /// From the first escape to the closing quote, which is not taken.
    private mutating func rest(of text: inout [UInt8]) throws(Fault) {
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""): return
            case 0..<0x20: throw fault("has a control character in a text")
            case UInt8(ascii: "\\"):
                at += 1
                let scalar = try escape()
                text += Array(String(scalar).utf8)
            default:
                text.append(byte)
                at += 1
            }
        }
        throw fault("has a text that is not closed")
    }

    private mutating func escape() throws(Fault) -> Unicode.Scalar {
        let letter = next
        at += 1
        switch letter {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try hex()
            guard unit & 0xF800 == 0xD800 else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
            // A pair of surrogates, high before low.
            guard unit < 0xDC00, next == UInt8(ascii: "\\") else {
                throw fault("has half a character")
            }
            at += 1
            guard next == UInt8(ascii: "u") else { throw fault("has half a character") }
            at += 1
            let low = try hex()
            guard low & 0xFC00 == 0xDC00 else { throw fault("has half a character") }
            let code = 0x10000 + (UInt32(unit & 0x3FF) << 10) + UInt32(low & 0x3FF)
            return Unicode.Scalar(code) ?? "\u{FFFD}"
        default: throw fault("has an escape that is none")
        }
    }

    private mutating func hex() throws(Fault) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            let digit: UInt16
            switch next {
            case let byte? where byte >= 0x30 && byte <= 0x39: digit = UInt16(byte - 0x30)
            case let byte? where byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66:
                digit = UInt16((byte | 0x20) - 0x61 + 10)
            default: throw fault("has an escape without four digits")
            }
            unit = unit << 4 | digit
            at += 1
        }
        return unit
    }
}
