import CoreMetrics
import Foundation
import Testing

@testable import Prometheus

@Suite("Metrics are bounded, and any thread may count")
struct BoundsTests {
    private func refused(_ metrics: PrometheusMetrics) -> Int? {
        metrics.expose().split(separator: "\n")
            .first { $0.hasPrefix("skerry_hub_refused_series_total ") }
            .flatMap { Int($0.split(separator: " ")[1]) }
    }

    @Test("Beyond the most label sets a new one is refused and counted; one that goes makes room")
    func limit() {
        let metrics = PrometheusMetrics(limit: 3)
        let counters = (0..<5).map {
            Counter(label: "x", dimensions: [("k", "\($0)")], factory: metrics)
        }
        for counter in counters { counter.increment() }
        #expect(refused(metrics) == 2)
        #expect(metrics.expose().components(separatedBy: "\nx_total{").count == 4)
        Counter(label: "x", dimensions: [("k", "0")], factory: metrics).increment()
        #expect(refused(metrics) == 2, "one that is there is no new one")
        #expect(metrics.expose().contains("\nx_total{k=\"0\"} 2\n"))
        counters[1].destroy()
        counters[1].destroy()
        Counter(label: "x", dimensions: [("k", "9")], factory: metrics).increment()
        Counter(label: "x", dimensions: [("k", "10")], factory: metrics).increment()
        #expect(refused(metrics) == 3, "room for one, though it was destroyed twice")
        let text = metrics.expose()
        #expect(text.contains("k=\"9\"} 1\n") && !text.contains("k=\"1\"}"))
    }

    @Test("A name is one thing: another kind under it, or under its samples, is refused")
    func kinds() throws {
        let metrics = PrometheusMetrics()
        Timer(label: "answer_seconds", factory: metrics).recordSeconds(1)
        Gauge(label: "answer_seconds", factory: metrics).record(7)
        Gauge(label: "answer_seconds_count", factory: metrics).record(7)
        Gauge(label: "x_sum", factory: metrics).record(7)
        Recorder(label: "x", factory: metrics).record(7)
        #expect(refused(metrics) == 3)
        #expect(!metrics.declare(Family("answer_seconds", .gauge, "Another.")))
        #expect(metrics.declare(Family("y_total", .counter, "New.")))
        #expect(metrics.declare(Family("y_total", .counter, "New.")), "the same once more")
        #expect(!metrics.declare(Family("y_total", .counter, "Otherwise.")))
        let gauge = Gauge(label: "z", factory: metrics)
        gauge.destroy()
        #expect(metrics.declare(Family("z", .histogram, "A name that went is free.")))
    }

    @Test("Counters of the hub have their names, and a refused one counts nothing")
    func hub() throws {
        let metrics = PrometheusMetrics()
        for code in ["200", "200", "404"] {
            hubCounter("answers", "Answers.", in: metrics, labels: [("code", code)]).increment()
        }
        let text = metrics.expose()
        #expect(text.contains("# HELP skerry_hub_answers_total Answers.\n"))
        #expect(text.contains("\nskerry_hub_answers_total{code=\"200\"} 2\n"))
        #expect(text.contains("\nskerry_hub_answers_total{code=\"404\"} 1\n"))
    }

    @Test("Many threads count, make, destroy and read at once, and nothing is lost")
    func threads() {
        let metrics = PrometheusMetrics()
        let (threads, rounds) = (8, 5000)
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            for round in 0..<rounds {
                Counter(label: "n", factory: metrics).increment()
                FloatingPointCounter(label: "f", factory: metrics).increment(by: 0.5)
                Recorder(label: "r", factory: metrics).record(round % 20)
                let meter = Meter(label: "m", factory: metrics)
                meter.increment()
                if round % 2 == 0 { meter.decrement() }
                let passing = Gauge(
                    label: "p", dimensions: [("thread", "\(thread)")], factory: metrics)
                passing.record(round)
                passing.destroy()
                if round % 1000 == 0 { #expect(metrics.expose().hasSuffix("\n")) }
            }
        }
        let all = threads * rounds
        let text = metrics.expose()
        #expect(text.contains("\nn_total \(all)\n"))
        #expect(text.contains("\nf_total \(all / 2)\n"))
        #expect(text.contains("\nr_count \(all)\n"))
        #expect(text.contains("\nr_sum \(threads * (rounds / 20) * 190)\n"))
        #expect(text.contains("\nr_bucket{le=\"0.001\"} \(all / 20)\n"))
        #expect(text.contains("\nm \(all / 2)\n"))
        #expect(!text.contains("\np{") && refused(metrics) == 0)
    }
}
