/// The head of every frame, on a socket and on a disk: sixteen bytes, little-endian.
///
///     0  magic     UInt32   "SKRY"
///     4  version   UInt8    of this layout: 1
///     5  kind      UInt8    what the body is; the room that sends it says
///     6  length    UInt16   bytes of the body, 0 ... 65 535
///     8  sequence  UInt32   counts the frames of one sender, wraps
///     12 sum       UInt32   CRC-32C of the first twelve bytes and of the body
public struct FrameHead: Equatable, Sendable, BitwiseCopyable {
    public static let size = 16
    public static let magic: UInt32 = 0x5952_4B53
    public static let version: UInt8 = 1
    /// The longest body.
    public static let mostBody = 65_535

    public var kind: UInt8
    public var length: UInt16
    public var sequence: UInt32
    public var sum: UInt32

    /// Why bytes are no frame.
    public enum Fault: Error, Equatable, Sendable {
        /// Fewer bytes than the head needs; more may come.
        case short
        /// Another beginning: these bytes are not ours.
        case alien
        /// Written by another version of the layout.
        case version(UInt8)
        /// The sum is not that of the bytes.
        case damaged
    }

    /// Reads a head. The body is not looked at: see ``matches(_:head:_:)``.
    public static func parse(_ bytes: UnsafeRawBufferPointer) -> Result<FrameHead, Fault> {
        guard bytes.count >= size else { return .failure(.short) }
        var reader = ByteReader(bytes)
        guard reader.take(UInt32.self) == magic else { return .failure(.alien) }
        let version = reader.take(UInt8.self)
        guard version == Self.version else { return .failure(.version(version)) }
        return .success(
            FrameHead(
                kind: reader.take(), length: reader.take(), sequence: reader.take(),
                sum: reader.take()))
    }

    /// Writes a frame into `memory`.
    ///
    /// - Returns: its length in bytes; nil where the body is too long or the memory too small.
    public static func write(
        kind: UInt8, sequence: UInt32, body: UnsafeRawBufferPointer, crc: CRC32C,
        into memory: UnsafeMutableRawBufferPointer
    ) -> Int? {
        guard body.count <= mostBody, memory.count >= size + body.count else { return nil }
        var writer = ByteWriter(memory)
        writer.put(magic)
        writer.put(version)
        writer.put(kind)
        writer.put(UInt16(body.count))
        writer.put(sequence)
        let first = UnsafeRawBufferPointer(rebasing: memory[..<12])
        writer.put(crc.of(body, after: crc.of(first)))
        writer.put(bytes: body)
        return writer.isFull ? nil : writer.count
    }

    /// The sum is that of these bytes: `frame` begins with the head and holds the whole body.
    public func matches(_ frame: UnsafeRawBufferPointer, crc: CRC32C) -> Bool {
        guard frame.count >= Self.size + Int(length) else { return false }
        let first = UnsafeRawBufferPointer(rebasing: frame[..<12])
        let body = UnsafeRawBufferPointer(rebasing: frame[Self.size..<Self.size + Int(length)])
        return crc.of(body, after: crc.of(first)) == sum
    }
}
