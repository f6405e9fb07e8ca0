import Control
import Wire

/// Some fields of a record by their names, as a table's columns: found once, read many times.
public struct FieldPick: Sendable {
    public struct Unknown: Error, Equatable, Sendable {
        public var name: String
        /// Names that begin or end alike.
        public var near: [String]
    }
    public let names: [String]
    private let isWanted: [Bool]
    private let order: [Int]

    /// Every name there is, in the order of a record.
    public static var all: [String] {
        var record = Record()
        var list = FieldList()
        record.visit(&list)
        return list.fields.map(\.name)
    }

    /// - Parameter wanted: names, or beginnings up to a point: `measured.bus` is all of the bus. Empty:
    ///   everything.
    public init(_ wanted: [String]) throws(Unknown) {
        let all = Self.all
        var found: [Int] = []
        for name in wanted.isEmpty ? all : wanted {
            let hits = all.indices.filter { all[$0] == name || all[$0].hasPrefix(name + ".") }
            guard !hits.isEmpty else {
                let last = name.split(separator: ".").last.map(String.init) ?? name
                let near = all.filter { $0.contains(last) || $0.hasSuffix(".\(last)") }
                throw Unknown(name: name, near: Array(near.prefix(8)))
            }
            for k in hits where !found.contains(k) { found.append(k) }
        }
        var isWanted = [Bool](repeating: false, count: all.count)
        for k in found { isWanted[k] = true }
        let inOrder = all.indices.filter { isWanted[$0] }
        order = found.compactMap { inOrder.firstIndex(of: $0) }
        names = found.map { all[$0] }
        self.isWanted = isWanted
    }

    /// The values in the order of ``names``.
    public func values(of record: borrowing Record) -> [FieldList.Value] {
        var walk = Walk(isWanted: isWanted)
        var copy = copy record
        copy.visit(&walk)
        return order.map { walk.values[$0] }
    }

    private struct Walk: FieldVisitor {
        let isWanted: [Bool]
        var values: [FieldList.Value] = []
        var at = 0
        init(isWanted: [Bool]) { self.isWanted = isWanted }

        private mutating func add(_ value: @autoclosure () -> FieldList.Value) {
            if isWanted[at] { values.append(value()) }
            at += 1
        }
        mutating func visit(_ name: StaticString, _ value: inout Float) {
            let x = value
            add(.float(x))
        }
        mutating func visit(_ name: StaticString, _ value: inout Bool) {
            let x = value
            add(.flag(x))
        }
        mutating func visit(_ name: StaticString, _ value: inout UInt8) {
            let x = UInt64(value)
            add(.count(x))
        }
        mutating func visit(_ name: StaticString, _ value: inout UInt16) {
            let x = UInt64(value)
            add(.count(x))
        }
        mutating func visit(_ name: StaticString, _ value: inout UInt32) {
            let x = UInt64(value)
            add(.count(x))
        }
        mutating func visit(_ name: StaticString, _ value: inout UInt64) {
            let x = value
            add(.count(x))
        }
        mutating func visit(_ name: StaticString, _ value: inout Int64) {
            let x = value
            add(.number(x))
        }
        mutating func enter(_ name: StaticString) {}
        mutating func leave() {}
        mutating func reject() {}
    }
}
