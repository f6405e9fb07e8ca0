import BoardProfile
import Control

/// A site's powers, each over all controllers that measure it. What nobody measures is null and is in no
/// sum.
struct Sums {
    let grid: JSON, pv: JSON, wind: JSON, battery: JSON, ev: JSON, load: JSON
    /// Energy in all batteries over what they hold, 0 ... 1.
    let charge: JSON
    /// How long they last at this power, or until they are full, s; a week and more is null.
    let lasts: JSON, fullIn: JSON

    /// - Parameter records: the newest of controllers that are there, with what they are.
    init(_ records: [(Record, SitePlan.Unit?)], _ coupling: Record?) {
        func sum(_ value: (Measured) -> Float) -> Float {
            let values = records.map { value($0.0.measured) }.filter(\.isFinite)
            return values.isEmpty ? .nan : values.reduce(0, +)
        }
        let batteries = records.map { Self.battery_W($0.0, $0.1) }.filter(\.isFinite)
        let battery_W = batteries.isEmpty ? .nan : batteries.reduce(0, +)
        pv = number(sum { $0.pvPower.value })
        wind = number(sum { $0.windPower.value })
        ev = number(sum { $0.evPower.value })
        load = number(sum { $0.loadPower.value })
        battery = number(battery_W)
        grid = coupling.map { Self.grid($0) } ?? .null
        var held_Wh = 0.0, full_Wh = 0.0
        for (record, unit) in records {
            guard let unit, unit.battery_Wh > 0, record.measured.stateOfCharge.isFinite else {
                continue
            }
            held_Wh += unit.battery_Wh * Double(record.measured.stateOfCharge)
            full_Wh += unit.battery_Wh
        }
        charge = full_Wh > 0 ? number(Float(held_Wh / full_Wh)) : .null
        func seconds(_ energy_Wh: Double, _ power_W: Float) -> JSON {
            let s = energy_Wh * 3600 / Double(power_W)
            return s.isFinite && s >= 0 && s < 7 * 86_400 ? .number(s.rounded()) : .null
        }
        // Less than a hundredth of what would empty them in an hour is rest.
        let isRest = !battery_W.isFinite || Double(battery_W.magnitude) < full_Wh / 100
        lasts = !isRest && battery_W > 0 ? seconds(held_Wh, battery_W) : .null
        fullIn = !isRest && battery_W < 0 ? seconds(full_Wh - held_Wh, -battery_W) : .null
    }

    /// What flows through the switch: nil where it is proved open. One that moves, or is out of order, may
    /// carry what its meter says. The meter looks into the bus: import is positive.
    private static func grid(_ r: Record) -> JSON {
        switch r.islanding {
        case .islanded, .resynchronising, .blackStart: .number(0)
        case .gridTied, .opening, .closing, .fault, nil:
            r.measured.bus.isSettled ? number(r.measured.bus.active.value) : .null
        }
    }

    /// What a unit's battery gives (−: takes). Where a home's own current is not measured, what its inverter
    /// gives is taken for it: the battery is all there is behind it.
    static func battery_W(_ record: Record, _ unit: SitePlan.Unit?) -> Float {
        let m = record.measured
        let own = m.batteryVoltage.value * m.batteryCurrent.value
        guard !own.isFinite, unit?.kind == .home, unit?.has.contains("battery") == true,
            m.bus.isSettled
        else { return own }
        return m.bus.active.value
    }
}
