import Quantities

/// What people, plans and neighbours may ask of a controller. Bounded, and expiring into
/// `Setpoints.fallback`: with nobody to ask, a site connects when the grid is fit, forms its share
/// by droop and keeps nothing back.
public struct Setpoints: Equatable, Sendable, BitwiseCopyable {
    /// Valid before this tick.
    public var expires: Tick
    /// The site may be connected to the grid.
    public var connect: Bool
    /// A person asks for a planned island.
    public var island: Bool
    /// A person has seen the latched trips and allows them to reset where the cause is gone.
    public var acknowledge: Bool
    /// Neighbours say that the point of common coupling is closed, so power may be scheduled.
    public var tied: Bool
    /// For the point of common coupling: sources on the bus confirm that they push an unseen island
    /// out of its window. Without it the switch stays closed only while power is imported, for
    /// import alone proves a grid.
    public var guarded: Bool
    /// Offsets of the droop's no-load frequency and voltage, the same for all who share a bus.
    public var frequencyBias: Hertz
    public var voltageBias: Volts
    /// Scheduled power into the bus while tied.
    public var active: Watts
    public var reactive: Vars

    public init(
        expires: Tick = Tick(0), connect: Bool = true, island: Bool = false,
        acknowledge: Bool = false, tied: Bool = false, guarded: Bool = false,
        frequencyBias: Hertz = Hertz(0),
        voltageBias: Volts = Volts(0), active: Watts = Watts(0), reactive: Vars = Vars(0)
    ) {
        self.expires = expires
        self.connect = connect
        self.island = island
        self.acknowledge = acknowledge
        self.tied = tied
        self.guarded = guarded
        self.frequencyBias = frequencyBias
        self.voltageBias = voltageBias
        self.active = active
        self.reactive = reactive
    }

    /// Bit for bit the same, NaN too.
    func isSame(as other: Setpoints) -> Bool {
        expires == other.expires && asksTheSame(as: other)
    }
    /// The same, whenever it ends.
    func asksTheSame(as other: Setpoints) -> Bool {
        connect == other.connect && island == other.island
            && acknowledge == other.acknowledge && tied == other.tied && guarded == other.guarded
            && frequencyBias.value.bitPattern == other.frequencyBias.value.bitPattern
            && voltageBias.value.bitPattern == other.voltageBias.value.bitPattern
            && active.value.bitPattern == other.active.value.bitPattern
            && reactive.value.bitPattern == other.reactive.value.bitPattern
    }

    /// What an expired wish becomes.
    public static var fallback: Setpoints { Setpoints(expires: Tick(.max)) }
}

/// The limits inside which a controller follows setpoints. Outside: refused and counted.
public struct SetpointLimits: Equatable, Sendable, BitwiseCopyable {
    public var frequencyBias: Hertz
    public var voltageBias: Volts
    public var active: Watts
    public var reactive: Vars
    /// The furthest expiry that is believed, in ticks from now.
    public var horizon: UInt32

    public init(
        frequencyBias: Hertz, voltageBias: Volts, active: Watts, reactive: Vars, horizon: UInt32
    ) {
        self.frequencyBias = frequencyBias
        self.voltageBias = voltageBias
        self.active = active
        self.reactive = reactive
        self.horizon = horizon
    }

    /// True where every number is proved to be inside the limits; NaN is not.
    public func admit(_ wish: Setpoints, at now: Tick) -> Bool {
        wish.frequencyBias.magnitude <= frequencyBias && wish.voltageBias.magnitude <= voltageBias
            && wish.active.magnitude <= active && wish.reactive.magnitude <= reactive
            && wish.expires.since(now) <= UInt64(horizon)
    }
}
