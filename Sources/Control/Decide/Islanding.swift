import Quantities

/// Why the site is an island.
public enum IslandReason: UInt8, Sendable, BitwiseCopyable {
    /// Since start; nobody has connected yet.
    case start
    /// Protection opened the switch; whether the grid is lost or rejected is not known yet. It
    /// stays so for as long as the grid's side is neither dead nor live: a sagging grid, say.
    case diagnosing
    /// The grid's side is dead: the grid is gone.
    case gridLost
    /// The grid's side is live: it was there and we did not like it.
    case gridRejected
    /// A person or a plan asked.
    case planned
    /// Grid-side or bus-side readings could not be believed.
    case blind
    /// The switch fell open by itself.
    case droppedOut
    /// The switch did not close when told to.
    case closingFailed
}

/// Times of the islanding switch, in ticks.
public struct IslandingTimes: Equatable, Sendable, BitwiseCopyable {
    /// The switch must have opened, or closed, by then.
    public var openBy: UInt32
    public var closeBy: UInt32
    /// After opening, how long until the grid's side tells lost from rejected.
    public var diagnose: UInt32
    /// Between a failed attempt to close and the next.
    public var retry: UInt32
    /// Failed attempts before a person is needed.
    public var attempts: UInt8
    /// The bus must have been proved dead for this long before the grid may energise it.
    public var deadBus: UInt32
    /// A tied switch whose grid nothing proves is opened after this. For as long a switch found
    /// closed at start is given to prove that it joins two live sides in step.
    public var proving: UInt32
    /// The auxiliary contact may follow the main contacts by this.
    public var feedbackLag: UInt32
    /// Beside a grid fit for service, both sides out of step for this long is told. It goes on
    /// trying: IEEE 1547-2018, clause 4.10.4, sets limits to a synchronisation and no end.
    public var syncBy: UInt32
    public init(
        openBy: UInt32, closeBy: UInt32, diagnose: UInt32, retry: UInt32, attempts: UInt8,
        deadBus: UInt32, proving: UInt32,
        feedbackLag: UInt32, syncBy: UInt32 = .max
    ) {
        self.openBy = openBy
        self.closeBy = closeBy
        self.diagnose = diagnose
        self.retry = retry
        self.attempts = attempts
        self.deadBus = deadBus
        self.proving = proving
        self.feedbackLag = feedbackLag
        self.syncBy = syncBy
    }
}

/// The machine of the islanding switch at the point of common coupling (IEEE 2030.7: transitions
/// T1 unplanned island, T2 planned island, T3 reconnect, T4 black start).
///
///     gridTied ──must island / wish──▶ opening ──aux open──▶ islanded(reason)
///        ▲                               │ late                │ grid fit for enter service
///        │ aux closed                    ▼                     ▼
///     closing ◀──synchronism (25)── resynchronising ◀──────────┘
///        ▲                                                     │ bus dead, grid fit
///        └──────────── blackStart (dead bus) ◀─────────────────┘
///     any ──switch welded, or too many failures──▶ fault ──person, contact open──▶ islanded
///     opening ──late, contact not heard──▶ fault(blind) ──contact heard open──▶ islanded
public enum IslandingState: Equatable, Sendable, BitwiseCopyable {
    case gridTied
    case opening(IslandReason, by: Tick)
    /// `since` starts the diagnosis of lost or rejected and the pause after a failed closing.
    case islanded(IslandReason, since: Tick, hold: UInt32)
    case resynchronising(IslandReason)
    /// T3: both sides live and in step.
    case closing(since: Tick, by: Tick)
    /// T4: live grid onto a bus proved dead.
    case blackStart(since: Tick, by: Tick)
    case fault(Cause)
}

extension IslandingState {
    var isOpening: Bool {
        if case .opening = self { true } else { false }
    }
}

