import Quantities

/// How one channel's raw number becomes a quantity, and when it may not be believed.
public struct ChannelSettings: Equatable, Sendable, BitwiseCopyable {
    /// A sensor is wired to this channel. An unfitted channel is never read and never blind.
    public var isFitted: Bool
    /// value = (raw − offset) · gain.
    public var gain: Float
    public var offset: Float
    /// Raw numbers at or beyond these are saturated.
    public var lowest: Float
    public var highest: Float
    /// Older than this many ticks is stale.
    public var staleAfter: UInt16
    /// The very same raw number for this many ticks is stuck; 0 switches the test off.
    public var stuckAfter: UInt16

    public init(
        isFitted: Bool = false, gain: Float = 1, offset: Float = 0,
        lowest: Float = -.infinity, highest: Float = .infinity,
        staleAfter: UInt16 = 5, stuckAfter: UInt16 = 0
    ) {
        self.isFitted = isFitted
        self.gain = gain
        self.offset = offset
        self.lowest = lowest
        self.highest = highest
        self.staleAfter = staleAfter
        self.stuckAfter = stuckAfter
    }
}

/// What the counts mean, and which channels cannot be believed.
public struct Readings: Sendable, BitwiseCopyable {
    public var waves: InlineArray<9, InlineArray<20, Float>>
    public var scalars: InlineArray<19, Float>
    public var blind: ChannelSet

    public init() {
        waves = InlineArray(repeating: InlineArray(repeating: 0))
        scalars = InlineArray(repeating: .nan)
        blind = ChannelSet()
    }
    @inlinable public subscript(_ channel: ScalarChannel) -> Float {
        scalars[Int(channel.rawValue)]
    }
}

/// Turns counts into quantities and watches each channel for stale, stuck, saturated and NaN.
public struct Calibrator: Sendable {
    public var waves: InlineArray<9, ChannelSettings>
    public var scalars: InlineArray<19, ChannelSettings>
    private var wavesLast: InlineArray<9, Int32>
    private var wavesSame: InlineArray<9, UInt16>
    private var wavesFull: InlineArray<9, UInt16>
    private var wavesSum: InlineArray<9, UInt32>
    private var scalarsLast: InlineArray<19, Float>
    private var scalarsSame: InlineArray<19, UInt16>
    /// A saturated waveform is believed for this many ticks: one clipped crest is not blindness.
    private let clipTolerance: UInt16

    public init(
        waves: InlineArray<9, ChannelSettings>, scalars: InlineArray<19, ChannelSettings>,
        rate: TickRate
    ) {
        self.waves = waves
        self.scalars = scalars
        wavesLast = InlineArray(repeating: .min)
        wavesSame = InlineArray(repeating: 0)
        wavesFull = InlineArray(repeating: 0)
        wavesSum = InlineArray(repeating: 0)
        scalarsLast = InlineArray(repeating: .nan)
        scalarsSame = InlineArray(repeating: 0)
        clipTolerance = UInt16(max(2, rate.ticks(Seconds(0.030))))
    }

    /// Fills `readings` from `sample`. A blind channel's figures are still computed (people want to
    /// see them); its bit in `blind` says that nothing may be proved from them. Stuck is one number
    /// for ever, or one and the same block again and again.
    public mutating func calibrate(_ sample: Sample, into readings: inout Readings) {
        var blind: UInt64 = 0
        let length = max(0, min(sample.blockLength, blockLimit))
        for c in 0..<9 where waves[c].isFitted {
            let gain = waves[c].gain, offset = waves[c].offset
            let low = waves[c].lowest, high = waves[c].highest
            var same = true, clipped = false
            let first = wavesLast[c]
            var sum: UInt32 = 0
            var k = 0
            while k < length {
                let count = sample.waves[c].counts[k]
                let raw = Float(count)
                same = same && count == first
                // A polynomial hash of the block, as Java's of a string.
                sum = sum &* 31 &+ UInt32(bitPattern: count)
                clipped = clipped || !(raw > low && raw < high)
                readings.waves[c][k] = (raw - offset) * gain
                k &+= 1
            }
            // A tick without samples teaches nothing.
            if length > 0 {
                wavesLast[c] = sample.waves[c].counts[length &- 1]
                same = same || sum == wavesSum[c]
                wavesSum[c] = sum
                wavesSame[c] = same ? min(wavesSame[c], 0xFFFE) &+ 1 : 0
                // It is forgotten as slowly as it was learned, and no slower.
                wavesFull[c] =
                    clipped
                    ? min(wavesFull[c] &+ 1, 2 &* clipTolerance)
                    : wavesFull[c] &- min(wavesFull[c], 1)
            }
            let stuck = waves[c].stuckAfter > 0 && wavesSame[c] >= waves[c].stuckAfter
            // The highest age means never.
            let age = sample.waves[c].age
            let fresh = age <= waves[c].staleAfter && age < .max
            let isFinite = gain.isFinite && offset.isFinite
            if !fresh || stuck || wavesFull[c] > clipTolerance || !isFinite {
                blind |= 1 << UInt64(c)
            }
        }
        for c in 0..<19 where scalars[c].isFitted {
            let reading = sample.scalars[c]
            let value = (reading.raw - scalars[c].offset) * scalars[c].gain
            readings.scalars[c] = value
            let fresh = reading.age <= scalars[c].staleAfter && reading.age < .max
            let inRange = reading.raw > scalars[c].lowest && reading.raw < scalars[c].highest
            scalarsSame[c] =
                reading.raw == scalarsLast[c] ? min(scalarsSame[c], 0xFFFE) &+ 1 : 0
            scalarsLast[c] = reading.raw
            let stuck = scalars[c].stuckAfter > 0 && scalarsSame[c] >= scalars[c].stuckAfter
            if !(fresh && inRange && value.isFinite) || stuck { blind |= 1 << UInt64(16 &+ c) }
        }
        readings.blind = ChannelSet(bits: blind | UInt64(sample.deafContacts.bits) << 48)
    }
}
