import Feed
import SiteView
import Synchronization

/// The newest snapshot as text, made a few times a second for all who look.
final class NewestSnapshot: Sendable {
    /// Server-sent events a second.
    static let perSecond = 4
    private struct Newest: Sendable {
        var number: UInt64 = 0
        var text = "{}"
        var snapshots: Snapshots
    }
    private let newest: Mutex<Newest>
    private let feed: Feed
    private let clocks: Clocks

    init(_ plan: SitePlan, _ feed: Feed, _ clocks: Clocks) {
        newest = Mutex(Newest(snapshots: Snapshots(plan)))
        self.feed = feed
        self.clocks = clocks
        renew()
    }
    func renew() {
        let seen = feed.seen
        newest.withLock {
            $0.text =
                $0.snapshots.json(seen, wall_ns: clocks.wall_ns(), now_ns: clocks.monotonic_ns())
                .compact
            $0.number += 1
        }
    }
    var text: String { newest.withLock { $0.text } }
    /// Nil where nothing is newer than what was seen.
    func after(_ number: UInt64) -> (number: UInt64, text: String)? {
        newest.withLock { $0.number > number ? ($0.number, $0.text) : nil }
    }
}

/// Time, as it is passed in.
public struct Clocks: Sendable {
    /// Nanoseconds since 1970, UTC.
    public var wall_ns: @Sendable () -> Int64
    /// Nanoseconds of a clock that never runs back.
    public var monotonic_ns: @Sendable () -> Int64
    public init(
        wall_ns: @escaping @Sendable () -> Int64, monotonic_ns: @escaping @Sendable () -> Int64
    ) {
        (self.wall_ns, self.monotonic_ns) = (wall_ns, monotonic_ns)
    }
}
