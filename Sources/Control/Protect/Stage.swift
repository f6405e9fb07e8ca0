import Quantities

/// What a protection stage watches. Units: V, Hz, Hz/s, °, A, °C, or a fraction.
public enum Watched: UInt8, Sendable, BitwiseCopyable {
    /// The lowest and highest phase voltage of a side, RMS.
    case gridLowest, gridHighest, busLowest, busHighest
    case gridFrequency, busFrequency
    /// Magnitudes of the rate of change of frequency, Hz/s.
    case gridROCOF, busROCOF
    /// Phase step of the voltage over a cycle, degrees (loss-of-mains relays call it vector shift).
    case gridVectorShift
    /// The highest phase current, RMS.
    case current
    case dcBusVoltage, batteryVoltage
    /// Magnitude of the battery's current.
    case batteryCurrent
    case batteryTemperature, stateOfCharge

    /// The channels it is known by: blind on any of them, it is blind.
    var channels: ChannelSet {
        switch self {
        case .gridLowest, .gridHighest, .gridFrequency, .gridROCOF, .gridVectorShift: .gridVoltages
        case .busLowest, .busHighest, .busFrequency, .busROCOF: .busVoltages
        case .current: .currents
        case .dcBusVoltage: .scalar(.dcBusVoltage)
        case .batteryVoltage: .scalar(.batteryVoltage)
        case .batteryCurrent: .scalar(.batteryCurrent)
        case .batteryTemperature: .scalar(.batteryTemperature)
        case .stateOfCharge: .scalar(.stateOfCharge)
        }
    }

    /// A quantity of the bus, AC or DC, which a source that is off does not make.
    var isOfBus: Bool {
        switch self {
        case .busLowest, .busHighest, .busFrequency, .busROCOF, .dcBusVoltage: true
        case .gridLowest, .gridHighest, .gridFrequency, .gridROCOF, .gridVectorShift, .current,
            .batteryVoltage, .batteryCurrent, .batteryTemperature, .stateOfCharge:
            false
        }
    }
}

#if !hasFeature(Embedded)
    extension Watched: CaseIterable {}
#endif

/// On which side of the threshold a reading is unsound.
public enum Sense: UInt8, Sendable, BitwiseCopyable { case over, under }

/// What a stage that has timed out does.
public enum StageAction: UInt8, Sendable, BitwiseCopyable {
    case alarm
    /// Opens the islanding switch.
    case island
    /// Stops this site's own source and opens its battery contactor.
    case tripSource
    /// Trips the DER under its grid code: it ceases to energise and must enter service anew. Opens
    /// nothing of the battery.
    case cease
}

/// Who may reset a stage that has tripped, once its reading is sound again.
public enum Latch: UInt8, Sendable, BitwiseCopyable { case automatic, person }

/// One protection function in the manner of a relay's settings sheet.
public struct Stage: Equatable, Sendable, BitwiseCopyable {
    public var watched: Watched
    public var sense: Sense
    /// Beyond this the stage picks up; at it the reading is still sound.
    public var pickup: Float
    /// Picked up for this many ticks, the stage trips.
    public var clearing: UInt32
    /// Back at or inside this, the stage drops out. Not beyond `pickup`.
    public var dropout: Float
    /// Sound for this many ticks, a trip may reset.
    public var reset: UInt32
    public var action: StageAction
    public var latch: Latch

    public init(
        _ watched: Watched, _ sense: Sense, _ pickup: Float, clearing: UInt32, dropout: Float,
        reset: UInt32, action: StageAction, latch: Latch = .automatic
    ) {
        self.watched = watched
        self.sense = sense
        self.pickup = pickup
        self.clearing = clearing
        self.dropout = dropout
        self.reset = reset
        self.action = action
        self.latch = latch
    }
}

/// What a reading says to a stage.
public enum Finding: UInt8, Sendable, BitwiseCopyable {
    /// Proved to be inside the threshold.
    case sound
    /// Between dropout and pickup: neither picks up nor resets.
    case between
    case beyond
    /// Not known. Times like `beyond`, but the action it brings is blindness's, not the stage's.
    case blind
    /// The quantity does not exist now (the frequency of a dead bus): holds the timers.
    case absent
}

/// Judges a reading against a stage. Written so that only a proof is `sound`: NaN falls through
/// every comparison to `blind`.
public func judge(_ value: Float, _ stage: Stage) -> Finding {
    guard value.isFinite else { return .blind }
    switch stage.sense {
    case .over:
        return value <= stage.dropout ? .sound : value <= stage.pickup ? .between : .beyond
    case .under:
        return value >= stage.dropout ? .sound : value >= stage.pickup ? .between : .beyond
    }
}
