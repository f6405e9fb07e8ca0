import HAL

/// What a bus thread does next: pure, so that every row of it can be tested without a bus.
///
/// Each reading has a rate of its own; what is due longest goes first, so a slow temperature never
/// drags a fast current. A part that fails is left alone for a while that doubles up to a second,
/// and is identified and configured anew before it is believed again: it may have lost its supply,
/// or be another chip. A bus that is gone is looked for once a second.
struct BusSchedule {
    enum Work: Equatable {
        case sleep(until_ns: Int64)
        /// Find the bus and open it.
        case open
        /// Ask part `n` who it is, and configure it.
        case configure(Int)
        /// Carry out job `n`.
        case job(Int)
    }
    struct Job: Sendable {
        var part: Int
        var period_ns: Int64
    }
    /// What became of a part, for people.
    enum Change: Equatable {
        case lost(part: Int, BoardFault)
        case found(part: Int)
        case busLost(BoardFault)
        case busFound
    }
    private struct Part {
        var isConfigured = false
        var failures = 0
        var retry_ns: Int64 = 0
        /// Its loss was told.
        var isLost = false
    }
    static let longestPause_ns: Int64 = 1_000_000_000
    private static let firstPause_ns: Int64 = 20_000_000
    /// Failures in a row after which a part must be configured anew, and its loss is told.
    static let patience = 3

    private let jobs: [Job]
    private var due_ns: [Int64]
    private var parts: [Part]
    private(set) var isOpen = false
    private var isBusLost = false
    private var openAt_ns: Int64

    init(parts: Int, jobs: [Job], now_ns: Int64) {
        self.jobs = jobs
        due_ns = Array(repeating: now_ns, count: jobs.count)
        self.parts = Array(repeating: Part(), count: parts)
        openAt_ns = now_ns
    }

    /// - Parameter now_ns: monotonic time.
    func next(now_ns: Int64) -> Work {
        guard isOpen else { return now_ns >= openAt_ns ? .open : .sleep(until_ns: openAt_ns) }
        var best: (work: Work, at_ns: Int64) = (.sleep(until_ns: .max), now_ns + 50_000_000)
        for (n, part) in parts.enumerated() where !part.isConfigured {
            if part.retry_ns < best.at_ns { best = (.configure(n), part.retry_ns) }
        }
        for (n, job) in jobs.enumerated() where parts[job.part].isConfigured {
            let at = max(due_ns[n], parts[job.part].retry_ns)
            if at < best.at_ns { best = (.job(n), at) }
        }
        return best.at_ns > now_ns ? .sleep(until_ns: best.at_ns) : best.work
    }

    mutating func opened(now_ns: Int64) -> Change? {
        isOpen = true
        for n in parts.indices {
            parts[n].isConfigured = false
            parts[n].retry_ns = now_ns
        }
        guard isBusLost else { return nil }
        isBusLost = false
        return .busFound
    }

    /// Opening failed, or the bus went away.
    mutating func closed(_ fault: BoardFault, now_ns: Int64) -> Change? {
        isOpen = false
        openAt_ns = now_ns + Self.longestPause_ns
        guard !isBusLost else { return nil }
        isBusLost = true
        return .busLost(fault)
    }

    mutating func configured(_ n: Int, now_ns: Int64) -> Change? {
        parts[n].isConfigured = true
        parts[n].failures = 0
        parts[n].retry_ns = now_ns
        guard parts[n].isLost else { return nil }
        parts[n].isLost = false
        return .found(part: n)
    }

    /// Keeps the phase of a job; one that fell behind skips what it missed.
    mutating func done(_ n: Int, now_ns: Int64) {
        parts[jobs[n].part].failures = 0
        let period = jobs[n].period_ns
        due_ns[n] += period
        if due_ns[n] <= now_ns { due_ns[n] += (now_ns - due_ns[n]) / period * period + period }
    }

    /// A part failed: at its configuration, or at a job.
    mutating func failed(part n: Int, _ fault: BoardFault, now_ns: Int64) -> Change? {
        parts[n].failures += 1
        let doublings = min(parts[n].failures - 1, 10)
        parts[n].retry_ns =
            now_ns + min(Self.firstPause_ns << Int64(doublings), Self.longestPause_ns)
        guard !parts[n].isConfigured || parts[n].failures >= Self.patience else { return nil }
        parts[n].isConfigured = false
        guard !parts[n].isLost else { return nil }
        parts[n].isLost = true
        return .lost(part: n, fault)
    }

    /// Every part is lost: the bus itself may be.
    var isSilent: Bool { isOpen && !parts.isEmpty && parts.allSatisfy(\.isLost) }
}
