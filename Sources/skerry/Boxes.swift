import Foundation
import Scenario

/// Black boxes that the thread of a run begins and the main thread ends.
final class Boxes: @unchecked Sendable {
    // Sendable is true: both properties are read and written with the lock held.
    private let lock = NSLock()
    private var boxes: LiveBoxes?
    private var words: String?

    /// - Returns: whether they were begun.
    func keep(_ begin: () throws(BlackBoxes.Fault) -> LiveBoxes) -> Bool {
        lock.withLock {
            do throws(BlackBoxes.Fault) {
                boxes = try begin()
            } catch { words = error.words }
            return words == nil
        }
    }
    /// Why they were not begun.
    var fault: String? { lock.withLock { words } }
    /// Names of those that could not be ended in order.
    func finish() -> [String] { lock.withLock { boxes?.finish() ?? [] } }
}
