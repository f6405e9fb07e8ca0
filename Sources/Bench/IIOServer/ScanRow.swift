/// Where the enabled channels of a device stand in one scan: each at a multiple of its own size, the
/// whole a multiple of the largest, as the kernel does it.
struct ScanRow {
    private struct Field {
        var offset: Int
        /// Nil: the timestamp.
        var column: Int?
        var format: ServedFormat
    }
    private var fields: [Field] = []
    /// Bytes of a scan.
    private(set) var bytes = 0
    let mask: [UInt32]

    /// Nil where the mask is of the wrong length, empty, or names what is no scan channel.
    init?(_ device: ServedDevice, mask: [UInt32]) {
        let channels = device.channels
        guard mask.count == (channels.count + 31) / 32 else { return nil }
        self.mask = mask
        var largest = 1
        var column = 0
        for n in 0..<mask.count * 32 {
            let isWanted = mask[n / 32] >> UInt32(n % 32) & 1 == 1
            guard n < channels.count, let format = channels[n].format else {
                if isWanted { return nil }
                continue
            }
            let isStamp = channels[n].id == "timestamp"
            if isWanted {
                bytes = (bytes + format.bytes - 1) / format.bytes * format.bytes
                fields.append(
                    Field(offset: bytes, column: isStamp ? nil : column, format: format))
                bytes += format.bytes
                largest = max(largest, format.bytes)
            }
            if !isStamp { column += 1 }
        }
        guard !fields.isEmpty else { return nil }
        bytes = (bytes + largest - 1) / largest * largest
    }

    /// Columns that a client writes.
    var columns: Int { fields.count { $0.column != nil } }

    /// Appends one scan.
    func write(_ row: UnsafeBufferPointer<Int32>, stamp_ns: Int64, to out: inout [UInt8]) {
        let start = out.count
        for _ in 0..<bytes { out.append(0) }
        for f in fields {
            let value = f.column.map { Int64(row[$0]) } ?? stamp_ns
            let kept = UInt64(bitPattern: value) & (~0 >> UInt64(64 - f.format.bits))
            let word = kept << UInt64(f.format.shift)
            for k in 0..<f.format.bytes {
                let place = f.format.isBigEndian ? f.format.bytes - 1 - k : k
                out[start + f.offset + place] = UInt8(truncatingIfNeeded: word >> UInt64(8 * k))
            }
        }
    }

    /// The counts of one scan, the timestamp left out.
    func read(_ scan: ArraySlice<UInt8>) -> [Int32] {
        fields.compactMap { f in
            guard f.column != nil else { return nil }
            var word: UInt64 = 0
            for k in 0..<f.format.bytes {
                let place = f.format.isBigEndian ? f.format.bytes - 1 - k : k
                word |= UInt64(scan[scan.startIndex + f.offset + place]) << UInt64(8 * k)
            }
            let spare = UInt64(64 - f.format.bits)
            let top = (word >> UInt64(f.format.shift)) << spare
            let value =
                f.format.isSigned
                ? Int64(bitPattern: top) >> Int64(spare) : Int64(bitPattern: top >> spare)
            return Int32(clamping: value)
        }
    }
}
