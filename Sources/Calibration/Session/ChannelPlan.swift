/// One channel to be calibrated: what it is, what it must keep to, and at which levels.
public struct ChannelPlan: Equatable, Sendable {
    public var channel: Calibrated
    public var nominal: Nominal
    public var required: RequiredAccuracy
    /// The true values it will be used over, in the channel's unit; of a waveform RMS, 0 and up.
    public var span: ClosedRange<Double>
    /// Suggested references, in the order a person should set them.
    public var levels: [Double]

    /// `span` nil: what the converter can show, a tenth off each end. Nil where neither says.
    public init?(
        channel: Calibrated, nominal: Nominal, required: RequiredAccuracy,
        span: ClosedRange<Double>? = nil, levels: [Double]? = nil
    ) {
        guard let span = span ?? Self.span(of: nominal), span.lowerBound.isFinite,
            span.upperBound.isFinite, span.upperBound > span.lowerBound,
            nominal.gain.isFinite, nominal.gain != 0
        else { return nil }
        (self.channel, self.nominal, self.required) = (channel, nominal, required)
        self.span = span
        // No level beyond what the converter can show, less a margin for hidden errors.
        let shown = Self.span(of: nominal).map { span.clamped(to: $0) } ?? span
        let usual = levels ?? Self.levels(over: shown, unit: channel.unit)
        // A converter without a sign is at its end at nil: a tenth of the span does instead.
        let end = (nominal.lowest - nominal.offset) * nominal.gain
        let full = max(span.lowerBound.magnitude, span.upperBound.magnitude)
        let ends = levels == nil && !nominal.isAlternating && end.magnitude < 0.02 * full
        self.levels = ends ? usual.map { $0 == 0 ? Self.rounded(0.1 * full) : $0 } : usual
    }

    /// How far a point looks back, seconds: five; thirty of a thermometer, which may answer but every
    /// few seconds.
    public var window_s: Double { Self.window_s(of: channel) }
    public static func window_s(of channel: Calibrated) -> Double {
        channel.unit == "°C" ? 30 : 5
    }

    /// The larger end of the span: what percents are of.
    public var fullScale: Double { max(span.lowerBound.magnitude, span.upperBound.magnitude) }

    /// What the converter can show, less a tenth at each end, where hidden errors may saturate it.
    static func span(of nominal: Nominal) -> ClosedRange<Double>? {
        let ends = [nominal.lowest, nominal.highest].map { ($0 - nominal.offset) * nominal.gain }
        guard ends.allSatisfy(\.isFinite), ends[0] != ends[1] else { return nil }
        if nominal.isAlternating {
            // The crest must stay inside: √2 below the nearer end.
            let crest = min(ends[0].magnitude, ends[1].magnitude)
            return crest > 0 ? 0...(0.9 * crest / 2.0.squareRoot()) : nil
        }
        return (0.9 * min(ends[0], ends[1]))...(0.9 * max(ends[0], ends[1]))
    }

    /// Zero and four steps up, or two steps each way; of a temperature its ends and middle. Rounded
    /// to two digits, for a person sets them by a knob.
    static func levels(over span: ClosedRange<Double>, unit: String) -> [Double] {
        let (low, high) = (span.lowerBound, span.upperBound)
        if unit == "°C" { return [low, (low + high) / 2, high].map(rounded) }
        // A span that begins a little below nil is a converter's slack, not a direction.
        if low < -0.1 * high.magnitude && high > -0.1 * low {
            return [0, high / 2, high, low / 2, low].map(rounded)
        }
        if low > 0 && low > 0.5 * high {
            return [low, (2 * low + high) / 3, (low + 2 * high) / 3, high].map(rounded3)
        }
        let end = high > 0 ? high : low
        return [0, 0.25, 0.5, 0.75, 1].map { rounded($0 * end) }
    }

    private static func rounded(_ v: Double) -> Double { digits(v, 10) }
    private static func rounded3(_ v: Double) -> Double { digits(v, 100) }
    /// Towards nil, so that no end is passed.
    private static func digits(_ v: Double, _ per: Double) -> Double {
        guard v != 0 else { return 0 }
        var unit = 1.0
        while v.magnitude / unit >= 10 * per { unit *= 10 }
        while v.magnitude / unit < per { unit /= 10 }
        // 13.000000000000002 of 1.3 / 0.1 must not become 12.
        let steps = (v.magnitude / unit * (1 + 1e-12)).rounded(.down)
        let size = unit < 1 ? steps / (1 / unit).rounded() : steps * unit
        return v < 0 ? -size : size
    }
}
