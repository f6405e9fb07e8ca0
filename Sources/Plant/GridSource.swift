import Blocks

/// The Thevenin source of the utility: a turning voltage with whatever rides on it.
struct GridSource: BitwiseCopyable {
    var isPresent = false
    var peak_V = 0.0
    var magnitude = 1.0
    /// Angle in the frame, 0 ..< 2π, at the start of the step.
    var theta = 0.0
    var frequency_Hz = 0.0
    var ramp_Hz_s = 0.0
    var rampEnd_Hz = 0.0
    /// Negative sequence and harmonics: amplitude in pu and phase in radians.
    var negative = Complex()
    var fifth = Complex()
    var seventh = Complex()
    var eleventh = Complex()
    var isPure = true
    /// Voltage at the start of the step; recomputed after a change.
    var now = Complex()
    var isStale = true
    /// Conductance of the other customers, already counted in the node's own.
    var others_S = 0.0

    /// Degrees → radians, 0 ..< 2π.
    static func wrapped(_ degrees: Double) -> Double {
        let turns = degrees / 360
        return (turns - turns.rounded(.down)) * 2 * .pi
    }

    /// Angle in the frame `dt` seconds into the step.
    func angle(_ dt: Double, nominal_Hz: Double) -> Double {
        theta + 2 * .pi * dt * (frequency_Hz - nominal_Hz + 0.5 * ramp_Hz_s * dt)
    }

    /// Voltage in the frame, V peak, at `angle` when the frame itself stands at `frame` turns.
    func voltage(angle: Double, frame: Double) -> Complex {
        let (c, s) = cosineSine(radians: angle)
        var e = magnitude * Complex(c, s)
        if !isPure {
            // A component of order k stands at k·(frame + angle) − frame; a negative sequence at
            // −k·(frame + angle) − frame.
            func add(_ a: Complex, _ order: Double) {
                if a.x == 0 { return }
                let turns = (order - 1) * frame
                let (c, s) = cosineSine(
                    radians: order * angle + 2 * .pi * (turns - turns.rounded(.down)) + a.y)
                e += a.x * Complex(c, s)
            }
            add(negative, -1)
            add(fifth, -5)
            add(seventh, 7)
            add(eleventh, -11)
        }
        return peak_V * e
    }

    /// Moves to the end of a step of `h` seconds.
    mutating func advance(_ h: Double, nominal_Hz: Double) {
        theta = angle(h, nominal_Hz: nominal_Hz)
        if theta >= 2 * .pi { theta -= 2 * .pi }
        if theta < 0 { theta += 2 * .pi }
        guard ramp_Hz_s != 0 else { return }
        frequency_Hz += ramp_Hz_s * h
        if ramp_Hz_s > 0 ? frequency_Hz >= rampEnd_Hz : frequency_Hz <= rampEnd_Hz {
            frequency_Hz = rampEnd_Hz
            ramp_Hz_s = 0
        }
    }
}
