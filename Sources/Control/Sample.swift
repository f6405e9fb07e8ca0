/// The most samples of one waveform in one tick: 20 kS/s at 1 kHz.
public let blockLimit = 20

/// One waveform's block of raw counts, oldest first, and the age of its newest sample in ticks.
public struct Wave: Sendable, BitwiseCopyable {
    public var counts: InlineArray<20, Int32>
    public var age: UInt16
    public init() { counts = InlineArray(repeating: 0); age = .max }
}

/// One slow reading as the driver gives it (counts or a finished unit), and its age in ticks.
public struct Scalar: Sendable, BitwiseCopyable {
    /// May be NaN: a driver that has nothing to say says so.
    public var raw: Float
    public var age: UInt16
    @inlinable public init(raw: Float = .nan, age: UInt16 = .max) { self.raw = raw; self.age = age }
}

/// All that a board knows at one tick: raw numbers with their ages, and the feedback of contacts.
public struct Sample: Sendable, BitwiseCopyable {
    public var tick: Tick
    /// Samples in every wave's block, 0 ... `blockLimit`. 0 on boards without waveforms.
    public var blockLength: Int
    /// Samples known to be missing between the last block and this one, 0 or more; only of a
    /// converter that has its own clock (`SampleClock.converter`).
    public var lostSamples: Int
    public var waves: InlineArray<9, Wave>
    public var scalars: InlineArray<20, Scalar>
    public var contacts: LineSet
    /// Contacts whose feedback could not be read this tick.
    public var deafContacts: LineSet

    public init(tick: Tick = Tick(0)) {
        self.tick = tick
        blockLength = 0
        lostSamples = 0
        waves = InlineArray(repeating: Wave())
        scalars = InlineArray(repeating: Scalar())
        contacts = LineSet()
        deafContacts = LineSet()
    }
    @inlinable public subscript(_ channel: ScalarChannel) -> Scalar {
        get { scalars[Int(channel.rawValue)] }
        set { scalars[Int(channel.rawValue)] = newValue }
    }
}
