import Synchronization

/// The controllers of a site as they are now, and the way to ask something of them. Each has a thread of
/// its own here, which connects, and connects again; no controller waits for it.
public final class Feed: Sendable {
    /// A wish is good for this long in the controller and is renewed three times in it: ms.
    public static let validity_ms: UInt32 = 3000

    private let talks: [Talk]

    /// - Parameters:
    ///   - sources: names of controllers, and the paths of their Unix sockets.
    ///   - reserves: of controllers, as they were wanted before: 0 ... 1.
    ///   - perSecond: records of each, 1 ... 50; what happens comes at once besides.
    ///   - clock: nanoseconds that never run back; the system's monotonic clock in a program.
    public init(
        _ sources: [(name: String, path: String)], reserves: [String: Float] = [:],
        perSecond: Float = 10,
        clock: @escaping @Sendable () -> Int64
    ) {
        precondition((1...50).contains(perSecond), "1 to 50 records a second")
        talks = sources.map {
            Talk(
                name: $0.name, path: $0.path, reserve: reserves[$0.name] ?? 0,
                perSecond: perSecond, clock: clock)
        }
    }

    /// Begins to connect.
    ///
    /// - Returns: false where the system gives no thread.
    public func start() -> Bool { talks.allSatisfy { $0.start() } }

    /// Ends the threads, within a second or so. Wishes that still hold end in the controllers by themselves.
    public func stop() { for talk in talks { talk.stop() } }

    /// All controllers, in the order of the sources.
    public var seen: [Seen] { talks.map(\.seen) }

    /// Asks, and waits for the controller's answer, 6 s at most. Not to be called from a thread that others
    /// wait for.
    public func ask(_ command: AskedCommand, of controller: String) -> Reply {
        guard let talk = talks.first(where: { $0.name == controller }) else {
            return Reply(
                isAccepted: false,
                words: "there is no controller \(controller); there are "
                    + talks.map(\.name).joined(separator: ", "))
        }
        return talk.ask(command)
    }

    /// What is asked of a controller now; nil where there is no such controller.
    public func wants(of controller: String) -> Wants? {
        talks.first { $0.name == controller }?.wants
    }
}
