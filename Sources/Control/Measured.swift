import Quantities

/// What one side of a three-phase (or single-phase) connection is doing now.
///
/// Every figure is the meter's newest; `isSettled` is false until enough samples were seen, and
/// then nothing here may be called healthy.
public struct ACMeasured: Equatable, Sendable, BitwiseCopyable {
    /// Phase-to-neutral RMS over the last cycle, phases a, b, c. One phase: `a` alone.
    public var phaseA = Volts(0)
    public var phaseB = Volts(0)
    public var phaseC = Volts(0)
    /// Phase-to-phase RMS over the last cycle; nil, and `hasLines` false, on one phase and behind a
    /// meter chip.
    public var lineAB = Volts(0)
    public var lineBC = Volts(0)
    public var lineCA = Volts(0)
    public var hasLines = false
    /// Positive- and negative-sequence phase voltage, RMS. One phase: positive is the phase itself.
    public var positive = Volts(0)
    public var negative = Volts(0)
    /// Frequency of the positive sequence; filtered, see `ACMeter`. 0 where there is none: dead.
    public var frequency = Hertz(0)
    /// Rate of change of frequency over the meter's ROCOF window.
    public var rocof = HertzPerSecond(0)
    /// Phase of the positive-sequence voltage at the last sample of the block (cosine reference).
    public var phase = Turns.zero
    /// Phase currents, RMS.
    public var currentA = Amperes(0)
    public var currentB = Amperes(0)
    public var currentC = Amperes(0)
    /// Three-phase powers of the fundamental, positive into the site's bus.
    public var active = Watts(0)
    public var reactive = Vars(0)
    public var apparent = VoltAmperes(0)
    /// Active over apparent, −1 ... 1; 0 where the apparent power is nil.
    public var powerFactor: Float = 0
    /// Everything in the voltages but the fundamental, over the fundamental (THD and noise), 0 ... .
    public var distortion: Float = 0
    /// The largest of the phases' mean currents, a magnitude: DC injection or a sensor's offset.
    public var directCurrent = Amperes(0)
    /// Phase step over one cycle in degrees beyond what frequency explains, as loss-of-mains relays
    /// measure it: the largest since the last reading, with its sign.
    public var vectorShift: Float = 0
    /// A phase step is passing through the windows; frequency is held, not measured.
    public var isDisturbed = false
    /// The meter has seen enough to be believed. A dead circuit is settled and has frequency 0.
    public var isSettled = false

    public init() {}

    /// The lowest and the highest of the phase voltages and, each over √3, of the phase-to-phase
    /// voltages: per unit of their own nominal ("applicable voltages", IEEE 1547-2018, 4.3).
    /// One-phase meters copy `a` into all three. NaN where any is not finite: `min` and `max` would
    /// let two of three NaN go by.
    public var lowest: Volts {
        guard areFinite else { return Volts(.nan) }
        let phase = min(phaseA, min(phaseB, phaseC))
        return hasLines ? min(phase, min(lineAB, min(lineBC, lineCA)) * Self.perLine) : phase
    }
    public var highest: Volts {
        guard areFinite else { return Volts(.nan) }
        let phase = max(phaseA, max(phaseB, phaseC))
        return hasLines ? max(phase, max(lineAB, max(lineBC, lineCA)) * Self.perLine) : phase
    }
    private var areFinite: Bool {
        (phaseA + phaseB + phaseC + lineAB + lineBC + lineCA).isFinite
    }
    /// 1/√3.
    private static var perLine: Float { 0.577_350_27 }
    public var highestCurrent: Amperes {
        (currentA + currentB + currentC).isFinite
            ? max(currentA, max(currentB, currentC)) : Amperes(.nan)
    }
}

/// Everything that protection and decisions may look at in one tick.
public struct Measured: Equatable, Sendable, BitwiseCopyable {
    /// The grid's side of the islanding switch, and the site's bus. The bus has the currents.
    public var grid = ACMeasured()
    public var bus = ACMeasured()
    /// Grid minus bus: phase (−180 ..< 180°), frequency and positive-sequence voltage.
    public var angleAcross_deg: Float = .nan
    public var slip = Hertz(.nan)
    public var voltageAcross = Volts(.nan)
    public var dcBusVoltage = Volts(.nan)
    public var converterCurrent = Amperes(.nan)
    public var batteryVoltage = Volts(.nan)
    public var batteryCurrent = Amperes(.nan)
    public var batteryTemperature = Celsius(.nan)
    /// 0 ... 1.
    public var stateOfCharge: Float = .nan
    public var linkVoltage = Volts(.nan)
    public var pvPower = Watts(.nan)
    public var windPower = Watts(.nan)
    public var evPower = Watts(.nan)
    public var loadPower = Watts(.nan)
    public var contacts = LineSet()
    public var blind = ChannelSet()
    /// Below this positive-sequence voltage a frequency has no meaning.
    public var frequencyFloor = Volts(0)
    public init() {}
}
