import Blocks
import Quantities

/// What a calibration adds to a nominal reading v, ΔT above the temperature it was done at:
/// (zero + zeroPerKelvin · ΔT) + (scale + scalePerKelvin · ΔT) · v + curvature · v².
public struct Correction: Equatable, Sendable, BitwiseCopyable {
    /// In the channel's unit.
    public var zero: Float = 0
    /// A ratio.
    public var scale: Float = 0
    /// 1 over the channel's unit. Of slow channels only: of a waveform it would make a harmonic of
    /// every sine, and nobody has found one by its RMS.
    public var curvature: Float = 0
    public var zeroPerKelvin: Float = 0
    public var scalePerKelvin: Float = 0
    public var temperature = Celsius(25)
    public init() {}

    /// Zero and scale, `warmer` kelvin above `temperature`.
    @inlinable func at(_ warmer: Float) -> (zero: Float, scale: Float) {
        (zero + zeroPerKelvin * warmer, scale + scalePerKelvin * warmer)
    }
}

/// How one channel's raw number becomes a quantity, and when it may not be believed.
public struct ChannelSettings: Equatable, Sendable, BitwiseCopyable {
    /// A sensor is wired to this channel. An unfitted channel is never read and never blind.
    public var isFitted: Bool
    /// value = v + correction, v = (raw − offset) · gain.
    public var gain: Float
    public var offset: Float
    /// What a calibration adds to v.
    public var correction = Correction()
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

    /// What a slow channel's `raw` means, `warmer` kelvin above where its correction was found.
    @inlinable public func value(of raw: Float, warmer: Float = 0) -> Float {
        let v = (raw - offset) * gain
        let c = correction.at(warmer)
        return v + (c.zero + (c.scale + correction.curvature * v) * v)
    }
}

/// What the counts mean, and which channels cannot be believed.
public struct Readings: Sendable, BitwiseCopyable {
    public var waves: InlineArray<9, InlineArray<20, Float>>
    public var scalars: InlineArray<20, Float>
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
///
/// Where the board knows its own temperature, gains and offsets follow it by their coefficients. A
/// temperature that is blind holds its last sound value, for a board's mass moves slowly; before the
/// first every channel is taken to be at the temperature of its correction.
public struct Calibrator: Sendable, BitwiseCopyable {
    public var waves: InlineArray<9, ChannelSettings>
    public var scalars: InlineArray<20, ChannelSettings>
    private var wavesLast: InlineArray<9, Int32>
    private var wavesSame: InlineArray<9, UInt16>
    private var wavesFull: InlineArray<9, UInt16>
    private var wavesSum: InlineArray<9, UInt32>
    private var scalarsLast: InlineArray<20, Float>
    private var scalarsSame: InlineArray<20, UInt16>
    /// A saturated waveform is believed for this many ticks: one clipped crest is not blindness.
    private let clipTolerance: UInt16
    /// The board's temperature, the last sound one; NaN before the first.
    private var boardTemperature = Celsius(.nan)
    /// Turns active and reactive power of a meter chip by the phase error of its current.
    private let powerTurn: (cos: Float, sin: Float)

    public init(
        waves: InlineArray<9, ChannelSettings>, scalars: InlineArray<20, ChannelSettings>,
        rate: TickRate, chipPhase: Turns = .zero
    ) {
        let turn = cosineSine(chipPhase)
        powerTurn = (turn.0, turn.1)
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
            let correction = waves[c].correction.at(warmth(waves[c]))
            let low = waves[c].lowest, high = waves[c].highest
            // Once: to read one element of an array the compiler copies the whole of it
            // (`PhaseWindow.means`).
            let wave = sample.waves[c]
            let counts = wave.counts
            var values = readings.waves[c]
            var same = true, clipped = false
            let first = wavesLast[c]
            var sum: UInt32 = 0
            var k = 0
            while k < length {
                let count = counts[k]
                let raw = Float(count)
                same = same && count == first
                // A polynomial hash of the block, as Java's of a string.
                sum = sum &* 31 &+ UInt32(bitPattern: count)
                clipped = clipped || !(raw > low && raw < high)
                let v = (raw - offset) * gain
                values[k] = v + (correction.zero + correction.scale * v)
                k &+= 1
            }
            readings.waves[c] = values
            // A tick without samples teaches nothing.
            if length > 0 {
                wavesLast[c] = counts[length &- 1]
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
            let age = wave.age
            let fresh = age <= waves[c].staleAfter && age < .max
            let isFinite =
                gain.isFinite && offset.isFinite && correction.zero.isFinite
                && correction.scale.isFinite
            if !fresh || stuck || wavesFull[c] > clipTolerance || !isFinite {
                blind |= 1 << UInt64(c)
            }
        }
        for c in 0..<20 where scalars[c].isFitted {
            let reading = sample.scalars[c]
            let value = scalars[c].value(of: reading.raw, warmer: warmth(scalars[c]))
            // One NaN for all that is no number: its sign after ∞ · 0 and its payload are the
            // processor's choice, and would make records differ between two of them.
            readings.scalars[c] = value.isFinite ? value : .nan
            let fresh = reading.age <= scalars[c].staleAfter && reading.age < .max
            let inRange = reading.raw > scalars[c].lowest && reading.raw < scalars[c].highest
            scalarsSame[c] =
                reading.raw == scalarsLast[c] ? min(scalarsSame[c], 0xFFFE) &+ 1 : 0
            scalarsLast[c] = reading.raw
            let stuck = scalars[c].stuckAfter > 0 && scalarsSame[c] >= scalars[c].stuckAfter
            if !(fresh && inRange && value.isFinite) || stuck { blind |= 1 << UInt64(16 &+ c) }
        }
        turnPowers(&readings)
        readings.blind = ChannelSet(bits: blind | UInt64(sample.deafContacts.bits) << 48)
        // Last: a channel's own temperature coefficient goes by the tick before.
        let board = Celsius(readings[.boardTemperature])
        if scalars[Int(ScalarChannel.boardTemperature.rawValue)].isFitted && board.isFinite
            && !readings.blind.meets(.scalar(.boardTemperature))
        {
            boardTemperature = board
        }
    }

    /// Kelvin above where the channel's correction was found; nil where nobody knows the temperature.
    private func warmth(_ channel: ChannelSettings) -> Float {
        boardTemperature.isFinite
            ? boardTemperature.value - channel.correction.temperature.value : 0
    }

    /// S = V · I*: a current whose phase must be turned on by δ turns the power back by it.
    private func turnPowers(_ readings: inout Readings) {
        guard powerTurn.sin != 0 else { return }
        let (p, q) = (readings[.busActive], readings[.busReactive])
        readings.scalars[Int(ScalarChannel.busActive.rawValue)] =
            p * powerTurn.cos + q * powerTurn.sin
        readings.scalars[Int(ScalarChannel.busReactive.rawValue)] =
            q * powerTurn.cos - p * powerTurn.sin
    }
}
