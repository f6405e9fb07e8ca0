import Quantities

/// What one tick saw, judged and did. Crosses from fast to slow; never the other way.
public struct Record: Sendable, BitwiseCopyable {
    public var tick = Tick(0)
    /// Ticks that passed since the last record, 1 when none was missed.
    public var elapsed: UInt32 = 0
    public var measured = Measured()
    public var verdict = Verdict()
    public var command = Command()

    public var gridPresence = Presence.doubtful
    public var busPresence = Presence.doubtful
    public var islanding: IslandingState?
    public var permit = SyncPermit.notBothLive
    /// What last opened the islanding switch.
    public var islandCause = Cause.none
    /// The way back to the grid has been out of step for longer than ``IslandingTimes/syncBy``.
    public var isSyncLate = false
    /// Restoring offsets this controller offers to its neighbours.
    public var frequencyBias = Hertz(0)
    public var voltageBias = Volts(0)

    public var source: SourceState?
    /// Where the DER under a grid code is, and the cause of its last trip.
    public var der: DERState?
    public var derCause = Cause.none
    public var contactor: ContactorState?
    /// The cause of the source's last trip, and of the contactor's last opening or of its not closing.
    public var sourceCause = Cause.none
    public var contactorCause = Cause.none
    /// The droop's filtered powers.
    public var droopActive = Watts(0)
    public var droopReactive = Vars(0)

    /// Load groups connected, one bit each.
    public var loads: UInt8 = 0xF
    /// Outputs whose feedback does not follow them.
    public var disobedient = LineSet()
    /// Setpoints refused for being outside their limits or over before they came, each counted
    /// once, and ticks missed, since start.
    public var refusedSetpoints: UInt32 = 0
    public var missedTicks: UInt64 = 0
    /// Energy through the measured connection into and out of the bus, since start.
    public var energyIn = Energy.zero
    public var energyOut = Energy.zero
    public init() {}
}
