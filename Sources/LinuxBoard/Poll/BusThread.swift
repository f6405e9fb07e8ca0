import HAL

/// One I²C bus with its chips on a thread of its own: polls at the rates asked for, carries out
/// wanted references and expander lines, and finds the bus again when it comes back.
public final class BusThread: Sendable {
    /// What is polled: input `pin` of `part` into `slot` of the readings. Of an expander: its levels,
    /// as bits.
    public struct Reading: Sendable {
        public var part, pin, slot: Int
        public var every_s: Double
        /// The pin is a thermistor's, and °C are published.
        public var thermistor: Thermistor?
        public init(
            part: Int, pin: Int, slot: Int, every_s: Double, thermistor: Thermistor? = nil
        ) {
            (self.part, self.pin, self.slot, self.every_s) = (part, pin, slot, every_s)
            self.thermistor = thermistor
        }
    }
    /// What is carried out: the wish in `slot` to output `pin` of `part`, when it changed, and once a
    /// second even so. A wish is the bits of a Float in the output's unit; of an expander, its levels.
    public struct Reference: Sendable {
        public var part, pin, slot: Int
        public var every_s: Double
        /// What is given at the end, and when the tick has fallen silent.
        public var rest: UInt32
        public init(part: Int, pin: Int, slot: Int, every_s: Double, rest: UInt32) {
            (self.part, self.pin, self.slot, self.every_s) = (part, pin, slot, every_s)
            self.rest = rest
        }
    }
    /// A way to the bus: where it is now, and how to open it.
    public struct Door: Sendable {
        /// nil while it is not there. Asked once a second while all is silent.
        public var place: @Sendable () -> DevicePlace?
        public var open: @Sendable (String) throws(BoardFault) -> any I2CPort
        public init(
            place: @escaping @Sendable () -> DevicePlace?,
            open: @escaping @Sendable (String) throws(BoardFault) -> any I2CPort
        ) {
            (self.place, self.open) = (place, open)
        }
    }
    public struct Plan: Sendable {
        public var name: String
        public var parts: [(name: String, chip: any Chip)]
        public var readings: [Reading]
        public var references: [Reference]
        public init(
            name: String, parts: [(name: String, chip: any Chip)], readings: [Reading],
            references: [Reference]
        ) {
            (self.name, self.parts) = (name, parts)
            (self.readings, self.references) = (readings, references)
        }
    }

    private let turning: TurningThread

    public init(
        _ plan: Plan, door: Door, readings: ReadingTable, wishes: WishTable, pulse: Pulse,
        log: BoardLog
    ) {
        turning = TurningThread(plan.name, log: log) {
            BusWorker(plan, door, readings, wishes, pulse, log)
        }
    }
    public func start() { turning.start() }

    /// Brings every output to rest, and ends. False where the bus did not answer in time:
    /// the thread then ends when it does.
    public func stop(within seconds: Double) -> Bool { turning.stop(within: seconds) }
}

/// The state of a bus thread, which nobody else sees.
private struct BusWorker: Turning {
    private let plan: BusThread.Plan
    private let door: BusThread.Door
    private let table: ReadingTable
    private let wishes: WishTable
    private let pulse: Pulse
    private let log: BoardLog
    /// What a part that is not what the file says answered.
    private var strange: [String?]
    private var chips: [any Chip]
    private var schedule: BusSchedule
    private var port: (any I2CPort)?
    private var openPlace: DevicePlace?
    private var written: [UInt32?]
    private var refresh_ns: [Int64]
    private var lookAgain_ns: Int64 = 0
    private var isEnding = false

    init(
        _ plan: BusThread.Plan, _ door: BusThread.Door, _ table: ReadingTable, _ wishes: WishTable,
        _ pulse: Pulse, _ log: BoardLog
    ) {
        (self.plan, self.door, self.table) = (plan, door, table)
        (self.wishes, self.pulse, self.log) = (wishes, pulse, log)
        strange = Array(repeating: nil, count: plan.parts.count)
        chips = plan.parts.map(\.chip)
        let jobs =
            plan.readings.map { BusSchedule.Job(part: $0.part, period_ns: period($0.every_s)) }
            + plan.references.map { BusSchedule.Job(part: $0.part, period_ns: period($0.every_s)) }
        schedule = BusSchedule(parts: chips.count, jobs: jobs, now_ns: monotonic_ns())
        written = Array(repeating: nil, count: plan.references.count)
        refresh_ns = Array(repeating: 0, count: plan.references.count)
    }

