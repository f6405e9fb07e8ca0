import Quantities

/// What a distributed energy resource (DER) does under a grid code: its ratings, when it may enter
/// service, what it rides through, and how it supports voltage and frequency. The clauses named are
/// those of IEEE 1547-2018; EN 50549-1 fills the same fields with other numbers.
///
/// Trips are stages (`ControllerSettings.stages`) whose action is ``StageAction/cease``. A clearing
/// time of a standard counts from the start of the abnormal condition: a stage's own is shorter by
/// the window of the RMS and by what the inverter takes to stop.
///
/// Per unit: of voltage, the nominal phase voltage; of active power, `nameplate.mostOut` for power
/// out and `nameplate.mostIn` for power in; of reactive power, `nameplate.apparent`. Power is positive
/// into the bus.
public struct InterconnectSettings: Equatable, Sendable, BitwiseCopyable {
    public var nameplate: Nameplate
    public var enterService: EnterServiceSettings
    public var rideThrough = RideThroughSettings()
    /// The one way in which reactive power is controlled (5.3.1: the modes exclude one another).
    public var reactiveMode = ReactiveMode.constantPowerFactor
    public var powerFactor = PowerFactorSettings()
    public var voltVar = VoltVarSettings()
    public var wattVar = WattVarSettings()
    public var constantReactive = ConstantReactiveSettings()
    public var voltWatt = VoltWattSettings()
    public var frequencyDroop = FrequencyDroopSettings()
    public var activeLimit = ActiveLimitSettings()
    public var priority = PowerPriority.reactive
    public var voltageEvaluation = VoltageEvaluation.positiveSequence
    public var antiIslanding = AntiIslandingSettings()
    /// True: active power follows ``Setpoints/active`` (storage). False: whatever is available is
    /// given (PV, wind): the command is the rating and the plant clips it.
    public var isDispatched = false
    /// The phases are measured against a neutral: they need not add up to nil, and a sag of one of
    /// them is no lie of its sensor.
    public var hasNeutral = true
    /// The inverter must report ready within this many ticks of being enabled; `.max`: it has no
    /// such line.
    public var readyBy = UInt32.max
    /// The longest that power may go on when the gates were told to block: the meter, the inverter and
    /// its filter. Three times the 0.16 s in which IEEE 1547-2018, 6.4.2.3, has a DER cease to energise.
    /// Infinite: nobody looks.
    public var obeysWithin = Seconds(0.5)

    public init(nameplate: Nameplate, enterService: EnterServiceSettings) {
        self.nameplate = nameplate
        self.enterService = enterService
    }
}

/// Ratings, three-phase (clause 10.3, table 28). All are above nil but `mostIn`, which may be nil.
public struct Nameplate: Equatable, Sendable, BitwiseCopyable {
    /// Apparent-power rating.
    public var apparent: VoltAmperes
    /// Active-power ratings at unity power factor: out (generating, discharging) and in (charging),
    /// the latter a magnitude, nil of what cannot charge.
    public var mostOut: Watts
    public var mostIn: Watts
    /// Reactive-power ratings, magnitudes: injected (over-excited) and absorbed (under-excited).
    public var mostInjected: Vars
    public var mostAbsorbed: Vars
    /// Largest current, per unit of the current that carries `apparent` at nominal voltage. The
    /// default carries all of it down to 0.88 pu, where continuous operation ends.
    public var current: Float

    public init(
        apparent: VoltAmperes, mostOut: Watts, mostIn: Watts = .zero, mostInjected: Vars,
        mostAbsorbed: Vars, current: Float = 1 / 0.88
    ) {
        self.apparent = apparent
        self.mostOut = mostOut
        self.mostIn = mostIn
        self.mostInjected = mostInjected
        self.mostAbsorbed = mostAbsorbed
        self.current = current
    }
}

/// Permission, window, delay and ramp of entering service (4.10.2, 4.10.3, table 4).
public struct EnterServiceSettings: Equatable, Sendable, BitwiseCopyable {
    /// Permit service: false has the DER leave the grid at once, and stay away.
    public var isPermitted = true
    /// Voltage, frequency, the delay in ticks for which they must hold, and the excursion in ticks
    /// that does not yet restart it.
    public var window: EnterService.Window
    /// Time of the ramp from nil to rated active power; nil: at once.
    public var ramp: Seconds
    /// The most ticks that are drawn at random and added to the delay (4.10.3: instead of a ramp);
    /// 0: none.
    public var randomDelay: UInt32
    /// What the draws begin from: different in each of many equal DERs.
    public var seed: UInt32

    public init(
        window: EnterService.Window, ramp: Seconds = Seconds(300), randomDelay: UInt32 = 0,
        seed: UInt32 = 1
    ) {
        self.window = window
        self.ramp = ramp
        self.randomDelay = randomDelay
        self.seed = seed
    }
}

/// How reactive power is controlled (5.3).
public enum ReactiveMode: UInt8, Sendable, BitwiseCopyable {
    /// 5.3.2.
    case constantPowerFactor
    /// Voltage–reactive power, 5.3.3.
    case voltVar
    /// Active power–reactive power, 5.3.4.
    case wattVar
    /// 5.3.5.
    case constantReactive
    /// As constant reactive power, but it follows ``Setpoints/reactive``.
    case dispatched
}

/// What is given up where active and reactive power exceed the apparent-power rating (4.7).
public enum PowerPriority: UInt8, Sendable, BitwiseCopyable {
    /// Active power gives way; under constant power factor both do, and the power factor stays.
    case reactive
    /// Reactive power gives way to the active power that flows.
    case active
}

/// Which voltage the support functions go by (5.3.3, 5.4.2: the average of the phases or the
/// positive sequence).
public enum VoltageEvaluation: UInt8, Sendable, BitwiseCopyable {
    case positiveSequence, phaseAverage
}
