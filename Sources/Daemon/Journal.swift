import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Lines for the journal: standard error, with the level before each where a journal reads it
/// (sd-daemon(3)).
///
/// Nothing here ever waits: who feeds watchdogs must not stand still because somebody does not read.
public final class Journal: Sendable {
    /// As syslog(3) counts them.
    public enum Level: Int, Sendable {
        case error = 3
        case warning = 4
        case notice = 5
        case info = 6
    }
    private let isKept: Bool
    private let file: Int32
    private let lost = Atomic<UInt64>(0)

    /// - Parameter isKept: a journal reads this; without one the levels are left out.
    public init(isKept: Bool, file: Int32 = STDERR_FILENO) {
        self.isKept = isKept
        self.file = file
    }

    /// Every line of `text`, whole. A reader that is gone or slow loses lines, and is told how many once
    /// it reads again.
    public func say(_ level: Level, _ text: String) {
        let missed = lost.exchange(0, ordering: .relaxed)
        if missed > 0, !put(.warning, "\(missed) lines before this were lost: nobody read them") {
            lost.add(missed, ordering: .relaxed)
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: true)
        where !put(level, line) {
            lost.add(1, ordering: .relaxed)
        }
    }

    /// - Returns: false where it would have to wait, or nobody is there.
    private func put(_ level: Level, _ line: some StringProtocol) -> Bool {
        // What poll(2) calls writable takes PIPE_BUF bytes at once (pipe(7)).
        let text = (isKept ? "<\(level.rawValue)>\(line)" : "\(line)").utf8.prefix(4000)
        let bytes = Array(text) + [UInt8(ascii: "\n")]
        var waiting = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
        guard poll(&waiting, 1, 0) == 1, waiting.revents & Int16(POLLOUT) != 0 else { return false }
        return bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } == bytes.count
    }
}
