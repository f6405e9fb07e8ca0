/// How a point lies in its registers. Each type has a value that says "not implemented" (SunSpec
/// device information model specification, 4.2).
public enum SunSpecType: String, Sendable {
    case int16, uint16, uint32, float32

    /// Registers of one value.
    public var words: Int { self == .int16 || self == .uint16 ? 1 : 2 }

    /// The number; nil: the device has none to give.
    func number(_ words: some Collection<UInt16>) -> Double? {
        let bits = words.reduce(UInt32(0)) { $0 << 16 | UInt32($1) }
        switch self {
        case .int16: return bits == 0x8000 ? nil : Double(Int16(truncatingIfNeeded: bits))
        case .uint16: return bits == 0xFFFF ? nil : Double(bits)
        case .uint32: return bits == 0xFFFF_FFFF ? nil : Double(bits)
        case .float32:
            let value = Double(Float(bitPattern: bits))
            return value.isFinite ? value : nil
        }
    }
}

/// A measurement of a SunSpec model that a calibration can use.
public struct SunSpecPoint: Equatable, Sendable {
    /// As the model has it, capitals included.
    public let name: String
    /// Registers from the first of the model, its number, which is at 0.
    public let offset: Int
    public let type: SunSpecType
    /// Where its power of ten lies, from the first register of the model; nil: it has none.
    public let scaleOffset: Int?
    /// Of the scaled value: V, A, W, VA, var, Hz.
    public let unit: String

    init(_ name: String, _ offset: Int, _ type: SunSpecType, _ scale: Int?, _ unit: String) {
        self.name = name
        self.offset = offset
        self.type = type
        scaleOffset = scale
        self.unit = unit
    }

    /// Registers from the model's first to the last that the value needs.
    var span: Int { max(offset + type.words, (scaleOffset ?? 0) + 1) }
}
