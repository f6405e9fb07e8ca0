import HAL

/// The lines of one GPIO chip as its thread sees them: logical levels, bit n for line n of the
/// request. Calls may block for seconds.
public protocol LinePort: AnyObject {
    /// Drives all output lines.
    func drive(_ levels: UInt32) throws(BoardFault)
    /// Reads all input lines.
    func levels() throws(BoardFault) -> UInt32
}

/// One GPIO chip on a thread of its own: carries out wanted outputs, reads feedback, beats.
public final class LineThread: Sendable {
    public struct Plan: Sendable {
        public var name: String
        /// Bit n: line n of the request. Outputs come from the wish in `wishSlot`, inputs go to
        /// `readingSlot`.
        public var hasOutputs, hasInputs: Bool
        public var wishSlot, readingSlot: Int
        /// Levels at rest.
        public var rest: UInt32
        /// Output lines that beat.
        public var heartbeat: UInt32
        public var every_s: Double
        /// Half a period of the heartbeat.
        public var beat_s: Double
        public init(
            name: String, hasOutputs: Bool, hasInputs: Bool, wishSlot: Int, readingSlot: Int,
            rest: UInt32, heartbeat: UInt32, every_s: Double, beat_s: Double
        ) {
            (self.name, self.hasOutputs, self.hasInputs) = (name, hasOutputs, hasInputs)
            (self.wishSlot, self.readingSlot) = (wishSlot, readingSlot)
            (self.rest, self.heartbeat) = (rest, heartbeat)
            (self.every_s, self.beat_s) = (every_s, beat_s)
        }
    }
    /// A way to the chip: where it is now, and how to request its lines.
    public struct Door: Sendable {
        public var place: @Sendable () -> DevicePlace?
        public var open: @Sendable (String) throws(BoardFault) -> any LinePort
        public init(
            place: @escaping @Sendable () -> DevicePlace?,
            open: @escaping @Sendable (String) throws(BoardFault) -> any LinePort
        ) {
            (self.place, self.open) = (place, open)
        }
    }
    private let turning: TurningThread

    public init(
        _ plan: Plan, door: Door, readings: ReadingTable, wishes: WishTable, pulse: Pulse,
        log: BoardLog
    ) {
        turning = TurningThread(plan.name, log: log) {
            LineWorker(plan, door, readings, wishes, pulse, log)
        }
    }
    public func start() { turning.start() }

    /// Brings every output to rest, and ends. False where the chip did not answer in time.
    public func stop(within seconds: Double) -> Bool { turning.stop(within: seconds) }
}

/// The state of a line thread, which nobody else sees.
private struct LineWorker: Turning {
    private let plan: LineThread.Plan
    private let door: LineThread.Door
    private let table: ReadingTable
    private let wishes: WishTable
    private let pulse: Pulse
    private let log: BoardLog
    private var port: (any LinePort)?
    private var openPlace: DevicePlace?
    private var driven: UInt32?
    private var next_ns: Int64
    private var refresh_ns: Int64 = 0
    private var look_ns: Int64 = 0
    private var beat_ns: Int64 = 0
    private var isBeatHigh = false
    private var isLost = false

    init(
        _ plan: LineThread.Plan, _ door: LineThread.Door, _ table: ReadingTable,
        _ wishes: WishTable, _ pulse: Pulse, _ log: BoardLog
    ) {
        (self.plan, self.door, self.table) = (plan, door, table)
        (self.wishes, self.pulse, self.log) = (wishes, pulse, log)
        next_ns = monotonic_ns()
    }

    mutating func turn() {
        if port == nil { open() }
        if port != nil { exchange() }
        lookAround()
        let period = Int64(plan.every_s * 1e9)
        next_ns += period
        let now = monotonic_ns()
        if next_ns <= now { next_ns += (now - next_ns) / period * period + period }
        // A port that is not there is looked for ten times a second.
        sleep(until_ns: port == nil ? now + 100_000_000 : next_ns)
    }

    private mutating func open() {
        let place = door.place()
        do throws(BoardFault) {
            guard let place else { throw BoardFault(.notPresent) }
            port = try door.open(place.node)
            openPlace = place
            driven = nil
            if isLost { note("is back", true) }
            isLost = false
        } catch {
            lose(error)
        }
    }

    private mutating func exchange() {
        let now = monotonic_ns()
        do throws(BoardFault) {
            if plan.hasOutputs {
                let levels = wanted(now_ns: now)
                // A driver can lose what it was told and say nothing; it is told again.
                if levels != driven || now >= refresh_ns {
                    try port!.drive(levels)
                    driven = levels
                    refresh_ns = now + 200_000_000
                }
            }
            if plan.hasInputs {
                let levels = try port!.levels()
                table.publish(plan.readingSlot, bits: levels, at: monotonic_ns())
            }
        } catch {
            lose(error)
        }
    }

    private mutating func wanted(now_ns: Int64) -> UInt32 {
        guard pulse.isAlive(now_ns: now_ns) else { return plan.rest }
        if now_ns >= beat_ns, pulse.isBelieved(now_ns: now_ns) {
            isBeatHigh.toggle()
            beat_ns = now_ns + Int64(plan.beat_s * 1e9)
        }
        let others = wishes[plan.wishSlot] & ~plan.heartbeat
        return isBeatHigh ? others | plan.heartbeat : others
    }

    /// Lines of a chip that was unplugged may go on answering; where it is now is the proof.
    private mutating func lookAround() {
        let now = monotonic_ns()
        guard port != nil, now >= look_ns else { return }
        look_ns = now + 500_000_000
        if door.place() != openPlace { lose(BoardFault(.notPresent)) }
    }

    private mutating func lose(_ fault: BoardFault) {
        port = nil
        openPlace = nil
        if !isLost { note(fault.words, false) }
        isLost = true
    }

    mutating func finish() {
        guard plan.hasOutputs, let port else { return }
        do throws(BoardFault) { try port.drive(plan.rest) } catch {
            note("could not be brought to rest: \(error.words)", false)
        }
    }

    private func note(_ text: String, _ isRecovery: Bool) {
        log.add(
            .init(at_ns: monotonic_ns(), part: plan.name, text: text, isRecovery: isRecovery))
    }
}
