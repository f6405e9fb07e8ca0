import Control
import Quantities

extension StageProfile {
    /// The keys a stage may watch, what they mean to `Control`, and the unit of their pickup.
    public static let watchedKeys: [(key: String, watched: Watched, unit: String)] = [
        ("grid_voltage_low", .gridLowest, "pu"), ("grid_voltage_high", .gridHighest, "pu"),
        ("bus_voltage_low", .busLowest, "pu"), ("bus_voltage_high", .busHighest, "pu"),
        ("grid_frequency", .gridFrequency, "Hz"), ("bus_frequency", .busFrequency, "Hz"),
        ("grid_rocof", .gridROCOF, "Hz/s"), ("bus_rocof", .busROCOF, "Hz/s"),
        ("grid_vector_shift", .gridVectorShift, "deg"), ("current", .current, "A"),
        ("dc_bus_voltage", .dcBusVoltage, "V"), ("battery_voltage", .batteryVoltage, "V"),
        ("battery_current", .batteryCurrent, "A"),
        ("battery_temperature", .batteryTemperature, "degC"),
        ("state_of_charge", .stateOfCharge, "1"),
    ]

    /// The stage as the tick runs it. Keys were checked by the reader.
    ///
    /// - Parameter voltage: nominal phase voltage, for per-unit pickups.
    public func stage(rate: TickRate, voltage: Volts) -> Stage {
        let entry = Self.watchedKeys.first { $0.key == watched }!
        let over = sense == "over"
        let scale = entry.unit == "pu" ? voltage.value : 1
        let inside: Double
        switch entry.unit {
        case "pu": inside = 0.01
        case "Hz": inside = 0.05
        default: inside = abs(pickup) * 0.05
        }
        let drop = dropout ?? (over ? pickup - inside : pickup + inside)
        let action: StageAction =
            switch self.action {
            case "island": .island
            case "trip_source": .tripSource
            default: .alarm
            }
        return Stage(
            entry.watched, over ? .over : .under, Float(pickup) * scale,
            clearing: rate.ticks(Seconds(Float(clearing_s))), dropout: Float(drop) * scale,
            reset: rate.ticks(Seconds(Float(reset_s))), action: action,
            latch: latch == "person" ? .person : .automatic)
    }
}
