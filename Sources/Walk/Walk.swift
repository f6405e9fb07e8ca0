import Calibration
import Report

/// A person walks from channel to channel with a meter.
///
///     list ──enter── connect ──enter── live ──f── summary ──enter── next channel: connect
///       ^               │b              │ ^──────────b─┘
///       └───────────────┴───────b,s─────┘ └─n── confirm ──y── live
///     ? shows help anywhere; q quits anywhere, with all points saved.
///
/// Pure: keys and ticks go in, a ``WalkScreen`` comes out, and orders for whoever runs it.
public struct Walk: Sendable {
    public enum Input: Sendable {
        case key(Key)
        /// What is seen now; `practice`: what the practice meter shows.
        case tick(ChannelSession.Moment, practice: String?)
    }
    /// What must be done outside.
    public enum Order: Equatable, Sendable {
        /// A person is asked to set the source of a channel to a level; a practice supply obeys.
        case set(Calibrated, Double)
        /// The points of a channel changed; they must survive an interruption.
        case save(Calibrated, [Point])
        /// A calibration was accepted by the person.
        case keep(Calibrated, [Point], ChannelFit)
        case quit
    }
    enum Place: Equatable {
        case list(Int)
        case connect
        case live
        case confirm(MeterReading, PointRefusal)
        case summary
    }
    enum Standing: Equatable {
        case open, skipped
        case kept(SessionSummary)
    }

    let board: String
    let rest: String
    let fitting: Fitting
    var sessions: [ChannelSession]
    var standings: [Standing]
    var place = Place.list(0)
    /// Index of the channel at hand.
    var current = 0
    var typed = ""
    var message: WalkScreen.Message?
    var showsHelp = false
    var moment: ChannelSession.Moment?
    var practice: String?
    /// The fit of the points there are, or why there is none.
    var fit: Result<ChannelFit, FitRefusal>?
    private var orders: [Order] = []

    /// `meters`: by the unit they are of. `saved`: points of an interrupted walk. `rest`: how it is known that outputs are at rest.
    public init(
        board: String, plans: [ChannelPlan], meters: [String: ReferenceMeter], rest: String,
        saved: [Calibrated: [Point]] = [:], fitting: @escaping Fitting
    ) {
        (self.board, self.rest, self.fitting) = (board, rest, fitting)
        sessions = plans.map {
            ChannelSession(
                plan: $0, meter: meters[$0.channel.unit] ?? .unknown,
                points: saved[$0.channel] ?? [])
        }
        standings = plans.map { _ in .open }
        if plans.isEmpty {
            message = .init("Nothing to calibrate: no channel has a span.", .attention)
        } else if plans.count == 1 {
            place = .connect
            if !sessions[0].points.isEmpty { resumed() }
        }
    }

    /// Takes a key or a tick and gives the picture after it.
    public mutating func step(_ input: Input) -> WalkScreen {
        switch input {
        case .tick(let moment, let practice): (self.moment, self.practice) = (moment, practice)
        case .key(let key): press(key)
        }
        return screen
    }

    /// What must be done since the last call, in order.
    public mutating func takeOrders() -> [Order] {
        defer { orders = [] }
        return orders
    }

    /// Shows that an order failed.
    public mutating func complain(_ text: String, remedy: String) {
        message = .init(text, remedy: remedy, .alarm)
    }

    /// Every channel is calibrated or skipped.
    public var isDone: Bool { standings.allSatisfy { $0 != .open } }

    var session: ChannelSession { sessions[current] }

    mutating func order(_ order: Order) { orders.append(order) }

    private mutating func press(_ key: Key) {
        if showsHelp {
            showsHelp = false
            return
        }
        if typed.isEmpty {
            if key == .character("?") {
                showsHelp = true
                return
            }
            if key == .character("q") {
                order(.quit)
                return
            }
        }
        switch place {
        case .list(let n): inList(key, n)
        case .connect: inConnect(key)
        case .live: inLive(key)
        case .confirm(let reading, let refusal): inConfirm(key, reading, refusal)
        case .summary: inSummary(key)
        }
    }

    private mutating func inList(_ key: Key, _ n: Int) {
        guard !sessions.isEmpty else { return }
        switch key {
        case .up: place = .list(max(0, n - 1))
        case .down: place = .list(min(sessions.count - 1, n + 1))
        case .enter:
            let chosen = typed.isEmpty ? n : (Int(typed) ?? 0) - 1
            typed = ""
            guard sessions.indices.contains(chosen) else {
                message = .init("There are channels 1 to \(sessions.count).", .attention)
                return
            }
            go(to: chosen)
        default: edit(key)
        }
    }

    private mutating func inConnect(_ key: Key) {
        switch key {
        case .enter:
            place = .live
            suggest()
        case .character("b"), .escape: place = .list(current)
        case .character("s"): skip()
        default: break
        }
    }

    private mutating func inConfirm(
        _ key: Key, _ reading: MeterReading, _ refusal: PointRefusal
    ) {
        switch key {
        case .character("y"):
            place = .live
            take(reading, confirmed: true)
        case .character("n"), .escape:
            place = .live
            message = .init("Not taken.", remedy: refusal.remedy)
        default: break
        }
    }

    private mutating func inSummary(_ key: Key) {
        switch key {
        case .enter:
            guard case .success(let fit) = fit else { return }
            standings[current] = .kept(
                SessionSummary(plan: session.plan, points: session.points, fit: fit))
            order(.keep(session.plan.channel, session.points, fit))
            let name = session.plan.channel.key
            goOn()
            message = .init("\(name): kept.")
        case .character("b"), .escape: place = .live
        default: break
        }
    }

    /// Letters and digits into what is typed.
    mutating func edit(_ key: Key) {
        switch key {
        case .character(let c) where typed.count < 40: typed.append(c)
        case .backspace: if !typed.isEmpty { typed.removeLast() }
        case .escape: typed = ""
        default: break
        }
    }

    mutating func skip() {
        standings[current] = .skipped
        let name = session.plan.channel.key
        goOn()
        message = .init("\(name): skipped; its points stay saved.")
    }

    /// To the next channel that is open, round the list; to the list when there is none.
    private mutating func goOn() {
        let count = sessions.count
        let next = (1...count).map { (current + $0) % count }.first { standings[$0] == .open }
        if let next { go(to: next) } else { place = .list(current) }
    }

    private mutating func go(to n: Int) {
        current = n
        (place, typed, message) = (.connect, "", nil)
        refit()
        if !session.points.isEmpty { resumed() }
    }

    private mutating func resumed() {
        refit()
        message = .init("Resumed with \(session.points.count) saved points.")
    }

    /// Asks for the level that is wanted next.
    mutating func suggest() {
        if let level = session.wanted { order(.set(session.plan.channel, level)) }
    }

    mutating func refit() {
        guard !session.points.isEmpty else {
            fit = nil
            return
        }
        do throws(FitRefusal) {
            fit = .success(try fitting(session.plan.channel, session.points, session.plan.nominal))
        } catch {
            fit = .failure(error)
        }
    }
}
