import CoreMetrics

/// A counter of what the hub itself does, `skerry_hub_<what>_total`.
///
/// ```swift
/// let answered = hubCounter("answers", "Answers to requests of the page.", in: metrics,
///     labels: [("code", "200")])
/// answered.increment()
/// ```
///
/// - Parameters:
///   - what: counted things in the plural, in small letters; with the base unit, where there is one.
///   - help: one sentence.
/// - Returns: a counter that counts nothing where the name already is something else, or there are too many
///   label sets; ``PrometheusMetrics/refusedSeries`` tells.
public func hubCounter(
    _ what: String, _ help: String, in metrics: PrometheusMetrics,
    labels: [(String, String)] = []
) -> Counter {
    let name = "skerry_hub_\(what)_total"
    metrics.declare(Family(name, .counter, help))
    return Counter(label: name, dimensions: labels, factory: metrics)
}
