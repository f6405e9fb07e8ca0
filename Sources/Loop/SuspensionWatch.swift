/// Notices that the machine was suspended: by so much CLOCK_BOOTTIME has run ahead of
/// CLOCK_MONOTONIC, which stood still.
///
/// The two clocks cannot be read at once, and a thread may be kept waiting between them, which looks
/// the same. So the lead is bounded from both sides, by a reading of CLOCK_MONOTONIC before and one
/// after; only what exceeds the old upper bound was a suspension. It is counted a little short (by
/// the time of a reading), never long.
struct SuspensionWatch {
    /// The lead is not above this.
    private var most_ns: Int64
    private var newest_ns: Int64
    /// Less is no suspension, and not worth a third reading. Nothing is lost: leads add up.
    private static let least_ns: Int64 = 10_000

    /// - Parameter now_ns: CLOCK_MONOTONIC, read just before.
    init(after now_ns: Int64, by time: inout some TimeSource) {
        newest_ns = time.boottime_ns()
        most_ns = newest_ns - now_ns
    }

    /// What a look found.
    enum Finding: Equatable {
        case nothing
        case suspended(ns: Int64)
        /// CLOCK_BOOTTIME was earlier than before: no lead is read from it.
        case ranBack
    }

    /// - Parameter now_ns: CLOCK_MONOTONIC, read just before.
    mutating func look(after now_ns: Int64, by time: inout some TimeSource) -> Finding {
        let boottime_ns = time.boottime_ns()
        guard boottime_ns >= newest_ns else { return .ranBack }
        newest_ns = boottime_ns
        let most = boottime_ns - now_ns
        guard most > most_ns + Self.least_ns else {
            most_ns = min(most_ns, most)
            return .nothing
        }
        let gone = boottime_ns - time.monotonic_ns() - most_ns
        guard gone > Self.least_ns else { return .nothing }
        most_ns = most
        return .suspended(ns: gone)
    }
}
