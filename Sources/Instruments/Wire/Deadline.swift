internal import Glibc

/// Until when something may take, by the clock that nobody sets.
struct Deadline {
    private let end_ns: Int64

    init(in seconds: Double) { end_ns = Self.now_ns() + Int64(seconds * 1e9) }
    private init(end_ns: Int64) { self.end_ns = end_ns }

    /// 0 where it has passed.
    var left_us: Int64 { max(0, (end_ns - Self.now_ns()) / 1000) }
    /// Rounded up, so that a wait does not turn into a spin.
    var left_ms: Int32 { Int32(clamping: (left_us + 999) / 1000) }
    var hasPassed: Bool { left_us == 0 }

    /// An equal share of what is left, where so many things are still to try.
    func share(of count: Int) -> Deadline {
        Deadline(end_ns: Self.now_ns() + left_us * 1000 / Int64(max(1, count)))
    }
    /// The earlier of this and `seconds` from now.
    func capped(at seconds: Double) -> Deadline {
        Deadline(end_ns: min(end_ns, Deadline(in: seconds).end_ns))
    }

    private static func now_ns() -> Int64 {
        var t = timespec()
        // Cannot fail on Linux for this clock.
        clock_gettime(CLOCK_MONOTONIC, &t)
        return Int64(t.tv_sec) * 1_000_000_000 + Int64(t.tv_nsec)
    }
}
