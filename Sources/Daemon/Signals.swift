#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Signals as events that one thread waits for: no handler, and nothing is interrupted.
public struct Signals: ~Copyable {
    public enum Event: Equatable, Sendable {
        /// SIGTERM, SIGINT: an end in order.
        case end(Int32)
        /// SIGHUP: read again.
        case reload
        /// Nothing within the time.
        case none
    }
    private var set = sigset_t()

    /// Blocks them for the calling thread and every thread it starts from now on: to be made first.
    public init() {
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        // A reader that goes away is an error of write(2), not the end.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Waits, at most `seconds`.
    public mutating func next(within seconds: Double) -> Event {
        var wait = timespec(
            tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1e9))
        switch sigtimedwait(&set, nil, &wait) {
        case SIGHUP: return .reload
        case let number where number > 0: return .end(number)
        default: return .none
        }
    }
}
