/// A small wind turbine: rotor with inertia, power coefficient over tip-speed ratio, torque control
/// `k·ω²`, seeded turbulence. Steps of 1 to 100 ms.
public struct WindTurbine: Sendable {
    public var radius_m: Double
    public var rated_W: Double
    public var inertia_kgm2: Double
    public var cutIn_m_s: Double
    public var cutOut_m_s: Double
    /// Best power coefficient and the tip-speed ratio where it lies.
    public var bestCp: Double
    public var bestRatio: Double
    /// Mean wind, and the deviation of the gusts as a share of it (IEC 61400-2: 0.18 at 15 m/s).
    public var wind_m_s: Double
    public var turbulence: Double
    var random: Random
    var gust = 0.0
    /// Wind at the rotor, m/s; rotor speed, rad/s; electrical power, W.
    public private(set) var gusty_m_s: Double
    public private(set) var rotor_rad_s: Double
    public private(set) var power_W = 0.0

    public init(
        seed: UInt64, rated_W: Double = 5000, radius_m: Double = 2.7, inertia_kgm2: Double = 40,
        wind_m_s: Double = 8, turbulence: Double = 0.18, cutIn_m_s: Double = 3,
        cutOut_m_s: Double = 20, bestCp: Double = 0.38, bestRatio: Double = 6.5
    ) {
        self.rated_W = rated_W
        self.radius_m = radius_m
        self.inertia_kgm2 = inertia_kgm2
        self.wind_m_s = wind_m_s
        self.turbulence = turbulence
        self.cutIn_m_s = cutIn_m_s
        self.cutOut_m_s = cutOut_m_s
        self.bestCp = bestCp
        self.bestRatio = bestRatio
        random = Random(seed: seed).fork("wind")
        gusty_m_s = wind_m_s
        rotor_rad_s = bestRatio * wind_m_s / radius_m
    }

    /// Half of air density times swept area.
    private var half: Double { 0.5 * 1.225 * .pi * radius_m * radius_m }

    public mutating func step(dt_s: Double) {
        // First-order gusts, 10 s long.
        let keep = exponential(-dt_s / 10)
        gust = keep * gust + (1 - keep * keep).squareRoot() * random.gaussian()
        let v = max(0, wind_m_s * (1 + turbulence * gust))
        gusty_m_s = v
        let blows = v >= cutIn_m_s && v <= cutOut_m_s
        let ratio = v > 0.1 ? rotor_rad_s * radius_m / v : 0
        // A parabola through zero, its top at the best ratio, and zero beyond twice that. Stall
        // keeps a fifth of it at standstill, so that a stopped rotor starts.
        let off = (ratio - bestRatio) / bestRatio
        let cp = ratio < 2 * bestRatio ? max(bestCp * (1 - off * off), ratio < 1 ? 0.02 : 0) : 0
        let w = max(0.5, rotor_rad_s)
        let aerodynamic = blows ? half * v * v * v * cp / w : 0
        // Torque for the best ratio at every speed, held at rated power; a brake beyond cut-out.
        let best =
            half * bestCp * radius_m * radius_m * radius_m
            / (bestRatio * bestRatio * bestRatio)
        power_W = blows ? min(rated_W, best * w * w * w) : 0
        let brake = blows ? 0 : 0.2 * inertia_kgm2 * rotor_rad_s
        rotor_rad_s += dt_s * (aerodynamic - power_W / w - brake) / inertia_kgm2
        // Pitch or furling holds the speed that gives rated power at the best ratio, plus 20 %.
        rotor_rad_s = max(0, min(rotor_rad_s, 1.2 * fastest))
    }

    /// Wind for rated power: the cube root of P / (½ρA·Cp), by Newton.
    private var fastest: Double {
        let cube = rated_W / (half * bestCp)
        var v = 10.0
        for _ in 0..<20 { v = (2 * v + cube / (v * v)) / 3 }
        return bestRatio * v / radius_m
    }
}
