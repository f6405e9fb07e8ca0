#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A thermistor (NTC) from a pin to ground, below a resistor to a supply: what the pin's voltage means.
///
/// R = pull-up · V / (supply − V), and by the β equation 1/T = 1/298.15 K + ln(R / R25) / β. Turned
/// here, on the bus's thread, because the tick calls no logarithm.
public struct Thermistor: Equatable, Sendable {
    public var R25_ohm: Double
    public var beta_K: Double
    public var pullUp_ohm: Double
    public var supply_V: Double
    public init(R25_ohm: Double, beta_K: Double, pullUp_ohm: Double, supply_V: Double) {
        (self.R25_ohm, self.beta_K) = (R25_ohm, beta_K)
        (self.pullUp_ohm, self.supply_V) = (pullUp_ohm, supply_V)
    }

    /// °C; NaN where the divider cannot have that voltage: at nil (the thermistor is shorted) and at
    /// the supply (it is torn off), for both are blind and not hot or cold.
    public func temperature_degC(at pin_V: Float) -> Float {
        let v = Double(pin_V)
        // 1 : 1000 from either end; beyond that lie −55 °C and +150 °C of common parts.
        guard v > 0.001 * supply_V, v < 0.999 * supply_V else { return .nan }
        let ohm = pullUp_ohm * v / (supply_V - v)
        return Float(1 / (1 / 298.15 + log(ohm / R25_ohm) / beta_K) - 273.15)
    }
}
