/// What kind of thing a number measures; two units convert only within one.
public enum Dimension: String, Sendable {
    case voltage, current, power, reactivePower, apparentPower, frequency, frequencyRate
    case resistance, time, temperature, charge, energy, angle, length, inductance, capacitance
    case ratio, perUnit, mass
}

/// The unit a key's name ends in: `capacity_Ah`, `ramp_W_per_s`.
public struct UnitSuffix: Equatable, Sendable {
    /// As it stands in the name: `degC`, `Hz_per_s`.
    public let suffix: String
    /// As people print it: `°C`, `Hz/s`.
    public let symbol: String
    /// Nil for compound units other than Hz/s, which convert to nothing else.
    public let dimension: Dimension?
    /// One of this unit in the base unit of its dimension (V, A, W, s, ...).
    public let factor: Double

    /// The unit in which a key of this name is written; nil for a name without one.
    public init?(of name: some StringProtocol) {
        let pieces = name.split(separator: "_")
        if pieces.count >= 4, pieces[pieces.count - 2] == "per",
            let top = Self.table[String(pieces[pieces.count - 3])]
        {
            let below = String(pieces[pieces.count - 1])
            let bottom = Self.table[below]
            guard bottom != nil || Self.divisors[below] != nil else { return nil }
            suffix = pieces.suffix(3).joined(separator: "_")
            symbol = top.0 + "/" + (bottom?.0 ?? Self.divisors[below]!)
            dimension = top.1 == .frequency && bottom?.1 == .time ? .frequencyRate : nil
            factor = dimension == nil ? 1 : top.2 / bottom!.2
            return
        }
        // A rate of something that has no unit itself: `gain_per_s`.
        if pieces.count >= 3, pieces[pieces.count - 2] == "per",
            let below = Self.table[String(pieces[pieces.count - 1])]
        {
            suffix = pieces.suffix(2).joined(separator: "_")
            (symbol, dimension, factor) = ("1/" + below.0, nil, 1)
            return
        }
        guard pieces.count >= 2, let last = pieces.last.map({ String($0) }),
            let found = Self.table[last]
        else { return nil }
        (suffix, symbol, dimension, factor) = (last, found.0, found.1, found.2)
    }

    /// The name without its unit: `capacity` of `capacity_Ah`.
    public func stem(of name: String) -> String { String(name.dropLast(suffix.count + 1)) }

    /// A unit a person wrote after a number: `mV`, `°C`, `%`, `hours` is none.
    init?(symbol: some StringProtocol) {
        guard let (suffix, found) = Self.written[String(symbol)] else { return nil }
        (self.suffix, self.symbol) = (suffix, found.0)
        (dimension, factor) = (found.1, found.2)
    }

    private typealias Row = (String, Dimension?, Double)

    private static let divisors = [
        "m2": "m²", "m3": "m³", "turn": "turn", "year": "year", "day": "day",
    ]

    private static let table: [String: Row] = [
        "V": ("V", .voltage, 1), "mV": ("mV", .voltage, 1e-3), "kV": ("kV", .voltage, 1e3),
        "A": ("A", .current, 1), "mA": ("mA", .current, 1e-3), "kA": ("kA", .current, 1e3),
        "W": ("W", .power, 1), "kW": ("kW", .power, 1e3), "MW": ("MW", .power, 1e6),
        "var": ("var", .reactivePower, 1), "kvar": ("kvar", .reactivePower, 1e3),
        "VA": ("VA", .apparentPower, 1), "kVA": ("kVA", .apparentPower, 1e3),
        "Hz": ("Hz", .frequency, 1), "mHz": ("mHz", .frequency, 1e-3),
        "kHz": ("kHz", .frequency, 1e3),
        "ohm": ("Ω", .resistance, 1), "mohm": ("mΩ", .resistance, 1e-3),
        "s": ("s", .time, 1), "ms": ("ms", .time, 1e-3), "us": ("µs", .time, 1e-6),
        "min": ("min", .time, 60), "h": ("h", .time, 3600), "days": ("days", .time, 86_400),
        "degC": ("°C", .temperature, 1), "K": ("K", nil, 1),
        "Ah": ("Ah", .charge, 1), "mAh": ("mAh", .charge, 1e-3),
        "Wh": ("Wh", .energy, 1), "kWh": ("kWh", .energy, 1e3), "J": ("J", .energy, 1 / 3600),
        "deg": ("°", .angle, 1), "m": ("m", .length, 1), "mm": ("mm", .length, 1e-3),
        "km": ("km", .length, 1e3),
        "H": ("H", .inductance, 1), "mH": ("mH", .inductance, 1e-3),
        "uH": ("µH", .inductance, 1e-6),
        "F": ("F", .capacitance, 1), "mF": ("mF", .capacitance, 1e-3),
        "uF": ("µF", .capacitance, 1e-6),
        "percent": ("%", .ratio, 1e-2), "ppm": ("ppm", .ratio, 1e-6), "pu": ("pu", .perUnit, 1),
        "kg": ("kg", .mass, 1), "B": ("B", nil, 1), "MiB": ("MiB", nil, 1), "ct": ("ct", nil, 1),
        "EUR": ("EUR", nil, 1),
        "turns": ("turns", nil, 1), "counts": ("counts", nil, 1), "ticks": ("ticks", nil, 1),
    ]

    /// By symbol, then by suffix: `µs` and `us`, `Ω` and `ohm`.
    private static let written: [String: (String, Row)] = {
        var found: [String: (String, Row)] = [:]
        for (suffix, row) in table {
            found[suffix] = (suffix, row)
            found[row.0] = (suffix, row)
        }
        return found
    }()
}
