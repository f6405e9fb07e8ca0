/// A thermistor (NTC) between a pin and ground, below a resistor to a supply.
public struct ThermistorProfile: Sendable, Equatable {
    public var R25_ohm = 10_000.0
    public var beta_K = 3435.0
    public var pullUp_ohm = 10_000.0
    public var supply_V = 3.3
    public init() {}
}

extension ThermistorProfile {
    static let section = Section(
        "Thermistor", of: ThermistorProfile(),
        "A thermistor (NTC) from the pin to ground, below a resistor to a supply; the channel is in °C."
    ) { s in
        s.number(
            "R25_ohm", \.R25_ohm, 10...10_000_000, "Its resistance at 25 °C.", .required,
            example: 10_000)
        s.number(
            "beta_K", \.beta_K, 500...10_000, "R = R25 · exp(beta · (1/T − 1/298.15 K)).",
            .required,
            example: 3435)
        s.number(
            "pull_up_ohm", \.pullUp_ohm, 10...10_000_000, "The resistor above it.", .required,
            example: 10_000)
        s.number(
            "supply_V", \.supply_V, 0.5...30, "What that resistor hangs on.", .required,
            example: 3.3)
    }
}
