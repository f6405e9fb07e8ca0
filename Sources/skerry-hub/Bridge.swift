import Dashboard
import Feed
import HomeAssistant
import Recorder
import SiteFile
import SiteView

extension Hub {
    /// The site in Home Assistant, by the broker of its site file.
    ///
    /// - Parameters:
    ///   - site: short, and the same for ever.
    ///   - password: of the broker's user.
    /// - Throws: what is wrong with the settings.
    func bridge(
        _ broker: SiteFile.Broker, site: String, password: String?
    ) throws(BrokerProblem) -> HomeAssistantBridge {
        var settings = BrokerSettings(host: broker.host, port: broker.port, site: site)
        settings.user = broker.user
        settings.password = broker.user == nil ? nil : password
        settings.tls = broker.ca.map {
            BrokerSettings.TLS(
                authorityFile: $0, certificateFile: broker.certificate, keyFile: broker.key)
        }
        settings.discoveryPrefix = broker.discovery
        // The usual is skerry/SITE.
        settings.baseTopic = broker.topic + settings.baseTopic.dropFirst("skerry".count)
        settings.takesCommands = broker.takesCommands
        let published = PublishedSite(
            name: site, title: plan.title, version: version,
            controllers: plan.units.map { PublishedController($0) })
        let (hub, feed, clocks, plan) = (self, feed, clocks, plan)
        let totals = RunningTotals(store)
        return try HomeAssistantBridge(
            settings, site: published,
            sources: HomeAssistantBridge.Sources(
                seen: { feed.seen },
                energy: { name in
                    guard let unit = plan.unit(name),
                        let sums = try? totals.totals(
                            of: name, now_s: clocks.wall_ns() / 1_000_000_000)
                    else { return nil }
                    return EnergyTotals(sums, of: unit)
                },
                wants: { feed.wants(of: $0) },
                ask: { command, name, who in hub.ask(command, of: name, user: who, via: who) }),
            clock: clocks.monotonic_ns)
    }
}

extension PublishedController {
    init(_ unit: SitePlan.Unit) {
        let kind: Kind =
            switch unit.kind {
            case .coupling: .coupling
            case .home: unit.has.contains("battery") ? .home : .der
            case .nanogrid: .nanogrid
            case .board: unit.has.contains("battery") ? .nanogrid : .coupling
            }
        self.init(
            name: unit.name, kind: kind,
            has: Set(unit.has.compactMap { Equipment(rawValue: $0) }))
    }
}

extension EnergyTotals {
    init(_ totals: Totals, of unit: SitePlan.Unit) {
        func Wh(_ mJ: Int64) -> Double { Double(mJ) / 3.6e6 }
        func into(_ what: String) -> Double? {
            unit.has.contains(what) ? totals.powers["\(what)_W"].map { Wh($0.in_mJ) } : nil
        }
        func outOf(_ what: String) -> Double? {
            unit.has.contains(what) ? totals.powers["\(what)_W"].map { Wh($0.out_mJ) } : nil
        }
        self.init()
        (pv_Wh, wind_Wh) = (into("pv"), into("wind"))
        (load_Wh, ev_Wh) = (outOf("load"), outOf("ev"))
        switch unit.kind {
        case .coupling:
            (gridIn_Wh, gridOut_Wh) = (Wh(totals.energyIn_mJ), Wh(totals.energyOut_mJ))
        case .home where unit.has.contains("battery"):
            // What the inverter gives comes out of the battery behind it.
            (batteryOut_Wh, batteryIn_Wh) = (Wh(totals.energyIn_mJ), Wh(totals.energyOut_mJ))
        case .home, .nanogrid, .board:
            (batteryOut_Wh, batteryIn_Wh) = (into("battery"), outOf("battery"))
        }
    }
}
