import Blocks
import Quantities

/// The oscillator that signals are turned back by: one step per slot, following the measured
/// frequency so that a window of one of its cycles is one of the network's.
struct PhaseReference: Sendable, BitwiseCopyable {
    /// Hertz per second at which the reference may follow, so that it is straight enough over one
    /// window: the bend of a ramp r adds r · T² / 24 = 60 · 0.02² / 24 = 0.001 turn.
    static var slew_Hz_s: Float { 60 }

    private(set) var frequency_Hz: Float
    private let nominal_Hz: Float
    private let slotRate_Hz: Float
    private let slew_Hz: Float
    private var phase: UInt32 = 0
    private var step: UInt32
    private var phases = InlineArray<128, UInt32>(repeating: 0)

    init(_ timing: MeterTiming) {
        nominal_Hz = timing.nominal_Hz
        slotRate_Hz = timing.slotRate_Hz
        frequency_Hz = nominal_Hz
        slew_Hz = Self.slew_Hz_s * timing.analysis_s
        step = UInt32(nominal_Hz / slotRate_Hz * 4_294_967_296)
    }

    /// Slots in one cycle of the reference.
    var slotsPerCycle: Float { @_noLocks get { slotRate_Hz / frequency_Hz } }

    /// On to the slot `index`; the cosine and sine there.
    @_noLocks
    mutating func turn(to index: Int) -> (cos: Float, sin: Float) {
        phase &+= step
        phases[index & 127] = phase
        return cosineSine(Turns(raw: phase))
    }

    /// On by many slots at once, none of which anybody will ask about.
    @_noLocks
    mutating func leap(_ slots: Int) { phase &+= step &* UInt32(truncatingIfNeeded: slots) }

    @_noLocks
    mutating func phase(at index: Int) -> Turns { Turns(raw: phases[index & 127]) }

    /// Turns at `guide_Hz` from now on, and as if it had for the last 128 slots up to `newest`.
    /// What was turned back by the old phases must be turned back again.
    @_noLocks
    mutating func retune(_ guide_Hz: Float, newest: Int) {
        frequency_Hz = guide_Hz.clamped(0.8 * nominal_Hz, 1.2 * nominal_Hz)
        step = UInt32(frequency_Hz / slotRate_Hz * 4_294_967_296)
        var k: UInt32 = 0
        while k < 128 {
            phases[(newest &- Int(k)) & 127] = phase &- step &* k
            k &+= 1
        }
    }

    /// An eighth of the way towards `guide_Hz`, within the slew and 0.8 ... 1.2 of nominal.
    @_noLocks
    mutating func follow(_ guide_Hz: Float) {
        let wanted = guide_Hz.clamped(0.8 * nominal_Hz, 1.2 * nominal_Hz)
        frequency_Hz += ((wanted - frequency_Hz) * 0.125).clamped(-slew_Hz, slew_Hz)
        step = UInt32(frequency_Hz / slotRate_Hz * 4_294_967_296)
    }
}
