import Control

/// A number that Home Assistant shows and keeps: said in the controller's JSON under `key`, and announced
/// with its class and unit. One table serves both, so that neither can name what the other does not.
///
/// Home Assistant counts consumption and charging as people do: loads and EVs are positive where they
/// consume, other than everywhere else here. Their keys say so.
struct Figure: Sendable {
    enum Source: Sendable {
        case record(@Sendable (Record) -> Float)
        case energy(@Sendable (EnergyTotals) -> Double?)
    }
    var key: String
    var name: String
    var kind: Kind
    var source: Source

    /// Device class, unit and state class that go together in Home Assistant, and decimals worth saying.
    enum Kind: Sendable {
        case power, voltage, frequency, battery, temperature, energy

        var deviceClass: String { "\(self)" }
        var unit: String {
            switch self {
            case .power: "W"
            case .voltage: "V"
            case .frequency: "Hz"
            case .battery: "%"
            case .temperature: "°C"
            case .energy: "kWh"
            }
        }
        var stateClass: String {
            switch self {
            case .energy: "total_increasing"
            default: "measurement"
            }
        }
        var decimals: Int {
            switch self {
            case .power: 0
            case .voltage, .battery, .temperature: 1
            case .frequency: 2
            case .energy: 3
            }
        }
    }

    private init(
        _ key: String, _ name: String, _ kind: Kind,
        _ value: @escaping @Sendable (Record) -> Float
    ) {
        (self.key, self.name, self.kind, source) = (key, name, kind, .record(value))
    }
    private init(
        _ key: String, _ name: String, energy_Wh: @escaping @Sendable (EnergyTotals) -> Double?
    ) {
        (self.key, self.name, kind, source) = (key, name, .energy, .energy(energy_Wh))
    }

    /// - Returns: null for what is not known.
    func value(_ record: Record, _ energy: EnergyTotals?) -> JSON {
        switch source {
        case .record(let value): .rounded(Double(value(record)), decimals: kind.decimals)
        case .energy(let value_Wh):
            .rounded(energy.flatMap(value_Wh).map { $0 / 1000 }, decimals: kind.decimals)
        }
    }

    /// What a controller of that kind, so equipped, has to show.
    static func all(of controller: PublishedController) -> [Figure] {
        let side: [Figure] = [
            Figure("bus_V", "Bus voltage", .voltage) { $0.measured.bus.shown(\.positive.value) },
            Figure("bus_Hz", "Bus frequency", .frequency) { $0.measured.bus.shownFrequency },
        ]
        return switch controller.kind {
        case .coupling: grid + side
        case .home: [inverter] + side + storage(controller) + sources(controller) + load
        case .nanogrid:
            [Figure("dc_bus_V", "DC bus voltage", .voltage) { $0.measured.dcBusVoltage.value }]
                + storage(controller) + sources(controller) + load
        case .der: [inverter] + side + storage(controller) + sources(controller)
        }
    }

    private static let inverter = Figure("active_W", "Power", .power) {
        $0.measured.bus.shown(\.active.value)
    }
    private static let grid: [Figure] = [
        Figure("grid_W", "Grid power", .power) { $0.measured.bus.shown(\.active.value) },
        Figure("grid_V", "Grid voltage", .voltage) { $0.measured.grid.shown(\.positive.value) },
        Figure("grid_Hz", "Grid frequency", .frequency) { $0.measured.grid.shownFrequency },
        Figure("import_kWh", "Grid import") { $0.gridIn_Wh },
        Figure("export_kWh", "Grid export") { $0.gridOut_Wh },
    ]
    private static let load: [Figure] = [
        Figure("load_consumed_W", "Load power", .power) { -$0.measured.loadPower.value },
        Figure("load_kWh", "Load energy") { $0.load_Wh },
    ]

    private static func storage(_ controller: PublishedController) -> [Figure] {
        guard controller.has.contains(.battery) else { return [] }
        return [
            Figure("state_of_charge", "State of charge", .battery) {
                $0.measured.stateOfCharge * 100
            },
            Figure("battery_W", "Battery power", .power) {
                $0.measured.batteryVoltage.value * $0.measured.batteryCurrent.value
            },
            Figure("battery_V", "Battery voltage", .voltage) { $0.measured.batteryVoltage.value },
            Figure("battery_degC", "Battery temperature", .temperature) {
                $0.measured.batteryTemperature.value
            },
            Figure("battery_in_kWh", "Battery charged") { $0.batteryIn_Wh },
            Figure("battery_out_kWh", "Battery discharged") { $0.batteryOut_Wh },
        ]
    }
    private static func sources(_ controller: PublishedController) -> [Figure] {
        var figures: [Figure] = []
        if controller.has.contains(.pv) {
            figures.append(Figure("pv_W", "PV power", .power) { $0.measured.pvPower.value })
            figures.append(Figure("pv_kWh", "PV energy") { $0.pv_Wh })
        }
        if controller.has.contains(.wind) {
            figures.append(Figure("wind_W", "Wind power", .power) { $0.measured.windPower.value })
            figures.append(Figure("wind_kWh", "Wind energy") { $0.wind_Wh })
        }
        if controller.has.contains(.ev) {
            figures.append(
                Figure("ev_consumed_W", "EV charging power", .power) {
                    -$0.measured.evPower.value
                })
            figures.append(Figure("ev_kWh", "EV energy") { $0.ev_Wh })
        }
        return figures
    }
}

extension ACMeasured {
    /// NaN until the meter has seen enough.
    fileprivate func shown(_ figure: KeyPath<ACMeasured, Float> & Sendable) -> Float {
        isSettled ? self[keyPath: figure] : .nan
    }
    /// NaN on a dead circuit too: it has no frequency.
    fileprivate var shownFrequency: Float {
        isSettled && frequency.value > 0 ? frequency.value : .nan
    }
}
