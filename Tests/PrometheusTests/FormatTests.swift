import CoreMetrics
import Testing

@testable import Prometheus

@Suite("Metrics as Prometheus' text")
struct FormatTests {
    @Test("Every kind, sorted, with help and type, escaped, and a line feed at the end")
    func golden() throws {
        let metrics = PrometheusMetrics(buckets: [0.5, 1])
        metrics.declare(
            Family("requests_total", .counter, "What \"came\".\nA \\ and a second line."))
        metrics.declare(Family("size_bytes", .histogram, "Sizes.", buckets: [100, 10, .nan]))
        metrics.declare(Family("wake_seconds", .summary, "How late."))
        let nasty = "a\"b\\c\nd\r\ne äöü 電"
        for (code, count) in [("500", 1), ("200", 3)] {
            Counter(
                label: "requests", dimensions: [("path", nasty), ("code", code)], factory: metrics
            ).increment(by: count)
        }
        FloatingPointCounter(label: "energy_joules", factory: metrics).increment(by: 0.125)
        Gauge(label: "voltage_volts", dimensions: [("side", "bus")], factory: metrics).record(
            230.4)
        Gauge(label: "voltage_volts", dimensions: [("side", "grid")], factory: metrics).record(
            Double.nan)
        Gauge(label: "age_seconds", factory: metrics).record(Double.infinity)
        Gauge(label: "wake_seconds", dimensions: [("quantile", "0.99")], factory: metrics).record(
            0.000035)
        let meter = Meter(label: "clients", factory: metrics)
        meter.set(5)
        meter.increment(by: 2.5)
        meter.decrement()
        let sizes = Recorder(label: "size_bytes", factory: metrics)
        for size in [10, 11, 1000] { sizes.record(size) }
        sizes.record(Double.nan)
        let timer = Timer(label: "answer", factory: metrics)
        timer.recordMilliseconds(500)
        timer.recordMilliseconds(750)
        let text = metrics.expose()
        #expect(
            text == #"""
                # HELP age_seconds Counted as age_seconds.
                # TYPE age_seconds gauge
                age_seconds +Inf
                # HELP answer_seconds Counted as answer.
                # TYPE answer_seconds histogram
                answer_seconds_bucket{le="0.5"} 1
                answer_seconds_bucket{le="1"} 2
                answer_seconds_bucket{le="+Inf"} 2
                answer_seconds_sum 1.25
                answer_seconds_count 2
                # HELP clients Counted as clients.
                # TYPE clients gauge
                clients 6.5
                # HELP energy_joules_total Counted as energy_joules.
                # TYPE energy_joules_total counter
                energy_joules_total 0.125
                # HELP requests_total What "came".\nA \\ and a second line.
                # TYPE requests_total counter
                requests_total{code="200",path="a\"b\\c\nd\#r\ne äöü 電"} 3
                requests_total{code="500",path="a\"b\\c\nd\#r\ne äöü 電"} 1
                # HELP size_bytes Sizes.
                # TYPE size_bytes histogram
                size_bytes_bucket{le="10"} 1
                size_bytes_bucket{le="100"} 2
                size_bytes_bucket{le="+Inf"} 3
                size_bytes_sum 1021
                size_bytes_count 3
                # HELP skerry_hub_refused_series_total Series refused: beyond the most label sets, or of a name that is something else.
                # TYPE skerry_hub_refused_series_total counter
                skerry_hub_refused_series_total 0
                # HELP voltage_volts Counted as voltage_volts.
                # TYPE voltage_volts gauge
                voltage_volts{side="bus"} 230.4
                voltage_volts{side="grid"} NaN
                # HELP wake_seconds How late.
                # TYPE wake_seconds summary
                wake_seconds{quantile="0.99"} 3.5e-05

                """#)
        #expect(try promtool(check: text) == "")
    }

    @Test("Names become such as the format allows; reserved labels are moved aside")
    func names() {
        #expect(TextFormat.name("http.requests-in/flight:1") == "http_requests_in_flight_1")
        #expect(TextFormat.name("2nd") == "_2nd" && TextFormat.name("") == "_")
        #expect(TextFormat.name("Spannung Ü") == "Spannung__")
        #expect(TextFormat.labels([("le", "1")], of: .histogram) == #"exported_le="1""#)
        #expect(TextFormat.labels([("le", "1")], of: .gauge) == #"le="1""#)
        #expect(TextFormat.labels([("quantile", "1")], of: .gauge) == #"exported_quantile="1""#)
        #expect(TextFormat.labels([("__name__", "x")], of: .gauge) == #"exported___name__="x""#)
        #expect(TextFormat.labels([("a", "1"), ("a", "2")], of: .gauge) == #"a="2""#)
        #expect(TextFormat.labels([("a", "1"), ("A", "2")], of: .gauge) == #"A="2",a="1""#)
    }

    @Test("Numbers read back as the same bits")
    func numbers() {
        for x: Double in [
            0.1, 1e-9, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e16, -2.5,
            123_456_789.125, 1e21,
        ] {
            #expect(Double(TextFormat.number(x)) == x)
        }
        #expect(TextFormat.number(-.infinity) == "-Inf")
        #expect(TextFormat.number(3) == "3")
    }

    @Test("A counter neither falls nor stands still nor wraps")
    func counters() {
        let metrics = PrometheusMetrics()
        let counter = Counter(label: "x", factory: metrics)
        counter.increment(by: 9_007_199_254_740_993)
        counter.increment(by: -5)
        #expect(metrics.expose().contains("\nx_total 9007199254740993\n"))
        counter.increment(by: Int64.max)
        #expect(metrics.expose().contains("\nx_total 9223372036854775807\n"))
        counter.reset()
        #expect(metrics.expose().contains("\nx_total 0\n"))
        let real = FloatingPointCounter(label: "y", factory: metrics)
        for step in [1.5, -1, .nan, .infinity] { real.increment(by: step) }
        #expect(metrics.expose().contains("\ny_total 1.5\n"))
    }
}
