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
    public init(
        doneVoltage: Volts, doneCurrent: Amperes, preChargeBy: UInt32, tries: UInt8,
        pause: UInt32, lockout: UInt32, travel: UInt32, settleClose: UInt32, settleOpen: UInt32,
        hotCurrent: Amperes
    ) {
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
public enum ContactorState: Equatable, Sendable, BitwiseCopyable {
    case open
    case preCharging(by: Tick)
    case closing(by: Tick)
    case settling(until: Tick)
    case closed
    case opening(Cause, by: Tick)
    /// After an opening, a failed pre-charge or all tries spent.
    case waiting(until: Tick)
    /// A contact is closed that was told to open. Only a person, and an open contact, end it.
    case welded
}

/// What the contactor machine hears in one tick.
public struct ContactorInput: Sendable {
    public var now: Tick
    public var wants: Bool
    public var acknowledged: Bool
    /// Auxiliary contacts of the pre-charge relay and of the main contactor.
    public var preCharge: Bool
    public var main: Bool
    /// Both could be read.
    public var isHeard: Bool
    /// Battery minus link voltage, and the battery's current; NaN where they are blind.
    public var difference: Volts
    public var current: Amperes
    public init(
        now: Tick, wants: Bool, acknowledged: Bool = false, preCharge: Bool, main: Bool,
        isHeard: Bool = true, difference: Volts, current: Amperes
    ) {
        self.now = now
        self.wants = wants
        self.acknowledged = acknowledged
        self.preCharge = preCharge
        self.main = main
        self.isHeard = isHeard
        self.difference = difference
        self.current = current
    }
}

/// The battery contactor machine: `step` is the table. The auxiliary contact outranks the coil.
public struct Contactor: Sendable {
    public let settings: ContactorSettings
    public private(set) var state: ContactorState = .open
    /// Failed pre-charges since the last success.
    public private(set) var failures: UInt8 = 0
    public private(set) var lastCause: Cause = .none
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

    public mutating func step(_ i: ContactorInput) {
        let travel = i.now + settings.travel
        let wants = i.wants && i.isHeard
        switch (state, wants, i.main) {
        case (.open, _, true): open(.welded, i)
        case (.open, true, false):
            state = .preCharging(by: i.now + settings.preChargeBy)
        case (.open, false, false): break

        case (.preCharging, _, true): open(.welded, i)
        case (.preCharging, false, false): open(.wish, i)
        case (.preCharging(let by), true, false):
            if i.difference.magnitude < settings.doneVoltage
                && i.current.magnitude < settings.doneCurrent && i.preCharge
            {
                failures = 0
                state = .closing(by: travel)
            } else if i.now >= by {
                failures &+= 1
                lastCause = .preChargeFailed
                let spent = failures >= settings.tries
                if spent { failures = 0 }
                state = .waiting(until: i.now + (spent ? settings.lockout : settings.pause))
            }

        case (.closing, false, _): open(.wish, i)
        case (.closing, true, true): state = .settling(until: i.now + settings.settleClose)
        case (.closing(let by), true, false):
            if i.now >= by { open(.failedToClose, i) }

        case (.settling, false, _): open(.wish, i)
        case (.settling, true, false): open(.droppedOut, i)
        case (.settling(let until), true, true):
            if i.now >= until { state = .closed }

        case (.closed, true, true): break
        case (.closed, true, false): open(.droppedOut, i)
        case (.closed, false, _): open(.wish, i)

        case (.opening(let cause, _), _, false):
            // The pre-charge relay must have let go too: it bridges the main contact.
            if i.isHeard && !i.preCharge {
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
            if i.acknowledged && i.isHeard && !main && !i.preCharge { state = .open }
        }
    }

    /// A wish rests only until the contacts are still; a failure rests for the pause.
    private func rest(after cause: Cause) -> UInt32 {
        cause == .wish ? settings.settleOpen : settings.pause
    }
    private mutating func weldIfLate(_ i: ContactorInput) {
        if case .opening(_, let by) = state, i.now >= by {
            lastCause = .welded
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
