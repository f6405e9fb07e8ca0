import Control

/// State of charge by what has flowed: an integer count of µA·ms, so that years of small currents
/// are not lost beside a large sum.
public struct CoulombCounter: Equatable, Sendable {
    /// Of the current channel, as its calibration has them.
    private let settings: ChannelSettings
    private let full_uAms: Int64
    private var charge_uAms: Int64
    /// What is left of a millisecond, ns.
    private var rest_ns: Int64 = 0

    /// - Parameters:
    ///   - capacity_Ah: 0.001 ... 100 000.
    ///   - charge: 0 ... 1 at the start.
    ///   - settings: those of the battery's current channel, positive out of the battery.
    public init(capacity_Ah: Double, charge: Double, settings: ChannelSettings) {
        precondition(capacity_Ah >= 0.001 && capacity_Ah <= 100_000)
        // 1 Ah = 3600 s · 1000 ms/s · 10^6 µA = 3.6e12 µA·ms.
        full_uAms = Int64(capacity_Ah * 3.6e12)
        charge_uAms = Int64(Double(full_uAms) * min(max(charge, 0), 1))
        self.settings = settings
    }

    /// 0 ... 1.
    public var charge: Float { Float(Double(charge_uAms) / Double(full_uAms)) }

    /// - Parameters:
    ///   - raw: of the current channel; NaN counts nothing.
    ///   - elapsed_ns: since the last call, 0 ... 1 s; more is cut, for nobody knows what flowed.
    public mutating func count(raw: Float, elapsed_ns: Int64) {
        rest_ns += min(max(elapsed_ns, 0), 1_000_000_000)
        let ms = rest_ns / 1_000_000
        rest_ns -= ms * 1_000_000
        let current_A = settings.value(of: raw)
        guard ms > 0, current_A.magnitude < 1e6 else { return }
        let out_uAms = Int64((Double(current_A) * 1e6).rounded()) * ms
        charge_uAms = min(max(charge_uAms - out_uAms, 0), full_uAms)
    }
}
