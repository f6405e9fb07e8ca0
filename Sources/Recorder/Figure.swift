import Control
import Quantities

/// One figure of a record that is kept second by second, and its column.
///
/// Powers are positive into the bus: what generates, discharges or imports is positive, a load is
/// negative. A figure that is not measured is NaN in a record and NULL in the store.
public struct Figure: Sendable {
    /// With its unit, as in the store and in every export.
    public let column: String
    /// Whether it is a power of which energy is kept too, both ways.
    public let isPower: Bool
    let read: @Sendable (Record) -> Float

    private init(
        _ column: String, isPower: Bool = false, _ read: @escaping @Sendable (Record) -> Float
    ) {
        self.column = column
        self.isPower = isPower
        self.read = read
    }

    /// The column's energy columns, mJ: into the bus and out of it.
    var energyColumns: [String] {
        guard isPower else { return [] }
        let stem = column.hasSuffix("_W") ? String(column.dropLast(2)) : column
        return ["\(stem)_in_mJ", "\(stem)_out_mJ"]
    }

    /// In the order of columns and exports. A new one goes to the end, with a migration.
    public static let all: [Figure] = [
        Figure("grid_V") { $0.measured.grid.isSettled ? $0.measured.grid.positive.value : .nan },
        Figure("grid_Hz") { hertz($0.measured.grid) },
        Figure("bus_V") {
            $0.measured.bus.isSettled
                ? $0.measured.bus.positive.value : $0.measured.dcBusVoltage.value
        },
        Figure("bus_Hz") { hertz($0.measured.bus) },
        Figure("active_W") { $0.measured.bus.isSettled ? $0.measured.bus.active.value : .nan },
        Figure("reactive_var") {
            $0.measured.bus.isSettled ? $0.measured.bus.reactive.value : .nan
        },
        Figure("battery_V") { $0.measured.batteryVoltage.value },
        Figure("battery_W", isPower: true) {
            $0.measured.batteryVoltage.value * $0.measured.batteryCurrent.value
        },
        Figure("battery_degC") { $0.measured.batteryTemperature.value },
        Figure("state_of_charge") { $0.measured.stateOfCharge },
        Figure("pv_W", isPower: true) { $0.measured.pvPower.value },
        Figure("wind_W", isPower: true) { $0.measured.windPower.value },
        Figure("ev_W", isPower: true) { $0.measured.evPower.value },
        Figure("load_W", isPower: true) { $0.measured.loadPower.value },
    ]
    static let powers = all.indices.filter { all[$0].isPower }

    /// 0 is no frequency: the circuit is dead.
    private static func hertz(_ m: ACMeasured) -> Float {
        m.isSettled && m.frequency.value > 0 ? m.frequency.value : .nan
    }
}

/// A record of one second, as it is kept.
public struct Reading: Sendable {
    public var tick: UInt64
    /// As `Figure.all`; NaN where there is none.
    public var values: [Float]
    /// The controller's own counters since its start, mJ, through the measured connection.
    public var energyIn_mJ: Int64
    public var energyOut_mJ: Int64

    init(_ record: Record) {
        tick = record.tick.count
        values = Figure.all.map { $0.read(record) }
        energyIn_mJ = record.energyIn.millijoules
        energyOut_mJ = record.energyOut.millijoules
    }
    init(tick: UInt64, values: [Float], energyIn_mJ: Int64, energyOut_mJ: Int64) {
        self.tick = tick
        self.values = values
        self.energyIn_mJ = energyIn_mJ
        self.energyOut_mJ = energyOut_mJ
    }
}
