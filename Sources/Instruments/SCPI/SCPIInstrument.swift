/// A meter read by SCPI over TCP. A connection is kept between readings, made again once where the
/// meter let go of it, and dropped after a time-out, so that an answer that comes late is never taken
/// for the next.
final class SCPIInstrument: IdentifiedInstrument {
    private let reference: SCPIReference
    private let addresses: [SocketAddress]
    private var link: LineLink?
    /// The whole answer to `*IDN?`; nil where it is not asked or not answered.
    private var idn: [UInt8]?

    init(_ reference: SCPIReference) throws(InstrumentFault) {
        self.reference = reference
        addresses = try SocketAddress.all(of: reference.place)
        try connect(by: Deadline(in: reference.timeout_s))
        guard reference.asksIdentity else { return }
        do throws(WireFault) {
            idn = try asked("*IDN?", by: Deadline(in: reference.timeout_s))
        } catch {
            // A meter without identity is still a meter.
            link = nil
        }
    }

    var name: String {
        let at = "scpi://\(reference.place)"
        guard let idn else { return "meter at \(at)" }
        let words = identity?.words ?? printable(SCPIAnswer.trimmed(idn[...]), most: 120)
        return "\(words), at \(at)"
    }

    /// IEEE 488.2, 10.14: maker, model, serial number and firmware, apart by commas.
    var identity: InstrumentIdentity? {
        guard let idn else { return nil }
        let fields = idn.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            .prefix(3).map { printable(SCPIAnswer.trimmed($0), most: 60) }
        guard fields.count == 3 else { return nil }
        return InstrumentIdentity(maker: fields[0], model: fields[1], serial: fields[2])
    }

    func read() throws(InstrumentFault) -> InstrumentReading {
        let deadline = Deadline(in: reference.timeout_s)
        // What came unasked, or the end of the connection, is found before the question.
        if link?.isInStep != true { link = nil }
        let isKept = link != nil
        if !isKept { try reconnect(by: deadline) }
        var line: [UInt8]
        do throws(WireFault) {
            line = try asked(reference.query, by: deadline)
        } catch  where error == .closed && isKept {
            try reconnect(by: deadline)
            line = try worded { () throws(WireFault) in
                try asked(reference.query, by: deadline)
            }
        } catch {
            throw worded(error)
        }
        do throws(InstrumentFault) {
            return try SCPIAnswer.reading(
                line, field: reference.field, scale: reference.scale)
        } catch {
            throw InstrumentFault("\(reference.place): \(error.message)", error.remedy)
        }
    }

    /// One line for one question; a failure lets go of the connection.
    private func asked(_ question: String, by deadline: Deadline) throws(WireFault) -> [UInt8] {
        do throws(WireFault) {
            guard let line = try link?.ask(question, by: deadline) else { throw .closed }
            return line
        } catch {
            link = nil
            throw error
        }
    }

    /// Connects and sends what sets the meter up.
    private func connect(by deadline: Deadline) throws(InstrumentFault) {
        try worded { () throws(WireFault) in
            let made = try LineLink(to: addresses, by: deadline)
            for command in reference.setUp { try made.tell(command, by: deadline) }
            link = consume made
        }
    }

    /// Connects again and sees that the same meter answers: a calibration is against one.
    private func reconnect(by deadline: Deadline) throws(InstrumentFault) {
        link = nil
        try connect(by: deadline)
        guard let idn else { return }
        let now = try worded { () throws(WireFault) in try asked("*IDN?", by: deadline) }
        guard now == idn else {
            link = nil
            throw InstrumentFault(
                "\(reference.place) is now \(quoted(now, most: 120)), it was \(quoted(idn, most: 120))",
                "begin again with one meter")
        }
    }

    private func worded<Result>(
        _ body: () throws(WireFault) -> Result
    ) throws(InstrumentFault) -> Result {
        do throws(WireFault) { return try body() } catch { throw worded(error) }
    }
    private func worded(_ fault: WireFault) -> InstrumentFault {
        fault.fault(reference.place, reference.timeout_s)
    }
}
