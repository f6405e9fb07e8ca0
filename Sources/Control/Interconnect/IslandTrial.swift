import Quantities

/// Whether frequency goes where this follower's own reactive power sends it: then nothing else holds
/// it, and this is an unintentional island (IEEE 1547-2018, 8.1), whatever the trip settings are.
///
/// When frequency has run away with the push of ``AntiIslanding``, the push is reversed; where
/// frequency turns at once and comes back no faster than a push can send it, it is reversed again,
/// four times in all. A grid would have to swing by `step` each way, in time with legs whose ends this
/// follower chooses, which one that swings by less than 13 Hz/s, or that jumps, does not. There the leg
/// ends unanswered.
struct IslandTrial: Sendable, BitwiseCopyable {
    /// Where frequency is sent: 1 up, −1 down; 0: no trial runs.
    private(set) var direction: Float = 0
    /// Frequency answered in every leg.
    private(set) var isIsland = false
    /// Of the ramp, 0 ... 1, at which the push is to move.
    private(set) var pace: Float = 1
    private var legs = 0
    /// Of this leg, the frequency farthest from where it is sent.
    private var turning: Float = 0
    private var lasted = 0.0
    /// When it was last farther away than before, of this leg.
    private var turned = 0.0
    private var mark: Float = 0
    private var sinceMark = 0.0
    private var paused = 0.0

    /// A trial begins when frequency is this far from its slow mean, Hz: beyond what a follower's dead
    /// bands and a day's swings do, inside the narrowest trip window (58.5 Hz of 60).
    private static var outset: Float { 1.4 }
    /// And has been pushed there by this much per unit of the active power that flows: 0.17 s of the ramp.
    /// A phase jump feigns a frequency for less than 0.05 s.
    private static var leastPush: Float { 0.06 }
    /// What frequency must move in a leg, Hz. At 0.35 per second an island of quality factor 2.5 does it
    /// in 0.19 s, one of quality factor 1 in 0.08 s.
    private static var step: Float { 0.8 }
    /// A leg takes at least what the meter's own delay may feign, and at most twice that of quality factor 2.5, s.
    private static var least: Double { 0.06 }
    private static var most: Double { 0.4 }
    private static var legsNeeded: Int { 4 }
    /// Frequency turns within this of the push, s: the meter's three cycles and the inverter's lag.
    private static var answer: Double { 0.15 }
    /// What moves faster than this, Hz/s, seen over `glance`, is measured in jumps, and could be one: at
    /// 0.35 per second an island of quality factor 1 moves by 0.35 · 60 / (2 · 1) = 10.5.
    private static var fastest: Float { 40 }
    private static var glance: Double { 0.02 }
    /// Slowed down to a quarter: a quality factor of 0.25 is what moves as fast as 1 does.
    private static var slowest: Float { 0.25 }
    /// What the meter's noise may do to a turning point, Hz.
    private static var noise: Float { 0.03 }
    /// After a leg without an answer, s.
    private static var pause: Double { 1 }

    /// - Parameters:
    ///   - frequency: known, Hz; `away` from its slow mean, Hz.
    ///   - push: per unit of the active power that flows.
    mutating func step(frequency: Float, away: Float, push: Float, passed: Double) {
        guard !isIsland else { return }
        guard direction != 0 else {
            paused = max(paused - passed, 0)
            // The push drives away from the mean: reactive power absorbed raises frequency.
            let drives = (away > 0) == (push < 0)
            if paused == 0 && away.magnitude >= Self.outset && push.magnitude >= Self.leastPush
                && drives
            {
                (legs, pace) = (0, 1)
                turn(to: away > 0 ? -1 : 1, from: frequency)
            }
            return
        }
        lasted += passed
        if (turning - frequency) * direction > Self.noise {
            (turning, turned) = (frequency, lasted)
        }
        guard turned <= Self.answer else { return giveUp() }
        guard !jumps(frequency, passed) else { return slowDown(from: frequency) }
        if (frequency - turning) * direction >= Self.step && lasted >= Self.least {
            legs += 1
            isIsland = legs >= Self.legsNeeded
            turn(to: isIsland ? 0 : -direction, from: frequency)
        } else if lasted > Self.most {
            giveUp()
        }
    }

    private mutating func jumps(_ frequency: Float, _ passed: Double) -> Bool {
        sinceMark += passed
        let isFast = (frequency - mark).magnitude > Self.fastest * Float(Self.glance)
        if sinceMark >= Self.glance { (mark, sinceMark) = (frequency, 0) }
        return isFast
    }
    /// All anew: what jumped may be an island of a lower quality factor, too fast for the meter.
    private mutating func slowDown(from frequency: Float) {
        legs = 0
        pace *= 0.5
        if pace < Self.slowest { giveUp() } else { turn(to: direction, from: frequency) }
    }
    private mutating func giveUp() {
        direction = 0
        paused = Self.pause
    }

    private mutating func turn(to next: Float, from frequency: Float) {
        direction = next
        (turning, mark) = (frequency, frequency)
        (lasted, turned, sinceMark) = (0, 0, 0)
    }
}
