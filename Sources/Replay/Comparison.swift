import BlackBox
import Control
import Wire

/// What came of living a run again: how much was compared, where it first differs, and what could not be
/// compared and why.
public struct Comparison: Sendable {
    /// Two values of one field.
    public struct Field: Sendable {
        /// See `FieldList`.
        public var name: String
        public var recorded: FieldList.Value
        public var replayed: FieldList.Value
    }
    public struct Difference: Sendable {
        public var number: UInt64
        public var tick: Tick
        /// Fields of the command that differ in this turn; empty where its digest alone tells that
        /// something of the record does.
        public var command: [Field]
        /// Fields of the nearest whole record that was kept, from that turn on and before the life
        /// began anew: its number, and what differs in it.
        public var kept: (number: UInt64, tick: Tick, fields: [Field])?
        /// The record's digests.
        public var recordedDigest: UInt32
        public var replayedDigest: UInt32
    }
    /// Turns that were there and could not be lived: how many, in how many stretches, and the first.
    public struct Missed: Sendable {
        public var why: Life.Unlived
        public var turns: UInt64
        public var stretches: Int
        public var first: Tick
    }

    /// Turns whose commands and digests were compared, and how many of them differ.
    public var turns: UInt64 = 0
    public var differing: UInt64 = 0
    public var first: Difference?
    /// Ticks of the first and last turn that was compared.
    public var span: ClosedRange<Tick>?
    /// Gaps that were passed: how many, the turns they hide, and the first hundred of them.
    public var gapCount = 0
    public var gapTurns: UInt64 = 0
    public var gaps: [Gap] = []
    /// Damage that was passed, and the first hundred.
    public var skipCount = 0
    public var skips: [Skip] = []
    public var missed: [Missed] = []
    /// Turns that no gap tells of and that are not there: what damage took.
    public var lostTurns: UInt64 = 0
    private var following: UInt64?
    /// States the life began from, and met without needing them.
    public var statesTaken = 0
    public var statesMet = 0
    /// The first turn was lived by a controller made anew from the recorded settings.
    public var beganFresh = false

    public enum Verdict: Sendable { case exact, differs, nothing }
    public var verdict: Verdict {
        turns == 0 ? .nothing : differing > 0 ? .differs : .exact
    }

    public init() {}

    mutating func miss(_ why: Life.Unlived, _ tick: Tick, isNew: Bool) {
        if let k = missed.firstIndex(where: { $0.why == why }) {
            missed[k].turns += 1
            if isNew { missed[k].stretches += 1 }
        } else {
            missed.append(Missed(why: why, turns: 1, stretches: 1, first: tick))
        }
    }
    mutating func see(_ number: UInt64) {
        if let following, number > following { lostTurns += number - following }
        following = number &+ 1
    }
    mutating func pass(_ gap: Gap) {
        if let following, gap.first > following { lostTurns += gap.first - following }
        following = Swift.max(following ?? 0, gap.first &+ gap.turns)
        gapCount += 1
        gapTurns += gap.turns
        if gaps.count < 100 { gaps.append(gap) }
    }
    mutating func pass(_ skip: Skip) {
        skipCount += 1
        if skips.count < 100 { skips.append(skip) }
    }
}

extension Run {
    /// Lives the turns of a range again and compares each command bit for bit, and the digest of each
    /// record.
    ///
    /// - Parameters:
    ///   - ticks: of the turns to be compared; nil is all.
    ///   - fresh: see `Life`.
    ///   - progress: hears the tick of every 10 000th turn; false ends the replay there.
    public func compared(
        ours: StateLayout, ticks: ClosedRange<Tick>? = nil, fresh: ControllerSettings? = nil,
        progress: (Tick) -> Bool = { _ in true }
    ) -> Comparison {
        var result = Comparison()
        var life = Life(self, ours: ours, from: ticks?.lowerBound ?? Tick(0), fresh: fresh)
        var wasMissed = false
        var met: UInt64 = 0
        loop: while let step = life.next() {
            switch step {
            case .lived(let turn):
                let tick = turn.turn.sample.tick
                wasMissed = false
                if let ticks, tick > ticks.upperBound { break loop }
                result.see(turn.number)
                met += 1
                if met % 10_000 == 0, !progress(tick) { break loop }
                if let ticks, tick < ticks.lowerBound { continue }
                result.take(turn, life.record)
                // From the next state on a new difference is a new one.
                if result.differing > 0 { life.mustRestart = true }
            case .unlived(let turn, let why):
                let tick = turn.turn.sample.tick
                if let ticks, tick > ticks.upperBound { break loop }
                if let ticks, tick < ticks.lowerBound { continue }
                result.see(turn.number)
                result.miss(why, tick, isNew: !wasMissed)
                wasMissed = true
            case .gap(let gap): result.pass(gap)
            case .skipped(let skip): result.pass(skip)
            case .state(_, let isTaken):
                if isTaken { result.statesTaken += 1 } else { result.statesMet += 1 }
            }
        }
        result.beganFresh = life.beganFresh
        if let first = result.first, first.command.isEmpty {
            result.first?.kept = keptDifference(from: first, ours, fresh)
        }
        return result
    }

    /// Lives on to the next whole record that was kept, and compares all of it.
    private func keptDifference(
        from first: Comparison.Difference, _ ours: StateLayout, _ fresh: ControllerSettings?
    ) -> (number: UInt64, tick: Tick, fields: [Comparison.Field])? {
        guard let kept = records().first(where: { $0.number >= first.number }) else { return nil }
        var life = Life(self, ours: ours, from: first.tick, fresh: fresh)
        while let step = life.next() {
            guard case .lived(let turn) = step else { continue }
            if turn.number > kept.number { return nil }
            guard turn.number == kept.number else { continue }
            let fields = Comparison.fields(of: kept.record, life.record)
            return fields.isEmpty ? nil : (kept.number, kept.record.tick, fields)
        }
        return nil
    }
}

extension Comparison {
    fileprivate mutating func take(_ turn: NumberedTurn, _ record: borrowing Record) {
        let tick = turn.turn.sample.tick
        turns += 1
        span = (span?.lowerBound ?? tick)...max(span?.upperBound ?? tick, tick)
        let again = KeptTurn(
            sample: turn.turn.sample, wish: turn.turn.wish, hadLetGo: turn.turn.hadLetGo,
            record: copy record)
        guard !turn.turn.isSame(as: again) else { return }
        differing += 1
        guard first == nil else { return }
        first = Difference(
            number: turn.number, tick: tick,
            command: Self.fields(of: turn.turn.command, again.command), kept: nil,
            recordedDigest: turn.turn.digest, replayedDigest: again.digest)
    }

    /// Every field in which two values differ by a bit.
    static func fields(of recorded: Record, _ replayed: Record) -> [Field] {
        var (a, b) = (recorded, replayed)
        var (before, after) = (FieldList(), FieldList())
        a.visit(&before)
        b.visit(&after)
        return differing(before, after, "")
    }
    static func fields(of recorded: Command, _ replayed: Command) -> [Field] {
        var (a, b) = (recorded, replayed)
        var (before, after) = (FieldList(), FieldList())
        a.visit(&before)
        b.visit(&after)
        return differing(before, after, "command.")
    }
    private static func differing(
        _ before: FieldList, _ after: FieldList, _ prefix: String
    ) -> [Field] {
        zip(before.fields, after.fields).compactMap { a, b in
            a.value.isSame(as: b.value)
                ? nil : Field(name: prefix + a.name, recorded: a.value, replayed: b.value)
        }
    }
}
