import Plant

/// How a simulated sensor turns a true quantity into a raw number. The controller's calibration
/// (`ChannelSettings`) is its inverse, up to the errors modelled here.
public struct SensorModel: Equatable, Sendable {
    /// Quantity per count, as the controller's profile believes it.
    public var gain: Double
    /// Counts at zero.
    public var zero: Double
    /// Bits of the converter; counts run 0 ..< 2^bits. 0 bits: a finished number, not quantised.
    public var bits: Int
    /// Errors the calibration does not know: relative gain error, and offset in counts.
    public var gainError: Double
    public var offsetError: Double
    /// The sensor bends: it sees value + curvature · value². 1 over the quantity's unit.
    public var curvature: Double
    /// Standard deviation of the noise, in counts (in the quantity's unit where `bits` is 0).
    public var noise: Double
    /// The reading is this many samples old (waveforms) or ticks old (slow channels), 0 ... 15.
    public var latency: Int
    /// The reading is this fraction of a sample early or late: skew between channels, 0 ... 1.
    public var skew: Double
    /// A slow channel publishes every this many ticks.
    public var every: Int

    public init(
        gain: Double, zero: Double = 0, bits: Int = 12, gainError: Double = 0,
        offsetError: Double = 0, noise: Double = 0.5, latency: Int = 0, skew: Double = 0,
        every: Int = 1, curvature: Double = 0
    ) {
        precondition(latency >= 0 && latency <= 15 && skew >= 0 && skew <= 1 && every >= 1)
        precondition(bits >= 0 && bits <= 31, "counts are 32 bits with their sign")
        self.gain = gain
        self.zero = zero
        self.bits = bits
        self.gainError = gainError
        self.offsetError = offsetError
        self.noise = noise
        self.latency = latency
        self.skew = skew
        self.every = every
        self.curvature = curvature
    }
}

/// A simulated sensor with its faults. Faults are told at run time and hold until cleared.
public struct Sensor: Sendable {
    public let model: SensorModel
    /// A new fault begins afresh: what an older one held or grew is forgotten.
    public var fault: SensorFault? {
        didSet {
            held = .nan
            faultAge_s = 0
        }
    }
    private var faultAge_s = 0.0
    private var held: Double = .nan
    private var line: InlineArray<16, Double>
    private var head = 0
    private var previous: Double = 0

    public init(_ model: SensorModel) {
        self.model = model
        line = InlineArray(repeating: 0)
    }

    /// The raw number for a true value `dt_s` after the last one.
    public mutating func read(_ truth: Double, dt_s: Double, random: inout Random) -> Double {
        // Skew: between the last two true values. Latency: out of a short delay line.
        let skewed = truth + (previous - truth) * model.skew
        previous = truth
        head = (head + 1) & 15
        line[head] = skewed
        var value = line[(head - model.latency) & 15]
        if fault != nil { faultAge_s += dt_s } else { faultAge_s = 0 }
        switch fault {
        case .drift(let perSecond): value += perSecond * faultAge_s
        case .scale(let factor): value *= factor
        default: break
        }
        if model.curvature != 0 { value += model.curvature * value * value }
        var raw = value * (1 + model.gainError) / model.gain + model.zero + model.offsetError
        raw += model.noise * random.noise()
        switch fault {
        case .spike(let probability, let size):
            if random.unit() < probability {
                raw += (random.unit() < 0.5 ? -1 : 1) * size / model.gain
            }
        case .noise(let deviation): raw += random.noise() * deviation / model.gain
        case .stick(let stuck): return quantised(stuck / model.gain + model.zero)
        case .freeze:
            if held.isNaN { held = quantised(raw) }
            return held
        case .nan: return .nan
        default: held = .nan
        }
        return quantised(raw)
    }

    private func quantised(_ raw: Double) -> Double {
        guard model.bits > 0 else { return raw }
        let top = Double((1 << model.bits) - 1)
        let whole = raw.rounded()
        return whole < 0 ? 0 : whole > top ? top : whole
    }
}

extension Random {
    /// Zero mean, unit deviation, bounded at ±3.46: the sum of four uniform numbers out of one draw
    /// (Irwin and Hall), quick enough for every sample of every channel.
    public mutating func noise() -> Double {
        let bits = next()
        let sum =
            (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
        // Mean 4 · 65535/2; variance 4 · 65536²/12, so one deviation is 37837.2.
        return (Double(sum) - 131_070) * (1 / 37_837.2)
    }
}
