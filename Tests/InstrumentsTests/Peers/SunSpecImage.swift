@testable import Instruments

/// The registers of a SunSpec device, model by model.
struct SunSpecImage {
    private(set) var words: [UInt16] = [0x5375, 0x6E53]
    /// Of the first register of each model, from the marker.
    private(set) var starts: [Int] = []

    /// - Parameters:
    ///   - length: registers after number and length; those that are not written are "not implemented"
    ///     for whole numbers without a sign.
    ///   - values: by their offset from the model's first register.
    mutating func add(_ model: UInt16, length: UInt16, _ values: [Int: UInt16] = [:]) {
        starts.append(words.count)
        var all = [model, length] + [UInt16](repeating: 0xFFFF, count: Int(length))
        for (offset, value) in values { all[offset] = value }
        words += all
    }
    /// The common model.
    mutating func addCommon(_ maker: String, _ name: String, _ serial: String) {
        var values: [Int: UInt16] = [:]
        func write(_ text: String, _ offset: Int, _ count: Int) {
            let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: count * 2)
            for n in 0..<count {
                values[offset + n] = UInt16(bytes[2 * n]) << 8 | UInt16(bytes[2 * n + 1])
            }
        }
        write(maker, 2, 16)
        write(name, 18, 16)
        write("", 34, 8)
        write("1.0", 42, 8)
        write(serial, 50, 16)
        add(1, length: 66, values)
    }
    mutating func end() { words += [0xFFFF, 0] }

    /// A DER of 230.1 V, −3.2 kW, 49.98 Hz; its reactive power is not measured and its current has no
    /// scale factor.
    static func der() -> SunSpecImage {
        var image = SunSpecImage()
        image.addCommon("Maker", "DER-1", "SN 7")
        image.add(
            701, length: 153,
            [
                10: UInt16(bitPattern: -320), 12: 0x8000, 14: 120, 15: 3985, 16: 2301, 17: 0,
                18: 49_980, 41: UInt16(bitPattern: -107), 46: 3980, 47: 2299, 113: 0x8000,
                114: UInt16(bitPattern: -1), 115: UInt16(bitPattern: -3), 116: 1, 119: 0,
            ])
        image.end()
        return image
    }
}
