import Synchronization
import Threads

/// What a thread of the board does again and again.
protocol Turning {
    /// One round; paces itself.
    mutating func turn()
    /// The last thing it does: brings what it drives to rest.
    mutating func finish()
}

/// A thread that turns until it is told to stop. What it turns is made on it and seen by nobody else.
final class TurningThread: Sendable {
    private let name: String
    private let log: BoardLog
    private let make: @Sendable () -> any Turning
    private let mustStop = Atomic(false)
    private let hasEnded = Atomic(false)

    init(_ name: String, log: BoardLog, make: @escaping @Sendable () -> any Turning) {
        (self.name, self.log, self.make) = (name, log, make)
    }

    func start() {
        do throws(SystemThread.Fault) {
            try SystemThread.start(name) { [self] in
                requestPriority()
                // Half its stack now, so that no turn waits for a page of it.
                SystemThread.touchStack(SystemThread.stack_B / 2)
                var work = make()
                while !mustStop.load(ordering: .acquiring) { work.turn() }
                work.finish()
                hasEnded.store(true, ordering: .releasing)
            }
        } catch {
            log.add(
                .init(
                    at_ns: monotonic_ns(), part: name,
                    text: "has no thread: the system made none (errno \(error.code))",
                    isRecovery: false))
        }
    }

    /// False where it did not end in time: what it called has not answered. It ends when that does.
    func stop(within seconds: Double) -> Bool {
        mustStop.store(true, ordering: .releasing)
        let end = monotonic_ns() + Int64(seconds * 1e9)
        while !hasEnded.load(ordering: .acquiring) {
            let now = monotonic_ns()
            if now >= end { return false }
            sleep(until_ns: min(end, now + 1_000_000))
        }
        return true
    }
}
