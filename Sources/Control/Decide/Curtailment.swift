import Quantities

/// Off grid, PV and wind are held back in graded steps: a frequency shift that is too fast shuts
/// inverters down instead of turning them down.
public struct CurtailmentSettings: Equatable, Sendable, BitwiseCopyable {
    /// One step down above this frequency (AC) or bus voltage (DC), one step up below that.
    public var downAbove: Float
    public var upBelow: Float
    /// Held for this many ticks before a step.
    public var downEvery: UInt32
    public var upEvery: UInt32
    /// The size of a step, as a fraction of rating.
    public var step: Float
    /// Beyond this level the renewables are off at once.
    public var offAbove: Float
    public init(
        downAbove: Float, upBelow: Float, downEvery: UInt32, upEvery: UInt32, step: Float,
        offAbove: Float
    ) {
        self.downAbove = downAbove
        self.upBelow = upBelow
        self.downEvery = downEvery
        self.upEvery = upEvery
        self.step = step
        self.offAbove = offAbove
    }
}

/// The share of their rating that renewables may give.
public struct Curtailment: Sendable, BitwiseCopyable {
    public let settings: CurtailmentSettings
    /// 0 ... 1.
    public private(set) var allowed: Float = 1
    private var high: UInt32 = 0
    private var low: UInt32 = 0

    public init(_ settings: CurtailmentSettings) { self.settings = settings }

    /// - Parameter level: frequency or DC voltage. 0 (a dead bus) or NaN stops the renewables: there
    ///   is nothing to feed that could be proved.
    public mutating func step(level: Float, elapsed: UInt32) {
        guard level > 0, level <= settings.offAbove else {
            allowed = 0
            high = 0
            low = 0
            return
        }
        high = level > settings.downAbove ? longer(high, by: elapsed) : 0
        low = level < settings.upBelow ? longer(low, by: elapsed) : 0
        if high > 0 && high >= settings.downEvery {
            allowed = max(0, allowed - settings.step)
            high = 0
        } else if low > 0 && low >= settings.upEvery {
            allowed = min(1, allowed + settings.step)
            low = 0
        }
    }
}
