import Quantities

/// Times and limits of a battery's contactors with pre-charge (practice of foxBMS 2).
public struct ContactorSettings: Equatable, Sendable, BitwiseCopyable {
    /// Pre-charge is done when the two sides differ by less than `doneVoltage` and the battery
    /// gives less than `doneCurrent`.
    public var doneVoltage: Volts
    public var doneCurrent: Amperes
    /// Ticks pre-charge may take; tries; wait after a failure; wait after all tries failed.
    public var preChargeBy: UInt32
    public var tries: UInt8
    public var pause: UInt32
    public var lockout: UInt32
    /// Ticks an auxiliary contact may take to follow its coil, either way.
    public var travel: UInt32
    /// Ticks the main contactor rests closed before the pre-charge relay opens, and before it is
    /// called closed.
    public var settleClose: UInt32
    /// Ticks after opening before anything else may move.
    public var settleOpen: UInt32
    /// Opening above this current is a hot opening: it is counted as wear.
    public var hotCurrent: Amperes
    /// Below this there is no battery (absent, or its fuse blown): pre-charge is not begun, for two
    /// sides at nil differ by nothing, which would pass for its end.
    public var leastVoltage: Volts
    public init(
        leastVoltage: Volts, doneVoltage: Volts, doneCurrent: Amperes, preChargeBy: UInt32,
        tries: UInt8, pause: UInt32, lockout: UInt32, travel: UInt32, settleClose: UInt32,
        settleOpen: UInt32, hotCurrent: Amperes
    ) {
        self.leastVoltage = leastVoltage
        self.doneVoltage = doneVoltage
        self.doneCurrent = doneCurrent
        self.preChargeBy = preChargeBy
        self.tries = tries
        self.pause = pause
        self.lockout = lockout
        self.travel = travel
        self.settleClose = settleClose
        self.settleOpen = settleOpen
        self.hotCurrent = hotCurrent
    }
}

/// The battery's contactors.
///
///     open ─▶ preCharging ─▶ closing ─▶ settling ─▶ closed
///      ▲          │ late        │ late      │           │ released, dropped out
///      │          ▼             ▼           ▼           ▼
///      └───── waiting ◀────── opening ◀─────┴───────────┘
///                              │ auxiliary stays
///                              ▼
///                            welded
///
/// `open` stays while the battery's voltage is not seen to be at least ``ContactorSettings/leastVoltage``.
///
/// A contact that cannot be heard proves nothing: an open contactor stays open, a closed one stays
/// closed until protection, which calls the deaf contact blind, lets it go.
public enum ContactorState: Equatable, Sendable, BitwiseCopyable {
    case open
    case preCharging(by: Tick)
    case closing(by: Tick)
    case settling(until: Tick)
    case closed
    case opening(Cause, by: Tick)
    /// After an opening, a failed pre-charge or all tries spent.
    case waiting(until: Tick)
    /// A contact is closed that was told to open. Only a person, and an open contact, end it. One
    /// that could not be heard (`lastCause` is blind) needs no person once it is heard open.
    case welded
}

/// What the contactor machine hears in one tick.
public struct ContactorInput: Sendable, BitwiseCopyable {
    public var now: Tick
    public var wants: Bool
    /// Why not, where it does not.
    public var cause: Cause
    public var acknowledged: Bool
    /// Auxiliary contacts of the pre-charge relay and of the main contactor.
    public var preCharge: Bool
    public var main: Bool
    /// Both could be read.
    public var isHeard: Bool
    /// The battery's voltage, the battery's minus the link's, and the battery's current; NaN where
    /// they are blind.
    public var battery: Volts
    public var difference: Volts
    public var current: Amperes
    public init(
        now: Tick, wants: Bool, cause: Cause = .wish, acknowledged: Bool = false,
        preCharge: Bool, main: Bool,
        isHeard: Bool = true, battery: Volts, difference: Volts, current: Amperes
    ) {
        self.now = now
        self.wants = wants
        self.cause = cause
        self.acknowledged = acknowledged
        self.preCharge = preCharge
        self.main = main
        self.isHeard = isHeard
        self.battery = battery
        self.difference = difference
        self.current = current
    }
}

/// The battery contactor machine: `step` is the table. The auxiliary contact outranks the coil.
public struct Contactor: Sendable, BitwiseCopyable {
    public let settings: ContactorSettings
    public internal(set) var state: ContactorState = .open
    /// Failed tries, of pre-charge or of the main contactor, since it was last closed.
    public internal(set) var failures: UInt8 = 0
    public internal(set) var lastCause: Cause = .none
    /// Wear: openings of the main contactor, and those of them above `hotCurrent`.
    public private(set) var openings: UInt32 = 0
    public private(set) var hotOpenings: UInt32 = 0

    public init(_ settings: ContactorSettings) { self.settings = settings }

    public var drivesPreCharge: Bool {
        switch state {
        case .preCharging, .closing, .settling: true
        case .open, .closed, .opening, .waiting, .welded: false
        }
    }
    public var drivesMain: Bool {
        switch state {
        case .closing, .settling, .closed: true
        case .open, .preCharging, .opening, .waiting, .welded: false
        }
    }
    /// The battery is on the link.
    public var isClosed: Bool { state == .closed }

