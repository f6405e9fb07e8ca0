import Control
import Wire

/// Which records a client wants from now on; a new one replaces the old.
public struct Subscription: Equatable, Sendable {
    public static let byteCount = 5
    public static let rates: ClosedRange<UInt32> = 1...100_000

    /// Every so many turns of the loop, 1 ... 100 000; those whose number divides by it, so that all who
    /// ask for the same get the same.
    public var every: UInt32
    /// Between them also each record at which something happened, see `Happenings`.
    public var events: Bool

    public init(every: UInt32, events: Bool) {
        self.every = every
        self.events = events
    }
    func write(into bytes: inout ByteWriter) {
        bytes.put(every)
        bytes.put(UInt8(events ? 1 : 0))
    }
    static func read(_ bytes: inout ByteReader) -> Subscription? {
        let every: UInt32 = bytes.take()
        let events: UInt8 = bytes.take()
        guard bytes.isSound, events <= 1 else { return nil }
        return Subscription(every: every, events: events == 1)
    }
}

/// A wish, and how long it is to hold from the newest tick on. The tick it ends at is the server's
/// business: `wish.expires` is not looked at.
public struct WishRequest: Equatable, Sendable {
    public static let byteCount = 12 + Setpoints.byteCount

    /// The layout the client knows: a server of another refuses.
    public var digest: UInt64
    /// Milliseconds, from 1 to the server's horizon.
    public var validity_ms: UInt32
    public var wish: Setpoints

    public init(
        digest: UInt64 = FieldDigest.ofThisProgram, validity_ms: UInt32, wish: Setpoints
    ) {
        self.digest = digest
        self.validity_ms = validity_ms
        self.wish = wish
    }
    func write(into bytes: inout ByteWriter) {
        bytes.put(digest)
        bytes.put(validity_ms)
        _ = wish.write(into: &bytes)
    }
    static func read(_ bytes: inout ByteReader) -> WishRequest? {
        let digest: UInt64 = bytes.take()
        let validity: UInt32 = bytes.take()
        guard let wish = Setpoints.read(from: &bytes) else { return nil }
        return WishRequest(digest: digest, validity_ms: validity, wish: wish)
    }
}
