import Quantities

/// Whose clock the samples of waveforms follow.
public enum SampleClock: Equatable, Sendable, BitwiseCopyable {
    /// The board's own tick: so many samples belong to every tick, and what a tick lacks of them is a
    /// gap in time.
    case tick
    /// The converter's: samples come when they come, some ticks with none and some with many, and the
    /// board says which are missing (`Sample.lostSamples`). Frequencies are then as good as that
    /// clock: 50 ppm are 2.5 mHz at 50 Hz.
    case converter
}

/// How a controller senses AC.
public enum FrontEnd: Equatable, Sendable, BitwiseCopyable {
    /// Blocks of waveform samples, this many a tick (in the mean), 1 ... `blockLimit`.
    case waveform(samplesPerTick: Int, clock: SampleClock = .tick)
    /// A meter chip that gives RMS, frequency and powers.
    case chip
    /// No AC here.
    case none
}

/// The point of common coupling, where a controller has the islanding switch.
public struct CouplingSettings: Sendable, BitwiseCopyable {
    public var times: IslandingTimes
    public var window: EnterService.Window
    public var sync: SyncLimits
    public var closingTime: Seconds
    public var secondary: SecondarySettings
    public init(
        times: IslandingTimes, window: EnterService.Window, sync: SyncLimits,
        closingTime: Seconds, secondary: SecondarySettings
    ) {
        self.times = times
        self.window = window
        self.sync = sync
        self.closingTime = closingTime
        self.secondary = secondary
    }
}

/// A grid-forming inverter on a battery.
public struct SourceSettings: Sendable, BitwiseCopyable {
    public var times: SourceTimes
    public var droop: DroopSettings
    /// Below `emptyAt` the source gives nothing; discharge tapers to that from `emptyBand` above.
    public var emptyAt: Float
    public var emptyBand: Float
    /// Charge tapers to nil over this band below full.
    public var fullBand: Float
    public init(
        times: SourceTimes, droop: DroopSettings, emptyAt: Float = 0.1, emptyBand: Float = 0.05,
        fullBand: Float = 0.05
    ) {
        self.times = times
        self.droop = droop
        self.emptyAt = emptyAt
        self.emptyBand = emptyBand
        self.fullBand = fullBand
    }
}

/// Everything a controller is told before it starts. Frozen once it runs.
public struct ControllerSettings: Sendable {
    public var rate: TickRate
    public var frontEnd: FrontEnd
    /// 1 or 3.
    public var phases: Int
    public var nominalFrequency: Hertz
    /// Phase RMS.
    public var nominalVoltage: Volts
    public var nominalCurrent: Amperes
    public var waves: InlineArray<9, ChannelSettings>
    public var scalars: InlineArray<20, ChannelSettings>
    /// What must be added to the phase of each waveform at nominal frequency to make it true.
    public var wavePhases = InlineArray<9, Turns>(repeating: .zero)
    /// The same of a meter chip's current against its voltage.
    public var chipPhase = Turns.zero
    /// True rate of the waveforms' samples over the nominal one: 1.00002 is a clock 20 ppm fast.
    public var sampleClock: Float = 1
    public var presence: PresenceLimits
    public var stages: StageList
    public var blindAfter: UInt32
    public var sourceTripHold: UInt32
    public var limits: SetpointLimits
    public var coupling: CouplingSettings?
    public var source: SourceSettings?
    public var contactor: ContactorSettings?
    public var converter: ConverterDroopSettings?
    public var loads: LoadGroupList
    public var curtailment: CurtailmentSettings?
    /// Under a grid code. Without a `source` the inverter follows the grid as a DER; with one, the
    /// support functions shape its schedule while the site is tied.
    public var interconnect: InterconnectSettings?

    public init(
        rate: TickRate, frontEnd: FrontEnd, phases: Int = 3,
        nominalFrequency: Hertz = Hertz(50), nominalVoltage: Volts = Volts(230),
        nominalCurrent: Amperes, presence: PresenceLimits, limits: SetpointLimits
    ) {
        self.rate = rate
        self.frontEnd = frontEnd
        self.phases = phases
        self.nominalFrequency = nominalFrequency
        self.nominalVoltage = nominalVoltage
        self.nominalCurrent = nominalCurrent
        self.presence = presence
        self.limits = limits
        waves = InlineArray(repeating: ChannelSettings())
        scalars = InlineArray(repeating: ChannelSettings())
        stages = StageList()
        blindAfter = rate.ticks(Seconds(0.1))
        sourceTripHold = rate.ticks(Seconds(10))
        loads = LoadGroupList()
    }

    /// Channels that are fitted.
    public var fitted: ChannelSet {
        var set = ChannelSet()
        for k in 0..<WaveChannel.count where waves[k].isFitted {
            set |= ChannelSet(bits: 1 << UInt64(k))
        }
        for k in 0..<ScalarChannel.count where scalars[k].isFitted {
            set |= ChannelSet(bits: 1 << (16 + UInt64(k)))
        }
        return set
    }
}
