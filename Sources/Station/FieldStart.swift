import Control
import Loop

/// How a run of a board begins, and who else has a hand in it. Everything may be left out.
public struct FieldStart: Sendable {
    /// Before the controller begins, its inputs must have been sound for this long, with every output
    /// at rest. 0: it begins at once.
    public var selfTest_s = 0.0
    /// Where the controller leaves its state, and what the last one left there.
    public var state: StateFile?
    public var left: StateFile.Left?
    /// Wishes of people and plans.
    public var wishes: WishBox?
    /// Every turn, whole; with whoever records asking for copies of the state.
    public var ring: TurnRing
    public var checkpoints: CheckpointBox?
    /// - Parameter rate_Hz: of the loop.
    public init(rate_Hz: Double) { ring = TurnRing(rate_Hz: rate_Hz) }
}

/// Where a run is.
public enum FieldPhase: Equatable, Sendable {
    /// Outputs are at rest; what keeps the controller from beginning, empty while the time passes.
    case testing([String])
    /// The controller decides. What is not sound and nothing rests on, as found at the start.
    case armed([String])
    /// Ended; false where outputs could not be proved at rest.
    case ended(isProvedSafe: Bool)
}
