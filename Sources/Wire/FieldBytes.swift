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

/// Values that cross, or are kept: always the same number of bytes.
extension Record {
    /// Bytes of one record.
    public static let byteCount = 445
    /// - Returns: false where the memory is too small.
    public func write(into bytes: inout ByteWriter) -> Bool {
        var writer = FieldWriter(bytes)
        var copy = self
        copy.visit(&writer)
        bytes = writer.bytes
        return !bytes.isFull
    }
    /// - Returns: nil where bytes are missing or mean nothing.
    public static func read(from bytes: inout ByteReader) -> Record? {
        var reader = FieldReader(bytes)
        var record = Record()
        record.visit(&reader)
        bytes = reader.bytes
        return bytes.isSound ? record : nil
    }
}

extension Setpoints {
    /// Bytes of one wish.
    public static let byteCount = 29
    /// - Returns: false where the memory is too small.
    public func write(into bytes: inout ByteWriter) -> Bool {
        var writer = FieldWriter(bytes)
        var copy = self
        copy.visit(&writer)
        bytes = writer.bytes
        return !bytes.isFull
    }
    /// - Returns: nil where bytes are missing or mean nothing. Numbers may be anything, NaN too: the
    ///   controller's limits judge them.
    public static func read(from bytes: inout ByteReader) -> Setpoints? {
        var reader = FieldReader(bytes)
        var wish = Setpoints()
        wish.visit(&reader)
        bytes = reader.bytes
        return bytes.isSound ? wish : nil
    }
}
