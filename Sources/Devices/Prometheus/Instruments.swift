import CoreMetrics

/// The metrics of one controller, made when they are first needed and kept.
struct Instruments: Sendable {
    private let factory: PrometheusMetrics
    private let labels: [(String, String)]
    private var gauges: [Key: Gauge] = [:]
    private var counters: [Key: Counter] = [:]
    private var energies: [Key: (counter: FloatingPointCounter, sent: Double)] = [:]

    private struct Key: Hashable, Sendable {
        var name: String
        var value: String
        init(_ name: String, _ more: [(String, String)]) {
            self.name = name
            value = more.map(\.1).joined(separator: "\0")
        }
    }

    init(_ factory: PrometheusMetrics, labels: [(String, String)]) {
        self.factory = factory
        self.labels = labels
    }

    /// - Parameter more: one label besides; where it has two, the last value tells series apart.
    mutating func set(
        _ name: String, _ more: [(String, String)] = [], to value: Double
    ) {
        let key = Key(name, more)
        if gauges[key] == nil {
            // What was never measured is not fitted: no series for it.
            if value.isNaN { return }
            gauges[key] = Gauge(label: name, dimensions: labels + more, factory: factory)
        }
        gauges[key]?.record(value)
    }

    mutating func count(_ name: String, _ more: [(String, String)] = [], by step: UInt64) {
        let key = Key(name, more)
        let counter =
            counters[key] ?? Counter(label: name, dimensions: labels + more, factory: factory)
        counters[key] = counter
        counter.increment(by: Int64(clamping: step))
    }

    /// A counter of a unit that comes in thousandths. The counter adds doubles; it is led to the total and
    /// not by steps, so that what rounding takes does not gather.
    mutating func lead(_ name: String, toThousandths total: UInt64) {
        let key = Key(name, [])
        var kept =
            energies[key]
            ?? (FloatingPointCounter(label: name, dimensions: labels, factory: factory), 0)
        let step = Double(total) / 1000 - kept.sent
        if step > 0 {
            kept.counter.increment(by: step)
            kept.sent += step
        }
        energies[key] = kept
    }

    /// Takes a gauge's series away, but those whose label has one of the values.
    mutating func drop(_ name: String, but values: Set<String>) {
        for (key, gauge) in gauges where key.name == name && !values.contains(key.value) {
            gauge.destroy()
            gauges[key] = nil
        }
    }

    /// Takes all away.
    mutating func drop() {
        for gauge in gauges.values { gauge.destroy() }
        for counter in counters.values { counter.destroy() }
        for energy in energies.values { energy.counter.destroy() }
        (gauges, counters, energies) = ([:], [:], [:])
    }
}
