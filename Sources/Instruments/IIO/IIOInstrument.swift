internal import Glibc
internal import HAL
internal import LinuxBoard

/// A meter that is an IIO device. Its context is made again after every fault, for a device that goes
/// and comes back is another one, and an answer that comes late must not be taken for the next.
final class IIOInstrument: Instrument {
    private let reference: IIOReference
    private var channel: IIOChannel?

    init(_ reference: IIOReference) throws(InstrumentFault) {
        self.reference = reference
        channel = try found()
    }

    var name: String {
        let unit = channel?.unit.name ?? ""
        let at = "iio \(reference.context) \(reference.device) \(reference.channel)"
        return unit.isEmpty ? at : "\(at) in \(unit)"
    }

    func read() throws(InstrumentFault) -> InstrumentReading {
        let deadline = Deadline(in: reference.timeout_s)
        let isKept = channel != nil
        do throws(BoardFault) {
            return try asked(by: deadline)
        } catch  where isKept && error.kind != .timeout {
            // Once more below.
        } catch {
            throw worded(error)
        }
        do throws(BoardFault) {
            return try asked(by: Deadline(in: reference.timeout_s))
        } catch {
            throw worded(error)
        }
    }
}

extension IIOInstrument {
    /// The value, or a fault after which the context is let go of. libiio 0.24 says EPIPE both when a
    /// server is gone and when its time is over; the clock tells which.
    private func asked(by deadline: Deadline) throws(BoardFault) -> InstrumentReading {
        do throws(BoardFault) {
            return try value()
        } catch {
            channel = nil
            guard error.code == EPIPE, deadline.hasPassed else { throw error }
            throw BoardFault(.timeout, code: ETIMEDOUT)
        }
    }

    private func value() throws(BoardFault) -> InstrumentReading {
        let known: IIOChannel
        if let channel { known = channel } else { known = try opened() }
        channel = known
        // The step of one count; a processed value does not tell its own.
        guard !known.has("input") else { return try reading(known.value(), step: 0) }
        let scaling = try known.scaling()
        return try reading(
            scaling.value(try known.raw()), step: abs(scaling.scale * scaling.unit.perCount))
    }
    private func reading(_ value: Double, step: Double) throws(BoardFault) -> InstrumentReading {
        guard value.isFinite else { throw BoardFault(.bus, code: ERANGE) }
        return InstrumentReading(
            value * reference.scale, resolution: step * abs(reference.scale))
    }

    private func opened() throws(BoardFault) -> IIOChannel {
        let context = try context()
        return try device(in: context).channel(reference.channel)
    }
    private func context() throws(BoardFault) -> IIOContext {
        try IIOContext(
            reference.context, timeout_ms: UInt32((reference.timeout_s * 1000).rounded(.up)))
    }
    /// By name, else by label.
    private func device(in context: IIOContext) throws(BoardFault) -> IIODevice {
        do throws(BoardFault) {
            return try context.device(.name(reference.device))
        } catch  where error.code == ENODEV {
            return try context.device(.label(reference.device))
        }
    }

    /// As `opened`, and where something is missing the fault says what is there.
    private func found() throws(InstrumentFault) -> IIOChannel {
        let device: IIODevice
        let context: IIOContext
        do throws(BoardFault) { context = try self.context() } catch { throw worded(error) }
        do throws(BoardFault) {
            device = try self.device(in: context)
        } catch  where error.code == ENOTUNIQ {
            throw InstrumentFault(
                "\(reference.context) has several devices \(quoted(reference.device))",
                "write the label of one")
        } catch {
            let there = context.devices.filter { !$0.isTrigger }.map(\.name)
            throw InstrumentFault(
                "\(reference.context) has no device \(quoted(reference.device))",
                there.isEmpty ? "it has none at all" : "it has \(list(there))")
        }
        do throws(BoardFault) {
            return try device.channel(reference.channel)
        } catch {
            let there = device.channels.filter { !$0.isOutput && $0.id != "timestamp" }.map(\.id)
            throw InstrumentFault(
                "\(reference.context) \(reference.device) has no input \(quoted(reference.channel))",
                there.isEmpty ? "it has none at all" : "it has \(list(there))")
        }
    }
    private func list(_ names: [String]) -> String {
        names.prefix(20).map { printable(Array($0.utf8), most: 40) }.joined(separator: ", ")
    }

    private func worded(_ fault: BoardFault) -> InstrumentFault {
        let what =
            "iio \(reference.context) \(reference.device) \(reference.channel) \(fault.words)"
        return switch fault.kind {
        case .notPermitted:
            InstrumentFault(what, "let the user read the device, as skerry probe says")
        case .timeout: InstrumentFault(what, "see that it is free, or write a longer timeout_s=")
        case .notPresent, .bus: InstrumentFault(what, "see what is there with skerry probe")
        }
    }
}
