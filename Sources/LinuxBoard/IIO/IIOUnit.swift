internal import CIIO

/// What a kind of IIO channel measures, and what its processed numbers are multiplied by to be in
/// that unit (Documentation/ABI/testing/sysfs-bus-iio: voltage in mV, current in mA, power in mW,
/// temperature in milli-degrees, relative humidity in milli-percent, pressure in kPa, capacitance
/// in nF).
public struct IIOUnit: Equatable, Sendable {
    /// As `ChipPin.unit` writes it; empty for a bare number.
    public let name: String
    public let perCount: Double

    init(_ name: String, _ perCount: Double = 1) {
        self.name = name
        self.perCount = perCount
    }

    init(_ type: iio_chan_type) {
        switch type {
        case IIO_VOLTAGE, IIO_ALTVOLTAGE: self.init("V", 1e-3)
        case IIO_CURRENT: self.init("A", 1e-3)
        case IIO_POWER: self.init("W", 1e-3)
        case IIO_TEMP: self.init("°C", 1e-3)
        case IIO_HUMIDITYRELATIVE: self.init("%", 1e-3)
        case IIO_PRESSURE: self.init("Pa", 1e3)
        case IIO_CAPACITANCE: self.init("F", 1e-9)
        case IIO_RESISTANCE: self.init("Ω")
        case IIO_ENERGY: self.init("J")
        case IIO_ANGL, IIO_PHASE: self.init("rad")
        default: self.init("")
        }
    }
}
