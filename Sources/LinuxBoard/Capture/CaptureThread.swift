import HAL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A running capture as its thread sees it. Lets go of the converter when it is let go of.
public protocol CapturePort: AnyObject {
    /// Columns of the blocks, by id.
    var columns: [String] { get }
    /// Waits for the next block, a second at most.
    func refill(_ block: inout ScanBlock) throws(BoardFault)
}

/// One capturing converter on a thread of its own: takes block after block, finds what is missing in
/// them, and hands the rows to the tick. A converter that is gone is opened anew until it is back.
public final class CaptureThread: Sendable {
    public struct Plan: Sendable {
        public var name: String
        /// Ids of the channels that are wanted, in the order of the ring's columns.
        public var columns: [String]
        public var rate_Hz: Double
        /// Rows that come together.
        public var block: Int
        public init(name: String, columns: [String], rate_Hz: Double, block: Int) {
            (self.name, self.columns) = (name, columns)
            (self.rate_Hz, self.block) = (rate_Hz, block)
        }
    }
    /// How the capture is begun.
    public typealias Door = @Sendable (Plan) throws(BoardFault) -> any CapturePort

    private let plan: Plan
    private let door: Door
    private let ring: WaveRing
    private let log: BoardLog
    private let turning: TurningThread

    public init(_ plan: Plan, door: @escaping Door, ring: WaveRing, log: BoardLog) {
        precondition(ring.columns == plan.columns.count)
        (self.plan, self.door, self.ring, self.log) = (plan, door, ring, log)
        turning = TurningThread(plan.name, log: log) { CaptureWorker(plan, door, ring, log) }
    }
    public func start() { turning.start() }
    /// False where the capture did not end in time.
    public func stop(within seconds: Double) -> Bool { turning.stop(within: seconds) }
}

/// The state of a capture's thread, which nobody else sees.
private struct CaptureWorker: Turning {
    private let plan: CaptureThread.Plan
    private let door: CaptureThread.Door
    private let ring: WaveRing
    private let log: BoardLog
    private var port: (any CapturePort)?
    /// Of each column of the ring, the block's.
    private var order: [Int] = []
    private var block = ScanBlock()
    private var watch: GapWatch
    private var isLost = false

    init(
        _ plan: CaptureThread.Plan, _ door: @escaping CaptureThread.Door, _ ring: WaveRing,
        _ log: BoardLog
    ) {
        (self.plan, self.door, self.ring, self.log) = (plan, door, ring, log)
        watch = GapWatch(rate_Hz: plan.rate_Hz)
    }

    mutating func turn() {
        do throws(BoardFault) {
            if port == nil { try open() }
            try port!.refill(&block)
            try publish()
            guard block.timestamps_ns.isEmpty || watch.isAtRate != nil else { return }
            if isLost { note("is back", true) }
            isLost = false
        } catch {
            lose(error)
            // One that is not there is looked for ten times a second.
            sleep(until_ns: monotonic_ns() + 100_000_000)
        }
    }

    private mutating func open() throws(BoardFault) {
        let opened = try door(plan)
        order = plan.columns.compactMap { opened.columns.firstIndex(of: $0) }
        guard order.count == plan.columns.count else {
            throw BoardFault(.notPresent, code: ENOENT)
        }
        watch = GapWatch(rate_Hz: plan.rate_Hz)
        ring.miss(WaveRing.everything)
        port = opened
    }

    /// Rows that are stamped are handed over once their rate is proved.
    private mutating func publish() throws(BoardFault) {
        let now = monotonic_ns()
        for k in 0..<block.samples {
            if !block.timestamps_ns.isEmpty {
                ring.miss(watch.missing(before: block.timestamps_ns[k]))
                guard let isAtRate = watch.isAtRate else { continue }
                guard isAtRate else { throw BoardFault(.bus, code: ERANGE) }
            }
            ring.put(at_ns: now) { block.counts[order[$0]][k] }
        }
    }

    private mutating func lose(_ fault: BoardFault) {
        port = nil
        if !isLost { note(fault.words, false) }
        isLost = true
    }

    mutating func finish() { port = nil }

    private func note(_ text: String, _ isRecovery: Bool) {
        log.add(
            .init(at_ns: monotonic_ns(), part: plan.name, text: text, isRecovery: isRecovery))
    }
}
