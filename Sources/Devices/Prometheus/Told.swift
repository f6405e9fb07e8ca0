/// What a controller's program says of itself, read strictly: only whole numbers, only keys that are known.
struct Told: Equatable, Sendable {
    /// A quantile in seconds: the key, its family, its quantile.
    static let quantiles: [(key: String, family: String, quantile: String)] = [
        ("wake_p50_us", wake.name, "0.5"), ("wake_p99_us", wake.name, "0.99"),
        ("wake_max_us", wake.name, "1"),
        ("cycle_p50_us", cycle.name, "0.5"), ("cycle_p99_us", cycle.name, "0.99"),
        ("cycle_max_us", cycle.name, "1"),
    ]
    static let wake = Family(
        "skerry_tick_wake_seconds", .summary,
        "How late the loop woke for a tick, since its program started.")
    static let cycle = Family(
        "skerry_tick_cycle_seconds", .summary,
        "How long a turn of the loop took, since its program started.")

    /// A count since the program started: the key, its family, and which of several it is.
    static let counts: [(key: String, family: Family, labels: [(String, String)])] = [
        (
            "overruns",
            Family("skerry_tick_overruns_total", .counter, "Turns that ended after the next tick."),
            []
        ),
        (
            "suspensions",
            Family("skerry_suspensions_total", .counter, "Times the machine was suspended."), []
        ),
        ("clock_faults", faults, [("of", "clock")]),
        ("sample_faults", faults, [("of", "sample")]),
        ("act_faults", faults, [("of", "act")]),
        (
            "black_box_missed",
            Family(
                "skerry_black_box_missed_turns_total", .counter,
                "Turns that are not in the black box."), []
        ),
        (
            "black_box_bytes",
            Family(
                "skerry_black_box_written_bytes_total", .counter, "Written to the black box."),
            []
        ),
        (
            "captures",
            Family("skerry_black_box_captures_total", .counter, "Captures around what happened."),
            []
        ),
        (
            "clients_refused",
            Family(
                "skerry_link_refused_clients_total", .counter,
                "Clients the controller's link refused."),
            []
        ),
        (
            "frames_refused",
            Family(
                "skerry_link_refused_frames_total", .counter,
                "Frames the controller's link refused."),
            []
        ),
        (
            "turns_unseen",
            Family(
                "skerry_link_unseen_turns_total", .counter,
                "Turns that the controller's link came too late for."), []
        ),
    ]
    private static let faults = Family(
        "skerry_board_faults_total", .counter,
        "Failures of the clock, of sampling and of acting on the board.")

    /// By key.
    private(set) var numbers: [String: UInt64] = [:]
    /// Known keys whose value is none, or that came twice.
    private(set) var refused: UInt64 = 0

    private static let keys = Set(quantiles.map(\.key) + counts.map(\.key))

    init(_ pairs: [(key: String, value: String)]) {
        for pair in pairs where Self.keys.contains(pair.key) {
            if let number = Self.number(pair.value), numbers[pair.key] == nil {
                numbers[pair.key] = number
            } else {
                refused += 1
            }
        }
    }

    /// Digits and nothing else, at most 15: exact in a double.
    static func number(_ text: String) -> UInt64? {
        guard (1...15).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit) else {
            return nil
        }
        return UInt64(text)
    }
}
