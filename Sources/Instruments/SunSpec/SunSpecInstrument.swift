/// A point of a SunSpec device. Each reading is one request from the head of the model to its scale
/// factor: number, length, value and power of ten are of one moment.
final class SunSpecInstrument: IdentifiedInstrument {
    private let reference: SunSpecReference
    private let device: ModbusDevice
    private let model: SunSpecMap.Model
    let identity: InstrumentIdentity?

    init(_ reference: SunSpecReference) throws(InstrumentFault) {
        self.reference = reference
        device = try ModbusDevice(
            reference.place, unit: reference.unit, timeout_s: reference.timeout_s)
        // A walk is many requests.
        let deadline = Deadline(in: reference.timeout_s * 10)
        let map = try SunSpecMap(device, by: deadline)
        model = try Self.model(of: reference, in: map)
        identity = map.identity(device, by: deadline)
    }

    var name: String {
        let point = "\(reference.model).\(reference.point.name)"
        let at = "sunspec://\(reference.place) unit \(reference.unit)"
        return
            "\(identity.map { "\($0.words), " } ?? "")\(point) in \(reference.point.unit) at \(at)"
    }

    func read() throws(InstrumentFault) -> InstrumentReading {
        let point = reference.point
        let words: [UInt16]
        do throws(ModbusFault) {
            words = try device.registers(
                .holding, at: model.address, count: point.span,
                by: Deadline(in: reference.timeout_s))
        } catch {
            throw device.fault(error, .holding, model.address, point.span)
        }
        guard Int(words[0]) == model.number, Int(words[1]) == model.length else {
            throw fault("is no longer where it was", "the device has changed its map: begin again")
        }
        guard let number = point.type.number(words[point.offset..<point.offset + point.type.words])
        else {
            throw fault(
                "gives no value for \(point.name)", "choose a point that the device measures")
        }
        guard let at = point.scaleOffset else {
            return InstrumentReading(number * reference.scale)
        }
        let power = Int16(bitPattern: words[at])
        guard (-10...10).contains(power) else {
            throw fault(
                power == .min
                    ? "has no scale factor for \(point.name)"
                    : "has the scale factor \(power) for \(point.name)",
                "choose another point, or read the registers with modbus://")
        }
        // Divided where the power is negative: 10 is exact, 0.1 is not.
        let ten = Self.tens[Int(power.magnitude)]
        func scaled(_ number: Double) -> Double { power < 0 ? number / ten : number * ten }
        return InstrumentReading(
            scaled(number) * reference.scale, resolution: abs(scaled(1) * reference.scale))
    }

    private static let tens = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10]

    private func fault(_ what: String, _ remedy: String) -> InstrumentFault {
        InstrumentFault(
            "model \(model.number) of \(reference.place) unit \(reference.unit) \(what)", remedy)
    }

    private static func model(
        of reference: SunSpecReference, in map: SunSpecMap
    ) throws(InstrumentFault) -> SunSpecMap.Model {
        let place = "\(reference.place) unit \(reference.unit)"
        let fitting = map.models.filter { $0.number == reference.model }
        guard !fitting.isEmpty else {
            let there = map.models.map { String($0.number) }.joined(separator: ", ")
            throw InstrumentFault(
                "\(place) has no model \(reference.model)",
                there.isEmpty ? "it has none at all" : "it has \(there)")
        }
        guard fitting.count == 1 || reference.instance != nil else {
            throw InstrumentFault(
                "\(place) has model \(reference.model) \(fitting.count) times",
                "choose one with instance=1 to instance=\(fitting.count)")
        }
        let n = reference.instance ?? 1
        guard n <= fitting.count else {
            throw InstrumentFault(
                "\(place) has model \(reference.model) \(fitting.count) times, none is number \(n)",
                "choose one with instance=1 to instance=\(fitting.count)")
        }
        let model = fitting[n - 1]
        guard model.length + 2 >= reference.point.span else {
            throw InstrumentFault(
                "model \(reference.model) of \(place) ends before \(reference.point.name): \(model.length) registers",
                "choose another point, or read the registers with modbus://")
        }
        return model
    }
}
