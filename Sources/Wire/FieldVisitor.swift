import Control
import Quantities

/// Walks the fields of a value in their order, and may change them. One walk serves to write, to
/// read, to name, to compare and to list: a field that is added is added everywhere.
public protocol FieldVisitor {
    mutating func visit(_ name: StaticString, _ value: inout Float)
    mutating func visit(_ name: StaticString, _ value: inout Bool)
    mutating func visit(_ name: StaticString, _ value: inout UInt8)
    mutating func visit(_ name: StaticString, _ value: inout UInt16)
    mutating func visit(_ name: StaticString, _ value: inout UInt32)
    mutating func visit(_ name: StaticString, _ value: inout UInt64)
    mutating func visit(_ name: StaticString, _ value: inout Int64)
    /// The fields until `leave` are parts of `name`.
    mutating func enter(_ name: StaticString)
    mutating func leave()
    /// The number just visited means nothing: a reader stops believing.
    mutating func reject()
}

extension FieldVisitor {
    /// The name carries the unit's suffix.
    mutating func visit<U>(_ name: StaticString, _ quantity: inout Quantity<U>) {
        visit(name, &quantity.value)
    }
    mutating func visit(_ name: StaticString, _ tick: inout Tick) { visit(name, &tick.count) }
    mutating func visit(_ name: StaticString, _ energy: inout Energy) {
        visit(name, &energy.millijoules)
    }
    mutating func visit(_ name: StaticString, _ lines: inout LineSet) { visit(name, &lines.bits) }
    mutating func visit(_ name: StaticString, _ channels: inout ChannelSet) {
        visit(name, &channels.bits)
    }
    /// An enumeration without payload. A number without a meaning is rejected and changes nothing.
    mutating func visit<E: RawRepresentable>(_ name: StaticString, _ value: inout E)
    where E.RawValue == UInt8 {
        var raw = value.rawValue
        visit(name, &raw)
        if let known = E(rawValue: raw) { value = known } else { reject() }
    }
}
