/// A village as physics: a grid stub, an islanding switch, a bus, and homes on their own lines.
public struct MicrogridDescription: Sendable {
    public var nominalFrequency_Hz = 50.0
    /// Phase to neutral, RMS.
    public var nominalVoltage_V = 230.0
    public var gridR_ohm = 0.1
    public var gridL_H = 0.3e-3
    /// Other customers on the stub.
    public var others_W = 300.0
    public var others_var = 0.0
    public var cableR_ohm = 0.05
    public var cableL_H = 0.1e-3
    public var busCapacitance_F = 10e-6
    public var switchClose_s = 0.05
    public var switchOpen_s = 0.03
    public var homes: [HomeDescription] = []
    public init() {}
}

/// One home as physics.
public struct HomeDescription: Sendable {
    public var name = ""
    public var lineR_ohm = 0.08
    public var lineL_H = 0.08e-3
    public var rating_VA = 5000.0
    public var battery_kWh = 10.0
    /// State of charge at the start, 0 ... 1.
    public var charge = 0.6
    public var pv_W = 0.0
    /// The inverter stands on the modules themselves: no battery, no other PV inverter.
    public var isSolar = false
    /// The inverter never forms; its powers are those at its terminals, behind its choke.
    public var isFollower = false
    public var wind_W = 0.0
    public var ev_W = 0.0
    /// Largest demands, and what they are at the start.
    public var critical_W = 400.0
    public var comfort_W = 600.0
    public var deferrable_W = 800.0
    /// Lagging power factor of the loads.
    public var powerFactor = 0.95
    public init() {}
}

/// What the weather and the people of one home ask for now.
public struct HomeConditions: Equatable, Sendable {
    public var critical_W: Double
    public var comfort_W: Double
    public var deferrable_W: Double
    /// Irradiance on the modules, W/m², and air temperature, °C.
    public var irradiance_Wm2: Double
    public var air_C: Double
    /// Wind at hub height, m/s.
    public var wind_mps: Double
    /// Recorded PV power; replaces what irradiance would give.
    public var pv_W: Double?
    public var evIsPlugged: Bool
    public init(_ home: HomeDescription) {
        critical_W = home.critical_W
        comfort_W = home.comfort_W
        deferrable_W = home.deferrable_W
        irradiance_Wm2 = 600
        air_C = 20
        wind_mps = 7
        pv_W = nil
        evIsPlugged = home.ev_W > 0
    }
}
