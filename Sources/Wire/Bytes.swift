/// Writes little-endian numbers into memory that somebody else owns. Never beyond its end: what does
/// not fit is left out and `isFull` says so.
public struct ByteWriter {
    private let memory: UnsafeMutableRawBufferPointer
    /// Bytes written so far.
    public private(set) var count = 0
    /// Something did not fit; nothing was written since.
    public private(set) var isFull = false

    public init(_ memory: UnsafeMutableRawBufferPointer) { self.memory = memory }
    /// Bytes that are left.
    public var left: Int { memory.count - count }

    public mutating func put<N: FixedWidthInteger & BitwiseCopyable>(_ value: N) {
        let size = MemoryLayout<N>.size
        guard !isFull, memory.count - count >= size else {
            isFull = true
            return
        }
        memory.storeBytes(of: value.littleEndian, toByteOffset: count, as: N.self)
        count += size
    }
    public mutating func put(_ value: Float) { put(value.bitPattern) }

    /// Seven bits a byte, least first; small numbers are short. At most ten bytes.
    public mutating func putVariable(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            put(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        put(UInt8(truncatingIfNeeded: rest))
    }
    /// A signed number, small magnitudes short: 0, -1, 1, -2 ... become 0, 1, 2, 3 ...
    public mutating func putVariable(signed value: Int64) {
        putVariable(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }
    public mutating func put(bytes: UnsafeRawBufferPointer) {
        guard !isFull, memory.count - count >= bytes.count else {
            isFull = true
            return
        }
        if bytes.count > 0 {
            UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
        }
        count += bytes.count
    }
}

/// Reads what `ByteWriter` wrote. Never beyond the end: what is not there reads as zero and
/// `isShort` says so.
public struct ByteReader {
    private let memory: UnsafeRawBufferPointer
    /// Bytes read so far.
    public private(set) var count = 0
    /// Something was not there; everything since is zero.
    public private(set) var isShort = false
    /// A number that means nothing was read.
    public private(set) var isWrong = false

    public init(_ memory: UnsafeRawBufferPointer) { self.memory = memory }

    /// Everything was there and meant something.
    public var isSound: Bool { !isShort && !isWrong }
    /// Bytes that are left.
    public var left: Int { memory.count - count }

    public mutating func reject() { isWrong = true }

    public mutating func take<N: FixedWidthInteger & BitwiseCopyable>(_: N.Type = N.self) -> N {
        let size = MemoryLayout<N>.size
        guard !isShort, left >= size else {
            isShort = true
            return 0
        }
        defer { count += size }
        return N(littleEndian: memory.loadUnaligned(fromByteOffset: count, as: N.self))
    }
    public mutating func takeFloat() -> Float { Float(bitPattern: take(UInt32.self)) }

    /// More than 64 bits are wrong.
    public mutating func takeVariable() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = take(UInt8.self)
            guard shift < 63 || byte <= 1 else {
                isWrong = true
                return 0
            }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
    }
    public mutating func takeVariableSigned() -> Int64 {
        let raw = takeVariable()
        return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }
    /// The next `size` bytes, or nothing where fewer are left.
    public mutating func takeBytes(_ size: Int) -> UnsafeRawBufferPointer {
        guard !isShort, size >= 0, left >= size else {
            isShort = true
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        defer { count += size }
        return UnsafeRawBufferPointer(rebasing: memory[count..<count + size])
    }
}
