#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What makes a temperature of a thermistor's resistance: R = R25 · exp(β · (1/T − 1/298.15 K)).
public struct ThermistorConstants: Equatable, Sendable {
    /// Ω at 25 °C, and K; both above 0.
    public var R25_ohm: Double
    public var beta_K: Double
    public init(R25_ohm: Double, beta_K: Double) { (self.R25_ohm, self.beta_K) = (R25_ohm, beta_K) }

    /// Ω at a temperature above absolute zero, °C.
    public func resistance_ohm(at temperature_degC: Double) -> Double {
        R25_ohm * exp(beta_K * (1 / (temperature_degC + 273.15) - 1 / 298.15))
    }
    /// °C of a resistance above 0, Ω; NaN where these constants have none.
    public func temperature_degC(of ohm: Double) -> Double {
        let inverse = 1 / 298.15 + log(ohm / R25_ohm) / beta_K
        return ohm > 0 && inverse > 0 ? 1 / inverse - 273.15 : .nan
    }
}
