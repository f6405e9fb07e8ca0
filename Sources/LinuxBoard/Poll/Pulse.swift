import Synchronization

/// Whether the tick still turns, and whether the controller believed in itself lately. The tick
/// tells; the threads that hold outputs look, and let go when it falls silent. The heartbeat line
/// is made from it, for a line that toggled once a tick would alias with a thread's own rate.
public final class Pulse: Sendable {
    private let turned_ms = Atomic<UInt64>(0)
    private let believed_ms = Atomic<UInt64>(0)
    private let silence_ms: UInt64
    private let doubt_ms: UInt64

    /// - Parameters:
    ///   - silence_s: without a tick for this long, outputs are let go.
    ///   - doubt_s: without a belief for this long, the heartbeat stops.
    public init(silence_s: Double = 0.5, doubt_s: Double = 0.1) {
        silence_ms = UInt64(silence_s * 1000)
        doubt_ms = UInt64(doubt_s * 1000)
    }

    /// Called by the tick.
    func turn(now_ns: Int64, believes: Bool) {
        let ms = UInt64(now_ns / 1_000_000)
        turned_ms.store(ms, ordering: .relaxed)
        if believes { believed_ms.store(ms, ordering: .relaxed) }
    }
    /// Nobody turns any more: at once.
    func end() {
        turned_ms.store(0, ordering: .relaxed)
        believed_ms.store(0, ordering: .relaxed)
    }
    func isAlive(now_ns: Int64) -> Bool {
        UInt64(now_ns / 1_000_000) < turned_ms.load(ordering: .relaxed) + silence_ms
    }
    func isBelieved(now_ns: Int64) -> Bool {
        UInt64(now_ns / 1_000_000) < believed_ms.load(ordering: .relaxed) + doubt_ms
    }
}
