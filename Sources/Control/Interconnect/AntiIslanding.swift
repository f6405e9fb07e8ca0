import Quantities

/// Active anti-islanding of a follower (IEEE 1547-2018, 8.1; EN 50549-1, 4.9.4).
///
/// A follower in an unseen island delivers P and Q; the island's frequency goes where its load takes
/// up that Q. Of a parallel RLC load of quality factor Q_f, near resonance,
///
///     dq/df = −2 Q_f p / f_0    (per unit of the rating, absorbed by the load)
///
/// and this term gives q = −gain · (f − f_slow). Where gain > 2 Q_f p / f_0 every departure grows by
/// the ratio of the two in each delay of the measurement, until `most` is reached, and the frequency
/// leaves the window. A stiff grid holds the frequency whatever q is, and a frequency that stays off
/// nominal draws nothing, because the slow mean comes after it.
struct AntiIslanding: Sendable, BitwiseCopyable {
    private var slow = OpenLoopResponse()
    private var hasSeen = false

    /// Forgets the slow mean.
    mutating func restart() { hasSeen = false }

    /// Reactive power to add, per unit; nil where the frequency is not known.
    mutating func step(_ s: AntiIslandingSettings, frequency: Hertz, passed: Double) -> Float {
        guard s.gain_per_Hz != 0, frequency.value > 0, frequency.isFinite else { return 0 }
        guard hasSeen else {
            slow.jump(to: frequency.value)
            hasSeen = true
            return 0
        }
        slow.step(
            towards: frequency.value, constant: Double(s.washout.value), passed: passed)
        return (-s.gain_per_Hz * (frequency.value - slow.now)).clamped(-s.most, s.most)
    }
}
