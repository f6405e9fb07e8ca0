import BoardProfile
import SimBoard

extension SiteProfile {
    /// The physics of a DC site.
    public var dcPlant: NanogridDescription {
        let site = nanogrid!
        var d = NanogridDescription()
        d.voltage_V = site.voltage_V
        d.busCapacitance_F = site.busCapacitance_mF / 1000
        d.pv_W = site.pv_W
        // The regulator's own ceiling lies between the controller's two limits, nearer the upper.
        let span = site.pvOffAbove_V - site.pvCurtailAbove_V
        d.pvTaper_V = (site.pvCurtailAbove_V + 0.45 * span, site.pvCurtailAbove_V + 0.9 * span)
        d.critical_W = site.critical_W
        d.comfort_W = site.comfort_W
        d.deferrable_W = site.deferrable_W
        d.batteries = site.batteries.map { b in
            var unit = DCBatteryDescription()
            unit.name = b.name
            unit.battery_kWh = b.battery_kWh
            unit.charge = b.charge
            unit.rating_A = b.most_A
            unit.lineR_ohm = b.lineR_ohm
            unit.lineL_H = b.lineL_uH / 1e6
            return unit
        }
        return d
    }
}
