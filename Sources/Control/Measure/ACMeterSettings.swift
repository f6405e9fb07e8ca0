import Quantities

/// What a meter is told once: the network it looks at and how fast it is sampled.
public struct ACMeterSettings: Sendable, BitwiseCopyable {
    /// 50 or 60 Hz.
    public var nominalFrequency: Hertz
    /// Phase-to-neutral RMS; above zero.
    public var nominalVoltage: Volts
    /// 1 or 3.
    public var phases: Int
    /// Samples per second, 2 kHz ... 200 kHz.
    public var sampleRate: Hertz
    /// Phase RMS; above zero. A current sample beyond 1000 times this is a gap, not a reading.
    public var nominalCurrent: Amperes
    /// The window of `rocof`: 0.08 ... 0.5 s. Five cycles unless said otherwise; loss-of-mains
    /// relays use 0.5 s (ENA G99: 1 Hz/s over 500 ms).
    public var rocofWindow: Seconds
    /// What must be added to the phase of each voltage and current at nominal frequency to make it
    /// true: phases a, b, c. Of a time skew it is right to f / nominal: 1 % off at 1 % off nominal.
    public var voltagePhases = InlineArray<3, Turns>(repeating: .zero)
    public var currentPhases = InlineArray<3, Turns>(repeating: .zero)

    public init(
        nominalFrequency: Hertz, nominalVoltage: Volts, phases: Int, sampleRate: Hertz,
        nominalCurrent: Amperes, rocofWindow: Seconds? = nil
    ) {
        self.nominalFrequency = nominalFrequency
        self.nominalVoltage = nominalVoltage
        self.phases = phases
        self.sampleRate = sampleRate
        self.nominalCurrent = nominalCurrent
        self.rocofWindow = rocofWindow ?? Seconds(5 / nominalFrequency.value)
    }

    /// Nothing a meter could not work with. A meter refuses (traps on) settings that are not.
    public var isValid: Bool {
        (nominalFrequency.value == 50 || nominalFrequency.value == 60)
            && nominalVoltage.value > 0 && nominalVoltage.isFinite
            && nominalCurrent.value > 0 && nominalCurrent.isFinite
            && (phases == 1 || phases == 3)
            && sampleRate.value >= 2000 && sampleRate.value <= 200_000
            && rocofWindow.value >= 0.08 && rocofWindow.value <= 0.5
    }
}

/// Lengths that follow from the settings, worked out once.
///
/// Samples are averaged into *slots* of 0.2 to 0.4 ms, and every millisecond or so the slots of
/// the last cycle are *analysed*.
struct MeterTiming: Equatable, Sendable {
    /// Samples in a slot, 1 at the lowest sample rates.
    let samplesPerSlot: Int
    /// Slots per second, 2.4 ... 4.8 kHz (2 kHz when sampled at 2 kHz).
    let slotRate_Hz: Float
    /// Slots between two analyses.
    let slotsPerAnalysis: Int
    /// Seconds between two analyses, 0.6 ... 1.2 ms.
    let analysis_s: Float
    /// Analyses in one nominal cycle, to the nearest.
    let analysesPerCycle: Int
    /// Slots in half a nominal cycle, to the nearest: where the window's phase belongs.
    let slotsToCentre: Int
    /// Seconds from the newest slot's middle back to `slotsToCentre`.
    let centre_s: Float
    /// Seconds from the middle of a slot to its last sample.
    let halfSlot_s: Float
    let sample_s: Float
    let nominal_Hz: Float
    /// A slot is the mean of m samples and so passes a sine of f with gain 1 − `droop` · f²,
    /// `droop` = (π / rate)² (m² − 1) / 6 (series of the Dirichlet kernel).
    let droop: Float

    init(_ settings: ACMeterSettings) {
        precondition(settings.isValid, "settings no meter can work with")
        let rate = settings.sampleRate.value
        let m = max(1, Int((rate / 4800).rounded(.up)))
        samplesPerSlot = m
        slotRate_Hz = rate / Float(m)
        slotsPerAnalysis = max(1, Int((slotRate_Hz / 1000).rounded()))
        analysis_s = Float(slotsPerAnalysis) / slotRate_Hz
        nominal_Hz = settings.nominalFrequency.value
        analysesPerCycle = Int((1 / (nominal_Hz * analysis_s)).rounded())
        slotsToCentre = Int((slotRate_Hz / nominal_Hz / 2).rounded())
        centre_s = Float(slotsToCentre) / slotRate_Hz
        halfSlot_s = Float(m - 1) / (2 * rate)
        sample_s = 1 / rate
        let x = Float.pi / rate
        droop = x * x * Float(m * m - 1) / 6
    }
}
