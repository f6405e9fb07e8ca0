import Foundation
import Sanitizer
import Synchronization
import Testing

/// The name of a fault on purpose, which Tests/Sanitizer/sanitize asks for: a sanitizer that lets it
/// pass is not at work.
private let wanted = ProcessInfo.processInfo.environment["SKERRY_FAULT"]

@Suite("A fault on purpose", .enabled(if: wanted != nil, "asked for by make sanitize"))
struct FaultTests {
    @Test("The fault that is asked for is done") func fault() throws {
        #expect(sanitizer_name().pointee != 0)
        switch wanted {
        case "overflow": fault_overflow()
        case "leak": fault_leak()
        case "shift": fault_shift(32)
        case "race": fault_race()
        case "use-after-free": useAfterFree()
        case "race-in-swift": count(together: false)
        default: Issue.record("no such fault: \(wanted ?? "")")
        }
        print("SKERRY_FAULT \(wanted ?? "") was let pass")
    }

    private func useAfterFree() {
        let words = UnsafeMutablePointer<Int>.allocate(capacity: 4)
        words.initialize(repeating: 1, count: 4)
        words.deallocate()
        print(words[Int(getpid()) & 3])
    }
}

@Suite("Locks under a sanitizer") struct LockTests {
    /// ThreadSanitizer has to understand that a thread which waited for a Mutex comes after the one
    /// that held it: see mutex.c.
    @Test("A lock that is fought for counts right, and is no race") func mutex() {
        #expect(count(together: true) == 4 * 20_000)
    }
}

/// A count that four threads make: each in its turn under a lock, or two at once without.
@discardableResult
private func count(together isLocked: Bool) -> Int {
    final class Tally: @unchecked Sendable {
        // Sendable is what is in question here.
        let lock = Mutex(())
        var count = 0
    }
    let tally = Tally()
    let done = DispatchSemaphore(value: 0)
    let threads = isLocked ? 4 : 2
    for _ in 0..<threads {
        Thread.detachNewThread {
            for _ in 0..<20_000 {
                guard isLocked else {
                    tally.count += 1
                    continue
                }
                tally.lock.withLock { _ in tally.count += 1 }
            }
            done.signal()
        }
    }
    for _ in 0..<threads { done.wait() }
    return tally.count
}
