import Quantities

/// Times of a source's way onto the bus, in ticks.
public struct SourceTimes: Equatable, Sendable, BitwiseCopyable {
    /// The bus is watched for this long before the inverter follows it.
    public var observe: UInt32
    /// The inverter follows at nil power for this long before it forms.
    public var follow: UInt32
    /// A bus proved dead for this long may be started by this source; nil: never.
    public var blackStartAfter: UInt32?
    /// Ticks in which a black start raises the voltage from nil.
    public var ramp: UInt32
    /// After a trip, before the next try.
    public var retry: UInt32
    /// The inverter must report ready within this, whenever it is enabled.
    public var readyBy: UInt32
    /// Out of step (78) for this long, it trips.
    public var outOfStep: UInt32
    public init(
        observe: UInt32, follow: UInt32, blackStartAfter: UInt32?, ramp: UInt32, retry: UInt32,
        readyBy: UInt32, outOfStep: UInt32
    ) {
        self.observe = observe
        self.follow = follow
        self.blackStartAfter = blackStartAfter
        self.ramp = ramp
        self.retry = retry
        self.readyBy = readyBy
        self.outOfStep = outOfStep
    }
}

/// A grid-forming source's way onto the bus.
///
///     off ──battery on the link──▶ observing ◀──not live──▶ following ──▶ forming
///      ▲                              │ bus dead, allowed        ▲          │
///      │                              ▼                          │          │ trip, not ready
///      └── tripped ◀──────────── blackStarting ──ramp done───────┘          │
///            ▲──────────────────────────────────────────────────────────────┘
public enum SourceState: Equatable, Sendable, BitwiseCopyable {
    case off
    case observing(since: Tick)
    case following(since: Tick)
    case forming
    case blackStarting(since: Tick)
    case tripped(Cause, until: Tick)
}

/// What the source machine hears in one tick.
public struct SourceInput: Sendable, BitwiseCopyable {
    public var now: Tick
    /// The battery is on the link and nothing forbids running.
    public var mayRun: Bool
    /// Protection demands a stop, and why.
    public var mustTrip: Bool
    public var cause: Cause
    public var bus: Presence
    /// The inverter says it is ready; heard or not.
    public var ready: Bool
    /// The frequency it makes and the frequency of the bus are apart: it has lost its step.
    public var isApart: Bool
    public init(
        now: Tick, mayRun: Bool, mustTrip: Bool, cause: Cause, bus: Presence, ready: Bool,
        isApart: Bool = false
    ) {
        self.now = now
        self.mayRun = mayRun
        self.mustTrip = mustTrip
        self.cause = cause
        self.bus = bus
        self.ready = ready
        self.isApart = isApart
    }
}

/// The source machine: `step` is the table.
public struct Source: Sendable, BitwiseCopyable {
    public let times: SourceTimes
    public internal(set) var state: SourceState = .off
    public private(set) var trips: UInt32 = 0
    private var deadFor: UInt32 = 0
    private var unready: UInt32 = 0
    private var apart: UInt32 = 0

    public init(_ times: SourceTimes) { self.times = times }

    public var mode: InverterMode {
        switch state {
        case .off, .observing, .tripped: .off
        case .following: .follow
        case .forming, .blackStarting: .form
        }
    }

    /// On the bus, or on its way there.
    public var isRunning: Bool {
        switch state {
        case .off, .observing, .tripped: false
        case .following, .forming, .blackStarting: true
        }
    }

    public mutating func step(_ i: SourceInput, elapsed: UInt32) {
        deadFor = i.bus == .dead ? longer(deadFor, by: elapsed) : 0
        unready = mode != .off && !i.ready ? longer(unready, by: elapsed) : 0
        if i.mustTrip {
            trip(i.cause, i)
            return
        }
        if unready > times.readyBy {
            trip(.notReady, i)
            return
        }
        apart = state == .forming && i.isApart ? longer(apart, by: elapsed) : 0
        if apart > times.outOfStep {
            trip(.outOfStep, i)
            return
        }
        switch state {
        case .off:
            if i.mayRun { state = .observing(since: i.now) }
        case .observing(let since):
            if !i.mayRun {
                state = .off
            } else if i.bus == .live {
                if i.now.since(since) >= UInt64(times.observe) {
                    state = .following(since: i.now)
                }
            } else if let wait = times.blackStartAfter, i.bus == .dead,
                deadFor >= max(wait, times.observe)
            {
                state = .blackStarting(since: i.now)
            } else {
                // The watch on a live bus begins when it is live.
                state = .observing(since: i.now)
            }
        case .following(let since):
            if !i.mayRun {
                state = .off
            } else if i.bus != .live {
                // Nothing proves that there is a bus to follow.
                state = .observing(since: i.now)
            } else if i.now.since(since) >= UInt64(times.follow) {
                state = .forming
            }
        case .forming:
            if !i.mayRun { state = .off }
        case .blackStarting(let since):
            if !i.mayRun {
                state = .off
            } else if i.bus == .live && i.now.since(since) < UInt64(times.ramp) / 2 {
                // Live before our own ramp could have made it so: somebody else was quicker.
                state = .observing(since: i.now)
            } else if i.now.since(since) >= UInt64(times.ramp) {
                if i.bus == .live {
                    state = .forming
                } else if i.now.since(since) >= 3 * UInt64(times.ramp) {
                    // Full voltage was asked for and the bus did not follow: it is faulted.
                    trip(.deadBus, i)
                }
            }
        case .tripped(_, let until):
            if i.now >= until { state = .off }
        }
    }

    private mutating func trip(_ cause: Cause, _ i: SourceInput) { trip(cause, at: i.now) }

    /// Stops, whatever the state; the first cause of a trip is kept while it lasts.
    mutating func trip(_ cause: Cause, at now: Tick) {
        unready = 0
        switch state {
        case .tripped(let first, _):
            state = .tripped(first, until: now + times.retry)
        case .off, .observing, .following, .forming, .blackStarting:
            trips &+= 1
            state = .tripped(cause, until: now + times.retry)
        }
    }
}
