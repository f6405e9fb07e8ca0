import Quantities

/// P–f and Q–V droop of a grid-forming source, with its limits and its restoration.
///
/// All terms are offsets of frequency and voltage, so that the command never jumps:
///
///     f = f0 + bias + trim − m · P + limiter        m = droop · f0 / rating
///     V = V0 + bias + trim − n · Q − virtual impedance
///
/// Sources with equal `droop` share in proportion to their rating, for the steady frequency is one
/// for all. `trim` is each source's own: it takes the source's schedule up while the site is tied
/// and fades away in an island, so that sharing is restored.
public struct DroopSettings: Equatable, Sendable, BitwiseCopyable {
    public var nominalFrequency: Hertz
    /// Phase RMS.
    public var nominalVoltage: Volts
    /// Apparent-power rating, three-phase.
    public var rating: VoltAmperes
    /// Frequency droop at rated power, per unit of frequency; voltage droop at rated var.
    public var frequencyDroop: Float
    public var voltageDroop: Float
    /// Time constant of the power filter.
    public var filter: Seconds
    /// Virtual output impedance, per phase.
    public var virtualResistance: Ohms
    public var virtualReactance: Ohms
    /// Power limits into (−) and out of (+) the source.
    public var mostOut: Watts
    public var mostIn: Watts
    /// Offsets are held inside these.
    public var frequencySpan: Hertz
    public var voltageSpan: Volts
    /// Fastest change of the frequency and voltage commands from bias and trim.
    public var frequencyRamp: HertzPerSecond
    public var voltageRamp_Vps: Float
    /// Time in which the schedule is taken up while tied, and the trim fades in an island.
    public var schedule: Seconds
    public var fade: Seconds
    /// Positive feedback of frequency while tied, 1/s: what makes an unseen island drift out of
    /// its window (active anti-islanding). 0 switches it off.
    public var drift: Float
    /// How fast trim and drift together may move the frequency while tied: more than the
    /// loss-of-mains stage at the coupling needs to see, and no deeper a dip than that takes.
    public var driftRamp: HertzPerSecond

    public init(
        nominalFrequency: Hertz, nominalVoltage: Volts, rating: VoltAmperes,
        frequencyDroop: Float = 0.01, voltageDroop: Float = 0.04,
        filter: Seconds = Seconds(0.01), virtualResistance: Ohms = Ohms(0),
        virtualReactance: Ohms = Ohms(0), mostOut: Watts, mostIn: Watts,
        frequencySpan: Hertz = Hertz(3.5), voltageSpan: Volts = Volts(30),
        frequencyRamp: HertzPerSecond = HertzPerSecond(1), voltageRamp_Vps: Float = 60,
        schedule: Seconds = Seconds(1), fade: Seconds = Seconds(0.25), drift: Float = 0,
        driftRamp: HertzPerSecond = HertzPerSecond(1.5)
    ) {
        self.nominalFrequency = nominalFrequency
        self.nominalVoltage = nominalVoltage
        self.rating = rating
        self.frequencyDroop = frequencyDroop
        self.voltageDroop = voltageDroop
        self.filter = filter
        self.virtualResistance = virtualResistance
        self.virtualReactance = virtualReactance
        self.mostOut = mostOut
        self.mostIn = mostIn
        self.frequencySpan = frequencySpan
        self.voltageSpan = voltageSpan
        self.frequencyRamp = frequencyRamp
        self.voltageRamp_Vps = voltageRamp_Vps
        self.schedule = schedule
        self.fade = fade
        self.drift = drift
        self.driftRamp = driftRamp
    }
}

/// What the droop hears in one tick. A measured figure that is NaN is not known: what was known
/// holds.
public struct DroopInput: Sendable, BitwiseCopyable {
    public var active: Watts
    public var reactive: Vars
    public var voltage: Volts
    public var frequency: Hertz
    /// The point of common coupling is known to be closed.
    public var isTied: Bool
    public var scheduledActive: Watts
    public var scheduledReactive: Vars
    public var frequencyBias: Hertz
    public var voltageBias: Volts
    /// Present limits: a full battery takes nothing, an empty one gives nothing.
    public var mostOut: Watts
    public var mostIn: Watts
    public init(
        active: Watts, reactive: Vars, voltage: Volts, frequency: Hertz, isTied: Bool = false,
        scheduledActive: Watts = .zero, scheduledReactive: Vars = .zero,
        frequencyBias: Hertz = .zero, voltageBias: Volts = .zero, mostOut: Watts, mostIn: Watts
    ) {
        self.active = active
        self.reactive = reactive
        self.voltage = voltage
        self.frequency = frequency
        self.isTied = isTied
        self.scheduledActive = scheduledActive
        self.scheduledReactive = scheduledReactive
        self.frequencyBias = frequencyBias
        self.voltageBias = voltageBias
        self.mostOut = mostOut
        self.mostIn = mostIn
    }
}

/// The droop law of one source, one tick at a time.
public struct Droop: Sendable, BitwiseCopyable {
    public let settings: DroopSettings
    /// Filtered powers.
    public private(set) var active = Watts(0)
    public private(set) var reactive = Vars(0)
    /// The commands of the last tick.
    public private(set) var frequency: Hertz
    public private(set) var voltage: Volts
    private var frequencyTrim: Float = 0
    private var voltageTrim: Float = 0
    /// The restoration it adds now, Hz.
    public private(set) var frequencyBias: Float = 0
    private var voltageBias: Float = 0
    /// Limiter, Hz: negative holds power down, positive holds it up.
    private var limiter: Float = 0
    private let dt: Float
    private let smoothing: Float
    private let slope: Float
    private let voltageSlope: Float

