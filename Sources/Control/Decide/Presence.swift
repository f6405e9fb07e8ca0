import Quantities

/// What can be proved of one side of a switch.
public enum Presence: UInt8, Sendable, BitwiseCopyable {
    /// Proved to have no voltage.
    case dead
    /// Proved to have voltage inside the live window, with a settled frequency.
    case live
    /// Neither: too low to be live, too high to be dead, unsettled or blind.
    case doubtful
}

/// The bounds of dead and live, phase RMS. Between them a side is doubtful.
public struct PresenceLimits: Equatable, Sendable, BitwiseCopyable {
    public var deadBelow: Volts
    public var liveAbove: Volts
    public init(deadBelow: Volts, liveAbove: Volts) {
        self.deadBelow = deadBelow
        self.liveAbove = liveAbove
    }

    public func judge(_ side: ACMeasured, blind: Bool) -> Presence {
        guard !blind, side.isSettled else { return .doubtful }
        if side.highest <= deadBelow && side.positive <= deadBelow { return .dead }
        return side.lowest >= liveAbove && side.positive >= liveAbove && side.frequency.value > 0
            ? .live : .doubtful
    }
}

/// The window in which the grid may be entered, and how long it must hold (enter service,
/// IEEE 1547-2018 §4.10; EN 50549-1 §4.10).
public struct EnterService: Sendable, BitwiseCopyable {
    public struct Window: Equatable, Sendable, BitwiseCopyable {
        public var lowVoltage: Volts, highVoltage: Volts
        public var lowFrequency: Hertz, highFrequency: Hertz
        /// Ticks the window must hold.
        public var delay: UInt32
        /// An excursion of no more ticks than this does not restart the delay.
        public var excursion: UInt32
        public init(
            voltage: (low: Volts, high: Volts), frequency: (low: Hertz, high: Hertz),
            delay: UInt32, excursion: UInt32
        ) {
            lowVoltage = voltage.low
            highVoltage = voltage.high
            lowFrequency = frequency.low
            highFrequency = frequency.high
            self.delay = delay
            self.excursion = excursion
        }
    }
    public internal(set) var window: Window
    /// Ticks the window has held, and ticks the present excursion has lasted.
    public private(set) var held: UInt32 = 0
    private var outside: UInt32 = 0

    public init(_ window: Window) { self.window = window }

    /// The delay begins anew.
    public mutating func restart() { held = 0 }

    /// True while the window has held for the whole delay and holds now.
    public mutating func step(_ side: ACMeasured, presence: Presence, elapsed: UInt32) -> Bool {
        let inside =
            presence == .live && side.lowest >= window.lowVoltage
            && side.highest <= window.highVoltage && side.frequency >= window.lowFrequency
            && side.frequency <= window.highFrequency
        if inside {
            outside = 0
            held = longer(held, by: elapsed)
        } else {
            outside = longer(outside, by: elapsed)
            if outside > window.excursion { held = 0 }
        }
        return inside && held >= window.delay
    }
}
