import CoreMetrics
import Synchronization

/// A backend of swift-metrics whose figures Prometheus can fetch as text.
///
/// What it keeps is bounded: beyond ``limit`` label sets a new one is refused, and counted in
/// ``refusedSeries``; whoever asked for it writes to nothing. So is a name that already is something else.
/// Any thread may write and read.
public final class PrometheusMetrics: Sendable {
    /// The counter of what was refused, always there.
    public static let refusedSeries = Family(
        "skerry_hub_refused_series_total", .counter,
        "Series refused: beyond the most label sets, or of a name that is something else.")

    /// The most label sets, of all families together.
    public let limit: Int
    private let buckets: [Double]
    private let refused = Number(Place(family: refusedSeries.name, labels: ""))

    private struct Shelf: Sendable {
        var family: Family
        /// Declared families stay when their last series goes.
        var isDeclared: Bool
        var series: [String: any Series] = [:]
    }
    private struct Registry: Sendable {
        var shelves: [String: Shelf] = [:]
        /// Names of samples, and the family each belongs to.
        var taken: [String: String] = [:]
        var count = 0
    }
    private let registry = Mutex(Registry())

    /// - Parameters:
    ///   - limit: the most label sets, at least 1.
    ///   - buckets: of timers and recorders that nobody declared; s for timers.
    public init(limit: Int = 20_000, buckets: [Double] = Family.latencies) {
        precondition(limit > 0, "a label set at least")
        self.limit = limit
        self.buckets = buckets
        let place = refused.place
        registry.withLock {
            _ = Self.open(Self.refusedSeries, isDeclared: true, in: &$0)
            $0.shelves[place.family]?.series[place.labels] = refused
        }
    }

    /// Says what a name is before anybody counts under it: its type, its help, its buckets.
    ///
    /// - Returns: false where the name already is something else.
    @discardableResult
    public func declare(_ family: Family) -> Bool {
        registry.withLock { registry in
            if let known = registry.shelves[family.name] { return known.family == family }
            return Self.open(family, isDeclared: true, in: &registry)
        }
    }

    /// Everything now, in the text format 0.0.4: sorted by name and labels, each family with its help and
    /// type, a line feed at the end. A family without series is left out.
    public func expose() -> String {
        let shelves = registry.withLock { $0.shelves.values.filter { !$0.series.isEmpty } }
        var text = ""
        for shelf in shelves.sorted(by: { $0.family.name < $1.family.name }) {
            text += "# HELP \(shelf.family.name) \(TextFormat.help(shelf.family.help))\n"
            text += "# TYPE \(shelf.family.name) \(shelf.family.kind.rawValue)\n"
            for (_, series) in shelf.series.sorted(by: { $0.key < $1.key }) {
                series.write(into: &text)
            }
        }
        return text
    }

    /// The `Content-Type` of what ``expose()`` gives.
    public static var contentType: String { TextFormat.contentType }

    /// The series of that name and those labels, made where there is none; nil where it is refused.
    private func find<S: Series>(
        _ name: String, _ dimensions: [(String, String)], kinds: [Family.Kind], _ label: String,
        make: (Place, Family) -> S
    ) -> S? {
        let found: S? = registry.withLock { registry in
            // No copy of a shelf is held: it would be copied whole when a series is put on it.
            let known = registry.shelves[name]?.family
            let family =
                known ?? Family(name, kinds[0], "Counted as \(label).", buckets: buckets)
            guard kinds.contains(family.kind) else { return nil }
            let place = Place(
                family: name, labels: TextFormat.labels(dimensions, of: family.kind))
            if let series = registry.shelves[name]?.series[place.labels] { return series as? S }
            guard registry.count < limit,
                known != nil || Self.open(family, isDeclared: false, in: &registry)
            else { return nil }
            let series = make(place, family)
            registry.shelves[name]?.series[place.labels] = series
            registry.count += 1
            return series
        }
        if found == nil { refused.increment(by: 1 as Int64) }
        return found
    }

    private static func open(
        _ family: Family, isDeclared: Bool, in registry: inout Registry
    ) -> Bool {
        guard family.samples.allSatisfy({ registry.taken[$0] == nil }) else { return false }
        for sample in family.samples { registry.taken[sample] = family.name }
        registry.shelves[family.name] = Shelf(family: family, isDeclared: isDeclared)
        return true
    }

    private func remove(_ handler: AnyObject) {
        guard let series = handler as? any Series, series !== refused else { return }
        let place = series.place
        registry.withLock { registry in
            // Whoever was destroyed before and made anew is another.
            guard registry.shelves[place.family]?.series[place.labels] === series else { return }
            registry.shelves[place.family]?.series[place.labels] = nil
            registry.count -= 1
            guard let shelf = registry.shelves[place.family], shelf.series.isEmpty,
                !shelf.isDeclared
            else { return }
            registry.shelves[place.family] = nil
            for sample in shelf.family.samples { registry.taken[sample] = nil }
        }
    }
}

extension PrometheusMetrics: MetricsFactory {
    private func named(_ label: String, _ ending: String) -> String {
        let name = TextFormat.name(label)
        return name.hasSuffix(ending) ? name : name + ending
    }
    private func counter(_ label: String, _ dimensions: [(String, String)]) -> Number? {
        find(named(label, "_total"), dimensions, kinds: [.counter], label) { place, _ in
            Number(place)
        }
    }
    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> Number? {
        find(TextFormat.name(label), dimensions, kinds: [.gauge, .summary], label) { place, _ in
            Number(place)
        }
    }
    private func histogram(
        _ name: String, _ dimensions: [(String, String)], _ label: String
    ) -> Distribution? {
        find(name, dimensions, kinds: [.histogram], label) { place, family in
            Distribution(place, bounds: family.buckets)
        }
    }

    /// `_total` is put to the end of the label where it is missing.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions) ?? NOOPMetricsHandler.instance
    }
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        counter(label, dimensions) ?? NOOPMetricsHandler.instance
    }
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions) ?? NOOPMetricsHandler.instance
    }
    /// A histogram where it is to aggregate, else a gauge.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return gauge(label, dimensions) ?? NOOPMetricsHandler.instance }
        return histogram(TextFormat.name(label), dimensions, label) ?? NOOPMetricsHandler.instance
    }
    /// A histogram of seconds; `_seconds` is put to the end of the label where it is missing.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(named(label, "_seconds"), dimensions, label) ?? NOOPMetricsHandler.instance
    }

    public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
        remove(handler)
    }
    public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }
}
