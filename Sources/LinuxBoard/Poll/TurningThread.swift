import Foundation
import Synchronization

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
    private let make: @Sendable () -> any Turning
    private let mustStop = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    init(_ name: String, make: @escaping @Sendable () -> any Turning) {
        (self.name, self.make) = (name, make)
    }

    func start() {
        let thread = Thread { [self] in
            requestPriority()
            var work = make()
            while !mustStop.load(ordering: .acquiring) { work.turn() }
            work.finish()
            ended.signal()
        }
        thread.name = name
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// False where it did not end in time: what it called has not answered. It ends when that does.
    func stop(within seconds: Double) -> Bool {
        mustStop.store(true, ordering: .releasing)
        return ended.wait(timeout: .now() + seconds) == .success
    }
}
