import Foundation

/// A bench supply that goes to a level as real ones do: late, not quite there, and never still.
struct PracticeSupply {
    /// What its output is now, in the channel's unit.
    private(set) var value: Double
    private var target: Double
    private let resting: Double
    private let fullScale: Double
    private var wander = 0.0
    /// Wander's standard deviation, a share of the full scale.
    var unrest: Double
    /// Its output follows its knob with this time constant, seconds.
    static let settling_s = 0.4
    /// Its wander forgets itself with this, seconds.
    static let memory_s = 0.2

    init(resting: Double, fullScale: Double, unrest: Double) {
        (value, target, self.resting) = (resting, resting, resting)
        (self.fullScale, self.unrest) = (fullScale, unrest)
    }

    /// A person's hand sets the knob to a per cent of the level and leaves zero alone.
    mutating func set(_ level: Double, _ noise: inout SeededNoise) {
        target = level == resting ? resting : level * (1 + noise.uniform(-0.01, 0.01))
    }

    mutating func rest() { target = resting }

    mutating func advance(_ step_s: Double, _ noise: inout SeededNoise) {
        value += (target - value) * (1 - exp(-step_s / Self.settling_s))
        let kept = exp(-step_s / Self.memory_s)
        wander =
            wander * kept + (1 - kept * kept).squareRoot() * unrest * fullScale * noise.gaussian()
    }

    /// With its wander; a supply that is off does not wander.
    var output: Double { target == resting && resting == 0 ? value : value + wander }
}
