import ArgumentParser
import Foundation
import Report
import Scenario

/// What others have of a run in real time, begun on the run's thread and ended on the main one: black
/// boxes and links.
final class RunDoors: @unchecked Sendable {
    // Sendable is true: the properties are read and written with the lock held.
    private let lock = NSLock()
    private var boxes: LiveBoxes?
    private var links: LiveLinks?
    private var words: String?

    struct Fault: Error {
        var words: String
    }

    /// - Returns: whether they were begun.
    func open(_ begin: () throws(Fault) -> (LiveBoxes?, LiveLinks?)) -> Bool {
        lock.withLock {
            do throws(Fault) {
                (boxes, links) = try begin()
            } catch { words = error.words }
            return words == nil
        }
    }
    /// Why they were not begun.
    var fault: String? { lock.withLock { words } }
    /// Ends the links, then the black boxes.
    ///
    /// - Returns: names of black boxes that could not be ended in order.
    func close() -> [String] {
        lock.withLock {
            links?.finish()
            return boxes?.finish() ?? []
        }
    }
}

extension LiveFrame.Ticks {
    /// As `skerryd` words its status.
    var lines: String {
        """
        state: simulated
        tick: \(count)
        rate_Hz: \(rate_Hz)
        wake_p50_us: \(wakeUpP50_us)
        wake_p99_us: \(wakeUpP99_us)
        wake_max_us: \(wakeUpMax_us)
        overruns: \(overruns)
        busy_percent: \((busy_percent * 10).rounded() / 10)

        """
    }
}

/// Makes a folder, with those above it.
func makeFolder(_ path: String) throws {
    do {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
        complain("\(path): \(error.localizedDescription)")
        throw ExitCode.cannotCreate
    }
}
