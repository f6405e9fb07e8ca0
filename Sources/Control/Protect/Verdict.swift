/// The most stages one controller has.
public let stageLimit = 24

/// What protection says of this tick.
public struct Verdict: Equatable, Sendable, BitwiseCopyable {
    /// One bit a stage, in the order of the settings.
    public var pickedUp: UInt32 = 0
    /// Stages whose reading was beyond its threshold for its clearing time.
    public var tripped: UInt32 = 0
    /// Stages that tripped in this very tick.
    public var newlyTripped: UInt32 = 0
    /// Stages that act because they could not see for their clearing time.
    public var blinded: UInt32 = 0
    /// Channels that cannot be believed.
    public var blind = ChannelSet()
    /// The islanding switch must be open.
    public var mustIsland = false
    /// The site's own source must be off and its battery contactor open.
    public var mustTripSource = false
    /// The DER under its grid code must be off the grid.
    public var mustCease = false
    /// Why, for each of the three: the first stage that tripped, else blindness.
    public var islandCause: Cause = .none
    public var sourceCause: Cause = .none
    public var ceaseCause: Cause = .none
    /// The channels whose blindness demands it, kept for as long as it does.
    public var islandBlind = ChannelSet()
    public var sourceBlind = ChannelSet()
    public var ceaseBlind = ChannelSet()
    public init() {}
}

/// Why a switch was opened or a source stopped.
public enum Cause: Equatable, Sendable, BitwiseCopyable {
    case none
    /// The stage of that number in the settings.
    case stage(UInt8)
    /// Channels the decision rests on were blind for too long.
    case blind
    /// Nothing proved that the grid was alive.
    case unproven
    /// A person or a plan asked.
    case wish
    /// A switch or contactor that is closed though it was told to open.
    case welded
    /// Contact feedback fell away without a command.
    case droppedOut
    /// Contact feedback did not come in time.
    case failedToClose
    /// Pre-charge did not reach the battery's voltage in its tries.
    case preChargeFailed
    /// The battery's terminals carry no voltage: it is absent, or its fuse has blown.
    case noBatteryVoltage
    /// The neighbouring bus disappeared.
    case deadBus
    /// The source runs at another frequency than the bus: it has lost its step (78).
    case outOfStep
    /// The inverter did not report ready.
    case notReady
    /// Frequency followed the DER's own reactive power: the grid has gone, unseen.
    case unintentionalIsland
}