    /// The coils were let go without being asked.
    mutating func letGo(at now: Tick) {
        guard drivesMain || drivesPreCharge else { return }
        if drivesMain { openings &+= 1 }
        lastCause = .droppedOut
        state = .opening(.droppedOut, by: now + settings.travel)
    }

    public mutating func step(_ i: ContactorInput) {
        let travel = i.now + settings.travel
        guard i.isHeard else {
            stepDeaf(i)
            return
        }
        switch (state, i.wants, i.main) {
        case (.open, _, true): open(.welded, i)
        case (.open, _, false) where i.preCharge: open(.welded, i)
        case (.open, true, false):
            // The battery must be there; the link need not be seen, for one at rest on nil volts may
            // look stuck. The resistor and the time-out bound what that can do, and nothing closes on
            // an unseen difference.
            if hasBattery(i) {
                state = .preCharging(by: i.now + settings.preChargeBy)
            } else {
                lastCause = i.battery.isFinite ? .noBatteryVoltage : .blind
            }
        case (.open, false, false): break

        case (.preCharging, _, true): open(.welded, i)
        case (.preCharging, false, false): open(i.cause, i)
        case (.preCharging(let by), true, false):
            if i.difference.magnitude < settings.doneVoltage
                && i.current.magnitude < settings.doneCurrent && i.preCharge && hasBattery(i)
            {
                state = .closing(by: travel)
            } else if i.now >= by {
                lastCause =
                    i.battery < settings.leastVoltage ? .noBatteryVoltage : .preChargeFailed
                state = .waiting(until: i.now + pauseAfterFailure())
            }

        case (.closing, false, _): open(i.cause, i)
        case (.closing, true, true): state = .settling(until: i.now + settings.settleClose)
        case (.closing(let by), true, false):
            if i.now >= by { open(.failedToClose, i) }

        case (.settling, false, _): open(i.cause, i)
        case (.settling, true, false): open(.droppedOut, i)
        case (.settling(let until), true, true):
            if i.now >= until {
                failures = 0
                state = .closed
            }

        case (.closed, true, true): break
        case (.closed, true, false): open(.droppedOut, i)
        case (.closed, false, _): open(i.cause, i)

        case (.opening(let cause, _), _, false):
            // The pre-charge relay must have let go too: it bridges the main contact.
            if !i.preCharge {
                lastCause = cause
                state = .waiting(until: i.now + rest(after: cause))
            } else {
                weldIfLate(i)
            }
        case (.opening, _, true): weldIfLate(i)

        case (.waiting, _, true): open(.welded, i)
        case (.waiting(let until), _, false):
            if i.now >= until { state = .open }

        case (.welded, _, let main):
            if main || i.preCharge {
                lastCause = .welded
            } else if i.acknowledged || lastCause == .blind {
                state = .waiting(until: i.now + settings.settleOpen)
            }
        }
    }

    /// The rows of a tick in which a contact could not be read.
    private mutating func stepDeaf(_ i: ContactorInput) {
        switch (state, i.wants) {
        case (.open, _), (.welded, _): break
        case (.preCharging, false), (.closing, false), (.settling, false), (.closed, false):
            open(i.cause, i)
        case (.preCharging(let by), true):
            if i.now >= by { open(.blind, i) }
        case (.closing(let by), true):
            if i.now >= by { open(.blind, i) }
        case (.settling(let until), true):
            if i.now >= until + settings.travel { open(.blind, i) }
        case (.closed, true): break
        case (.opening, _): weldIfLate(i)
        case (.waiting(let until), _):
            if i.now >= until { state = .open }
        }
    }

    /// A battery that cannot be seen is not proved to be there.
    private func hasBattery(_ i: ContactorInput) -> Bool { i.battery >= settings.leastVoltage }

    /// What was asked for rests only until the contacts are still; a failure rests for the pause.
    private mutating func rest(after cause: Cause) -> UInt32 {
        switch cause {
        case .failedToClose: pauseAfterFailure()
        case .droppedOut, .welded, .preChargeFailed, .noBatteryVoltage: settings.pause
        case .none, .stage, .blind, .unproven, .wish, .deadBus, .outOfStep, .notReady,
            .unintentionalIsland:
            settings.settleOpen
        }
    }
    /// One more failed try: the pause, or the lock-out when all are spent.
    private mutating func pauseAfterFailure() -> UInt32 {
        failures &+= 1
        guard failures >= settings.tries else { return settings.pause }
        failures = 0
        return settings.lockout
    }
    private mutating func weldIfLate(_ i: ContactorInput) {
        if case .opening(_, let by) = state, i.now >= by {
            lastCause = i.isHeard ? .welded : .blind
            state = .welded
        }
    }
    private mutating func open(_ cause: Cause, _ i: ContactorInput) {
        if i.main {
            openings &+= 1
            // A current that is not known is not proved to be small.
            if !(i.current.magnitude <= settings.hotCurrent) { hotOpenings &+= 1 }
        }
        lastCause = cause
        state = .opening(cause, by: i.now + settings.travel)
    }
}
