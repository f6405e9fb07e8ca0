import Wire

/// Kinds of frames.
enum FrameKind: UInt8, Equatable { case advance = 1, advanced, error }

/// What stands before a frame's body.
enum FrameHead {
    static let magic = Array("SKHL".utf8)
    static let version: UInt8 = 1
    static let size = 16

    enum Found: Equatable {
        case more
        case fault(SessionError)
        case head(FrameKind, number: UInt32, size: Int)
    }

    /// A head as a partner sends it; judged as soon as a byte of it is wrong.
    static func read(_ bytes: UnsafeRawBufferPointer) -> Found {
        for k in 0..<min(4, bytes.count) where bytes[k] != magic[k] {
            return .fault(
                SessionError(
                    .notUnderstood, "what came begins neither as a line of JSON nor as a frame",
                    "begin a line with { and a frame with SKHL"))
        }
        if bytes.count > 4, bytes[4] != version {
            return .fault(
                SessionError(
                    .otherVersion, "a frame has version \(bytes[4]), and \(version) is known",
                    "use a partner and a skerry of one release"))
        }
        if bytes.count > 5, bytes[5] != FrameKind.advance.rawValue {
            return .fault(
                SessionError(
                    .notUnderstood, "a frame has kind \(bytes[5])",
                    "a partner sends kind 1, advance"))
        }
        guard bytes.count >= size else { return .more }
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[6..<size]))
        let reserved = reader.take(UInt16.self)
        let length = reader.take(UInt32.self)
        let number = reader.take(UInt32.self)
        guard reserved == 0 else {
            return .fault(
                SessionError(.notUnderstood, "bytes 6 and 7 of a frame are not 0", "write them so"))
        }
        guard length <= UInt32(MessageCutter.mostBody) else {
            return .fault(
                SessionError(
                    .tooLong, "a frame's body has \(length) bytes",
                    "keep it within \(MessageCutter.mostBody)"))
        }
        return .head(.advance, number: number, size: Int(length))
    }

    /// A frame of a server.
    static func frame(_ kind: FrameKind, number: UInt32, body: [UInt8]) -> [UInt8] {
        var frame = magic + [version, kind.rawValue, 0, 0]
        frame.reserveCapacity(size + body.count)
        frame.put(UInt32(body.count))
        frame.put(number)
        frame += body
        return frame
    }
}

extension [UInt8] {
    /// Little-endian.
    mutating func put<N: FixedWidthInteger>(_ value: N) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
    mutating func put(_ value: Float) { put(value.bitPattern) }
    mutating func put(_ value: Double) { put(value.bitPattern) }
}
