/// A meter read by Modbus TCP.
final class ModbusInstrument: Instrument {
    private let reference: ModbusReference
    private let device: ModbusDevice

    init(_ reference: ModbusReference) throws(InstrumentFault) {
        self.reference = reference
        device = try ModbusDevice(
            reference.place, unit: reference.unit, timeout_s: reference.timeout_s)
    }

    var name: String {
        "modbus://\(reference.place) unit \(reference.unit) \(reference.function.rawValue) register \(reference.register)"
    }

    func read() throws(InstrumentFault) -> InstrumentReading {
        let type = reference.type
        let words: [UInt16]
        do throws(ModbusFault) {
            words = try device.registers(
                reference.function, at: reference.register, count: type.words,
                by: Deadline(in: reference.timeout_s))
        } catch {
            throw device.fault(error, reference.function, reference.register, type.words)
        }
        let number = RegisterFormat.number(words, type, reference.order)
        guard number.isFinite else {
            throw InstrumentFault(
                "\(name) holds no finite number (\(number))",
                "see that the value is connected, and that register, type and order are right")
        }
        return InstrumentReading(
            number * reference.scale + reference.offset,
            resolution: type.isWhole ? abs(reference.scale) : 0)
    }
}
