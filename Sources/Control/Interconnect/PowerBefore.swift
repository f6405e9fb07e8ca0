/// Active power as it flowed before anything was abnormal (IEEE 1547-2018, 6.5.2.7: the pre-disturbance
/// active power).
///
/// A sag moves the power before anybody knows that it is one. So what flows is taken down first, and
/// believed when nothing was abnormal for `proof` after it.
struct PowerBefore: Sendable, BitwiseCopyable {
    /// Per unit; NaN: not known.
    private(set) var power: Float = .nan
    private var candidate: Float = .nan
    private var calm = 0.0
    private var waited = 0.0

    /// After a disturbance, s: six cycles at 60 Hz, the meter's window and the inverter's way back.
    private static var settling: Double { 0.1 }
    /// Three cycles at 60 Hz: twice the longest from a step of voltage to its region.
    private static var proof: Double { 0.05 }

    /// - Parameter flowing: per unit; NaN where it is not known.
    mutating func step(_ flowing: Float, isUndisturbed: Bool, passed: Double) {
        guard isUndisturbed else {
            (calm, waited, candidate) = (0, 0, .nan)
            return
        }
        calm = min(calm + passed, 1)
        guard calm >= Self.settling, flowing.isFinite else { return }
        waited += passed
        guard waited >= Self.proof || !candidate.isFinite else { return }
        if candidate.isFinite { power = candidate }
        (candidate, waited) = (flowing, 0)
    }
}
