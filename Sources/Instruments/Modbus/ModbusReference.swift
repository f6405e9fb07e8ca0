/// A register of a Modbus TCP device:
/// `modbus://host[:502]/unit/register?type=float32&order=abcd&function=holding&scale=1&offset=0`.
public struct ModbusReference: Equatable, Sendable {
    /// 502 where no port is written.
    public let place: NetworkPlace
    /// 0 to 247, or 255; devices without a gateway behind them mostly take any.
    public let unit: Int
    /// The first, as in the telegram, from 0: the 40001 of a manual is 0 of `holding`, its 30001 is 0 of
    /// `input`.
    public let register: Int
    public let type: RegisterType
    public let order: RegisterOrder
    public let function: RegisterFunction
    /// The reading is number × scale + offset.
    public let scale: Double
    public let offset: Double
    public let timeout_s: Double

    init(_ url: URLText) throws(InstrumentFault) {
        place = try url.place(port: 502)
        guard url.path.count == 2 else {
            throw url.fault(
                "unit and register are missing after the host",
                "write modbus://\(place)/unit/register, as /1/100")
        }
        unit = try url.modbusUnit(url.path[0][...])
        var keys = KeyReader(url)
        type = try keys.choice("type", else: nil)
        let last = 65_536 - type.words
        let written = url.path[1]
        guard (1...5).contains(written.utf8.count),
            written.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let register = Int(written),
            register <= last
        else {
            throw url.fault(
                "register \(quoted(written)) is no register of \(type.rawValue), 0 to \(last)",
                "write it as in the telegram, from 0: 40001 or 400001 of a manual is 0 with function=holding, 30001 is 0 with function=input"
            )
        }
        self.register = register
        order = try keys.choice("order", else: .abcd)
        function = try keys.choice("function", else: .holding)
        scale = try keys.scale()
        offset = try keys.number("offset", else: 0, in: -1e12...1e12)
        timeout_s = try keys.timeout_s()
        try keys.end()
    }
}

extension URLText {
    /// Units 248 to 254 are reserved (Modbus over serial line 1.02, 2.2).
    func modbusUnit(_ text: Substring) throws(InstrumentFault) -> Int {
        let unit = try whole(text, "unit ", in: 0...255)
        guard unit <= 247 || unit == 255 else {
            throw fault("unit \(unit) is reserved", "write 0 to 247, or 255")
        }
        return unit
    }
}

/// Which of the two tables of 16-bit registers.
public enum RegisterFunction: String, CaseIterable, Sendable {
    /// Function 3, the 4xxxx of manuals.
    case holding
    /// Function 4, the 3xxxx of manuals.
    case input
}