/// What the islanding machine hears in one tick.
public struct IslandingInput: Sendable, BitwiseCopyable {
    public var now: Tick
    /// Protection demands an open switch, and whether it is for blindness.
    public var mustIsland: Bool
    public var isBlind: Bool
    /// A valid wish for a planned island, or not to be connected.
    public var wantsIsland: Bool
    public var acknowledged: Bool
    public var auxiliary: Bool
    /// The auxiliary contact could be read.
    public var isHeard: Bool
    /// The grid has been fit for enter service for its whole delay.
    public var gridFit: Bool
    public var grid: Presence
    public var bus: Presence
    /// The bus has been proved dead for the whole dead-bus time.
    public var busProvedDead: Bool
    public var permit: SyncPermit
    public init(
        now: Tick, mustIsland: Bool = false, isBlind: Bool = false, wantsIsland: Bool = false,
        acknowledged: Bool = false, auxiliary: Bool, isHeard: Bool = true, gridFit: Bool = false,
        grid: Presence = .doubtful, bus: Presence = .doubtful, busProvedDead: Bool = false,
        permit: SyncPermit = .notBothLive
    ) {
        self.now = now
        self.mustIsland = mustIsland
        self.isBlind = isBlind
        self.wantsIsland = wantsIsland
        self.acknowledged = acknowledged
        self.auxiliary = auxiliary
        self.isHeard = isHeard
        self.gridFit = gridFit
        self.grid = grid
        self.bus = bus
        self.busProvedDead = busProvedDead
        self.permit = permit
    }
    var mayConnect: Bool { !mustIsland && !isBlind && !wantsIsland && isHeard }
    var reason: IslandReason { isBlind ? .blind : mustIsland ? .diagnosing : .planned }
}

/// The islanding machine: `step` is the table.
public struct Islanding: Sendable, BitwiseCopyable {
    public let times: IslandingTimes
    public internal(set) var state: IslandingState
    /// Failed attempts to close since the last success.
    public internal(set) var failures: UInt8 = 0
    private var undeadSince: Tick?
    private var syncSince: Tick?
    /// It has been resynchronising for ``IslandingTimes/syncBy`` and goes on. Bounces back to
    /// `islanded` count, as long as the grid stays fit and nothing forbids the way back.
    public private(set) var isSyncLate = false
    /// The switch has opened this often, and how often to interrupt a live current.
    public private(set) var operations: UInt32 = 0

    public init(_ times: IslandingTimes, at now: Tick = Tick(0)) {
        self.times = times
        state = .islanded(.start, since: now, hold: 0)
    }

    /// The switch should be held closed in this state.
    public var wantsClosed: Bool {
        switch state {
        case .gridTied, .closing, .blackStart: true
        case .opening, .islanded, .resynchronising, .fault: false
        }
    }

    /// The coil was let go without being asked.
    mutating func letGo(at now: Tick) {
        guard wantsClosed else { return }
        operations &+= 1
        state = .opening(.droppedOut, by: now + times.openBy)
    }

    /// One tick. Answers the ticks a successful closing took, for learning; 0 otherwise.
    public mutating func step(_ i: IslandingInput) -> UInt32 {
        let took = move(i)
        watchSync(i)
        return took
    }

    private mutating func watchSync(_ i: IslandingInput) {
        switch state {
        case .resynchronising where i.gridFit && i.mayConnect:
            if syncSince == nil { syncSince = i.now }
        case .islanded where i.gridFit && i.mayConnect: break
        default: syncSince = nil
        }
        isSyncLate = syncSince.map { i.now.since($0) >= UInt64(times.syncBy) } ?? false
    }

