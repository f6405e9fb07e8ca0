/// How the uncertainties of a voltage, a current and the angle between them reach power and energy
/// (GUM 5.1.2, all three independent): P = V·I·cos φ, Q = V·I·sin φ.
public struct PowerUncertainty: Equatable, Sendable {
    /// Relative standard uncertainties of V and I, ratios; and that of the angle, degrees.
    public var voltage: Double
    public var current: Double
    public var phase_deg: Double
    public init(voltage: Double, current: Double, phase_deg: Double) {
        (self.voltage, self.current, self.phase_deg) = (voltage, current, phase_deg)
    }

    private var magnitude2: Double { voltage * voltage + current * current }
    private var angle: Double { phase_deg * Double.pi / 180 }

    /// Standard uncertainty of P over P, at a power factor of 0 ... 1 (0 exclusive). So of energy at
    /// that power factor, for its time is the controller's own.
    public func active(powerFactor c: Double) -> Double {
        let tangent = max(0, 1 / (c * c) - 1).squareRoot()
        return (magnitude2 + tangent * tangent * angle * angle).squareRoot()
    }
    /// Standard uncertainties of P and Q over S at a power factor of 0 ... 1.
    public func ofApparent(powerFactor c: Double) -> (active: Double, reactive: Double) {
        let s = max(0, 1 - c * c).squareRoot()
        return (
            (magnitude2 * c * c + s * s * angle * angle).squareRoot(),
            (magnitude2 * s * s + c * c * angle * angle).squareRoot()
        )
    }
}
