import Control

/// What a run's ticks mean in seconds and on the wall.
///
/// Ticks are the truth: they count from the start of a controller, whatever anybody does to the clock of
/// the machine. Beside them stand *anchors*, the wall clock as it was read at some ticks. A clock that
/// was wrong at first (a board without one, before its first NTP answer) is put right by the anchors
/// after the step: all that came before is moved by it. What is smaller than a step is drift, and spread.
public struct RunClock: Equatable, Sendable {
    public struct Anchor: Equatable, Sendable {
        public var tick: UInt64
        public var wall_ns: Int64
        public init(tick: UInt64, wall_ns: Int64) {
            self.tick = tick
            self.wall_ns = wall_ns
        }
    }
    /// Beyond this the clock was set, and did not drift; a leap second is none.
    static let step_ns: Int64 = 2_000_000_000
    public static let farthest_ns: UInt64 = 4_000_000_000_000_000_000
    /// Wall clocks before 2001 were never set; a simulated run has none.
    public static let leastWall_ns: Int64 = 1_000_000_000_000_000_000

    public let rate_Hz: Double
    /// Corrected, by tick.
    public private(set) var anchors: [Anchor] = []
    /// How often the clock was set.
    public private(set) var steps = 0

    /// - Parameter rate_Hz: ticks a second, above 0.
    public init(rate_Hz: Double) { self.rate_Hz = rate_Hz }

    /// By the heads of the segments that are left.
    public init(_ run: Run) {
        let heads = run.heads
        self.init(rate_Hz: Double(heads.first?.ticksPerSecond ?? 1))
        for head in heads where head.wall_ns >= Self.leastWall_ns {
            add(Anchor(tick: head.tick.count, wall_ns: head.wall_ns))
        }
    }

    /// Of the loop, since its start.
    public func seconds(_ tick: Tick) -> Double { Double(tick.count) / rate_Hz }
    /// The first tick that is not before a time in seconds, to a thousandth of a tick.
    public func tick(_ seconds: Double) -> Tick {
        let ticks = (seconds * rate_Hz - 1e-3).rounded(.up)
        return Tick(ticks > 0 ? UInt64(min(ticks, 9e18)) : 0)
    }

    /// Takes an anchor that is later than all before; another is passed over.
    ///
    /// - Returns: whether it tells of a step, so that what was dated before is dated anew.
    @discardableResult
    public mutating func add(_ anchor: Anchor) -> Bool {
        // No clock says what is 127 years from 1970: such an anchor is damage.
        guard anchor.wall_ns.magnitude <= Self.farthest_ns, anchor.tick <= 1 << 53 else {
            return false
        }
        guard let last = anchors.last else {
            anchors.append(anchor)
            return false
        }
        guard anchor.tick > last.tick else { return false }
        let off = anchor.wall_ns &- (last.wall_ns &+ ns(anchor.tick - last.tick))
        // Nor does time stand still.
        let isStep =
            off.magnitude > Self.step_ns.magnitude || anchor.wall_ns <= last.wall_ns
        if isStep {
            steps += 1
            for n in anchors.indices { anchors[n].wall_ns &+= off }
        }
        anchors.append(anchor)
        return isStep
    }

    /// Nanoseconds since 1970, UTC; nil before the first anchor was read.
    public func wall_ns(at tick: UInt64) -> Int64? {
        guard let first = anchors.first, let last = anchors.last else { return nil }
        if tick <= first.tick { return first.wall_ns - ns(first.tick - tick) }
        if tick >= last.tick { return last.wall_ns + ns(tick - last.tick) }
        let n = after(tick)
        let (a, b) = (anchors[n - 1], anchors[n])
        let share = Double(tick - a.tick) / Double(b.tick - a.tick)
        return a.wall_ns + Int64((Double(b.wall_ns - a.wall_ns) * share).rounded())
    }

    /// The first tick at or after a wall time, to a thousandth of a tick; nil where nothing is dated.
    public func tick(at time_ns: Int64) -> UInt64? {
        let most = Int64(Self.farthest_ns)
        let wall_ns = max(-most, min(most, time_ns))
        guard let first = anchors.first, let last = anchors.last else { return nil }
        if wall_ns <= first.wall_ns {
            let back = ticks(first.wall_ns - wall_ns)
            return back >= Double(first.tick) ? 0 : first.tick - UInt64(back)
        }
        if wall_ns >= last.wall_ns {
            return last.tick + UInt64((ticks(wall_ns - last.wall_ns) - 1e-3).rounded(.up))
        }
        var (low, high) = (0, anchors.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if anchors[middle].wall_ns <= wall_ns { low = middle } else { high = middle }
        }
        let (a, b) = (anchors[low], anchors[high])
        let share = Double(wall_ns - a.wall_ns) / Double(b.wall_ns - a.wall_ns)
        return a.tick + UInt64((Double(b.tick - a.tick) * share - 1e-3).rounded(.up))
    }

    /// The number of the first anchor after a tick that lies between two.
    private func after(_ tick: UInt64) -> Int {
        var (low, high) = (0, anchors.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if anchors[middle].tick <= tick { low = middle } else { high = middle }
        }
        return high
    }
    private func ns(_ ticks: UInt64) -> Int64 {
        Int64(min((Double(ticks) / rate_Hz * 1e9).rounded(), Double(Self.farthest_ns)))
    }
    private func ticks(_ ns: Int64) -> Double { Double(ns) * 1e-9 * rate_Hz }
}
