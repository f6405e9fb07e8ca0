import SimBoard

/// How the board is wired: which chip and which line sees what. A board profile says the same from
/// the other side.
///
/// Bridge `a`, serial `SKERRY-BENCH-A`:
///
///     0x40 INA226   bus input: battery terminals by 1:2      shunt 1 mΩ: battery, out of it positive
///     0x41 INA226   bus input: DC bus by 1:2                 shunt 1 mΩ: converter, into the bus
///     0x48 ADS1115  AIN0 link by 1:20    AIN1 battery temperature, 0.5 V + 10 mV/°C
///                   AIN2 PV current, AIN3 load current into the bus: hall, 1.65 V + 40 mV/A
///     0x60 MCP4725  converter reference, 0 ... 3.3 V for 40 ... 56 V
///     GPIO out      0 pre-charge, 1 main contactor, 2 converter enable, 3 heartbeat
///     GPIO in       4 pre-charge contact, 5 main contact, 6 converter ready, 7 a load group is on
///
/// Bridge `b`, serial `SKERRY-BENCH-B`: GPIO out 0 ... 3 load groups, in 4 ... 7 their contacts.
///
/// The 1:2 dividers are there because an INA226's bus input bears 36 V.
enum Wiring {
    static let bridges: [(name: String, serial: String, places: [ChipBus.Place])] = [
        (
            "a", "SKERRY-BENCH-A",
            [
                .init(
                    address: 0x40, sees: [.batteryCurrent, .batteryVoltage],
                    chip: VirtualINA226()),
                .init(
                    address: 0x41, sees: [.converterCurrent, .busVoltage], chip: VirtualINA226()),
                .init(
                    address: 0x48,
                    sees: [.linkVoltage, .batteryTemperature, .pvCurrent, .loadCurrent],
                    chip: VirtualADS1115()),
                .init(address: reference, sees: [], chip: VirtualMCP4725()),
            ]
        ), ("b", "SKERRY-BENCH-B", []),
    ]
    static let reference: UInt8 = 0x60

    /// Of pins of bridge `a`.
    enum Pin {
        static let preCharge: UInt8 = 1 << 0
        static let main: UInt8 = 1 << 1
        static let enable: UInt8 = 1 << 2
        static let heartbeat: UInt8 = 1 << 3
        static let preChargeContact: UInt8 = 1 << 4
        static let mainContact: UInt8 = 1 << 5
        static let ready: UInt8 = 1 << 6
        static let anyLoad: UInt8 = 1 << 7
    }

    /// What the converter makes of its reference.
    static func converter_V(reference_V: Double) -> Double { 40 + 16 * reference_V / 3.3 }
}

/// What the sensors of the bench see, in their units.
public enum Signal: Int, CaseIterable, Sendable {
    case batteryVoltage, batteryCurrent, busVoltage, converterCurrent
    case linkVoltage, batteryTemperature, pvCurrent, loadCurrent

    /// As orders and records call it.
    public var name: String {
        switch self {
        case .batteryVoltage: "battery_voltage"
        case .batteryCurrent: "battery_current"
        case .busVoltage: "dc_bus_voltage"
        case .converterCurrent: "converter_current"
        case .linkVoltage: "link_voltage"
        case .batteryTemperature: "battery_temperature"
        case .pvCurrent: "pv_current"
        case .loadCurrent: "load_current"
        }
    }
    /// The voltage at the chip's pin for `value`, V.
    func pin_V(_ value: Double) -> Double {
        switch self {
        case .batteryVoltage, .busVoltage: value / 2
        case .batteryCurrent, .converterCurrent: value * 1e-3
        case .linkVoltage: value / 20
        case .batteryTemperature: 0.5 + 0.01 * value
        case .pvCurrent, .loadCurrent: 1.65 + 0.04 * value
        }
    }
    /// Dividers and shunts are quiet, hall sensors and thermometers are not; deviations in the
    /// signal's unit at 1 kHz.
    var model: SensorModel {
        let noise =
            switch self {
            case .batteryVoltage, .busVoltage, .linkVoltage: 2e-3
            case .batteryCurrent, .converterCurrent: 5e-3
            case .batteryTemperature: 0.1
            case .pvCurrent, .loadCurrent: 0.05
            }
        return SensorModel(gain: 1, bits: 0, noise: noise)
    }
}
