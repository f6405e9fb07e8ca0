/// How a black box fares.
public struct BlackBoxStatus: Sendable {
    /// Turns taken from the loop since start; those overwritten before they could be taken.
    public var turns: UInt64 = 0
    public var overrun: UInt64 = 0
    /// Records of changes that were too many to be kept each.
    public var thinned: UInt64 = 0
    /// Bytes written since start, to the ring and to captures.
    public var bytes: Int64 = 0
    /// What fails now; nil where nothing does.
    public var fault: DiskFault?
    /// Failures since start.
    public var faults: UInt64 = 0
    /// Turns are left out: more bytes a day than the settings allow.
    public var isOverBudget = false
    /// Captures made since start, and not made (disk, budget).
    public var captures: UInt64 = 0
    public var capturesMissed: UInt64 = 0
    /// CLOCK_MONOTONIC of the newest sync; 0 before the first.
    public var synced_ns: Int64 = 0
    /// Turns before this number are on disk, or gaps.
    public var syncedTurn: UInt64 = 0
    /// Of this run in the ring.
    public var run: UInt32 = 0
    /// What stood in the ring's place and was no ring; it was set aside under this name.
    public var setAside: String?
    public init() {}

    /// One sentence for people; nil where all is well.
    public var trouble: String? {
        if let fault {
            return
                "the black box records nothing: \(fault.words). Control goes on; it is tried again."
        }
        if isOverBudget {
            return "the black box leaves turns out: the bytes of the day are used up"
        }
        return nil
    }
}