    public init(_ settings: DroopSettings, rate: TickRate) {
        self.settings = settings
        dt = rate.period.value
        smoothing = dt / (settings.filter.value + dt)
        slope = settings.frequencyDroop * settings.nominalFrequency.value / settings.rating.value
        voltageSlope = settings.voltageDroop * settings.nominalVoltage.value / settings.rating.value
        frequency = settings.nominalFrequency
        voltage = settings.nominalVoltage
    }

    /// Takes over a bus that is already there without a bump: the trims are set so that the first
    /// command equals what is measured, at the power that is flowing.
    public mutating func takeOver(_ i: DroopInput) {
        if i.active.isFinite { active = i.active }
        if i.reactive.isFinite { reactive = i.reactive }
        limiter = 0
        frequencyBias = i.frequencyBias.value
        voltageBias = i.voltageBias.value
        let f0 = settings.nominalFrequency.value, v0 = settings.nominalVoltage.value
        let fs = settings.frequencySpan.value, vs = settings.voltageSpan.value
        let drop = virtualDrop(voltage: i.voltage.value)
        let f = i.frequency.value - f0 - frequencyBias + slope * active.value
        let v = i.voltage.value - v0 - voltageBias + voltageSlope * reactive.value + drop
        frequencyTrim = f.isFinite ? f.clamped(-fs, fs) : 0
        voltageTrim = v.isFinite ? v.clamped(-vs, vs) : 0
        command(voltage: i.voltage.value)
    }

    /// Starts on a dead bus, from nothing.
    public mutating func startCold() {
        active = .zero
        reactive = .zero
        limiter = 0
        frequencyTrim = 0
        voltageTrim = 0
        frequency = settings.nominalFrequency
        voltage = .zero
    }

    public mutating func step(_ i: DroopInput) {
        if i.active.isFinite { active += (i.active - active) * smoothing }
        if i.reactive.isFinite { reactive += (i.reactive - reactive) * smoothing }
        let fs = settings.frequencySpan.value, vs = settings.voltageSpan.value
        let fRamp = settings.frequencyRamp.value * dt, vRamp = settings.voltageRamp_Vps * dt
        frequencyBias += (i.frequencyBias.value - frequencyBias).clamped(-fRamp, fRamp)
        voltageBias += (i.voltageBias.value - voltageBias).clamped(-vRamp, vRamp)
        if i.isTied {
            // The trim integrates until the schedule flows; the drift term pushes away from
            // nominal, which a stiff grid does not notice and an unseen island cannot stand.
            let schedule = max(settings.schedule.value, dt)
            let error = (i.scheduledActive - active).value * slope / schedule
            // A dead bus has no frequency to push away from.
            let off = i.frequency.value > 0 ? i.frequency - settings.nominalFrequency : .zero
            let away = settings.drift * off.value.clamped(-fs, fs)
            let most = settings.driftRamp.value
            frequencyTrim =
                (frequencyTrim + (error + away).clamped(-most, most) * dt).clamped(-fs, fs)
            let q = (i.scheduledReactive - reactive).value * voltageSlope / schedule
            voltageTrim = (voltageTrim + q * dt).clamped(-vs, vs)
        } else {
            let keep = (1 - dt / settings.fade.value).clamped(0, 1)
            frequencyTrim *= keep
            voltageTrim *= keep
        }
        limit(i)
        command(voltage: i.voltage.value)
    }

    /// Proportional and integral limiter: beyond its power limit a source gives way in frequency,
    /// and the neighbours take the rest. The integral only moves towards its limit or back to nil,
    /// so it cannot wind up.
    private mutating func limit(_ i: DroopInput) {
        // Reactive power comes first: what is left of the apparent power is for active, but no
        // less than half of it.
        let s = settings.rating.value, q = reactive.value
        let room = root(max(s * s - q * q, 0.25 * s * s))
        let over = active.value - min(i.mostOut.value, room)
        let under = active.value + min(i.mostIn.value, room)
        let rate = slope * 20 * dt
        if over > 0 {
            limiter = max(limiter - rate * over, -settings.frequencySpan.value)
        } else if under < 0 {
            limiter = min(limiter - rate * under, settings.frequencySpan.value)
        } else if limiter < 0 {
            limiter = min(limiter - rate * over, 0)
        } else if limiter > 0 {
            limiter = max(limiter - rate * under, 0)
        }
    }

    private func virtualDrop(voltage: Float) -> Float {
        let half = settings.nominalVoltage.value * 0.5
        let v = voltage >= half && voltage.isFinite ? voltage : half
        return
            (settings.virtualResistance.value * active.value
            + settings.virtualReactance.value * reactive.value) / (3 * v)
    }

    private mutating func command(voltage measured: Float) {
        let f0 = settings.nominalFrequency.value, v0 = settings.nominalVoltage.value
        let fs = settings.frequencySpan.value, vs = settings.voltageSpan.value
        let f = frequencyBias + frequencyTrim + limiter - slope * active.value
        frequency = Hertz(f0 + f.clamped(-fs, fs))
        let drop = voltageSlope * reactive.value + virtualDrop(voltage: measured)
        voltage = Volts(v0 + (voltageBias + voltageTrim - drop).clamped(-vs, vs))
    }
}
