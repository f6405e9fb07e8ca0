import Quantities

/// Restores the island's frequency and voltage after the droop, and steers it into step with the
/// grid. One controller computes the offsets and all sources add the same, so sharing is kept
/// (the averaging of Simpson-Porco 2013 with one averager). When nobody speaks, the offsets
/// expire and the island runs on droop alone.
public struct SecondarySettings: Equatable, Sendable, BitwiseCopyable {
    public var nominalFrequency: Hertz
    public var nominalVoltage: Volts
    /// Integral gains, 1/s.
    public var frequencyGain: Float
    public var voltageGain: Float
    public var frequencyLimit: Hertz
    public var voltageLimit: Volts
    /// While resynchronising: slip asked for per turn of angle, and at most.
    public var slipPerTurn: Hertz
    public var mostSlip: Hertz
    public init(
        nominalFrequency: Hertz, nominalVoltage: Volts, frequencyGain: Float = 1,
        voltageGain: Float = 0.5, frequencyLimit: Hertz = Hertz(1), voltageLimit: Volts = Volts(15),
        slipPerTurn: Hertz = Hertz(0.6), mostSlip: Hertz = Hertz(0.15)
    ) {
        self.nominalFrequency = nominalFrequency
        self.nominalVoltage = nominalVoltage
        self.frequencyGain = frequencyGain
        self.voltageGain = voltageGain
        self.frequencyLimit = frequencyLimit
        self.voltageLimit = voltageLimit
        self.slipPerTurn = slipPerTurn
        self.mostSlip = mostSlip
    }
}

/// The restoring offsets, one tick at a time.
public struct Secondary: Sendable, BitwiseCopyable {
    public let settings: SecondarySettings
    public private(set) var frequencyBias = Hertz(0)
    public private(set) var voltageBias = Volts(0)
    private let dt: Float

    public init(_ settings: SecondarySettings, rate: TickRate) {
        self.settings = settings
        dt = rate.period.value
    }

    /// Islanded: towards nominal.
    public mutating func restore(_ measured: Measured) {
        integrate(
            (settings.nominalFrequency - measured.bus.frequency).value,
            (settings.nominalVoltage - measured.bus.positive).value)
    }

    /// Resynchronising: towards the grid's frequency plus a little slip that turns the angle to
    /// nil, and towards the grid's voltage.
    public mutating func approach(_ measured: Measured) {
        let most = settings.mostSlip.value
        let turn = measured.angleAcross_deg * (1 / 360)
        guard turn.isFinite else { return }
        let slip = (settings.slipPerTurn.value * turn).clamped(-most, most)
        integrate(measured.slip.value + slip, measured.voltageAcross.value)
    }

    /// Tied: the grid holds both; the offsets fade in about two seconds.
    public mutating func rest() {
        frequencyBias = frequencyBias * (1 - 0.5 * dt)
        voltageBias = voltageBias * (1 - 0.5 * dt)
    }

    private mutating func integrate(_ frequency: Float, _ voltage: Float) {
        guard frequency.isFinite, voltage.isFinite else { return }
        let fl = settings.frequencyLimit.value, vl = settings.voltageLimit.value
        let f = frequencyBias.value + settings.frequencyGain * frequency.clamped(-1, 1) * dt
        let v = voltageBias.value + settings.voltageGain * voltage.clamped(-20, 20) * dt
        frequencyBias = Hertz(f.clamped(-fl, fl))
        voltageBias = Volts(v.clamped(-vl, vl))
    }
}
