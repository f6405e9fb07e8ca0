/// A sine of a wave: RMS magnitude in the wave's unit, 0 ... 1e7; an angle in turns; 0 ... 1000 Hz.
struct Phasor: Equatable, Sendable {
    var magnitude = 0.0
    var angle_turns = 0.0
    var frequency_Hz: Double

    /// On the straight line to `other`, a `share` of 0 ... 1 of the way.
    func towards(_ other: Phasor, _ share: Double) -> Phasor {
        Phasor(
            magnitude: magnitude + (other.magnitude - magnitude) * share,
            angle_turns: angle_turns + (other.angle_turns - angle_turns) * share,
            frequency_Hz: frequency_Hz + (other.frequency_Hz - frequency_Hz) * share)
    }
}

/// What a partner says of a phasor; nil: as it was.
struct PhasorOrder: Equatable, Sendable {
    var magnitude: Double?
    var angle_deg: Double?
    var frequency_Hz: Double?
}

/// Where one tick lies in its step: shares of the way, 0 ... 1, at the tick's start, middle and end.
struct TickShare: Equatable, Sendable {
    var start: Double
    var middle: Double
    var end: Double

    /// - Parameters:
    ///   - k: the tick of the step, from 0.
    ///   - tick_s: its length.
    ///   - carried_s: what the step before left: the first tick began so long before the step.
    ///   - step_s: the step's length; 0 is reached at once.
    init(_ k: Int, tick_s: Double, carried_s: Double, step_s: Double) {
        func share(_ time_s: Double) -> Double {
            step_s > 0 ? min(max(time_s / step_s, 0), 1) : 1
        }
        start = share(Double(k) * tick_s - carried_s)
        middle = share((Double(k) + 0.5) * tick_s - carried_s)
        end = share(Double(k + 1) * tick_s - carried_s)
    }
}
