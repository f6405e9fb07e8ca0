import BlackBox
import Control
import Wire
import Words

/// Something that happened, and when.
public struct Happening: Equatable, Sendable {
    public var number: UInt64
    public var tick: Tick
    public var what: Happened
    public init(number: UInt64, tick: Tick, what: Happened) {
        (self.number, self.tick, self.what) = (number, tick, what)
    }
}

/// A row of two stories told side by side: what happened in one, in the other, or in both at
/// different times.
public struct StoryRow: Equatable, Sendable {
    public var recorded: Happening?
    public var instead: Happening?
    public var tick: Tick { recorded?.tick ?? instead?.tick ?? Tick(0) }
    /// Both, at the same tick.
    public var isSame: Bool {
        if let recorded, let instead { return recorded.tick == instead.tick }
        return false
    }

    /// Pairs what happened in both by its words, in order (longest common subsequence), and leaves
    /// the rest alone in its column.
    ///
    /// - Parameter most: of each story are looked at; the rest is left out.
    public static func rows(
        _ recorded: [Happening], _ instead: [Happening], most: Int = 2000
    ) -> [StoryRow] {
        let a = Array(recorded.prefix(most))
        let b = Array(instead.prefix(most))
        // longest[i][j]: of a from i and b from j.
        let width = b.count + 1
        var longest = [Int32](repeating: 0, count: (a.count + 1) * width)
        for i in a.indices.reversed() {
            for j in b.indices.reversed() {
                longest[i * width + j] =
                    a[i].what == b[j].what
                    ? longest[(i + 1) * width + j + 1] + 1
                    : max(longest[(i + 1) * width + j], longest[i * width + j + 1])
            }
        }
        var rows: [StoryRow] = []
        var (i, j) = (0, 0)
        while i < a.count || j < b.count {
            if i < a.count, j < b.count, a[i].what == b[j].what {
                rows.append(StoryRow(recorded: a[i], instead: b[j]))
                (i, j) = (i + 1, j + 1)
            } else if j == b.count
                || (i < a.count && longest[(i + 1) * width + j] >= longest[i * width + j + 1])
            {
                rows.append(StoryRow(recorded: a[i], instead: nil))
                i += 1
            } else {
                rows.append(StoryRow(recorded: nil, instead: b[j]))
                j += 1
            }
        }
        return rows.enumerated().sorted {
            ($0.element.tick, $0.offset) < ($1.element.tick, $1.offset)
        }.map(\.element)
    }
}

/// What would have happened with other settings: a controller with those, given what was measured.
public struct Hypothesis: Sendable {
    public enum Beginning: Equatable, Sendable {
        /// Both controllers began with the run.
        case together
        /// The other one began in the middle, at this tick: it had to find its way first.
        case cold(Tick)
        case never
    }
    public var beginning = Beginning.never
    public var turns: UInt64 = 0
    /// Turns whose command would have been another.
    public var otherCommands: UInt64 = 0
    public var gapTurns: UInt64 = 0
    /// As recorded, lived again; and as it would have been.
    public var recorded: [Happening] = []
    /// The recorded life could not be lived again: its story is that of the records that were kept, whose
    /// times are up to a second late.
    public var isByRecords = false
    public var instead: [Happening] = []
    /// Of each story at most so many are kept.
    public static let most = 2000
    public var isCut = false
}

extension Run {
    /// Gives a controller with other settings the recorded samples and wishes, turn by turn. The plant
    /// does not answer: what would have been measured then is not known.
    ///
    /// - Parameters:
    ///   - settings: of the same rate and front end as the recording.
    ///   - stages, recordedStages: the names of the stages of the one and of the recording.
    ///   - fresh: see `Life`.
    public func lived(
        with settings: ControllerSettings, stages: [String], recordedStages: [String],
        ours: StateLayout, fresh: ControllerSettings? = nil, ticks: ClosedRange<Tick>? = nil,
        progress: (Tick) -> Bool = { _ in true }
    ) -> Hypothesis {
        var result = Hypothesis()
        var controller = Controller(settings)
        var record = Record()
        var recorded = HappenedWatch(stages: recordedStages)
        var instead = HappenedWatch(stages: stages)
        var isFirst = true
        func add(_ what: [Happened], _ number: UInt64, _ tick: Tick, _ story: inout [Happening]) {
            if let ticks, !ticks.contains(tick) { return }
            for one in what {
                if story.count < Hypothesis.most {
                    story.append(Happening(number: number, tick: tick, what: one))
                } else {
                    result.isCut = true
                }
            }
        }
        var wasLived = false
        var life = Life(self, ours: ours, fresh: fresh)
        loop: while let step = life.next() {
            let turn: NumberedTurn
            var isLived = false
            switch step {
            case .lived(let lived): (turn, isLived) = (lived, true)
            case .unlived(let there, _): turn = there
            case .gap(let gap):
                result.gapTurns += gap.turns
                continue
            case .skipped, .state: continue
            }
            let kept = turn.turn
            let tick = kept.sample.tick
            if let ticks, tick > ticks.upperBound { break loop }
            if isFirst { result.beginning = turn.number == 0 ? .together : .cold(tick) }
            isFirst = false
            if kept.hadLetGo { controller.letGo() }
            controller.tick(kept.sample, wanting: kept.wish, into: &record)
            result.turns += 1
            if result.turns % 10_000 == 0, !progress(tick) { break loop }
            var same = KeptTurn(
                sample: kept.sample, wish: kept.wish, hadLetGo: kept.hadLetGo, record: record)
            same.digest = kept.digest
            if !kept.isSame(as: same) { result.otherCommands += 1 }
            add(instead.see(record), turn.number, tick, &result.instead)
            guard isLived else { continue }
            wasLived = true
            add(recorded.see(life.record), turn.number, tick, &result.recorded)
        }
        if !wasLived {
            result.isByRecords = true
            story(stages: recordedStages) { happening, _ in
                add([happening.what], happening.number, happening.tick, &result.recorded)
                return ticks.map { happening.tick <= $0.upperBound } ?? true
            }
        }
        return result
    }
}

extension Run {
    /// What happened, by the whole records that were kept: at every change there is one.
    ///
    /// - Parameters:
    ///   - stages: names of the controller's stages, in order.
    ///   - tell: false ends it there.
    public func story(stages: [String], tell: (Happening, Record) -> Bool) {
        var watch = HappenedWatch(stages: stages)
        for kept in records() {
            for what in watch.see(kept.record) {
                let happening = Happening(
                    number: kept.number, tick: kept.record.tick, what: what)
                if !tell(happening, kept.record) { return }
            }
        }
    }
}
