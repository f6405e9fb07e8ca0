/// What a CP2112 keeps for ever: USB identity and strings, each programmable once (AN495, section 6).
public struct PROM: Equatable, Sendable {
    /// A 1 is a field that may still be programmed: vendor, product, power, mode, release,
    /// manufacturer, product string, serial, from bit 0.
    var lock: UInt8 = 0xFF
    /// Vendor and product id, low byte first; 100 mA in units of 2 mA; bus powered; release 1.0.
    var usb: [UInt8] = [0xC4, 0x10, 0x90, 0xEA, 50, 0, 1, 0]
    var manufacturer = "Skerry"
    var product = "Skerry bench"
    public internal(set) var serial: String

    public init(serial: String) { self.serial = serial }

    func get(_ id: UInt8) -> CP2112.Answer {
        switch id {
        case ReportID.lock: .report([id, lock])
        case ReportID.usbConfiguration: .report([id] + usb + [0])
        case ReportID.manufacturer: .report(Self.string(id, manufacturer))
        case ReportID.product: .report(Self.string(id, product))
        case ReportID.serial: .report(Self.string(id, serial))
        default: .refused
        }
    }

    /// A field that is locked keeps its value, and nothing says so.
    mutating func set(_ r: [UInt8]) -> CP2112.Answer {
        switch r[0] {
        case ReportID.lock:
            guard r.count >= 2 else { return .refused }
            lock &= r[1]
        case ReportID.usbConfiguration:
            guard r.count >= 10 else { return .refused }
            let fields = r[9] & lock & 0x1F
            // Bytes of each field: vendor, product, power, mode, release.
            for (bit, places) in [0..<2, 2..<4, 4..<5, 5..<6, 6..<8].enumerated()
            where fields & 1 << UInt8(bit) != 0 {
                for n in places { usb[n] = r[n + 1] }
            }
            lock &= ~fields
        case ReportID.manufacturer, ReportID.product, ReportID.serial:
            let bit: UInt8 = 1 << (r[0] - ReportID.manufacturer + 5)
            guard let text = Self.text(r) else { return .refused }
            guard lock & bit != 0 else { return .done }
            lock &= ~bit
            switch r[0] {
            case ReportID.manufacturer: manufacturer = text
            case ReportID.product: product = text
            default: serial = text
            }
        default: return .refused
        }
        return .done
    }

    /// A USB string descriptor behind a report id: length, type 3, UTF-16 low byte first; 30 units.
    private static func string(_ id: UInt8, _ text: String) -> [UInt8] {
        let units = text.utf16.prefix(30)
        var r: [UInt8] = [id, UInt8(2 + 2 * units.count), 0x03]
        for u in units { r += [UInt8(u & 0xFF), UInt8(u >> 8)] }
        return r + [UInt8](repeating: 0, count: 63 - r.count)
    }

    private static func text(_ r: [UInt8]) -> String? {
        guard r.count >= 3, r[1] >= 2, r[1] & 1 == 0, r[2] == 0x03, r.count >= 1 + Int(r[1])
        else { return nil }
        let units = stride(from: 3, to: 1 + Int(r[1]), by: 2).map {
            UInt16(r[$0]) | UInt16(r[$0 + 1]) << 8
        }
        return String(decoding: units.prefix(30), as: UTF16.self)
    }
}
