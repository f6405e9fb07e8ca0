import Quantities

/// Active anti-islanding of a follower (IEEE 1547-2018, 8.1; EN 50549-1, 4.9.4).
///
/// A follower in an unseen island delivers P and Q; the island's frequency goes where its load takes
/// up that Q. Of a parallel RLC load of quality factor Q_f, near resonance,
///
///     dq/df = −2 Q_f p / f_0    (per unit of the rating, absorbed by the load)
///
/// and this term goes towards q = −gain · p · (f − f_slow). Where gain > 2 Q_f / f_0 every departure
/// grows by the ratio of the two in each delay of the measurement, then as fast as the ramp allows,
/// and the frequency leaves the window. A stiff grid holds the frequency whatever q is, and a frequency
/// that stays off nominal draws nothing, because the slow mean comes after it.
///
/// The ramp keeps a running island where the meter can follow it. Pushed in steps, its phase jumps: the
/// meter holds the frequency of before, or finds one on the other side.
///
/// Trip settings can be so wide and so late that an island that has run away goes on for long;
/// ``IslandTrial`` tells it from a grid that swings.
struct AntiIslanding: Sendable, BitwiseCopyable {
    private var slow = OpenLoopResponse()
    private var hasSeen = false
    private var push: Float = 0
    private var trial = IslandTrial()

    /// Frequency is proved to follow this follower's own reactive power.
    var isIsland: Bool { trial.isIsland }

    /// Beyond this part of nominal frequency, away from it, nothing is pushed further: outside every
    /// window that can be set (50 ... 66 Hz), inside what the meter can measure (0.8 ... 1.2).
    private static var span: Float { 0.175 }
    /// The least power it counts with, per unit.
    private static var leastShare: Float { 0.05 }

    /// Forgets the slow mean and every trial.
    mutating func restart() {
        hasSeen = false
        push = 0
        trial = IslandTrial()
    }

    /// Reactive power to add, per unit. What is not known holds it as it is.
    ///
    /// - Parameter share: active power that flows, per unit of the apparent-power rating.
    mutating func step(
        _ s: AntiIslandingSettings, frequency: Hertz, nominal: Hertz, share: Float,
        passed: Double
    ) -> Float {
        guard s.gain_per_Hz != 0 else {
            restart()
            return 0
        }
        guard frequency.value > 0, frequency.isFinite, share.isFinite else { return push }
        guard hasSeen else {
            slow.jump(to: frequency.value)
            hasSeen = true
            return push
        }
        let away = (frequency - nominal).value.magnitude
        guard away <= Self.span * nominal.value else { return push }
        slow.step(
            towards: frequency.value, constant: Double(s.washout.value), passed: passed)
        let p = max(share.magnitude, Self.leastShare)
        let off = frequency.value - slow.now
        trial.step(frequency: frequency.value, away: off, push: push / p, passed: passed)
        let wanted = trial.direction == 0 ? -s.gain_per_Hz * p * off : -trial.direction * s.most
        let target = wanted.clamped(-s.most, s.most)
        let pace = trial.direction == 0 ? 1 : trial.pace
        let most = s.ramp_per_s * pace * p * Float(passed)
        push += (target - push).clamped(-most, most)
        return push
    }
}
