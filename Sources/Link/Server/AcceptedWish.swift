import Control
import Synchronization

/// A wish that was passed to the loop: who asked for what, and when.
public struct AcceptedWish: Equatable, Sendable {
    public var peer: PeerCredentials
    /// The newest tick then.
    public var at: Tick
    /// With its end.
    public var wish: Setpoints
    public init(peer: PeerCredentials, at: Tick, wish: Setpoints) {
        self.peer = peer
        self.at = at
        self.wish = wish
    }
}

/// What the server's thread tells the rest of the program: the newest wishes, and its counts.
final class LinkNews: Sendable {
    private struct Kept {
        var wishes: [AcceptedWish] = []
        var dropped: UInt64 = 0
        var counts = LinkCounts()
        var access: LinkAccess
    }
    /// Wishes kept until they are fetched; beyond, the oldest go and are counted.
    static let mostWishes = 256
    private let kept: Mutex<Kept>

    init() { kept = Mutex(Kept(access: LinkAccess())) }

    /// Who may do what.
    var access: LinkAccess {
        get { kept.withLock { $0.access } }
        set { kept.withLock { $0.access = newValue } }
    }

    func accepted(_ wish: AcceptedWish) {
        kept.withLock {
            if $0.wishes.count == Self.mostWishes {
                $0.wishes.removeFirst()
                $0.dropped += 1
            }
            $0.wishes.append(wish)
        }
    }
    func drain() -> (wishes: [AcceptedWish], dropped: UInt64) {
        kept.withLock {
            let found = ($0.wishes, $0.dropped)
            ($0.wishes, $0.dropped) = ([], 0)
            return found
        }
    }
    var counts: LinkCounts {
        get { kept.withLock { $0.counts } }
        set { kept.withLock { $0.counts = newValue } }
    }
}
