import Calibration
import Report
import Synchronization

/// Where the points and calibrations of a walk go.
public struct WalkKeeping {
    /// Points saved by a walk before; empty: none.
    public var saved: (Calibrated) -> [Point]
    /// Called at every change. Must leave the old or the new points, whenever the power fails.
    public var save: (Calibrated, [Point]) throws -> Void
    /// A person accepted this calibration.
    public var keep: (Calibrated, [Point], ChannelFit) throws -> Void

    public init(
        saved: @escaping (Calibrated) -> [Point],
        save: @escaping (Calibrated, [Point]) throws -> Void,
        keep: @escaping (Calibrated, [Point], ChannelFit) throws -> Void
    ) {
        (self.saved, self.save, self.keep) = (saved, save, keep)
    }
}

/// Ends a walk from another thread or out of a handler's pipe.
public final class WalkStop: Sendable {
    private let flag = Atomic<Bool>(false)
    public init() {}
    public func stop() { flag.store(true, ordering: .relaxed) }
    public var isAsked: Bool { flag.load(ordering: .relaxed) }
}

/// How a walk ended. All points are with `WalkKeeping`, whichever it was.
public enum WalkEnd: Equatable, Sendable {
    /// The person quit; true when every channel was kept or skipped.
    case quit(isDone: Bool)
    /// Ctrl-C, or the terminal was closed.
    case interrupted
    case failed(SourceFault)
}

/// A walk on a terminal: keys and readings in, pictures out, points saved as they are taken.
public struct WalkRun {
    private let board: String
    private let plans: [ChannelPlan]
    private let meters: [String: ReferenceMeter]
    private let source: any RawSource
    private let practice: PracticeSource?
    private let keeping: WalkKeeping
    private let now_s: () -> Double
    private let fitting: Fitting
    /// Ten pictures a second.
    public static let period_s = 0.1

    /// `practice`: obeys what the walk suggests, and its meter is shown; often `source` itself.
    /// `now_s`: seconds since 1970, UTC.
    public init(
        board: String, plans: [ChannelPlan], meters: [String: ReferenceMeter],
        source: any RawSource,
        practice: PracticeSource? = nil, keeping: WalkKeeping, now_s: @escaping () -> Double,
        fitting: @escaping Fitting
    ) {
        (self.board, self.plans, self.meters, self.source) = (board, plans, meters, source)
        (self.practice, self.keeping) = (practice, keeping)
        (self.now_s, self.fitting) = (now_s, fitting)
    }

    /// Walks until the person quits, `stop` is asked, the terminal closes or the board is gone. The
    /// terminal is given back before this returns.
    public func run(
        on screen: consuming TerminalScreen, ability: Ability, stop: WalkStop
    ) -> WalkEnd {
        var screen = screen
        let saved = Dictionary(plans.map { ($0.channel, keeping.saved($0.channel)) }) { a, _ in a }
        var walk = Walk(
            board: board, plans: plans, meters: meters, rest: source.outputsAreAtRest, saved: saved,
            fitting: fitting)
        var windows = Dictionary(
            plans.map { ($0.channel, Window(span_s: $0.window_s, nominal: $0.nominal)) }
        ) { a, _ in a }
        while true {
            let size = screen.size
            let view = WalkView(columns: size.columns, rows: size.rows, ability: ability)
            screen.show(view.lines(walk.screen))
            do throws(SourceFault) {
                for (channel, readings) in try source.gather(Self.period_s) {
                    windows[channel]?.add(readings)
                }
            } catch {
                return .failed(error)
            }
            let moment = ChannelSession.Moment(
                time_s: source.time_s, windows: windows,
                temperature_degC: source.temperature_degC, at_s: now_s())
            _ = walk.step(.tick(moment, practice: practice?.display))
            // What was typed before the terminal went away still counts.
            while let key = screen.key() {
                _ = walk.step(.key(key))
                if obey(&walk) { return .quit(isDone: walk.isDone) }
            }
            if stop.isAsked || screen.isGone { return .interrupted }
        }
    }

    /// True: the person wants to go.
    private func obey(_ walk: inout Walk) -> Bool {
        for order in walk.takeOrders() {
            switch order {
            case .quit: return true
            case .set(let channel, let level): practice?.set(channel, to: level)
            case .save(let channel, let points):
                attempt(&walk, "the points") { try keeping.save(channel, points) }
            case .keep(let channel, let points, let fit):
                attempt(&walk, "the calibration") { try keeping.keep(channel, points, fit) }
            }
        }
        return false
    }

    private func attempt(_ walk: inout Walk, _ what: String, _ save: () throws -> Void) {
        do {
            try save()
        } catch {
            walk.complain(
                "Not saved: \(what): \(error)",
                remedy: "Make room or mend the folder's rights; the next change saves again.")
        }
    }
}
