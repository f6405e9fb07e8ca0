/// A DC nanogrid as physics: one bus, batteries behind converters on cables of their own, PV behind
/// a charge regulator, and four groups of loads.
public struct NanogridDescription: Sendable {
    public var voltage_V = 48.0
    public var busCapacitance_F = 20e-3
    public var batteries: [DCBatteryDescription] = []
    public var pv_W = 800.0
    /// The PV regulator gives all it may up to the first bus voltage and nothing at the second.
    public var pvTaper_V = (full: 53.0, none: 55.5)
    /// Largest demands, and what they are at the start. Half of what is deferrable are devices on
    /// charge: the first group to go.
    public var critical_W = 60.0
    public var comfort_W = 200.0
    public var deferrable_W = 300.0
    /// Of every demand this part is a plain resistance at nominal voltage, the rest constant power.
    public var resistive = 0.3
    public init() {}
}

/// One battery with its contactors, converter and cable.
public struct DCBatteryDescription: Sendable {
    public var name = ""
    public var battery_kWh = 2.4
    /// State of charge at the start, 0 ... 1.
    public var charge = 0.6
    /// What the converter can carry on the bus's side, A.
    public var rating_A = 40.0
    public var lineR_ohm = 0.01
    public var lineL_H = 20e-6
    public init() {}
}

/// What the weather and the people ask for now.
public struct NanogridConditions: Equatable, Sendable {
    public var critical_W: Double
    public var comfort_W: Double
    public var deferrable_W: Double
    /// Irradiance on the modules, W/m², and air temperature, °C.
    public var irradiance_Wm2 = 600.0
    public var air_C = 20.0
    /// Recorded PV power; replaces what irradiance would give.
    public var pv_W: Double?
    /// A short circuit on the bus, ohm; nil: none.
    public var fault_ohm: Double?
    public init(_ d: NanogridDescription) {
        critical_W = d.critical_W
        comfort_W = d.comfort_W
        deferrable_W = d.deferrable_W
    }
    /// All demands at a factor of their largest.
    public mutating func demand(_ factor: Double, of d: NanogridDescription) {
        critical_W = d.critical_W * factor
        comfort_W = d.comfort_W * factor
        deferrable_W = d.deferrable_W * factor
    }
}
