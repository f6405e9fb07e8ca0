import Synchronization

/// What happened to buses, chips and lines, for people: bounded, oldest dropped and counted.
public final class BoardLog: Sendable {
    public struct Entry: Equatable, Sendable {
        /// CLOCK_MONOTONIC.
        public var at_ns: Int64
        /// As the board file calls it.
        public var part: String
        public var text: String
        /// It works again; false: it is lost.
        public var isRecovery: Bool
    }
    private struct Kept {
        var entries: [Entry] = []
        var dropped = 0
    }
    private let kept = Mutex(Kept())
    private let limit: Int

    public init(limit: Int = 256) { self.limit = limit }

    func add(_ entry: Entry) {
        kept.withLock { kept in
            if kept.entries.count >= limit {
                kept.entries.removeFirst()
                kept.dropped += 1
            }
            kept.entries.append(entry)
        }
    }
    /// Everything since the last call, and how many entries were lost between.
    public func drain() -> (entries: [Entry], dropped: Int) {
        kept.withLock { kept in
            defer { kept = Kept() }
            return (kept.entries, kept.dropped)
        }
    }
}
