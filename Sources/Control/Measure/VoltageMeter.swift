import Blocks
import Quantities

/// A meter of voltages alone, for the far side of a switch. See `ACMeter`, whose half it is: all
/// figures but currents and powers, which stay zero.
public struct VoltageMeter: Sendable, BitwiseCopyable {
    /// Samples that were missing, not finite or impossibly large, since the meter was made.
    public internal(set) var missedSamples: UInt64 = 0

    let timing: MeterTiming
    let isThreePhase: Bool
    let perNominal: Float
    let highestSquare: Float
    var window = PhaseWindow()
    var reference: PhaseReference
    var tracker: FrequencyTracker
    var latest = ACMeasured()
    /// The slot being filled.
    var sum = SIMD4<Float>.zero
    var squares = SIMD4<Float>.zero
    var present = 0
    var awaited: Int
    var slot = 0
    var slotsToAnalysis: Int
    var samplesSinceAnalysis = 0
    /// Angle half a nominal cycle before the newest analysed slot.
    var centreAngle = Turns.zero
    /// Slots still to come before one cycle is full.
    var unfilled: Int
    /// Four for every slot that had to be made up, less one for every real one. More than a
    /// cycle's slots, which a quarter cycle of gap amounts to, and the window is not believed.
    var debt = 0
    let slotsPerCycle: Int
    let turn: PhaseTurn

    public init(_ settings: ACMeterSettings) {
        timing = MeterTiming(settings)
        isThreePhase = settings.phases == 3
        perNominal = 1 / settings.nominalVoltage.value
        let most = 50 * settings.nominalVoltage.value
        highestSquare = most * most
        reference = PhaseReference(timing)
        tracker = FrequencyTracker(timing, rocofWindow_s: settings.rocofWindow.value)
        awaited = timing.samplesPerSlot
        slotsToAnalysis = timing.slotsPerAnalysis
        slotsPerCycle = Int(timing.slotRate_Hz / timing.nominal_Hz)
        unfilled = PhaseWindow.capacity
        turn = PhaseTurn(settings.voltagePhases)
    }

    /// One sample of the phase voltages, in volts. One phase: `va` alone is looked at.
    @_noLocks
    public mutating func take(va: Float, vb: Float = 0, vc: Float = 0) {
        let v = isThreePhase ? SIMD4(va, vb, vc, 0) : SIMD4(va, 0, 0, 0)
        let vv = v * v
        if vv[0] + vv[1] + vv[2] < highestSquare {
            sum += v
            squares += vv
            present &+= 1
        } else {
            missedSamples &+= 1
        }
        awaited &-= 1
        samplesSinceAnalysis &+= 1
        if awaited == 0 { endSlot() }
    }

    /// A gap of `samples` samples: a tick that was missed. The windows go on with what was there
    /// one cycle ago, so the phase coasts; after more than a quarter cycle they are unsettled, and
    /// after two cycles they begin again.
    @_noLocks
    public mutating func skip(_ samples: Int) {
        guard samples > 0 else { return }
        missedSamples &+= UInt64(samples)
        guard samples < 2 * slotsPerCycle * timing.samplesPerSlot else {
            breakOff(samples)
            return
        }
        var left = samples
        while left > 0 {
            awaited &-= 1
            samplesSinceAnalysis &+= 1
            if awaited == 0 { endSlot() }
            left &-= 1
        }
    }

    /// The newest figures; the phase is carried on to the newest sample.
    @_noLocks
    public mutating func read() -> ACMeasured {
        var measured = latest
        finish(&measured)
        return measured
    }

    // MARK: Steps shared with ACMeter

    /// Forgets the windows and lets the reference turn on.
    @_noLocks
    mutating func breakOff(_ samples: Int) {
        let slots = samples / timing.samplesPerSlot
        reference.leap(slots)
        slot &+= slots
        unfilled = PhaseWindow.capacity
        debt = 0
        tracker.restart()
        latest.isSettled = false
    }

    @_noLocks
    private mutating func endSlot() {
        let turn = beginSlot()
        closeSlot(turn)
        if slotsToAnalysis == 0 {
            let means = window.means(newest: slot, span: CycleSpan(slots: reference.slotsPerCycle))
            _ = analyse(means)
        }
    }

    /// The reference of the slot just filled.
    @_noLocks
    mutating func beginSlot() -> (cos: Float, sin: Float) {
        slot &+= 1
        return reference.turn(to: slot)
    }

