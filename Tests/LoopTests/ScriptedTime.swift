@testable import Loop

/// Time as a test tells it: sleeps end at once, as late as was said, and the machine is suspended
/// when it was said.
struct ScriptedTime: TimeSource {
    private(set) var monotonic: Int64
    private(set) var boottime: Int64
    /// Of the next sleep: how late it ends, and for how long the machine is suspended in it.
    var late_ns: Int64 = 0
    var suspended_ns: Int64 = 0
    /// What passes before each reading, and before the next one of CLOCK_BOOTTIME alone.
    var cost_ns: Int64 = 0
    var wait_ns: Int64 = 0
    /// The next reading of a clock is false by this.
    var monotonicError_ns: Int64 = 0
    var boottimeError_ns: Int64 = 0

    init(monotonic: Int64 = 1_000_000_000_000, boottime: Int64 = 9_000_000_000_000) {
        (self.monotonic, self.boottime) = (monotonic, boottime)
    }

    mutating func pass(_ ns: Int64) {
        monotonic += ns
        boottime += ns
    }
    /// A clock is set, as no clock of its kind may be.
    mutating func set(monotonicBy ns: Int64) { monotonic += ns }
    mutating func set(boottimeBy ns: Int64) { boottime += ns }

    mutating func monotonic_ns() -> Int64 {
        pass(cost_ns)
        defer { monotonicError_ns = 0 }
        return monotonic + monotonicError_ns
    }
    mutating func boottime_ns() -> Int64 {
        pass(cost_ns + wait_ns)
        wait_ns = 0
        defer { boottimeError_ns = 0 }
        return boottime + boottimeError_ns
    }
    mutating func sleep(until deadline_ns: Int64) {
        boottime += suspended_ns
        pass(max(0, deadline_ns - monotonic) + late_ns)
        (late_ns, suspended_ns) = (0, 0)
    }
}
