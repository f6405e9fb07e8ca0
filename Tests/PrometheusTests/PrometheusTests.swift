import Control
import CoreMetrics
import Feed
import Foundation
import Testing

@testable import Prometheus

@Suite(
    "Prometheus itself", .prometheus("values", "restarts", "limit", "dashboard"),
    .timeLimit(.minutes(1)))
struct PrometheusTests {
    static let hostile = "mill \"1\"\\\nüñ 電 {}=,#\r\t' \u{1F600}"
    let scope: WithPrometheus.Scope
    var prometheus: RealPrometheus { scope.prometheus }
    init() throws { scope = try #require(WithPrometheus.scope) }

    /// With everything that a panel shows.
    private static func busy(tick: UInt64, in_mJ: Int64) -> Record {
        var record = Sites.record(tick: tick, in_mJ: in_mJ, out_mJ: 5)
        record.source = .forming
        record.verdict.tripped = 1
        record.verdict.blind = .wave(.gridA)
        record.measured.dcBusVoltage.value = 48.2
        record.measured.windPower.value = 800
        record.measured.evPower.value = -3700
        return record
    }
    private static func controllers(tick: UInt64, in_mJ: Int64) -> [Seen] {
        let record = busy(tick: tick, in_mJ: in_mJ)
        var silent = Sites.seen("inn", record)
        silent.connection = .silent
        return [Sites.seen(hostile, record), silent, Sites.seen("new")]
    }

    /// As we write what Prometheus has: without its own labels, a bucket's bound at the end.
    private static func written(_ labels: [String: String]) -> String {
        let own = labels.filter { !["__name__", "job", "instance", "le"].contains($0.key) }
        let all = [
            TextFormat.labels(own.map { ($0.key, $0.value) }, of: .summary),
            labels["le"].map { "le=\"\($0)\"" } ?? "",
        ].filter { !$0.isEmpty }.joined(separator: ",")
        return (labels["__name__"] ?? "") + (all.isEmpty ? "" : "{\(all)}")
    }

    @Test(
        "It reads back every value and every label, no number included, and counts the series alike"
    )
    func values() throws {
        let metrics = PrometheusMetrics()
        let site = SiteMetrics(site: "a\nb\"c\\", in: metrics)
        let target = try scope.target("values")
        target.show(metrics)
        site.update(Self.controllers(tick: 100_000, in_mJ: 1_234_567))
        CoreMetrics.Timer(label: "answer", dimensions: [("code", "200")], factory: metrics)
            .recordMilliseconds(3)
        var live = Sites.seen(Self.hostile, Sites.record(tick: 1))
        site.update([live])
        // A reading that was there and is unknown now.
        live.connection = .silent
        site.update([live, Sites.seen("inn", Sites.record(tick: 7))])
        try target.wait()
        let text = metrics.expose()
        let own = try prometheus.query(#"{job="values",__name__=~"(skerry|answer)_.+"}"#)
        #expect(own.count == samples(text).count && own.count > 100)
        var wrong: [String] = []
        let shown = samples(text)
        for sample in own {
            let key = Self.written(sample.labels)
            let value = shown[key]
            // Prometheus writes numbers in its own way.
            let isSame = value == sample.value || value.flatMap(Double.init) == Double(sample.value)
            if !isSame { wrong.append("\(key): \(value ?? "nothing") and \(sample.value)") }
        }
        #expect(wrong == [])
        let nan = try prometheus.query(#"skerry_bus_voltage_volts{job="values",controller!="inn"}"#)
        #expect(nan.map(\.value) == ["NaN"])
        #expect(nan.first?.labels["controller"] == Self.hostile)
        #expect(nan.first?.labels["site"] == "a\nb\"c\\")
        #expect(try prometheus.query("up{job=\"values\"}").map(\.value) == ["1"])
    }

    @Test("A controller starts anew: no counter falls, and the increase is the truth")
    func restarts() throws {
        let metrics = PrometheusMetrics()
        let site = SiteMetrics(site: "restarts", in: metrics)
        let target = try scope.target("restarts")
        target.show(metrics)
        site.update([Sites.seen("mill", Sites.record(tick: 90_000, in_mJ: 5_000_000))])
        try target.wait()
        site.update([Sites.seen("mill", Sites.record(tick: 100, in_mJ: 250_125))])
        try target.wait()
        site.update([Sites.seen("mill", Sites.record(tick: 99, in_mJ: 9_000_000))])
        try target.wait()
        let mill = #"{job="restarts"}"#
        let energy = try prometheus.query("skerry_energy_in_joules_total\(mill)")
        #expect(energy.map(\.value) == ["14250.125"])
        for name in ["skerry_energy_in_joules_total", "skerry_ticks_total"] {
            #expect(try prometheus.query("resets(\(name)\(mill)[1m])").map(\.value) == ["0"])
        }
        let increase = try prometheus.query(
            "max_over_time(skerry_energy_in_joules_total\(mill)[1m])"
                + " - min_over_time(skerry_energy_in_joules_total\(mill)[1m])")
        #expect(increase.map(\.value) == ["9250.125"])
    }

    @Test("Beyond the most series Prometheus sees how many were refused, and the others")
    func limit() throws {
        let small = PrometheusMetrics(limit: 40)
        SiteMetrics(site: "s", in: small).update([
            Sites.seen("mill", Sites.record(tick: 1)), Sites.seen("inn", Sites.record(tick: 1)),
        ])
        let target = try scope.target("limit")
        target.show(small)
        try target.wait()
        #expect(
            try prometheus.query(#"count({job="limit",__name__=~"skerry_.+"})"#).map(\.value) == [
                "41"
            ])
        let refused = try prometheus.query(#"skerry_hub_refused_series_total{job="limit"}"#).map(
            \.value)
        let shown = samples(small.expose())["skerry_hub_refused_series_total"]
        #expect(refused == [shown ?? ""])
        #expect(Int(refused.first ?? "").map { $0 > 50 } == true)
    }

    @Test("Every expression of the Grafana dashboard finds something")
    func dashboard() throws {
        let metrics = PrometheusMetrics()
        let site = SiteMetrics(site: "dashboard", in: metrics)
        let target = try scope.target("dashboard")
        target.show(metrics)
        // So that a stage's trip is a change.
        site.update([Sites.seen("mill", Sites.record(tick: 100_000))])
        try target.wait()
        site.update([Sites.seen("mill", Self.busy(tick: 101_000, in_mJ: 2_000_000))])
        try target.wait()
        let dashboard = try Dashboard()
        #expect(dashboard.expressions.count > 20)
        for expression in dashboard.expressions {
            let found = try prometheus.query(Dashboard.filled(expression, site: "dashboard"))
            #expect(found.count > 0, "\(expression)")
        }
    }
}