    /// More than half of the slot's samples are there; else it is made up.
    var hasSlot: Bool { @_noLocks get { present &* 2 > timing.samplesPerSlot } }

    @_noLocks
    mutating func closeSlot(_ turn: (cos: Float, sin: Float)) {
        if hasSlot {
            let k = 1 / Float(present)
            window.put(slot, mean: sum * k, square: squares * k, cos: turn.cos, sin: turn.sin)
            debt = max(0, debt &- 1)
        } else {
            window.coast(slot, back: Int(reference.slotsPerCycle + 0.5))
            debt = min(debt &+ 4, 2 &* slotsPerCycle)
        }
        sum = .zero
        squares = .zero
        present = 0
        awaited = timing.samplesPerSlot
        unfilled = max(0, unfilled &- 1)
        slotsToAnalysis &-= 1
    }

    /// Figures of the voltage from its means; the scale from means to amplitudes.
    @_noLocks
    mutating func analyse(_ means: WindowMeans) -> Float {
        slotsToAnalysis = timing.slotsPerAnalysis
        samplesSinceAnalysis = 0
        let f = reference.frequency_Hz
        let scale = 2 / (1 - timing.droop * f * f)
        let spectrum = Phasors(means, scale: scale, turned: turn)
        let positive = isThreePhase ? spectrum.positive : spectrum.a
        let level = root(positive.norm * 0.5)
        latest.positive = Volts(level)
        latest.negative = Volts(isThreePhase ? root(spectrum.negative.norm * 0.5) : 0)
        let variance = means.square - means.mean * means.mean
        latest.phaseA = Volts(root(variance[0]))
        latest.phaseB = isThreePhase ? Volts(root(variance[1])) : latest.phaseA
        latest.phaseC = isThreePhase ? Volts(root(variance[2])) : latest.phaseA
        if isThreePhase {
            // ⟨(a − b)²⟩ = ⟨a²⟩ + ⟨b²⟩ − 2⟨ab⟩. The products are those of slots' means: the scale
            // undoes what that takes off the fundamental.
            let twice = means.products * (0.5 * scale * scale) + spectrum.productShift * 2
            latest.lineAB = Volts(root(variance[0] + variance[1] - twice[0]))
            latest.lineBC = Volts(root(variance[1] + variance[2] - twice[1]))
            latest.lineCA = Volts(root(variance[2] + variance[0] - twice[2]))
            latest.hasLines = true
        }
        let fundamental = spectrum.squareSum * 0.5
        let rest = variance[0] + variance[1] + variance[2] - fundamental
        latest.distortion = fundamental > 0 ? root(rest / fundamental) : 0

        let centre = reference.phase(at: slot &- timing.slotsToCentre)
        centreAngle = angle(x: positive.re, y: positive.im) + centre
        if unfilled > 0 {
            tracker.restart()
        } else {
            tracker.take(centreAngle, level: level * perNominal, reference_Hz: f)
        }
        if tracker.wantsRetune {
            reference.retune(tracker.guide_Hz(), newest: slot)
            window.turn(by: &reference)
        } else {
            reference.follow(tracker.guide_Hz())
        }
        if tracker.shift_deg.magnitude > latest.vectorShift.magnitude || hasRead {
            latest.vectorShift = tracker.shift_deg
            hasRead = false
        }
        return scale
    }

    /// A read begins a new search for the largest shift.
    var hasRead = true

    /// What `read` adds to the newest analysis.
    @_noLocks
    mutating func finish(_ measured: inout ACMeasured) {
        let slope = tracker.isDisturbed ? 0 : tracker.slope_Hz_s.clamped(-10, 10)
        let since = Float(samplesSinceAnalysis) * timing.sample_s
        let f = tracker.frequency_Hz
        let lag = Float(timing.analysesPerCycle) * timing.analysis_s + timing.centre_s
        let now = f > 0 ? f + slope * lag : 0
        measured.frequency = Hertz(now)
        measured.rocof = HertzPerSecond(tracker.rocof_Hz_s)
        measured.isDisturbed = tracker.isDisturbed
        measured.isSettled =
            unfilled == 0 && debt <= slotsPerCycle && (tracker.isDead || !tracker.isAcquiring)
        let carried = timing.centre_s + timing.halfSlot_s + since
        let turning = f > 0 ? now - slope * carried * 0.5 : reference.frequency_Hz
        measured.phase = centreAngle + Turns(fraction: turning * carried)
        hasRead = true
    }
}
