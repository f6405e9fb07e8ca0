import BoardProfile
import Recorder

/// What a time came to: energies, how far the site fed itself, what it cost, and what it rode through.
///
/// Self-sufficiency is the share of what was used that did not come from the grid; self-consumption the
/// share of what was generated that did not go into it (IEA PVPS Task 1; Luthander et al., Applied Energy
/// 142, 2015, eq. 3 and 4, with the battery inside the site).
public struct Summary: Sendable {
    public var import_Wh = 0.0, export_Wh = 0.0
    public var pv_Wh = 0.0, wind_Wh = 0.0, load_Wh = 0.0, ev_Wh = 0.0
    /// Out of batteries and into them.
    public var batteryOut_Wh = 0.0, batteryIn_Wh = 0.0
    /// Share of the time of which there are readings, of the controller that has fewest.
    public var covered = 0.0
    public var outages: [Outage] = []
    private var hasGrid = false
    private static let battery = Figure.all.firstIndex { $0.column == "battery_W" }!

    /// - Throws: an error of the store.
    public init(_ store: Store, _ plan: SitePlan, from_s: Int64, to_s: Int64) throws {
        var least = Int64.max
        for unit in plan.units {
            // A day is three months of it at most in one row: sums do not care how they are cut.
            let rows = try store.quarters(
                of: unit.name, from_s: from_s, to_s: to_s, step_s: 96 * 900)
            least = min(least, rows.reduce(0) { $0 + $1.readings })
            for row in rows {
                let energies = row.energyByFigure
                pv_Wh += (energies["pv_W"]?.in_Wh ?? 0)
                wind_Wh += (energies["wind_W"]?.in_Wh ?? 0)
                load_Wh += (energies["load_W"]?.out_Wh ?? 0)
                ev_Wh += (energies["ev_W"]?.out_Wh ?? 0)
                switch unit.kind {
                case .coupling:
                    hasGrid = true
                    import_Wh += Double(row.energyIn_mJ) / 3.6e6
                    export_Wh += Double(row.energyOut_mJ) / 3.6e6
                // As the history has it: its own current, where that is measured.
                case .home
                where unit.has.contains("battery") && row.spans[Self.battery].mean.isNaN:
                    batteryOut_Wh += Double(row.energyIn_mJ) / 3.6e6
                    batteryIn_Wh += Double(row.energyOut_mJ) / 3.6e6
                default:
                    batteryOut_Wh += (energies["battery_W"]?.in_Wh ?? 0)
                    batteryIn_Wh += (energies["battery_W"]?.out_Wh ?? 0)
                }
            }
            if unit.kind == .coupling {
                outages += Outage.all(
                    try store.events(of: unit.name, from_s: from_s, to_s: to_s))
            }
        }
        let length_s = Double(max(1, to_s - from_s))
        covered = plan.units.isEmpty ? 0 : min(1, Double(least) / length_s)
    }

    /// 0 ... 1; nil where nothing was used, or there is no meter towards the grid.
    public var selfSufficiency: Double? {
        let used = load_Wh + ev_Wh
        return hasGrid && used > 0 ? min(1, max(0, 1 - import_Wh / used)) : nil
    }
    /// 0 ... 1; nil where nothing was generated, or there is no meter towards the grid.
    public var selfConsumption: Double? {
        let made = pv_Wh + wind_Wh
        return hasGrid && made > 0 ? min(1, max(0, 1 - export_Wh / made)) : nil
    }

    /// As the API has it.
    public func json(_ plan: SitePlan, from_s: Int64, to_s: Int64) -> JSON {
        func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
        func towardsGrid(_ value: Double?) -> Double? { hasGrid ? value.map(rounded) : nil }
        let cost = plan.file.tariff.map {
            (import_Wh * $0.import_per_kWh - export_Wh * $0.export_per_kWh) / 1000
        }
        var m = Members()
        m.put("from", UTC.text(ns: from_s * 1_000_000_000))
        m.put("to", UTC.text(ns: to_s * 1_000_000_000))
        m.put("import_Wh", towardsGrid(import_Wh))
        m.put("export_Wh", towardsGrid(export_Wh))
        m.put("pv_Wh", rounded(pv_Wh))
        m.put("wind_Wh", rounded(wind_Wh))
        m.put("load_Wh", rounded(load_Wh))
        m.put("ev_Wh", rounded(ev_Wh))
        m.put("battery_in_Wh", rounded(batteryIn_Wh))
        m.put("battery_out_Wh", rounded(batteryOut_Wh))
        m.put("self_sufficiency", selfSufficiency.map(rounded))
        m.put("self_consumption", selfConsumption.map(rounded))
        m.put("cost", towardsGrid(cost))
        m.put("currency", plan.file.tariff?.currency)
        m.put(
            "co2_g",
            towardsGrid(plan.file.intensity.map { import_Wh * $0.grid_g_per_kWh / 1000 }))
        m.put("covered", rounded(covered))
        m.put("outages", outages.map(\.json))
        return m.json
    }
}

extension QuarterFigures {
    /// Of figures that are powers, by their columns.
    var energyByFigure: [String: (in_Wh: Double, out_Wh: Double)] {
        var found: [String: (in_Wh: Double, out_Wh: Double)] = [:]
        for (n, figure) in Figure.all.filter(\.isPower).enumerated() {
            found[figure.column] = (
                Double(energies_mJ[2 * n]) / 3.6e6, Double(energies_mJ[2 * n + 1]) / 3.6e6
            )
        }
        return found
    }
}