    mutating func turn() {
        let now = monotonic_ns()
        switch schedule.next(now_ns: now) {
        case .sleep(let until): sleep(until_ns: min(until, now + 50_000_000))
        case .open: open()
        case .configure(let n): configure(n)
        case .job(let n): job(n)
        }
        lookAround()
    }

    private mutating func open() {
        guard let place = door.place() else {
            tell(schedule.closed(BoardFault(.notPresent), now_ns: monotonic_ns()))
            return
        }
        do throws(BoardFault) {
            port = try door.open(place.node)
            openPlace = place
            tell(schedule.opened(now_ns: monotonic_ns()))
        } catch {
            tell(schedule.closed(error, now_ns: monotonic_ns()))
        }
    }

    private mutating func configure(_ n: Int) {
        guard let port else { return }
        do throws(BoardFault) {
            if case .other(let what) = try chips[n].identify(on: port) {
                strange[n] = what
                throw BoardFault(.notPresent)
            }
            strange[n] = nil
            try chips[n].configure(on: port)
            for k in plan.references.indices where plan.references[k].part == n {
                written[k] = nil
            }
            tell(schedule.configured(n, now_ns: monotonic_ns()))
        } catch {
            tell(schedule.failed(part: n, error, now_ns: monotonic_ns()))
        }
    }

    private mutating func job(_ n: Int) {
        do throws(BoardFault) {
            if n < plan.readings.count {
                try read(plan.readings[n])
            } else {
                try write(n - plan.readings.count)
            }
            schedule.done(n, now_ns: monotonic_ns())
        } catch {
            let part = n < plan.readings.count ? plan.readings[n].part : reference(n).part
            tell(schedule.failed(part: part, error, now_ns: monotonic_ns()))
        }
    }
    private func reference(_ n: Int) -> BusThread.Reference {
        plan.references[n - plan.readings.count]
    }

    private mutating func read(_ r: BusThread.Reading) throws(BoardFault) {
        guard let port else { return }
        if var meter = chips[r.part] as? any Meter {
            let value = try meter.read(r.pin, on: port)
            chips[r.part] = meter
            table.publish(
                r.slot, r.thermistor?.temperature_degC(at: value) ?? value, at: monotonic_ns())
        } else if var expander = chips[r.part] as? any Expander {
            let levels = try expander.levels(on: port)
            chips[r.part] = expander
            table.publish(r.slot, bits: UInt32(levels), at: monotonic_ns())
        }
    }

    private mutating func write(_ k: Int) throws(BoardFault) {
        let r = plan.references[k]
        let now = monotonic_ns()
        let wish = isEnding || !pulse.isAlive(now_ns: now) ? r.rest : wishes[r.slot]
        guard let port, wish != written[k] || now >= refresh_ns[k] else { return }
        if var output = chips[r.part] as? any ReferenceOutput {
            let value = Float(bitPattern: wish)
            try output.write(value.isFinite ? value : 0, to: r.pin, on: port)
            chips[r.part] = output
        } else if var expander = chips[r.part] as? any Expander {
            try expander.drive(UInt16(truncatingIfNeeded: wish), on: port)
            chips[r.part] = expander
        }
        written[k] = wish
        refresh_ns[k] = now + 1_000_000_000
    }

    /// A bus on which nobody answers may have been unplugged, and may be back under another number.
    private mutating func lookAround() {
        let now = monotonic_ns()
        guard schedule.isSilent, now >= lookAgain_ns else { return }
        lookAgain_ns = now + 1_000_000_000
        guard door.place() != openPlace else { return }
        port = nil
        openPlace = nil
        tell(schedule.closed(BoardFault(.notPresent), now_ns: now))
    }

    mutating func finish() {
        isEnding = true
        for k in plan.references.indices {
            do throws(BoardFault) { try write(k) } catch {
                note(
                    plan.parts[plan.references[k].part].name, "could not be brought to rest", false)
            }
        }
    }

    private func tell(_ change: BusSchedule.Change?) {
        switch change {
        case nil: break
        case .lost(let n, let fault):
            let text = strange[n].map { "is not what the board file says: \($0)" }
            note(plan.parts[n].name, text ?? fault.words, false)
        case .found(let n): note(plan.parts[n].name, "answers again", true)
        case .busLost(let fault): note(plan.name, fault.words, false)
        case .busFound: note(plan.name, "is back", true)
        }
    }
    private func note(_ part: String, _ text: String, _ isRecovery: Bool) {
        log.add(.init(at_ns: monotonic_ns(), part: part, text: text, isRecovery: isRecovery))
    }
}

private func period(_ every_s: Double) -> Int64 { max(100_000, Int64(every_s * 1e9)) }
