import Feed
import Synchronization

/// The controllers of a site as metrics, each with the labels `site` and `controller`.
///
/// ``update(_:)`` as often as they are to be fresh, or at each scrape; the counters are right however rarely.
/// A gauge is there from its first reading on, and NaN while nobody knows.
public final class SiteMetrics: Sendable {
    private let site: String
    private let metrics: PrometheusMetrics
    private let lives = Mutex<[String: ControllerLife]>([:])

    /// - Parameter site: the label of that name; any text.
    public init(site: String, in metrics: PrometheusMetrics) {
        self.site = site
        self.metrics = metrics
        for family in Self.families { metrics.declare(family) }
    }

    /// Takes over how the controllers stand. One that is no longer among them takes its series along.
    public func update(_ all: [Seen]) {
        lives.withLock { lives in
            let names = Set(all.map(\.name))
            for name in lives.keys where !names.contains(name) {
                lives.removeValue(forKey: name)?.drop()
            }
            for seen in all {
                let labels = [("site", site), ("controller", seen.name)]
                lives[
                    seen.name, default: ControllerLife(Instruments(metrics, labels: labels))
                ].update(seen)
            }
        }
    }
}
