import Quantities

/// Frequency, its rate of change and phase steps, from one phase angle per analysis.
///
/// The angle is that of the positive sequence, averaged over one cycle. Frequency is its advance
/// over two cycles; `rocof` is the change of frequency over the window of the settings.
///
/// ```
///            2 cycles of angles        a step of phase or level
///  acquiring ──────────────────▶ tracking ─────────────▶ disturbed
///      ▲                            ▲                        │ a clean cycle of angles
///      │ voltage below 5 %          └────────────────────────┘
///      └──── from anywhere
/// ```
///
/// *Shift* is how far the angle moved over the last cycle beyond what the frequency of one cycle
/// ago foretold, as vector-shift relays measure it. A step of phase is no change of frequency:
/// while *disturbed*, frequency is held at the value it had before, and the step itself is left
/// out of the next measurement. A real step of frequency is taken over in the same way, two
/// cycles late, and then shows in `rocof`. A step of level disturbs too: on one phase the image at
/// twice the frequency does not cancel in a window whose two ends differ.
struct FrequencyTracker: Sendable, BitwiseCopyable {
    /// Below this part of nominal voltage there is no frequency.
    static var deadLevel: Float { 0.05 }
    /// A dead circuit is alive again above this.
    static var aliveLevel: Float { 0.06 }
    /// Shift that makes a disturbance, at nominal voltage; in proportion more at less, since noise
    /// is then louder. A ramp of 10 Hz/s shows as 2.2°, 1 % noise at 4 kHz on one phase as 0.15°.
    static var disturbance_deg: Float { 3 }
    /// Change of voltage within a quarter cycle, as a part of nominal, that makes a disturbance:
    /// what is left of a step of 0.25 in a window of four quarters.
    static var disturbance_level: Float { 0.0625 }
    /// A reference further off than this while acquiring is set anew rather than led.
    static var retune_Hz: Float { 0.3 }

    private(set) var frequency_Hz: Float = 0
    private(set) var rocof_Hz_s: Float = 0
    /// Over five cycles, for looking ahead; 0 while a step is within its window.
    private(set) var slope_Hz_s: Float = 0
    private(set) var shift_deg: Float = 0
    private(set) var isDead = true
    private(set) var isAcquiring = true
    private(set) var isDisturbed = false
    /// The reference is so far off that it should be set to `guide_Hz` at once.
    private(set) var wantsRetune = false
    /// Analyses since the shift was last above half of what makes a disturbance.
    private var calm = 0
    /// Frequency of a time without a step within two cycles, and how many analyses ago it was so.
    private var trusted_Hz: Float = 0
    private var trustedAge = 0
    private var reference_Hz: Float

    private let timing: MeterTiming
    private let cycle: Int
    private let flush: Int
    private let window: Int
    private let inverseWindow: Float
    private let inverseFive: Float
    /// How far the nominal phase moves from one analysis to the next.
    private let nominalAdvance: UInt32
    /// Angles seen since the last window with a step in it; negative while one is flushed out.
    private var run: Int
    private var heldFor = 0
    private var firstOfRun_Hz: Float = 0
    private var held_Hz: Float = 0
    private var index = 0
    private var known = 0
    private var levels = InlineArray<8, Float>(repeating: 0)
    private var angles = InlineArray<128, UInt32>(repeating: 0)
    private var history = InlineArray<1024, Float>(repeating: 0)

    init(_ timing: MeterTiming, rocofWindow_s: Float) {
        self.timing = timing
        cycle = timing.analysesPerCycle
        // A cycle at 44 Hz is 1.14 nominal cycles, and one analysis more for the edge.
        flush = cycle + (cycle + 6) / 7 + 1
        window = Int((rocofWindow_s / timing.analysis_s).rounded())
        inverseWindow = 1 / (Float(window) * timing.analysis_s)
        inverseFive = 1 / (Float(5 * cycle) * timing.analysis_s)
        let advance = Double(timing.nominal_Hz) * Double(timing.analysis_s)
        nominalAdvance = UInt32(advance * 4_294_967_296)
        run = -flush
        reference_Hz = timing.nominal_Hz
    }

    /// Forgets everything but the settings: the samples broke off for too long.
    @_noLocks
    mutating func restart() {
        run = -flush
        isAcquiring = true
        isDisturbed = false
        wantsRetune = false
        calm = 0
        known = 0
        heldFor = 0
        frequency_Hz = 0
        rocof_Hz_s = 0
        slope_Hz_s = 0
        shift_deg = 0
    }

    /// The newest angle, and the positive-sequence voltage as a part of nominal.
    @_noLocks
    mutating func take(_ angle: Turns, level: Float, reference_Hz: Float) {
        index = (index &+ 1) & 1023
        angles[index & 127] = angle.raw
        levels[index & 7] = level
        self.reference_Hz = reference_Hz
        wantsRetune = false
        isDead = !(level >= (isDead ? Self.aliveLevel : Self.deadLevel))
        if isDead {
            restart()
            return
        }
        run = min(run + 1, 1 << 20)
        calm = isDisturbed ? 0 : min(calm + 1, 1 << 20)
        if isAcquiring && run == cycle - 1 {
            let off = frequency(over: cycle) - reference_Hz
            if off.magnitude > Self.retune_Hz {
                wantsRetune = true
                run = -1
                return
            }
        }
        if run >= cycle { follow(level) } else { wait() }
        remember()
    }

