/// How a nominal reading v = (raw − offset) · gain becomes the true value:
///
///     true = zero + (1 + scale) · v + curvature · v²        at `temperature_degC`
///     scale and zero drift by `scalePerKelvin` and `zeroPerKelvin` from there
///
/// Of a waveform `zero` is the value its counts have at nil (v there is the instantaneous value).
public struct Coefficients: Equatable, Sendable {
    /// In the channel's unit.
    public var zero: Double
    /// A ratio: 0.01 means that the nominal gain is 1 % too small.
    public var scale: Double
    /// 1 over the channel's unit; 0 where it did not earn its place.
    public var curvature: Double
    public var zeroPerKelvin: Double
    public var scalePerKelvin: Double
    /// Where zero and scale hold, °C; nil: nobody knew it.
    public var temperature_degC: Double?
    /// What must be added to the measured phase at nominal frequency to make it true, degrees: of a
    /// current against its voltage, of a voltage against the first of its kind.
    public var phase_deg: Double
    /// The channel is sampled this much later than the first, seconds.
    public var skew_s: Double

    public init(
        zero: Double = 0, scale: Double = 0, curvature: Double = 0, zeroPerKelvin: Double = 0,
        scalePerKelvin: Double = 0, temperature_degC: Double? = nil, phase_deg: Double = 0,
        skew_s: Double = 0
    ) {
        (self.zero, self.scale, self.curvature) = (zero, scale, curvature)
        (self.zeroPerKelvin, self.scalePerKelvin) = (zeroPerKelvin, scalePerKelvin)
        (self.temperature_degC, self.phase_deg, self.skew_s) = (temperature_degC, phase_deg, skew_s)
    }

    /// The true value of the nominal reading `v`, at `temperature_degC` where both are known.
    public func corrected(_ v: Double, at temperature_degC: Double? = nil) -> Double {
        var (z, s) = (zero, scale)
        if let t = temperature_degC, let t0 = self.temperature_degC {
            z += zeroPerKelvin * (t - t0)
            s += scalePerKelvin * (t - t0)
        }
        return z + (1 + s) * v + curvature * v * v
    }
}
