import Control

/// Writes every field it visits.
public struct FieldWriter: FieldVisitor {
    public var bytes: ByteWriter
    public init(_ bytes: ByteWriter) { self.bytes = bytes }
    public mutating func visit(_ name: StaticString, _ value: inout Float) { bytes.put(value) }
    public mutating func visit(_ name: StaticString, _ value: inout Bool) {
        bytes.put(UInt8(value ? 1 : 0))
    }
    public mutating func visit(_ name: StaticString, _ value: inout UInt8) { bytes.put(value) }
    public mutating func visit(_ name: StaticString, _ value: inout UInt16) { bytes.put(value) }
    public mutating func visit(_ name: StaticString, _ value: inout UInt32) { bytes.put(value) }
    public mutating func visit(_ name: StaticString, _ value: inout UInt64) { bytes.put(value) }
    public mutating func visit(_ name: StaticString, _ value: inout Int64) { bytes.put(value) }
    public mutating func enter(_ name: StaticString) {}
    public mutating func leave() {}
    public mutating func reject() {}
}

/// Reads every field it visits; `bytes.isSound` says whether the whole may be believed.
public struct FieldReader: FieldVisitor {
    public var bytes: ByteReader
    public init(_ bytes: ByteReader) { self.bytes = bytes }
    public mutating func visit(_ name: StaticString, _ value: inout Float) {
        value = bytes.takeFloat()
    }
    public mutating func visit(_ name: StaticString, _ value: inout Bool) {
        let raw = bytes.take(UInt8.self)
        if raw > 1 { bytes.reject() }
        value = raw == 1
    }
    public mutating func visit(_ name: StaticString, _ value: inout UInt8) { value = bytes.take() }
    public mutating func visit(_ name: StaticString, _ value: inout UInt16) { value = bytes.take() }
    public mutating func visit(_ name: StaticString, _ value: inout UInt32) { value = bytes.take() }
    public mutating func visit(_ name: StaticString, _ value: inout UInt64) { value = bytes.take() }
    public mutating func visit(_ name: StaticString, _ value: inout Int64) { value = bytes.take() }
    public mutating func enter(_ name: StaticString) {}
    public mutating func leave() {}
    public mutating func reject() { bytes.reject() }
}

/// A value that crosses, or is kept: always the same number of bytes.
public protocol FieldValue {
    /// Bytes of one value.
    static var byteCount: Int { get }
    /// Nothing measured, nothing asked for.
    static var blank: Self { get }
    /// Walks every field, in the order of the declarations.
    mutating func visit<V: FieldVisitor>(_ v: inout V)
}

extension FieldValue {
    /// - Returns: false where the memory is too small.
    public func write(into bytes: inout ByteWriter) -> Bool {
        var writer = FieldWriter(bytes)
        var copy = self
        copy.visit(&writer)
        bytes = writer.bytes
        return !bytes.isFull
    }
    /// Numbers may be anything, NaN too: the controller's limits judge them.
    ///
    /// - Returns: nil where bytes are missing or mean nothing.
    public static func read(from bytes: inout ByteReader) -> Self? {
        var reader = FieldReader(bytes)
        var value = blank
        value.visit(&reader)
        bytes = reader.bytes
        return bytes.isSound ? value : nil
    }
}

extension Record: FieldValue {
    public static let byteCount = 495
    public static var blank: Record { Record() }
}

extension Setpoints: FieldValue {
    public static let byteCount = 29
    public static var blank: Setpoints { Setpoints() }
}
