/// Where the models of a device lie, found by walking from its marker.
struct SunSpecMap {
    struct Model: Equatable {
        var number: Int
        /// The register of its number.
        var address: Int
        /// Registers after number and length.
        var length: Int
    }
    var models: [Model] = []
    /// Where maps begin, in the order in which the specification has one look.
    static let bases = [40_000, 50_000, 0]
    /// No device has as many; a map that goes round in circles ends here.
    static let most = 128

    /// - Throws: where no marker is found, or the walk leaves the registers.
    init(
        _ device: ModbusDevice, by deadline: Deadline
    ) throws(InstrumentFault) {
        var next = try Self.base(device, by: deadline) + 2
        while models.count < Self.most {
            guard next <= 65_534 else {
                throw Self.broken(device, "leaves the registers behind \(models.count) models")
            }
            let head = try Self.registers(device, next, 2, by: deadline)
            guard head[0] != 0xFFFF else { return }
            models.append(Model(number: Int(head[0]), address: next, length: Int(head[1])))
            next += 2 + Int(head[1])
        }
        throw Self.broken(device, "has no end within \(Self.most) models")
    }

    /// The register of the marker `SunS`.
    private static func base(
        _ device: ModbusDevice, by deadline: Deadline
    ) throws(InstrumentFault) -> Int {
        for base in bases {
            do throws(ModbusFault) {
                let words = try device.registers(
                    .holding, at: base, count: 2,
                    by: deadline.capped(at: device.timeout_s))
                if words == [0x5375, 0x6E53] { return base }
            } catch {
                // A refusal says that nothing is there, not that nobody is.
                guard case .exception(let code) = error, code < 5 else {
                    throw device.fault(error, .holding, base, 2)
                }
            }
        }
        throw InstrumentFault(
            "\(device.place) unit \(device.unit) is no SunSpec device: no marker at 40000, 50000, 0",
            "see the unit, and that SunSpec is switched on; or read the registers with modbus://")
    }

    private static func registers(
        _ device: ModbusDevice, _ address: Int, _ count: Int, by deadline: Deadline
    ) throws(InstrumentFault) -> [UInt16] {
        do throws(ModbusFault) {
            return try device.registers(
                .holding, at: address, count: count, by: deadline.capped(at: device.timeout_s))
        } catch {
            throw device.fault(error, .holding, address, count)
        }
    }
    private static func broken(_ device: ModbusDevice, _ what: String) -> InstrumentFault {
        InstrumentFault(
            "the SunSpec map of \(device.place) unit \(device.unit) \(what)",
            "read the registers with modbus://, by the device's manual")
    }
}

extension SunSpecMap {
    /// Manufacturer, model and serial number of the common model; nil where it has none, or does not
    /// give it.
    func identity(_ device: ModbusDevice, by deadline: Deadline) -> InstrumentIdentity? {
        guard let common = models.first(where: { $0.number == 1 && $0.length >= 64 }),
            let words = try? Self.registers(device, common.address, 66, by: deadline)
        else { return nil }
        func text(_ range: Range<Int>) -> String {
            let bytes = words[range].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
            return printable(SCPIAnswer.trimmed(bytes.prefix { $0 != 0 }), most: 32)
        }
        return InstrumentIdentity(
            maker: text(2..<18), model: text(18..<34), serial: text(50..<66))
    }
}
