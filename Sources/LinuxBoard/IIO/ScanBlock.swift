/// Samples taken apart: counts by channel, and when each was taken. Keeps its storage from one
/// filling to the next.
public struct ScanBlock: Equatable, Sendable {
    /// `counts[c][k]`: sample k of column c of the layout. Unsigned counts of 32 bits that Int32
    /// cannot hold stand at its end.
    public private(set) var counts: [[Int32]]
    /// As the kernel stamped them, ns of the device's clock; empty where no timestamp is scanned.
    public private(set) var timestamps_ns: [Int64]
    /// Samples in the block.
    public private(set) var samples: Int

    public init() {
        counts = []
        timestamps_ns = []
        samples = 0
    }

    /// Takes whole scans out of `bytes`; a broken one at the end is left out.
    public mutating func fill(_ layout: ScanLayout, from bytes: UnsafeRawBufferPointer) {
        let samples = bytes.count / layout.stride
        self.samples = samples
        if counts.count != layout.fields.count {
            counts = Array(repeating: [], count: layout.fields.count)
        }
        for (c, field) in layout.fields.enumerated() {
            if counts[c].count != samples { counts[c] = Array(repeating: 0, count: samples) }
            counts[c].withUnsafeMutableBufferPointer { out in
                Self.each(samples, field, layout.stride, bytes) { out[$0] = Int32(clamping: $1) }
            }
        }
        guard let field = layout.timestamp else { return timestamps_ns = [] }
        if timestamps_ns.count != samples { timestamps_ns = Array(repeating: 0, count: samples) }
        timestamps_ns.withUnsafeMutableBufferPointer { out in
            Self.each(samples, field, layout.stride, bytes) { out[$0] = $1 }
        }
    }

    /// Loads by the storage's size, which is chosen once and not at each sample.
    @inline(__always) private static func each(
        _ samples: Int, _ field: ScanLayout.Field, _ stride: Int, _ bytes: UnsafeRawBufferPointer,
        _ put: (Int, Int64) -> Void
    ) {
        let f = field.format
        func walk<Word: FixedWidthInteger & UnsignedInteger>(_: Word.Type) {
            for k in 0..<samples {
                let word = bytes.loadUnaligned(
                    fromByteOffset: k * stride + field.offset, as: Word.self)
                let host = f.isBigEndian ? Word(bigEndian: word) : Word(littleEndian: word)
                put(k, f.value(UInt64(host)))
            }
        }
        switch f.storage {
        case 8: walk(UInt8.self)
        case 16: walk(UInt16.self)
        case 32: walk(UInt32.self)
        default: walk(UInt64.self)
        }
    }
}
