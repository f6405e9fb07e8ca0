import Quantities

/// V–I droop of a DC source, weighted by state of charge: the fuller battery gives more, the
/// emptier one takes more.
///
///     V = V0 + bias − R · I      R = resistance · weight(state of charge, sign of I)
public struct ConverterDroopSettings: Equatable, Sendable, BitwiseCopyable {
    public var nominalVoltage: Volts
    public var resistance: Ohms
    /// 0: no weighting. 1: R is inverse to the charge that is left (or the room that is left).
    public var chargeWeight: Float
    public var mostCurrent: Amperes
    /// Discharge tapers to nil from `emptyBand` above `emptyAt`; charge from `fullBand` below full.
    public var emptyAt: Float
    public var emptyBand: Float
    public var fullBand: Float
    /// Time constant of the current filter, and of the restoration (0: none).
    public var filter: Seconds
    public var restoreGain: Float
    public var restoreLimit: Volts
    public init(
        nominalVoltage: Volts, resistance: Ohms, chargeWeight: Float = 1, mostCurrent: Amperes,
        emptyAt: Float = 0.1, emptyBand: Float = 0.05, fullBand: Float = 0.05,
        filter: Seconds = Seconds(0.005), restoreGain: Float = 0, restoreLimit: Volts = Volts(1)
    ) {
        self.nominalVoltage = nominalVoltage
        self.resistance = resistance
        self.chargeWeight = chargeWeight
        self.mostCurrent = mostCurrent
        self.emptyAt = emptyAt
        self.emptyBand = emptyBand
        self.fullBand = fullBand
        self.filter = filter
        self.restoreGain = restoreGain
        self.restoreLimit = restoreLimit
    }
}

/// The DC droop law, one tick at a time.
public struct ConverterDroop: Sendable, BitwiseCopyable {
    public let settings: ConverterDroopSettings
    public private(set) var current = Amperes(0)
    /// Restoration, V: the same for all when only one averager restores.
    public private(set) var restoration = Volts(0)
    /// All that lifts the no-load voltage now: the own restoration and what was told.
    public private(set) var lift = Volts(0)
    private let smoothing: Float
    private let dt: Float

    public init(_ settings: ConverterDroopSettings, rate: TickRate) {
        self.settings = settings
        dt = rate.period.value
        smoothing = dt / (settings.filter.value + dt)
    }

    /// The droop resistance that acts at this state of charge for this direction of current.
    public func resistance(charge: Float, discharging: Bool) -> Ohms {
        let left = (discharging ? charge : 1 - charge).clamped(0.125, 1)
        let weight = 1 + settings.chargeWeight * (0.5 / left - 1)
        return settings.resistance * weight.clamped(0.25, 4)
    }

    /// The converter goes onto the bus: the filter starts at the current that would droop to what is
    /// there, so that the voltage begins at the bus's own and glides to the droop's, and a dead bus
    /// is ramped up from nil.
    public mutating func takeOver(busVoltage: Volts, charge: Float) {
        restoration = Volts(0)
        let fall = settings.nominalVoltage - busVoltage
        let r = resistance(charge: charge, discharging: fall.value >= 0)
        let wanted = fall / r
        // A bus that is not known, or a law without droop, begins at nil.
        current = wanted.isFinite ? wanted : Amperes(0)
    }

    /// - Parameters:
    ///   - measured: into the bus. NaN where it is not known: what was known holds.
    ///   - busVoltage: NaN where it is not known: no restoration.
    ///   - charge: 0 ... 1. NaN is treated as empty and full at once: no current either way.
    ///   - bias: added to the no-load voltage; the same for all who share the bus.
    /// - Returns: the voltage to make and the most current either way.
    public mutating func step(
        current measured: Amperes, busVoltage: Volts, charge: Float, bias: Volts = Volts(0)
    ) -> ConverterCommand {
        if measured.isFinite { current += (measured - current) * smoothing }
        let r = resistance(charge: charge, discharging: current.value >= 0)
        if settings.restoreGain > 0 {
            let error = (settings.nominalVoltage - busVoltage).value
            if error.isFinite {
                let limit = settings.restoreLimit.value
                restoration = Volts(
                    (restoration.value + settings.restoreGain * error.clamped(-2, 2) * dt)
                        .clamped(-limit, limit))
            }
        }
        var command = ConverterCommand()
        command.isOn = true
        lift = restoration + bias
        command.voltage = settings.nominalVoltage + lift - current * r
        let out = ((charge - settings.emptyAt) / settings.emptyBand).clamped(0, 1)
        let into = ((1 - charge) / settings.fullBand).clamped(0, 1)
        command.mostOut = settings.mostCurrent * out
        command.mostIn = settings.mostCurrent * into
        return command
    }
}
