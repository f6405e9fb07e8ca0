/// One unit of a Modbus TCP device, and the connection to it: kept between readings, made again once
/// where the device let go, dropped after every answer that did not come or did not fit.
final class ModbusDevice {
    let place: NetworkPlace
    let unit: Int
    let timeout_s: Double
    private let addresses: [SocketAddress]
    private var link: ModbusLink?

    init(_ place: NetworkPlace, unit: Int, timeout_s: Double) throws(InstrumentFault) {
        self.place = place
        self.unit = unit
        self.timeout_s = timeout_s
        addresses = try SocketAddress.all(of: place)
        do throws(ModbusFault) {
            try connect(by: Deadline(in: timeout_s))
        } catch {
            throw fault(error, .holding, 0, 1)
        }
    }

    /// - Parameter count: 1 to 125.
    func registers(
        _ function: RegisterFunction, at address: Int, count: Int, by deadline: Deadline
    ) throws(ModbusFault) -> [UInt16] {
        let isKept = link != nil
        if !isKept { try connect(by: deadline) }
        do throws(ModbusFault) {
            return try asked(function, address, count, by: deadline)
        } catch  where error == .wire(.closed) && isKept {
            try connect(by: deadline)
            return try asked(function, address, count, by: deadline)
        }
    }

    private func connect(by deadline: Deadline) throws(ModbusFault) {
        link = nil
        link = try ModbusLink(to: addresses, unit: unit, by: deadline)
    }

    private func asked(
        _ function: RegisterFunction, _ address: Int, _ count: Int, by deadline: Deadline
    ) throws(ModbusFault) -> [UInt16] {
        do throws(ModbusFault) {
            let words = try link?.registers(function, at: address, count: count, by: deadline)
            guard let words else { throw .wire(.closed) }
            return words
        } catch {
            // A refusal is a whole answer; after anything else the next bytes belong to nobody.
            if case .exception = error { throw error }
            link = nil
            throw error
        }
    }
}

extension ModbusDevice {
    /// In a person's words, with what to do.
    func fault(
        _ fault: ModbusFault, _ function: RegisterFunction, _ address: Int, _ count: Int
    ) -> InstrumentFault {
        let registers =
            count == 1
            ? "\(function.rawValue) register \(address)"
            : "\(function.rawValue) registers \(address) to \(address + count - 1)"
        switch fault {
        case .wire(let wire): return wire.fault(place, timeout_s)
        case .garbled(let code):
            return InstrumentFault(
                "\(place) answers what is no Modbus (\(ModbusFault.words(code)))",
                "see that the port speaks Modbus TCP, and that nobody else shares a gateway's line")
        case .exception(let code):
            let (what, remedy) = ModbusFault.exceptionWords(
                code, registers, unit: unit, other: function == .holding ? .input : .holding)
            return InstrumentFault("\(place) unit \(unit) \(what) (exception \(code))", remedy)
        }
    }
}

extension ModbusFault {
    /// Modbus application protocol 1.1b3, 7, in words.
    static func exceptionWords(
        _ code: Int32, _ registers: String, unit: Int, other: RegisterFunction
    ) -> (what: String, remedy: String) {
        switch code {
        case 1: ("does not know this kind of register", "write function=\(other.rawValue)")
        case 2:
            (
                "has no \(registers)",
                "write the register as in the telegram, from 0, or function=\(other.rawValue)"
            )
        case 3: ("refuses to be asked for \(registers)", "see its manual for the type of the value")
        case 4: ("failed while it read", "see to the device")
        case 5, 6: ("is busy", "ask less often, or end the other program that asks it")
        case 8: ("found its memory damaged", "see to the device")
        case 10: ("has no path to that unit", "see the gateway's settings")
        case 11: ("got no answer behind the gateway", "see that unit \(unit) is on and wired")
        default: ("refused", "see its manual")
        }
    }
}
