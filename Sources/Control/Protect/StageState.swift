/// What a stage has decided.
public enum StagePhase: UInt8, Sendable, BitwiseCopyable {
    /// Nothing yet; it may be timing.
    case watching
    /// Its action is taken because it could not see for its clearing time.
    case blind
    /// Its action is taken because its reading was beyond its threshold.
    case tripped
}

/// The state of one stage.
///
///                ┌──────────── sound for the hold ───────────────┐
///                ▼                                               │
///     ┌─▶ watching, timing ──clearing, all of it blind──▶ blind ─┤
///     │          │                                               │ clearing,
///     │          └─clearing, some of it beyond──▶ tripped ◀──────┘ beyond seen
///     └──────────── sound for reset, latch allows ───┘
///
/// Whatever begins it, the action is taken after the same clearing time; who did is named after what
/// was seen since the reading was last sound. One reading beyond the threshold makes it the stage's
/// own trip, with the stage's reset and latch. Blindness alone is no trip of the stage: it names
/// itself, needs no person, and ends with the hold of the blind rule.
///
/// | phase | sound | between | beyond | blind | absent |
/// |---|---|---|---|---|---|
/// | watching | forgets | – | times; `tripped` | times; `tripped` if beyond was seen, else `blind` | – |
/// | blind | hold runs; `watching` | hold anew | hold anew; times; `tripped` | hold anew; times if beyond was seen; `tripped` | – |
/// | tripped | reset runs; `watching` | reset anew | reset anew | reset anew | – |
public struct StageState: Equatable, Sendable, BitwiseCopyable {
    public var phase = StagePhase.watching
    /// Ticks picked up, or, once tripped, ticks sound again.
    public var ticks: UInt32 = 0
    /// The reading was beyond the threshold since it was last sound.
    public var wasBeyond = false
    /// Blind: sound ticks still wanted before it watches again.
    public var hold: UInt32 = 0
    public init() {}

    /// The stage's action is taken.
    public var acts: Bool { phase != .watching }

    /// One tick of `elapsed` (1, or more after a gap). True in the tick that trips by a reading.
    ///
    /// - Parameter hold: ticks for which an action taken for blindness stays once the reading is
    ///   sound; 0 ends it in the first such tick.
    public mutating func step(
        _ stage: Stage, _ finding: Finding, elapsed: UInt32, acknowledged: Bool, hold full: UInt32
    ) -> Bool {
        switch (phase, finding) {
        case (_, .absent), (.watching, .between): return false

        case (.watching, .sound):
            self = StageState()
            return false
        case (.watching, .beyond):
            wasBeyond = true
            return time(stage, elapsed, hold: full)
        case (.watching, .blind):
            return time(stage, elapsed, hold: full)

        case (.blind, .sound):
            ticks = 0
            wasBeyond = false
            if hold == 0 { phase = .watching }
            hold -= min(hold, elapsed)
            return false
        case (.blind, .between):
            hold = full
            return false
        case (.blind, .beyond):
            hold = full
            wasBeyond = true
            return time(stage, elapsed, hold: full)
        case (.blind, .blind):
            hold = full
            return wasBeyond && time(stage, elapsed, hold: full)

        case (.tripped, .sound):
            ticks = longer(ticks, by: elapsed)
            if ticks >= stage.reset && (stage.latch == .automatic || acknowledged) {
                self = StageState()
            }
            return false
        case (.tripped, .between), (.tripped, .beyond), (.tripped, .blind):
            ticks = 0
            return false
        }
    }

    /// Counts towards the clearing time, and acts when it is over.
    private mutating func time(_ stage: Stage, _ elapsed: UInt32, hold full: UInt32) -> Bool {
        ticks = longer(ticks, by: elapsed)
        guard ticks >= max(stage.clearing, 1) else { return false }
        ticks = 0
        phase = wasBeyond ? .tripped : .blind
        hold = wasBeyond ? 0 : full
        return wasBeyond
    }
}
