import Control
import Quantities

/// One number of a record, as a gauge.
///
/// Powers are positive into the site's bus. What is not known is NaN: no settled meter, a blind channel.
struct Figure: Sendable {
    let family: Family
    let read: @Sendable (Record) -> Float

    private init(
        _ name: String, _ help: String, _ read: @escaping @Sendable (Record) -> Float
    ) {
        family = Family(name, .gauge, help)
        self.read = read
    }

    static let all: [Figure] = [
        Figure("skerry_grid_voltage_volts", "Positive-sequence phase voltage of the grid, RMS.") {
            grid($0, .gridRMS) { $0.positive.value }
        },
        Figure("skerry_grid_frequency_hertz", "Frequency of the grid; NaN where it is dead.") {
            grid($0, .gridFrequency, hertz)
        },
        Figure("skerry_grid_rocof_hertz_per_second", "Rate of change of the grid's frequency.") {
            grid($0, .gridFrequency) { $0.rocof.value }
        },
        Figure(
            "skerry_bus_voltage_volts", "Positive-sequence phase voltage of the site's bus, RMS."
        ) { bus($0, .busRMS) { $0.positive.value } },
        Figure("skerry_bus_frequency_hertz", "Frequency of the bus; NaN where it is dead.") {
            bus($0, .busFrequency, hertz)
        },
        Figure("skerry_bus_rocof_hertz_per_second", "Rate of change of the bus's frequency.") {
            bus($0, .busFrequency) { $0.rocof.value }
        },
        Figure(
            "skerry_active_power_watts",
            "Active power through the measured connection, into the bus."
        ) { power($0, .busActive) { $0.active.value } },
        Figure(
            "skerry_reactive_power_vars",
            "Reactive power through the measured connection, into the bus."
        ) { power($0, .busReactive) { $0.reactive.value } },
        Figure("skerry_dc_bus_voltage_volts", "Voltage of the DC bus.") {
            $0.measured.dcBusVoltage.value
        },
        Figure("skerry_battery_voltage_volts", "Voltage of the battery's terminals.") {
            $0.measured.batteryVoltage.value
        },
        Figure("skerry_battery_current_amperes", "Battery current, positive in discharge.") {
            $0.measured.batteryCurrent.value
        },
        Figure("skerry_battery_power_watts", "Battery power, positive in discharge.") {
            ($0.measured.batteryVoltage * $0.measured.batteryCurrent).value
        },
        Figure("skerry_battery_temperature_celsius", "Temperature of the battery.") {
            $0.measured.batteryTemperature.value
        },
        Figure("skerry_state_of_charge_ratio", "State of charge of the battery, 0 to 1.") {
            $0.measured.stateOfCharge
        },
        Figure("skerry_pv_power_watts", "Power of the PV array into the bus.") {
            $0.measured.pvPower.value
        },
        Figure("skerry_wind_power_watts", "Power of the wind turbine into the bus.") {
            $0.measured.windPower.value
        },
        Figure("skerry_ev_power_watts", "Power of the EV charger into the bus: negative in charge.")
        { $0.measured.evPower.value },
        Figure("skerry_load_power_watts", "Power of the loads into the bus: negative.") {
            $0.measured.loadPower.value
        },
    ]

    /// 0 is no frequency: the circuit is dead.
    private static func hertz(_ side: ACMeasured) -> Float {
        side.frequency.value > 0 ? side.frequency.value : .nan
    }
    private static func grid(
        _ record: Record, _ chip: ScalarChannel, _ read: (ACMeasured) -> Float
    ) -> Float {
        side(record.measured.grid, record.blind, .gridVoltages | .scalar(chip), read)
    }
    private static func bus(
        _ record: Record, _ chip: ScalarChannel, _ read: (ACMeasured) -> Float
    ) -> Float {
        side(record.measured.bus, record.blind, .busVoltages | .scalar(chip), read)
    }
    private static func power(
        _ record: Record, _ chip: ScalarChannel, _ read: (ACMeasured) -> Float
    ) -> Float {
        side(
            record.measured.bus, record.blind, .busVoltages | .currents | .scalar(chip), read)
    }
    private static func side(
        _ side: ACMeasured, _ blind: ChannelSet, _ channels: ChannelSet,
        _ read: (ACMeasured) -> Float
    ) -> Float {
        side.isSettled && !blind.meets(channels) ? read(side) : .nan
    }
}

extension Record {
    /// What cannot be believed: for the meter, or for protection.
    var blind: ChannelSet { measured.blind | verdict.blind }
}
