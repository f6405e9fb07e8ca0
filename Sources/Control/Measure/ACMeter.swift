import Quantities

/// Measures one three-phase or single-phase connection: voltages, currents, powers, frequency
/// and phase, a sample at a time.
///
/// Samples are averaged into slots of 0.2 to 0.4 ms. Each slot is kept with its mean square and
/// its products with a reference that turns at the measured frequency. About every millisecond
/// the slots of exactly one cycle, ends weighted for the fraction, are added up: harmonics, DC
/// offset and the image at twice the frequency integrate to nothing, off nominal too. From the
/// sums come true RMS, the phasors of the fundamental, their symmetrical components and powers;
/// from the angle of the positive sequence come phase and frequency (`FrequencyTracker`).
///
/// What to expect (<doc:Measurement> has the table and the commands that measure it):
/// - RMS, sequences, P and Q: the last cycle, newest figure at most 1.2 ms old. A step is fully
///   seen after one cycle and that.
/// - Frequency: over two cycles, carried on to now along its slope of five cycles. A step of
///   phase beyond 3° or of voltage beyond 0.3 of nominal is no frequency: `isDisturbed`, and the
///   frequency of before is held, 2.1 to 3.5 cycles. Readings before the step is seen may be off
///   by 0.3 Hz for up to 4 ms. A hold ends after ten cycles in any case; `isDisturbed` does not.
/// - Dead, positive sequence below 5 % of nominal (alive again above 6 %): frequency and ROCOF
///   read 0 and the phase means nothing; `isSettled` holds, since RMS is known. When voltage
///   returns RMS is right after one cycle, but `isSettled` falls until frequency and phase are
///   found: 3.5 cycles at nominal frequency, 4.2 (three-phase) to 5.5 at 3 Hz off.
/// - A wrong phase rotation has no positive sequence and so reads dead, with live phase RMS.
/// - Beyond 0.8 ... 1.2 of nominal frequency nothing is ever called settled and undisturbed.
///
/// Fixed size (22 kB), no allocation, no lock, no libm but the square root.
public struct ACMeter: Sendable, BitwiseCopyable {
    private var voltage: VoltageMeter
    private var current = PhaseWindow()
    private let highestSquare: Float
    private let turn: PhaseTurn
    private var sum = SIMD4<Float>.zero
    private var squares = SIMD4<Float>.zero

    public init(_ settings: ACMeterSettings) {
        voltage = VoltageMeter(settings)
        let most = 1000 * settings.nominalCurrent.value
        highestSquare = most * most
        turn = PhaseTurn(settings.currentPhases)
    }

    /// Samples that were missing, not finite or impossibly large, since the meter was made.
    public var missedSamples: UInt64 { voltage.missedSamples }

    /// One sample of the phase voltages and currents, calibrated, in volts and amperes. One phase:
    /// `va` and `ia` alone are looked at. A sample that is not finite, or beyond 50 times nominal
    /// voltage or 1000 times nominal current, is a gap of one sample.
    @_noLocks
    public mutating func take(
        va: Float, vb: Float, vc: Float, ia: Float, ib: Float, ic: Float
    ) {
        let three = voltage.isThreePhase
        let v = three ? SIMD4(va, vb, vc, 0) : SIMD4(va, 0, 0, 0)
        let i = three ? SIMD4(ia, ib, ic, 0) : SIMD4(ia, 0, 0, 0)
        let vv = v * v
        let ii = i * i
        if vv[0] + vv[1] + vv[2] < voltage.highestSquare
            && ii[0] + ii[1] + ii[2] < highestSquare
        {
            voltage.sum += v
            voltage.squares += vv
            sum += i
            squares += ii
            voltage.present &+= 1
        } else {
            voltage.missedSamples &+= 1
        }
        voltage.awaited &-= 1
        voltage.samplesSinceAnalysis &+= 1
        if voltage.awaited == 0 { endSlot() }
    }

    /// A gap of `samples` samples: a tick that was missed. See `VoltageMeter.skip`.
    @_noLocks
    public mutating func skip(_ samples: Int) {
        guard samples > 0 else { return }
        voltage.missedSamples &+= UInt64(samples)
        guard samples < 2 * voltage.slotsPerCycle * voltage.timing.samplesPerSlot else {
            voltage.breakOff(samples)
            return
        }
        var left = samples
        while left > 0 {
            voltage.awaited &-= 1
            voltage.samplesSinceAnalysis &+= 1
            if voltage.awaited == 0 { endSlot() }
            left &-= 1
        }
    }

    /// The newest figures; the phase is carried on to the newest sample.
    @_noLocks
    public mutating func read() -> ACMeasured { voltage.read() }

    @_noLocks
    private mutating func endSlot() {
        let turn = voltage.beginSlot()
        let slot = voltage.slot
        if voltage.hasSlot {
            let k = 1 / Float(voltage.present)
            current.put(slot, mean: sum * k, square: squares * k, cos: turn.cos, sin: turn.sin)
        } else {
            current.coast(slot, back: Int(voltage.reference.slotsPerCycle + 0.5))
        }
        sum = .zero
        squares = .zero
        voltage.closeSlot(turn)
        if voltage.slotsToAnalysis == 0 { analyse(slot) }
    }

    @_noLocks
    private mutating func analyse(_ slot: Int) {
        let span = CycleSpan(slots: voltage.reference.slotsPerCycle)
        let volts = voltage.window.means(newest: slot, span: span)
        let amperes = current.means(newest: slot, span: span)
        let scale = voltage.analyse(volts)
        if voltage.tracker.wantsRetune { current.turn(by: &voltage.reference) }

        let power = Phasors(volts, scale: scale, turned: voltage.turn)
            .power(Phasors(amperes, scale: scale, turned: turn))
        let apparent = root(power.active * power.active + power.reactive * power.reactive)
        voltage.latest.active = Watts(power.active)
        voltage.latest.reactive = Vars(power.reactive)
        voltage.latest.apparent = VoltAmperes(apparent)
        voltage.latest.powerFactor = apparent > 0 ? power.active / apparent : 0
        voltage.latest.currentA = Amperes(root(amperes.square[0]))
        voltage.latest.currentB = Amperes(root(amperes.square[1]))
        voltage.latest.currentC = Amperes(root(amperes.square[2]))
        let direct = amperes.mean
        voltage.latest.directCurrent = Amperes(
            max(direct[0].magnitude, max(direct[1].magnitude, direct[2].magnitude)))
    }
}
