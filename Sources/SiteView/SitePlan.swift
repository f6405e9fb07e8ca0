import BoardProfile
import SiteFile

/// What stands where: the controllers of a site and what each has, from its board file and its site file.
public struct SitePlan: Sendable {
    public enum Kind: String, Sendable {
        /// The islanding switch at the point of common coupling.
        case coupling
        /// A home behind it: an inverter, what feeds it, its loads.
        case home
        /// A battery and its converter on a DC bus.
        case nanogrid
        /// A real board: what its file fits it with.
        case board
    }
    public struct Unit: Sendable {
        public var name: String
        public var kind: Kind
        /// battery, pv, wind, ev, load: what the unit has, in this order.
        public var has: [String] = []
        /// What its battery holds, Wh; 0 where it has none.
        public var battery_Wh = 0.0
    }
    public var title: String
    public var units: [Unit]
    public var file: SiteFile
    public var frequency_Hz: Double
    public var voltage_V: Double

    /// - Parameters:
    ///   - board: its name is that of its only controller where it has hardware.
    public init(_ board: SiteProfile, _ file: SiteFile) {
        title = file.title.isEmpty ? board.title : file.title
        self.file = file
        frequency_Hz = board.frequency_Hz
        voltage_V = board.voltage_V
        guard board.hardware == nil else {
            units = [
                Unit(
                    name: board.name, kind: .board,
                    has: board.nanogrid == nil ? [] : ["battery", "pv", "load"],
                    battery_Wh: (board.nanogrid?.batteries.first?.battery_kWh ?? 0) * 1000)
            ]
            return
        }
        units = board.coupling.map { [Unit(name: $0.name, kind: .coupling)] } ?? []
        units += board.homes.map { home in
            var has: [String] = []
            if home.hasBattery { has.append("battery") }
            if home.pv_W > 0 { has.append("pv") }
            if home.wind_W > 0 { has.append("wind") }
            if home.ev_W > 0 { has.append("ev") }
            has.append("load")
            return Unit(
                name: home.name, kind: .home, has: has,
                battery_Wh: home.hasBattery ? home.battery_kWh * 1000 : 0)
        }
        units += (board.nanogrid?.batteries ?? []).map {
            Unit(
                name: $0.name, kind: .nanogrid, has: ["battery", "pv", "load"],
                battery_Wh: $0.battery_kWh * 1000)
        }
    }

    public func unit(_ name: String) -> Unit? { units.first { $0.name == name } }

    /// As the API has it.
    public func json(version: String) -> JSON {
        var m = Members()
        m.put("title", title)
        m.put("version", version)
        m.put("timezone", file.timezone)
        m.put("currency", file.tariff?.currency)
        m.put("frequency_Hz", frequency_Hz)
        m.put("voltage_V", voltage_V)
        m.put(
            "tariff",
            file.tariff.map { tariff in
                var m = Members()
                m.put("import_per_kWh", tariff.import_per_kWh)
                m.put("export_per_kWh", tariff.export_per_kWh)
                m.put("source", tariff.source)
                return m
            })
        m.put(
            "intensity",
            file.intensity.map { intensity in
                var m = Members()
                m.put("grid_g_per_kWh", intensity.grid_g_per_kWh)
                m.put("source", intensity.source)
                return m
            })
        m.put("controllers", units.map { $0.json })
        return m.json
    }
}

extension SitePlan.Unit {
    var json: JSON {
        var m = Members()
        m.put("name", name)
        m.put("kind", kind.rawValue)
        m.put("has", has.map { .text($0) })
        m.put("battery_Wh", battery_Wh > 0 ? battery_Wh : nil)
        return m.json
    }
}
