import BlackBox
import Control
import Quantities
import Wire

/// Lives the turns of a run again, one after another, through `Control` of this program.
///
///     var life = Life(run, ours: .ofThisProgram())
///     while let step = life.next() {
///         if case .lived(let turn) = step { ... life.record ... }
///     }
///
/// It begins at a state that was kept and goes on as long as no turn is missing; behind a gap it begins
/// again at the next state. One segment of the file is in memory.
public struct Life {
    public enum Step: Sendable {
        /// Lived: ``Life/record`` is what this program makes of it.
        case lived(NumberedTurn)
        /// It is there, but what the controller was before it is not.
        case unlived(NumberedTurn, Unlived)
        /// Turns before it came and went without being lived, by number.
        case gap(Gap)
        case skipped(Skip)
        /// A state was met; `isTaken`: the life goes on from it and not from its own.
        case state(turn: UInt64, isTaken: Bool)
    }
    /// Why a turn that is there could not be lived.
    public enum Unlived: Equatable, Sendable {
        /// No state stands before it.
        case noState
        /// Turns before it are missing, and no state stands between.
        case afterGap
        /// What stood before it is damaged.
        case afterDamage
        case state(Checkpoint.Fault)

        public var words: String {
            switch self {
            case .noState: "no state of the controller was kept before them"
            case .afterGap: "turns before them were not recorded, and no state since"
            case .afterDamage: "what stood before them is damaged, and no state since"
            case .state(let fault): fault.words
            }
        }
    }

    /// What this program made of the newest lived turn.
    public private(set) var record = Record()
    /// Set: at the next state the life goes on from there, not from its own.
    public var mustRestart = false
    /// The first turn was lived by a controller made of the settings that were given.
    public private(set) var beganFresh = false

    private let ours: StateLayout
    private let fresh: ControllerSettings?
    private var entries: Entries
    private var controller: Controller
    private var isAlive = false
    private var expected: UInt64 = 0
    private var why = Unlived.noState
    private var first: KeptState?

    /// - Parameters:
    ///   - ours: `StateLayout.ofThisProgram()`, computed once.
    ///   - tick: turns of this tick and later ones are wanted; those since the state before it are lived
    ///     first.
    ///   - fresh: what the run's first controller was made of, where that is known: lives turn 0 where
    ///     no state can be used.
    public init(
        _ run: Run, ours: StateLayout, from tick: Tick = Tick(0),
        fresh: ControllerSettings? = nil
    ) {
        self.ours = ours
        self.fresh = fresh
        controller = Controller(fresh ?? .blank)
        let start = run.heads.last { $0.tick < tick }?.firstTurn ?? 0
        first = start > 0 ? run.state(before: start) : nil
        // A state of another build is no beginning; the run's own first turn may be.
        if let first, fresh != nil, case .failure = first.controller(ours: ours) {
            self.first = nil
        }
        entries = run.life(from: first?.turn ?? (fresh == nil ? start : 0))
    }

    public mutating func next() -> Step? {
        if let state = first {
            first = nil
            return meet(state)
        }
        guard let entry = entries.next() else { return nil }
        switch entry {
        case .turn(let turn): return live(turn)
        case .state(let state): return meet(state)
        case .gap(let gap):
            if isAlive || why == .noState { why = .afterGap }
            isAlive = false
            return .gap(gap)
        case .skipped(let skip):
            // Only a turn that is missing ends the life: its number will tell.
            if !isAlive && skip.frames > 0 { why = .afterDamage }
            return .skipped(skip)
        case .record, .note: return next()
        }
    }

    private mutating func live(_ turn: NumberedTurn) -> Step {
        if isAlive && turn.number != expected {
            isAlive = false
            why = .afterDamage
        }
        if !isAlive, turn.number == 0, let fresh {
            controller = Controller(fresh)
            isAlive = true
            beganFresh = true
        }
        guard isAlive else { return .unlived(turn, why) }
        if turn.turn.hadLetGo { controller.letGo() }
        controller.tick(turn.turn.sample, wanting: turn.turn.wish, into: &record)
        expected = turn.number &+ 1
        return .lived(turn)
    }

    private mutating func meet(_ state: KeptState) -> Step {
        if isAlive && state.turn == expected && !mustRestart {
            return .state(turn: state.turn, isTaken: false)
        }
        switch state.controller(ours: ours) {
        case .success(let there):
            controller = there
            expected = state.turn
            isAlive = true
            mustRestart = false
            return .state(turn: state.turn, isTaken: true)
        case .failure(let fault):
            if isAlive && state.turn == expected { mustRestart = false }
            if !isAlive { why = .state(fault) }
            return .state(turn: state.turn, isTaken: false)
        }
    }
}

extension ControllerSettings {
    /// A controller that is never asked anything: the place of one that is read.
    fileprivate static var blank: ControllerSettings {
        ControllerSettings(
            rate: TickRate(perSecond: 1), frontEnd: .none, nominalCurrent: Amperes(1),
            presence: PresenceLimits(deadBelow: .zero, liveAbove: .zero),
            limits: SetpointLimits(
                frequencyBias: .zero, voltageBias: .zero, active: .zero, reactive: .zero,
                horizon: 0))
    }
}
