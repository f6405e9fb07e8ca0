import Access
import Feed
import Recorder
import SiteFile
import SiteView

/// What the page is served from.
public struct Hub: Sendable {
    public var plan: SitePlan
    public var version: String
    public var feed: Feed
    public var store: Store
    public var users: Users
    public var clocks: Clocks
    /// The path of a controller's `ring.skbb`.
    public var ring: @Sendable (String) -> String
    /// In the text format of Prometheus; nil: none are kept.
    public var metrics: @Sendable () -> String?
    /// So many bytes that nobody can guess.
    public var random: @Sendable (Int) -> [UInt8]

    public init(
        plan: SitePlan, version: String, feed: Feed, store: Store, users: Users, clocks: Clocks,
        ring: @escaping @Sendable (String) -> String,
        metrics: @escaping @Sendable () -> String? = { nil },
        random: @escaping @Sendable (Int) -> [UInt8]
    ) {
        (self.plan, self.version) = (plan, version)
        (self.feed, self.store, self.users) = (feed, store, users)
        (self.clocks, self.ring) = (clocks, ring)
        (self.metrics, self.random) = (metrics, random)
    }
}
