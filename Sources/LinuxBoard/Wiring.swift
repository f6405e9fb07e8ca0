import Control

/// Which slot of which thread carries which channel, contact and output: what a board file comes
/// down to once its names are resolved.
public struct Wiring: Sendable {
    /// A reading in `slot` is a scalar channel, in the chip's unit; calibration makes it the
    /// channel's.
    public struct ScalarWire: Equatable, Sendable {
        public var channel: ScalarChannel
        public var slot: Int
        public init(_ channel: ScalarChannel, slot: Int) {
            (self.channel, self.slot) = (channel, slot)
        }
    }
    /// A column of the captured rows is a waveform, in counts.
    public struct WaveWire: Equatable, Sendable {
        public var channel: WaveChannel
        public var column: Int
        public init(_ channel: WaveChannel, column: Int) {
            (self.channel, self.column) = (channel, column)
        }
    }
    /// Bit `bit` of the levels in `slot` is a contact. An expander does not invert by itself.
    public struct ContactWire: Equatable, Sendable {
        public var contact: Contact
        public var slot: Int
        public var bit: Int
        public var isInverted: Bool
        public init(_ contact: Contact, slot: Int, bit: Int, isInverted: Bool = false) {
            (self.contact, self.slot, self.bit) = (contact, slot, bit)
            self.isInverted = isInverted
        }
    }
    /// What an output line follows.
    public enum Driver: Equatable, Sendable {
        case output(Output)
        case converter
    }
    /// Bit `bit` of the wish in `slot` is an output.
    public struct OutputWire: Equatable, Sendable {
        public var driver: Driver
        public var slot: Int
        public var bit: Int
        public var isInverted: Bool
        public init(_ driver: Driver, slot: Int, bit: Int, isInverted: Bool = false) {
            (self.driver, self.slot, self.bit) = (driver, slot, bit)
            self.isInverted = isInverted
        }
    }
    /// A figure of the command that an analogue reference can carry.
    public enum Figure: String, CaseIterable, Sendable {
        case converterVoltage, converterMostOut, converterMostIn
        case inverterFrequency, inverterVoltage, inverterActive, inverterReactive
        case renewables, charging
    }
    /// The wish in `slot` is `figure` · gain + offset, in the output's unit, inside its range.
    public struct ReferenceWire: Equatable, Sendable {
        public var figure: Figure
        public var slot: Int
        public var gain, offset: Float
        public var range: ClosedRange<Float>
        public init(
            _ figure: Figure, slot: Int, gain: Float, offset: Float, range: ClosedRange<Float>
        ) {
            (self.figure, self.slot, self.gain) = (figure, slot, gain)
            (self.offset, self.range) = (offset, range)
        }
    }
    public var scalars: [ScalarWire] = []
    public var waves: [WaveWire] = []
    /// Rows of waveforms that come together, and how many there are in a tick, in the mean.
    public var waveBlock = 0
    public var samplesPerTick = 0
    public var contacts: [ContactWire] = []
    public var outputs: [OutputWire] = []
    public var references: [ReferenceWire] = []
    public var readingSlots = 0
    public var wishSlots = 0
    /// Feedback older than this is deaf.
    public var contactAge_s = 0.05
    /// Counts what flows through `batteryCurrent`, where no chip knows the state of charge.
    public var coulombs: CoulombCounter?
    public init() {}
}
