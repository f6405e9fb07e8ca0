import Quantities

/// A limit of active power that moves as its response has it: voltage–active power (IEEE 1547-2018,
/// 5.4.2) and limit active power (4.6.2).
struct PowerCeiling: Sendable, BitwiseCopyable {
    private var response = OpenLoopResponse(1)

    /// The most active power, per unit of the rating out.
    var most: Float { response.now }

    /// Begins anew, with no limit.
    mutating func lift() { response.jump(to: 1) }

    /// - Parameter target: per unit of the rating out or, negative, of the rating in; NaN holds.
    mutating func step(
        isEnabled: Bool, towards target: Float, response time: Seconds, _ rating: Nameplate,
        passed: Double
    ) {
        guard isEnabled else {
            lift()
            return
        }
        let ofOut = target >= 0 ? target : target * rating.mostIn.value / rating.mostOut.value
        response.step(towards: ofOut, response: time, passed: passed)
    }
}
