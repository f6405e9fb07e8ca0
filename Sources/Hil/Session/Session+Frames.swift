import Control
import Wire

extension Session {
    /// An `advance` as a frame.
    func serve(frame range: Range<Int>, _ number: UInt32) {
        do throws(SessionError) {
            let rig = try running()
            let result = bytes(range) { body in
                Result { () throws(SessionError) in try Self.read(body, rig) }
            }
            var (step, flags) = try result.get()
            if flags & 2 != 0 { step.trace = traced }
            try prove(step, rig)
            guard let outcome = run(step, rig) else { return }
            reply(outcome, rig, flags, number)
        } catch {
            if error.code.isFatal {
                // What it had commanded is told on a line, which a partner that frames also reads.
                return end(error, request: "advance")
            }
            output += FrameHead.frame(.error, number: number, body: error.json(request: "advance"))
        }
    }

    private func reply(_ outcome: Rig.Outcome, _ rig: Rig, _ flags: UInt8, _ number: UInt32) {
        var events: [UInt8] = []
        if !outcome.events.isEmpty || outcome.eventsDropped > 0 {
            writer.removeAll()
            Self.write(outcome.events, rig, into: &writer)
            events = writer.bytes
        }
        let signals = flags & 1 != 0 ? watched : []
        let traces = flags & 2 != 0 ? traced.count : 0
        var frame = FrameHead.magic + [FrameHead.version, FrameKind.advanced.rawValue, 0, 0]
        let size = 36 + 4 * (signals.count + outcome.trace.count) + events.count
        frame.reserveCapacity(FrameHead.size + size)
        frame.put(UInt32(size))
        frame.put(number)
        frame.put(rig.ticks)
        frame.put(rig.time_s)
        frame.put(rig.carried_s)
        frame.put(UInt32(outcome.ticks))
        frame.put(UInt16(signals.count))
        frame.put(UInt16(traces))
        frame.put(UInt32(events.count))
        for n in signals { frame.put(rig.value(n)) }
        for value in outcome.trace { frame.put(value) }
        frame += events
        output += frame
    }

    private static let short = SessionError(
        .notUnderstood, "a frame's body is not what it says", "see advance (1) of the protocol")

    private static func read(
        _ body: UnsafeRawBufferPointer, _ rig: Rig
    ) throws(SessionError) -> (Rig.Step, flags: UInt8) {
        var reader = ByteReader(body)
        let for_s = Double(bitPattern: reader.take(UInt64.self))
        let shape = reader.take(UInt8.self)
        let flags = reader.take(UInt8.self)
        let count = reader.take(UInt16.self)
        guard reader.isSound, shape <= 1, flags <= 3 else { throw short }
        guard for_s >= 0, for_s <= mostStep_s else {
            throw SessionError("for_s is \(for_s)", "write 0 to \(plain(mostStep_s))")
        }
        var step = Rig.Step(for_s: for_s, isRamp: shape == 1)
        step.orders.reserveCapacity(Int(count))
        for _ in 0..<count {
            let input = Int(reader.take(UInt16.self))
            let form = reader.take(UInt8.self)
            let zero = reader.take(UInt8.self)
            guard reader.isSound, zero == 0 else { throw short }
            let order = try order(form, &reader)
            guard reader.isSound else { throw short }
            guard rig.inputs.indices.contains(input) else {
                throw SessionError("no input has the number \(input)", "hello lists them all")
            }
            step.orders.append((input, order))
        }
        guard reader.left == 0 else { throw short }
        return (step, flags)
    }

    private static func order(_ form: UInt8, _ reader: inout ByteReader) throws(SessionError)
        -> InputOrder
    {
        switch form {
        case 0: return .silent
        case 1:
            /// NaN: as it was.
            func part() -> Double? {
                let value = Double(reader.takeFloat())
                return value.isNaN ? nil : value
            }
            return .phasor(
                PhasorOrder(magnitude: part(), angle_deg: part(), frequency_Hz: part()))
        case 2: return .scalar(Double(reader.takeFloat()))
        case 3: return .rawScalar(Double(reader.takeFloat()))
        case 4:
            switch reader.take(UInt32.self) {
            case 0: return .contact(.told(false))
            case 1: return .contact(.told(true))
            case 2: return .contact(.follow)
            default: throw short
            }
        case 5, 6:
            let count = Int(reader.take(UInt32.self))
            guard reader.isSound, reader.left / 4 >= count else { throw short }
            if form == 5 { return .samples((0..<count).map { _ in reader.takeFloat() }) }
            return .counts((0..<count).map { _ in reader.take(Int32.self) })
        default: throw short
        }
    }
}
