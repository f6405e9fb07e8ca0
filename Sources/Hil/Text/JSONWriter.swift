/// Writes JSON onto a buffer of bytes: what a step's reply is, hundreds of times a second.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    /// A member or an item stands before the place of the next.
    private var needsComma = false

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    private mutating func put(_ text: StaticString) {
        bytes.append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    mutating func object(_ body: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }
    mutating func list(_ body: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "["))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }
    /// The name of a member, before its value.
    mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func value(_ flag: Bool) {
        separate()
        put(flag ? "true" : "false")
    }
    mutating func value(_ number: Int) {
        separate()
        bytes.append(contentsOf: String(number).utf8)
    }
    /// What is no number is null.
    mutating func value(_ number: Double) {
        separate()
        guard number.isFinite else { return put("null") }
        if number == number.rounded(), number.magnitude < 1e15 {
            bytes.append(contentsOf: String(Int64(number)).utf8)
        } else {
            bytes.append(contentsOf: number.description.utf8)
        }
    }
    /// The shortest that reads back as this `Float`.
    mutating func value(_ number: Float) {
        separate()
        guard number.isFinite else { return put("null") }
        if number == number.rounded(), number.magnitude < 1e7 {
            bytes.append(contentsOf: String(Int32(number)).utf8)
        } else {
            bytes.append(contentsOf: number.description.utf8)
        }
    }
    mutating func value(_ text: String) {
        separate()
        quote(text)
    }
    mutating func null() {
        separate()
        put("null")
    }
    /// JSON that is written already.
    mutating func raw(_ json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
    }
    mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .flag(let flag): self.value(flag)
        case .number(let number): self.value(number)
        case .text(let text): self.value(text)
        case .numbers(let numbers): list { w in for number in numbers { w.value(number) } }
        case .list(let items): list { w in for item in items { w.value(item) } }
        case .object(let object):
            self.object { w in
                for member in object.members {
                    w.name(member.name)
                    w.value(member.value)
                }
            }
        }
    }

    /// RFC 8259, section 7.
    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): put("\\\"")
            case UInt8(ascii: "\\"): put("\\\\")
            case 0x0A: put("\\n")
            case 0..<0x20, 0x7F:
                let digits = Array("0123456789abcdef".utf8)
                put("\\u00")
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension JSONWriter {
    mutating func member(_ name: String, _ text: String) {
        self.name(name)
        value(text)
    }
    mutating func member(_ name: String, _ number: Double) {
        self.name(name)
        value(number)
    }
    mutating func member(_ name: String, _ number: Int) {
        self.name(name)
        value(number)
    }
    mutating func member(_ name: String, _ flag: Bool) {
        self.name(name)
        value(flag)
    }
    mutating func member(_ name: String, list: [String]) {
        self.name(name)
        self.list { w in for item in list { w.value(item) } }
    }
}