    private mutating func move(_ i: IslandingInput) -> UInt32 {
        let openBy = i.now + times.openBy
        switch state {
        case .gridTied:
            if i.mustIsland || i.wantsIsland || i.isBlind {
                operations &+= 1
                state = .opening(i.reason, by: openBy)
            } else if i.isHeard && !i.auxiliary {
                state = .islanded(.droppedOut, since: i.now, hold: times.retry)
            }
        case .opening(let reason, let by):
            if i.isHeard && !i.auxiliary {
                state = .islanded(reason, since: i.now, hold: 0)
            } else if i.now >= by {
                state = .fault(i.isHeard ? .welded : .blind)
            }
        case .islanded(let reason, let since, let hold):
            stepIslanded(i, reason, since, hold)
        case .resynchronising(let reason):
            if i.isHeard && i.auxiliary {
                state = .opening(reason, by: openBy)
            } else if !i.gridFit || !i.mayConnect || i.bus != .live {
                state = .islanded(reason, since: i.now, hold: 0)
            } else if i.permit == .close {
                state = .closing(since: i.now, by: i.now + times.closeBy)
            }
        case .closing(let since, let by):
            return stepClosing(i, since, by, ontoDead: false)
        case .blackStart(let since, let by):
            return stepClosing(i, since, by, ontoDead: true)
        case .fault(let cause):
            // Nothing was wrong with a switch that only could not be heard.
            if i.isHeard && !i.auxiliary && (i.acknowledged || cause == .blind) {
                if i.acknowledged { failures = 0 }
                state = .islanded(cause == .blind ? .blind : .start, since: i.now, hold: 0)
            } else if i.isHeard && i.auxiliary && cause == .blind {
                state = .fault(.welded)
            }
        }
        return 0
    }

    private mutating func stepIslanded(
        _ i: IslandingInput, _ reason: IslandReason, _ since: Tick, _ hold: UInt32
    ) {
        var reason = reason
        let age = i.now.since(since)
        if i.isHeard && i.auxiliary {
            // Closed though never told to: a switch found closed at start is taken over when both
            // sides are proved to be in step, for an auxiliary contact that lies would have it
            // close on anything. Any other time, or too late, it is opened and, if it stays,
            // called welded.
            if reason == .start && i.mayConnect && age < UInt64(times.proving) {
                let inStep = i.grid == .live && i.bus == .live && i.permit == .close
                if inStep { state = .gridTied }
            } else {
                state = .opening(reason, by: i.now + times.openBy)
            }
            return
        }
        if reason == .diagnosing && age >= UInt64(times.diagnose) && i.grid != .doubtful {
            reason = i.grid == .live ? .gridRejected : .gridLost
            state = .islanded(reason, since: since, hold: hold)
        }
        guard age > UInt64(max(hold, times.diagnose)), i.gridFit, i.mayConnect else { return }
        if i.bus == .live {
            state = .resynchronising(reason)
        } else if i.busProvedDead {
            undeadSince = nil
            state = .blackStart(since: i.now, by: i.now + times.closeBy)
        }
    }

    private mutating func failClosing(_ i: IslandingInput) {
        failures &+= 1
        state =
            failures >= times.attempts
            ? .fault(.failedToClose)
            : .islanded(.closingFailed, since: i.now, hold: times.retry)
    }

    private mutating func stepClosing(
        _ i: IslandingInput, _ since: Tick, _ by: Tick, ontoDead: Bool
    ) -> UInt32 {
        if i.mustIsland || i.isBlind || i.wantsIsland {
            operations &+= 1
            state = .opening(i.reason, by: i.now + times.openBy)
        } else if i.isHeard && i.auxiliary {
            failures = 0
            state = .gridTied
            return UInt32(truncatingIfNeeded: min(i.now.since(since), 1 << 30))
        } else if i.now >= by {
            failClosing(i)
        } else if !i.auxiliary && i.grid != .live && (!ontoDead || i.bus == .dead) {
            // The grid went, or was struck, while the contacts are still in flight: let go, be the
            // bus dead or in step a moment ago. That is no failure of the switch.
            state = .islanded(.diagnosing, since: i.now, hold: times.retry)
        } else if ontoDead && !i.auxiliary && i.bus != .dead {
            // The contacts may have touched and the auxiliary lag; longer than that, somebody else
            // started the bus while the switch was on its way, or the auxiliary lies.
            if undeadSince == nil { undeadSince = i.now }
            if i.now.since(undeadSince!) > UInt64(times.feedbackLag) { failClosing(i) }
        } else {
            undeadSince = nil
        }
        return 0
    }
}
