#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Lines for the journal: standard error, with the level before each where a journal reads it
/// (sd-daemon(3)).
public struct Journal: Sendable {
    /// As syslog(3) counts them.
    public enum Level: Int, Sendable {
        case error = 3
        case warning = 4
        case notice = 5
        case info = 6
    }
    private let isKept: Bool
    private let file: Int32

    /// - Parameter isKept: a journal reads this; without one the levels are left out.
    public init(isKept: Bool, file: Int32 = STDERR_FILENO) {
        self.isKept = isKept
        self.file = file
    }

    /// Every line of `text`, whole. A reader that is gone or slow loses it: nothing waits.
    public func say(_ level: Level, _ text: String) {
        var lines = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            lines += isKept ? "<\(level.rawValue)>\(line)\n" : "\(line)\n"
        }
        var rest = Array(lines.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
