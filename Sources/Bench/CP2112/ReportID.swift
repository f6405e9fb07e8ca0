/// Report ids of a CP2112 (Silicon Labs AN495, tables of sections 4 to 6).
enum ReportID {
    // Feature reports: the device and its pins.
    static let reset: UInt8 = 0x01
    static let pinConfiguration: UInt8 = 0x02
    static let pinLevels: UInt8 = 0x03
    static let setPins: UInt8 = 0x04
    static let version: UInt8 = 0x05
    static let busConfiguration: UInt8 = 0x06
    // Interrupt reports: transfers.
    static let read: UInt8 = 0x10
    static let writeRead: UInt8 = 0x11
    static let forceSend: UInt8 = 0x12
    static let readResponse: UInt8 = 0x13
    static let write: UInt8 = 0x14
    static let statusRequest: UInt8 = 0x15
    static let statusResponse: UInt8 = 0x16
    static let cancel: UInt8 = 0x17
    // Feature reports: the PROM.
    static let lock: UInt8 = 0x20
    static let usbConfiguration: UInt8 = 0x21
    static let manufacturer: UInt8 = 0x22
    static let product: UInt8 = 0x23
    static let serial: UInt8 = 0x24
}

extension CP2112 {
    public static let vendor: UInt32 = 0x10C4
    public static let product: UInt32 = 0xEA90
    /// Release 1.00.
    public static let release: UInt32 = 0x0100

    /// What the chip says of its reports: one vendor-defined collection of byte arrays.
    public static let descriptor: [UInt8] = {
        // Usage page FF00h, usage 1, collection (application); 8 bits a field, 0 ... 255.
        var d: [UInt8] = [
            0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x75, 0x08, 0x15, 0x00, 0x26, 0xFF, 0x00,
        ]
        /// `kind`: main item, 0x81 input, 0x91 output, 0xB1 feature; each "data, variable, absolute".
        func add(_ id: UInt8, _ kind: UInt8, bytes: UInt8) {
            d += [0x85, id, 0x95, bytes, 0x09, 0x01, kind, 0x02]
        }
        let features: [(UInt8, UInt8)] = [
            (ReportID.reset, 1), (ReportID.pinConfiguration, 4), (ReportID.pinLevels, 1),
            (ReportID.setPins, 2), (ReportID.version, 2), (ReportID.busConfiguration, 13),
            (ReportID.lock, 1), (ReportID.usbConfiguration, 9), (ReportID.manufacturer, 62),
            (ReportID.product, 62), (ReportID.serial, 62),
        ]
        for (id, bytes) in features { add(id, 0xB1, bytes: bytes) }
        for id in [
            ReportID.read, ReportID.writeRead, ReportID.forceSend, ReportID.write,
            ReportID.statusRequest, ReportID.cancel,
        ] { add(id, 0x91, bytes: 63) }
        for id in [ReportID.readResponse, ReportID.statusResponse] { add(id, 0x81, bytes: 63) }
        return d + [0xC0]
    }()
}
