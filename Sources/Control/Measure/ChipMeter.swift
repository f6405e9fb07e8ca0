import Quantities

/// Figures from a meter chip that measures by itself.
public struct ChipMeter: Sendable {
    init(rate: TickRate) { period = rate.period.value }
    private let period: Float
    mutating func read(
        voltage: Float, current: Float, frequency: Float, active: Float, reactive: Float,
        phases: Int, elapsed: UInt32
    ) -> ACMeasured {
        ACMeasured()
    }
}
