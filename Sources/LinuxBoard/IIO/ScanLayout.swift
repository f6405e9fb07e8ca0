/// One enabled scan element.
public struct ScanElement: Equatable, Sendable {
    /// Channel id as libiio gives it: `voltage0`, `timestamp`.
    public var id: String
    public var format: ScanFormat
    public init(_ id: String, _ format: ScanFormat) {
        self.id = id
        self.format = format
    }
}

/// Where the elements of one scan lie: each starts at a multiple of its own size, and the scan ends
/// at a multiple of the largest (the kernel's `iio_compute_scan_bytes`).
public struct ScanLayout: Equatable, Sendable {
    /// A run of equal values that goes to one column of the block.
    struct Field: Equatable, Sendable {
        var offset: Int
        var format: ScanFormat
    }
    /// Names of the columns of counts: the elements' ids in scan order, the timestamp left out; a
    /// repeated element gives `id.0`, `id.1`, …
    public let names: [String]
    /// Bytes from one scan to the next.
    public let stride: Int
    let fields: [Field]
    let timestamp: Field?

    /// - Parameter elements: in the order of their scan index.
    /// Nil where a count would not fit in 32 bits (more than 32 bits that count), or where there is
    /// nothing at all.
    public init?(_ elements: [ScanElement]) {
        var names: [String] = []
        var fields: [Field] = []
        var timestamp: Field?
        var at = 0
        var largest = 1
        for e in elements {
            let size = e.format.bytes
            at = (at + size - 1) / size * size
            largest = max(largest, size)
            if e.id == "timestamp" {
                guard e.format.repeats == 1 else { return nil }
                timestamp = Field(offset: at, format: e.format)
            } else {
                guard e.format.bits <= 32 else { return nil }
                for k in 0..<e.format.repeats {
                    names.append(e.format.repeats == 1 ? e.id : "\(e.id).\(k)")
                    fields.append(Field(offset: at + k * e.format.storage / 8, format: e.format))
                }
            }
            at += size
        }
        guard at > 0 else { return nil }
        self.names = names
        self.fields = fields
        self.timestamp = timestamp
        stride = (at + largest - 1) / largest * largest
    }
}