    /// A clean run of at least one cycle is there.
    @_noLocks
    private mutating func follow(_ level: Float) {
        if isDisturbed || isAcquiring {
            guard isConsistent(level) else {
                run = cycle - 1
                wait()
                return
            }
        }
        let measured = frequency(over: min(run, 2 * cycle))
        if run == cycle { firstOfRun_Hz = measured }
        let before = run >= 2 * cycle + 1 && known >= cycle ? past(cycle) : firstOfRun_Hz
        shift_deg = shift(from: before)
        let most = threshold(level)
        if !isAcquiring && (shift_deg.magnitude > most || hasStepped(level)) {
            disturb(trustedAge < 3 * cycle ? trusted_Hz : before)
            return
        }
        if shift_deg.magnitude > 0.5 * most { calm = 0 }
        trustedAge = min(trustedAge + 1, 1 << 20)
        if calm > 2 * cycle || trustedAge > 3 * cycle {
            trusted_Hz = before
            trustedAge = 0
        }
        isDisturbed = false
        heldFor = 0
        frequency_Hz = measured
        if run >= 2 * cycle { isAcquiring = false }
    }

    /// Voltage changed at once: by `disturbance_level` within a quarter cycle, or since the last
    /// analysis by more than its own noise could (15 %: five deviations at 6 % of nominal).
    @_noLocks
    private mutating func hasStepped(_ level: Float) -> Bool {
        let quarter = levels[(index &- cycle / 4) & 7]
        let last = levels[(index &- 1) & 7]
        return (level - quarter).magnitude > Self.disturbance_level
            || (level - last).magnitude > 0.15 * level
    }

    /// A step of phase: hold what was known one cycle ago, and write it over what has been
    /// published since, which had part of the step in it.
    @_noLocks
    private mutating func disturb(_ before_Hz: Float) {
        isDisturbed = true
        calm = 0
        run = -flush
        heldFor = 0
        held_Hz = before_Hz
        frequency_Hz = before_Hz
        var k = 1
        while k < cycle {
            history[(index &- k) & 1023] = before_Hz
            k &+= 1
        }
    }

    /// Not yet a clean cycle. A hold is bounded: after ten cycles the angle is followed anyway,
    /// still disturbed, so that a signal which never calms down cannot hide a wrong frequency.
    @_noLocks
    private mutating func wait() {
        guard isDisturbed else { return }
        heldFor = min(heldFor + 1, 1 << 20)
        frequency_Hz = heldFor > 10 * cycle ? frequency(over: cycle) : held_Hz
        // The step is over when it has passed through the window once.
        shift_deg = heldFor <= cycle ? shift(from: held_Hz) : 0
    }

    /// Where the meter's reference should turn: the newest frequency; a rough one where the
    /// reference is far off; else where it is.
    @_noLocks
    mutating func guide_Hz() -> Float {
        if frequency_Hz > 0 { return frequency_Hz }
        if wantsRetune { return frequency(over: cycle) }
        return isDead ? timing.nominal_Hz : reference_Hz
    }

    @_noLocks
    private mutating func remember() {
        guard frequency_Hz > 0 else { return }
        history[index & 1023] = frequency_Hz
        known = min(known + 1, 1024)
        let five = 5 * cycle
        let slope = known > five ? (frequency_Hz - past(five)) * inverseFive : 0
        rocof_Hz_s = known > window ? (frequency_Hz - past(window)) * inverseWindow : slope
        // Two cycles for the angles and five for the slope without a step in them.
        slope_Hz_s = calm > 7 * cycle ? slope : 0
    }

    /// The two halves of the last cycle turned alike.
    @_noLocks
    private mutating func isConsistent(_ level: Float) -> Bool {
        let half = cycle / 2
        let bend = residual(from: 0, to: half) - residual(from: half, to: 2 * half)
        return (bend * 360).magnitude < threshold(level)
    }

    @_noLocks
    private func threshold(_ level: Float) -> Float {
        Self.disturbance_deg / level.clamped(Self.deadLevel, 1)
    }

    /// Degrees the angle moved over the last cycle beyond what `before_Hz` explains.
    @_noLocks
    private mutating func shift(from before_Hz: Float) -> Float {
        let expected = (before_Hz - timing.nominal_Hz) * Float(cycle) * timing.analysis_s
        return (residual(from: 0, to: cycle) - expected) * 360
    }

    @_noLocks
    private mutating func frequency(over n: Int) -> Float {
        timing.nominal_Hz + residual(from: 0, to: n) / (Float(n) * timing.analysis_s)
    }

    /// Turns by which the angle moved between `older` and `newer` analyses ago beyond nominal.
    @_noLocks
    private mutating func residual(from newer: Int, to older: Int) -> Float {
        let moved = angles[(index &- newer) & 127] &- angles[(index &- older) & 127]
        let nominal = nominalAdvance &* UInt32(truncatingIfNeeded: older &- newer)
        return Turns(raw: moved &- nominal).signed
    }

    @_noLocks
    private mutating func past(_ n: Int) -> Float { history[(index &- n) & 1023] }
}
