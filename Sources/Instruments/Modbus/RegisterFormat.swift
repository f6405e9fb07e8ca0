/// What registers stand for.
public enum RegisterType: String, CaseIterable, Sendable {
    case float32, int16, uint16, int32, uint32, float64

    /// Registers of one value.
    public var words: Int {
        switch self {
        case .int16, .uint16: 1
        case .float32, .int32, .uint32: 2
        case .float64: 4
        }
    }
    var isWhole: Bool { self != .float32 && self != .float64 }
}

/// In which order the bytes of a value arrive, `a` the most significant. Of four registers likewise:
/// `cdab` has the words turned round, `badc` the bytes of each word, `dcba` both.
public enum RegisterOrder: String, CaseIterable, Sendable {
    case abcd, cdab, badc, dcba
}

enum RegisterFormat {
    /// The number, which may be none where the registers hold a NaN.
    /// - Parameter words: as many as the type has.
    static func number(_ words: [UInt16], _ type: RegisterType, _ order: RegisterOrder) -> Double {
        let turned = order == .cdab || order == .dcba ? words.reversed() : words
        let isSwapped = order == .badc || order == .dcba
        let bits = turned.reduce(UInt64(0)) { $0 << 16 | UInt64(isSwapped ? $1.byteSwapped : $1) }
        return switch type {
        case .uint16, .uint32: Double(bits)
        case .int16: Double(Int16(truncatingIfNeeded: bits))
        case .int32: Double(Int32(truncatingIfNeeded: bits))
        case .float32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case .float64: Double(bitPattern: bits)
        }
    }
}
