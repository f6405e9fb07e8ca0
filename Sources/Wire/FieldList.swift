import Control

/// Names every field it visits, with its value: for tables, for CSV, and to say where two differ.
public struct FieldList: FieldVisitor {
    /// A value as it is stored.
    public enum Value: Sendable {
        case float(Float)
        case flag(Bool)
        case number(Int64)
        case count(UInt64)

        /// Bit for bit the same: one NaN is not another.
        public func isSame(as other: Value) -> Bool {
            switch (self, other) {
            case (.float(let a), .float(let b)): a.bitPattern == b.bitPattern
            case (.flag(let a), .flag(let b)): a == b
            case (.number(let a), .number(let b)): a == b
            case (.count(let a), .count(let b)): a == b
            default: false
            }
        }
    }
    public struct Field: Sendable {
        /// Dotted, the unit its suffix: `measured.bus.active_W`.
        public var name: String
        public var value: Value
    }
    public private(set) var fields: [Field] = []
    private var path: [String] = []

    public init() {}

    private mutating func add(_ name: StaticString, _ value: Value) {
        fields.append(
            Field(name: (path + ["\(name)"]).joined(separator: "."), value: value))
    }
    public mutating func visit(_ name: StaticString, _ value: inout Float) {
        add(name, .float(value))
    }
    public mutating func visit(_ name: StaticString, _ value: inout Bool) {
        add(name, .flag(value))
    }
    public mutating func visit(_ name: StaticString, _ value: inout UInt8) {
        add(name, .count(UInt64(value)))
    }
    public mutating func visit(_ name: StaticString, _ value: inout UInt16) {
        add(name, .count(UInt64(value)))
    }
    public mutating func visit(_ name: StaticString, _ value: inout UInt32) {
        add(name, .count(UInt64(value)))
    }
    public mutating func visit(_ name: StaticString, _ value: inout UInt64) {
        add(name, .count(value))
    }
    public mutating func visit(_ name: StaticString, _ value: inout Int64) {
        add(name, .number(value))
    }
    public mutating func enter(_ name: StaticString) { path.append("\(name)") }
    public mutating func leave() { _ = path.popLast() }
    public mutating func reject() {}
}

/// The names of all fields in their order, as one number: two programs whose numbers agree lay
/// records out in the same way.
public struct FieldDigest: FieldVisitor {
    /// FNV-1a of the names and of the kinds of their values.
    public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    public init() {}

    private mutating func mix(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    private mutating func add(_ name: StaticString, _ kind: UInt8) {
        for k in 0..<name.utf8CodeUnitCount { mix(name.utf8Start[k]) }
        mix(kind)
    }
    public mutating func visit(_ name: StaticString, _ value: inout Float) { add(name, 1) }
    public mutating func visit(_ name: StaticString, _ value: inout Bool) { add(name, 2) }
    public mutating func visit(_ name: StaticString, _ value: inout UInt8) { add(name, 3) }
    public mutating func visit(_ name: StaticString, _ value: inout UInt16) { add(name, 4) }
    public mutating func visit(_ name: StaticString, _ value: inout UInt32) { add(name, 5) }
    public mutating func visit(_ name: StaticString, _ value: inout UInt64) { add(name, 6) }
    public mutating func visit(_ name: StaticString, _ value: inout Int64) { add(name, 7) }
    public mutating func enter(_ name: StaticString) { add(name, 8) }
    public mutating func leave() { mix(9) }
    public mutating func reject() {}

    /// Of `Record` and `Setpoints` as this program knows them.
    public static var ofThisProgram: UInt64 {
        var digest = FieldDigest()
        var record = Record()
        record.visit(&digest)
        var wish = Setpoints()
        wish.visit(&digest)
        return digest.value
    }
}
