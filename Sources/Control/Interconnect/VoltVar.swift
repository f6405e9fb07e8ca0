import Quantities

/// Voltage–reactive power (IEEE 1547-2018, 5.3.3): the curve, and the reference it is moved by.
struct VoltVar: Sendable, BitwiseCopyable {
    private var slow = OpenLoopResponse(1)
    private var hasSeen = false

    /// Forgets the slow mean: it begins with the next voltage.
    mutating func restart() { hasSeen = false }

    /// Reactive power for `voltage`, both per unit; NaN where the voltage is not known.
    mutating func target(_ s: VoltVarSettings, voltage: Float, passed: Double) -> Float {
        guard voltage.isFinite else { return .nan }
        if hasSeen {
            slow.step(towards: voltage, constant: Double(s.adjustment.value), passed: passed)
        } else {
            slow.jump(to: voltage)
            hasSeen = true
        }
        let reference = s.isAutonomous ? slow.now.clamped(s.lowest, s.highest) : s.reference
        return s.curve.value(at: voltage - (reference - 1))
    }
}
