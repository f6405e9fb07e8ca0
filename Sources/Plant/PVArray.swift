import Blocks

/// A photovoltaic array with its tracker: irradiance in, power out.
public struct PVArray: Sendable, BitwiseCopyable {
    /// At 1000 W/m² and 25 °C cell temperature.
    public var peak_W: Double
    /// Per kelvin of cell temperature, negative.
    public var temperatureFactor: Double
    /// Nominal operating cell temperature (at 800 W/m², 20 °C; IEC 61215).
    public var NOCT_C: Double
    /// AC rating of its inverter, and the tracker's settling time.
    public var inverter_W: Double
    public var tracking_s: Double
    /// Share of the available power that is asked for, 0 ... 1.
    public var curtailment = 1.0
    /// Delivered now, W.
    public private(set) var power_W = 0.0
    public private(set) var available_W = 0.0
    public private(set) var cell_C = 25.0

    public init(
        peak_W: Double, inverter_W: Double? = nil, temperatureFactor: Double = -0.0037,
        NOCT_C: Double = 45, tracking_s: Double = 0.5
    ) {
        self.peak_W = peak_W
        self.inverter_W = inverter_W ?? peak_W
        self.temperatureFactor = temperatureFactor
        self.NOCT_C = NOCT_C
        self.tracking_s = tracking_s
    }

    public mutating func step(irradiance_W_m2 g: Double, ambient_C: Double, dt_s: Double) {
        cell_C = ambient_C + g * (NOCT_C - 20) / 800
        let yield = peak_W * g / 1000 * (1 + temperatureFactor * (cell_C - 25))
        available_W = max(0, min(inverter_W, yield))
        let goal = available_W * max(0, min(1, curtailment))
        power_W += (goal - power_W) * (1 - exponential(-dt_s / tracking_s))
        power_W = min(power_W, available_W)
    }
}

/// Irradiance under passing clouds: a clear sky times a seeded index that jumps between sun and
/// cloud and wanders within each.
public struct CloudCover: Sendable {
    /// Mean lengths of sunny and cloudy spells, s, and the share of light that clouds let through.
    public var sunny_s: Double
    public var cloudy_s: Double
    public var clouded: Double
    /// Seconds for a cloud's edge to cross the array.
    public var edge_s: Double
    var random: Random
    var isSunny = true
    var left_s: Double
    var wander = 0.0
    /// Clear-sky index now, 0 ... 1.1.
    public private(set) var index = 1.0

    public init(
        seed: UInt64, sunny_s: Double = 300, cloudy_s: Double = 120, clouded: Double = 0.35,
        edge_s: Double = 8
    ) {
        self.sunny_s = sunny_s
        self.cloudy_s = cloudy_s
        self.clouded = clouded
        self.edge_s = edge_s
        random = Random(seed: seed).fork("clouds")
        left_s = -sunny_s * logarithm(1 - random.unit())
    }

    /// Lets `dt_s` pass and answers the index.
    public mutating func step(dt_s: Double) -> Double {
        left_s -= dt_s
        while left_s <= 0 {
            isSunny.toggle()
            left_s -= (isSunny ? sunny_s : cloudy_s) * logarithm(1 - random.unit())
        }
        // Ornstein–Uhlenbeck with a correlation time of 60 s and a deviation of 4 %.
        let keep = exponential(-dt_s / 60)
        wander = keep * wander + 0.04 * (1 - keep * keep).squareRoot() * random.gaussian()
        let goal = (isSunny ? 1 : clouded) + wander
        index += (goal - index) * (1 - exponential(-dt_s / edge_s))
        index = max(0, min(1.1, index))
        return index
    }

    /// Global horizontal irradiance of a clear sky, W/m² (Haurwitz 1945), from solar time.
    public static func clearSky_W_m2(
        dayOfYear: Double, solarHour: Double, latitude_deg: Double
    ) -> Double {
        let (_, s) = cosineSine(radians: 2 * .pi * (dayOfYear + 284) / 365)
        let declination = cosineSine(radians: 23.45 * .pi / 180 * s)
        let latitude = cosineSine(radians: latitude_deg * .pi / 180)
        let hour = cosineSine(radians: (solarHour - 12) * .pi / 12)
        let zenith =
            latitude.sin * declination.sin + latitude.cos * declination.cos * hour.cos
        return zenith > 0.01 ? 1098 * zenith * exponential(-0.057 / zenith) : 0
    }
}
