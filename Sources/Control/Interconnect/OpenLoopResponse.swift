import Quantities

/// A first-order lag. As an open-loop response it has done 90 % of a step after its time t:
/// 1 − e^(−t/τ) = 0.9, so τ = t / ln 10.
///
/// In double precision: of a lag of minutes a tick moves less than a `Float` can hold.
struct OpenLoopResponse: Sendable, BitwiseCopyable {
    private var value = 0.0
    var now: Float { Float(value) }

    init(_ start: Float = 0) { value = Double(start) }

    /// At once; what is no number changes nothing.
    mutating func jump(to target: Float) {
        if target.isFinite { value = Double(target) }
    }
    /// Towards `target` for `passed`; what is no number changes nothing.
    mutating func step(towards target: Float, response: Seconds, passed: Double) {
        // 1 / ln 10.
        step(towards: target, constant: Double(response.value) * 0.434_294_481_9, passed: passed)
    }
    /// The same with its time constant given. The midpoint rule is exact to the second order and
    /// never overshoots.
    mutating func step(towards target: Float, constant: Double, passed: Double) {
        guard target.isFinite else { return }
        let share = passed / (constant + 0.5 * passed)
        value += (Double(target) - value) * (share < 1 ? share : 1)
    }
    /// Not above `most`.
    mutating func hold(below most: Float) {
        if most.isFinite && value > Double(most) { value = Double(most) }
    }
}
