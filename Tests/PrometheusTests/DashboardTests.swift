import Testing

@testable import Prometheus

@Suite("The Grafana dashboard")
struct DashboardTests {
    @Test(
        "It is a dashboard: schema, data source and other variables, panels with ids of their own")
    func shape() throws {
        let dashboard = try Dashboard()
        #expect((dashboard.json["schemaVersion"] as? Int).map { $0 >= 36 } == true)
        #expect(dashboard.variables == ["datasource", "site", "controller"])
        let ids = dashboard.panels.compactMap { $0["id"] as? Int }
        #expect(ids.count == dashboard.panels.count && Set(ids).count == ids.count)
        var places: Set<[Int]> = []
        for panel in dashboard.panels {
            let title = panel["title"] as? String ?? ""
            #expect(!title.isEmpty && panel["type"] is String)
            let targets = try #require(panel["targets"] as? [[String: Any]], "\(title)")
            #expect(!targets.isEmpty && targets.allSatisfy { $0["expr"] is String }, "\(title)")
            let refs = targets.compactMap { $0["refId"] as? String }
            #expect(Set(refs).count == targets.count, "\(title)")
            for source in [panel] + targets {
                let uid = (source["datasource"] as? [String: Any])?["uid"] as? String
                #expect(uid == "${datasource}", "\(title)")
            }
            // No two panels on one square of the grid of 24 columns.
            let place = try #require(panel["gridPos"] as? [String: Int])
            let (x, y) = (place["x"] ?? -1, place["y"] ?? -1)
            for column in x..<x + (place["w"] ?? 0) {
                for row in y..<y + (place["h"] ?? 0) {
                    #expect(places.insert([column, row]).inserted, "\(title) covers another")
                    #expect((0..<24).contains(column) && row >= 0, "\(title)")
                }
            }
        }
    }

    @Test("Every expression names metrics that there are, and no other; so do the variables")
    func names() throws {
        let dashboard = try Dashboard()
        let families = SiteMetrics.families + [PrometheusMetrics.refusedSeries]
        let known = Set(families.map(\.name))
        for expression in dashboard.expressions {
            let names = Dashboard.metrics(in: expression)
            #expect(!names.isEmpty, "\(expression)")
            #expect(names.isSubset(of: known), "\(expression): \(names.subtracting(known))")
        }
        #expect(dashboard.asked.count == 2)
        for query in dashboard.asked {
            #expect(query.hasPrefix("label_values(skerry_up"), "\(query)")
        }
    }

    @Test("Names are found where they hide")
    func reading() {
        let found = Dashboard.metrics(
            in:
                #"-sum by (a, b) (rate(x_total{k="y{z}"}[5m])) / 3.6e6 or vector(0) and w1 == bool 1"#
        )
        #expect(found == ["x_total", "w1"])
    }

    @Test("States are coded in the order that the mappings name them")
    func mappings() throws {
        let dashboard = try Dashboard()
        for (title, machine) in [("Island", "islanding"), ("Sources", "source")] {
            let panel = try #require(dashboard.panels.first { $0["title"] as? String == title })
            let expression = (panel["targets"] as? [[String: Any]])?.first?["expr"] as? String ?? ""
            let states = try #require(Machine.all.first { $0.name == machine }).states
            for (k, state) in states.enumerated() {
                #expect(expression.contains("\(k + 1) * sum by (controller)"))
                let term = expression.components(separatedBy: " + ")[k]
                #expect(term.hasPrefix("\(k + 1) * ") && term.contains("state=\"\(state)\""))
            }
            let defaults = (panel["fieldConfig"] as? [String: Any])?["defaults"] as? [String: Any]
            let mapping = (defaults?["mappings"] as? [[String: Any]])?.first
            let options = mapping?["options"] as? [String: Any] ?? [:]
            #expect(Set(options.keys) == Set((0...states.count).map(String.init)))
        }
    }
}
