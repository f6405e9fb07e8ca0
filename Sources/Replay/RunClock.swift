import BlackBox
import Control

/// What a run's ticks mean in seconds and on the wall, by the heads of its segments.
public struct RunClock: Sendable {
    /// Wall clocks before 2001 were never set; a simulated run has none.
    public static let leastWall_ns: Int64 = 1_000_000_000_000_000_000
    public let ticksPerSecond: Double
    private let marks: [(tick: Tick, wall_ns: Int64)]

    public init(_ run: Run) {
        let heads = run.heads
        ticksPerSecond = Double(heads.first?.ticksPerSecond ?? 1)
        marks = heads.filter { $0.wall_ns >= Self.leastWall_ns }.map { ($0.tick, $0.wall_ns) }
    }

    /// Of the loop, since its start.
    public func seconds(_ tick: Tick) -> Double { Double(tick.count) / ticksPerSecond }
    /// CLOCK_REALTIME in ns; nil where it was not known.
    public func wall_ns(_ tick: Tick) -> Int64? {
        guard let mark = marks.last(where: { $0.tick <= tick }) ?? marks.first else { return nil }
        let ticks = Double(tick.count) - Double(mark.tick.count)
        return mark.wall_ns + Int64(ticks / ticksPerSecond * 1e9)
    }
    /// The first tick that is not before a time in seconds.
    public func tick(_ seconds: Double) -> Tick {
        let ticks = (seconds * ticksPerSecond - 1e-3).rounded(.up)
        return Tick(ticks > 0 ? UInt64(min(ticks, 9e18)) : 0)
    }
    public func tick(wall_ns: Int64) -> Tick? {
        guard let mark = marks.last(where: { $0.wall_ns <= wall_ns }) ?? marks.first else {
            return nil
        }
        return tick(seconds(mark.tick) + Double(wall_ns - mark.wall_ns) / 1e9)
    }
}
