/// A CP2112 USB-HID-to-SMBus bridge as a value: reports in, reports out, no clock of its own.
///
/// Three doors, as HID has them: `output` takes interrupt reports (transfers), `get` and `set` are the
/// control pipe (pins, configuration, PROM), `next` gives interrupt reports back. Malformed reports are
/// dropped and counted, as the chip drops them.
///
///     idle ── request ──▶ busy until done ──▶ complete (n bytes read) or failed (why)
///       ▲                                          │
///       └──────────── cancel ◀─────────────────────┘
///
/// Source: Silicon Labs AN495 rev. 0.2. Where it is silent, the chip behaves as the worse choice: pins
/// come out of reset with their latches high, so an output that is switched to push-pull drives its
/// relay until its level is set.
public struct CP2112: Sendable {
    /// What a bus or bridge can suffer from.
    public enum Fault: Equatable, Sendable {
        /// Nothing is answered any more, neither transfers nor pins.
        case silent
        /// A transfer that never ends: the status is busy for ever.
        case busy
        /// Another master wins every arbitration.
        case arbitrationLost
        /// A line is held low: each transfer times out.
        case stuckLow
        /// A transfer takes this long, s; the status is told when it is done.
        case slow(Double)
    }
    /// What the control pipe says to a request.
    public enum Answer: Equatable, Sendable {
        /// A report, its id first.
        case report([UInt8])
        case done
        /// The request stalls.
        case refused
        /// No answer ever comes.
        case silent
    }
    enum Transfer: Equatable, Sendable {
        case idle
        case complete
        case failed(UInt8)
    }
    /// Second byte of a status response that says error (AN495, table 5.7).
    enum Failure {
        static let refused: UInt8 = 0x00
        static let bus: UInt8 = 0x01
        static let arbitration: UInt8 = 0x02
        static let writeIncomplete: UInt8 = 0x04
    }

    public var fault: Fault?
    /// Levels on the pins, bit 0 first, as the wiring drives those that are inputs.
    public var inputs: UInt8 = 0
    public internal(set) var pins = Pins()
    public internal(set) var prom: PROM
    var bus = BusConfiguration()
    var transfer = Transfer.idle
    var done_s = 0.0
    /// Bytes read and not sent yet.
    var unsent: ArraySlice<UInt8> = []
    /// Bytes the last transfer read.
    var readCount = 0
    /// Interrupt reports on their way to the host, oldest first.
    private var waiting: [(due_s: Double, report: [UInt8])] = []
    /// Since the device was plugged in.
    public private(set) var transfers = 0
    public internal(set) var failures = 0
    public private(set) var malformed = 0

    public init(serial: String) {
        prom = PROM(serial: serial)
        waiting.reserveCapacity(Self.mostWaiting)
    }

    /// A host that does not fetch its reports loses the later ones. 512 bytes are 9 reports.
    static let mostWaiting = 32
    static let reportSize = 64

    /// An interrupt report from the host, id first.
    public mutating func output(_ report: [UInt8], on wires: inout some SMBus, at now_s: Double) {
        guard let id = report.first else { return malformed += 1 }
        if fault == .silent { return }
        let taken =
            switch id {
            case ReportID.read, ReportID.writeRead, ReportID.write:
                begin(report, on: &wires, at: now_s)
            case ReportID.forceSend: forceSend(report, at: now_s)
            case ReportID.statusRequest: tellStatus(report, at: now_s)
            case ReportID.cancel: cancel(report)
            default: false
            }
        if !taken { malformed += 1 }
    }

    /// The next interrupt report that is due.
    public mutating func next(at now_s: Double) -> [UInt8]? {
        guard let first = waiting.first, first.due_s <= now_s, fault != .silent else { return nil }
        return waiting.removeFirst().report
    }
    /// When the next interrupt report is due, s; nil: none waits.
    public var nextDue_s: Double? { fault == .silent ? nil : waiting.first?.due_s }

    /// Bus power goes and comes: everything but the PROM is as it was made. A fault stays.
    public mutating func reset() {
        let (old, sick, levels) = (prom, fault, inputs)
        self = CP2112(serial: "")
        prom = old
        fault = sick
        inputs = levels
    }

    mutating func count() { transfers += 1 }
    mutating func dropWaiting() { waiting.removeAll(keepingCapacity: true) }
    mutating func send(_ bytes: [UInt8], at due_s: Double) {
        guard waiting.count < Self.mostWaiting else { return }
        waiting.append((due_s, bytes + [UInt8](repeating: 0, count: Self.reportSize - bytes.count)))
    }
}
