import Quantities

/// Constant power factor (5.3.2).
public struct PowerFactorSettings: Equatable, Sendable, BitwiseCopyable {
    /// Magnitude, above 0 and at most 1.
    public var magnitude: Float
    /// Reactive power is injected (over-excited) while active power flows out; false: absorbed.
    public var isInjecting: Bool
    /// Open-loop response time: 90 % of a change is done in it.
    public var response: Seconds
    public init(
        magnitude: Float = 1, isInjecting: Bool = false, response: Seconds = Seconds(10)
    ) {
        self.magnitude = magnitude
        self.isInjecting = isInjecting
        self.response = response
    }
}

/// Voltage–reactive power (5.3.3, table 8).
public struct VoltVarSettings: Equatable, Sendable, BitwiseCopyable {
    /// Reactive power, per unit, over voltage, per unit, for a reference voltage of 1: the curve
    /// moves with the reference.
    public var curve: Curve
    /// The reference voltage, per unit.
    public var reference: Float
    /// The reference follows the voltage, as a first-order lag of `adjustment`, between `lowest` and
    /// `highest` (autonomously adjusting reference voltage).
    public var isAutonomous: Bool
    public var adjustment: Seconds
    public var lowest: Float
    public var highest: Float
    /// Open-loop response time.
    public var response: Seconds

    /// Without a curve there is no reactive power.
    public init(
        curve: Curve = Curve(), reference: Float = 1, isAutonomous: Bool = false,
        adjustment: Seconds = Seconds(300), lowest: Float = 0.95, highest: Float = 1.05,
        response: Seconds = Seconds(5)
    ) {
        self.curve = curve
        self.reference = reference
        self.isAutonomous = isAutonomous
        self.adjustment = adjustment
        self.lowest = lowest
        self.highest = highest
        self.response = response
    }
}

/// Active power–reactive power (5.3.4, table 9).
public struct WattVarSettings: Equatable, Sendable, BitwiseCopyable {
    /// Reactive power, per unit, over active power, per unit; negative is charging.
    public var curve: Curve
    /// Open-loop response time.
    public var response: Seconds
    public init(curve: Curve = Curve(), response: Seconds = Seconds(10)) {
        self.curve = curve
        self.response = response
    }
}

/// Constant reactive power (5.3.5).
public struct ConstantReactiveSettings: Equatable, Sendable, BitwiseCopyable {
    /// Per unit, positive injected.
    public var reactive: Float
    /// Open-loop response time.
    public var response: Seconds
    public init(reactive: Float = 0, response: Seconds = Seconds(10)) {
        self.reactive = reactive
        self.response = response
    }
}

/// Voltage–active power (5.4.2, table 10).
public struct VoltWattSettings: Equatable, Sendable, BitwiseCopyable {
    public var isEnabled: Bool
    /// The most active power, per unit, over voltage, per unit. Negative demands charging.
    public var curve: Curve
    /// Open-loop response time.
    public var response: Seconds
    public init(
        isEnabled: Bool = false, curve: Curve = Curve(from: (1.06, 1), to: (1.10, 0.2)),
        response: Seconds = Seconds(10)
    ) {
        self.isEnabled = isEnabled
        self.curve = curve
        self.response = response
    }
}

/// Frequency-droop (frequency–power; 6.5.2.7, tables 22 to 24), and LFSM-O and LFSM-U of EN 50549-1.
public struct FrequencyDroopSettings: Equatable, Sendable, BitwiseCopyable {
    /// Of what a change of power is counted in per unit.
    public enum Base: UInt8, Sendable, BitwiseCopyable {
        /// The active-power rating (IEEE 1547; EN 50549-1: P_max of storage).
        case rated
        /// The power that flowed when the dead band was left (EN 50549-1: P_M).
        case preDisturbance
    }
    /// One side of the dead band.
    public struct Side: Equatable, Sendable, BitwiseCopyable {
        public var isEnabled: Bool
        /// From nominal frequency to where the droop begins.
        public var deadBand: Hertz
        /// Change of frequency, per unit of nominal, for a change of power of 1, above 0.
        public var droop: Float
        public init(
            isEnabled: Bool = true, deadBand: Hertz = Hertz(0.036), droop: Float = 0.05
        ) {
            self.isEnabled = isEnabled
            self.deadBand = deadBand
            self.droop = droop
        }
    }
    public var over: Side
    public var under: Side
    public var base: Base
    /// Open-loop response time.
    public var response: Seconds
    /// Ticks from leaving the dead band to the first response.
    public var delay: UInt32
    /// The fastest rise of power once frequency is back, per unit of the rating and second; infinite:
    /// as the response has it.
    public var release_per_s: Float

    public init(
        over: Side = Side(), under: Side = Side(), base: Base = .rated,
        response: Seconds = Seconds(5), delay: UInt32 = 0, release_per_s: Float = .infinity
    ) {
        self.over = over
        self.under = under
        self.base = base
        self.response = response
        self.delay = delay
        self.release_per_s = release_per_s
    }
}

/// Limit active power (4.6.2).
public struct ActiveLimitSettings: Equatable, Sendable, BitwiseCopyable {
    public var isEnabled: Bool
    /// The most active power, per unit; negative demands charging.
    public var most: Float
    /// Open-loop response time, at most 30 s.
    public var response: Seconds
    public init(isEnabled: Bool = false, most: Float = 1, response: Seconds = Seconds(10)) {
        self.isEnabled = isEnabled
        self.most = most
        self.response = response
    }
}

/// Active anti-islanding of a follower (8.1): reactive power that pushes a frequency on in the way
/// it moves, which a stiff grid does not notice and an unseen island cannot stand.
public struct AntiIslandingSettings: Equatable, Sendable, BitwiseCopyable {
    /// Reactive power absorbed, per unit of the active power that flows, for each hertz above the slow
    /// mean of the frequency; 0 switches it off. An island of quality factor Q runs away where this is
    /// above 2 Q / f.
    public var gain_per_Hz: Float
    /// The most it may add either way, per unit.
    public var most: Float
    /// Time constant of the slow mean: a frequency that stays off nominal draws nothing.
    public var washout: Seconds
    /// The fastest change, per unit of the active power that flows and second: an island of quality
    /// factor Q then moves by this times f / 2 Q, which the meter must be able to follow (10 Hz/s).
    public var ramp_per_s: Float
    public init(
        gain_per_Hz: Float = 0, most: Float = 0.44, washout: Seconds = Seconds(2),
        ramp_per_s: Float = 0.35
    ) {
        self.gain_per_Hz = gain_per_Hz
        self.most = most
        self.washout = washout
        self.ramp_per_s = ramp_per_s
    }
}
