import Quantities

/// Limits of the synchronism check (ANSI device 25; IEEE 1547-2018 Table 5).
public struct SyncLimits: Equatable, Sendable, BitwiseCopyable {
    public var slip: Hertz
    public var voltage: Volts
    /// The widest angle at the moment the contacts touch, degrees.
    public var angle_deg: Float
    /// The command is given when the angle predicted for the touch is at most this, degrees.
    public var aim_deg: Float
    /// Faster changes of frequency on either side are no time to close.
    public var rocof: HertzPerSecond
    /// Ticks slip and voltage must have been inside.
    public var confirm: UInt32
    public init(
        slip: Hertz, voltage: Volts, angle_deg: Float, aim_deg: Float, rocof: HertzPerSecond,
        confirm: UInt32
    ) {
        self.slip = slip
        self.voltage = voltage
        self.angle_deg = angle_deg
        self.aim_deg = aim_deg
        self.rocof = rocof
        self.confirm = confirm
    }
}

/// What the synchronism check says of two live sides.
public enum SyncPermit: UInt8, Sendable, BitwiseCopyable {
    case close
    case notBothLive, slip, voltage, angle, unsteady, confirming
}

/// Synchronism check with the lead angle of the switch's own closing time.
public struct SyncCheck: Sendable, BitwiseCopyable {
    public let limits: SyncLimits
    /// The switch's closing time in ticks, learned from its auxiliary contact.
    public private(set) var closingTicks: Float
    private let secondsPerTick: Float
    private var steady: UInt32 = 0

    public init(_ limits: SyncLimits, closingTime: Seconds, rate: TickRate) {
        self.limits = limits
        closingTicks = closingTime.value * rate.perSecond
        secondsPerTick = rate.period.value
    }

    /// Grid minus bus at the touch of the contacts if the command were given now, degrees:
    /// angle + 360 · slip · closing time.
    public func angleAtTouch_deg(_ measured: Measured) -> Float {
        measured.angleAcross_deg + 360 * measured.slip.value * closingTicks * secondsPerTick
    }

    public mutating func check(
        _ measured: Measured, grid: Presence, bus: Presence, elapsed: UInt32
    ) -> SyncPermit {
        guard grid == .live && bus == .live else { return refuse(.notBothLive) }
        guard measured.slip.magnitude <= limits.slip else { return refuse(.slip) }
        guard measured.voltageAcross.magnitude <= limits.voltage else { return refuse(.voltage) }
        guard !measured.grid.isDisturbed, !measured.bus.isDisturbed,
            measured.grid.rocof.magnitude <= limits.rocof,
            measured.bus.rocof.magnitude <= limits.rocof
        else { return refuse(.unsteady) }
        steady = longer(steady, by: elapsed)
        guard steady >= limits.confirm else { return .confirming }
        let touch = angleAtTouch_deg(measured)
        // Now and at the touch: a prediction alone is not proof.
        guard touch.magnitude <= limits.aim_deg,
            measured.angleAcross_deg.magnitude <= limits.angle_deg
        else { return .angle }
        return .close
    }
    private mutating func refuse(_ reason: SyncPermit) -> SyncPermit {
        steady = 0
        return reason
    }

    /// One observed closing: an eighth of it goes into the learned time. Times beyond twice or
    /// below half of what is known are a fault of the switch, not a lesson.
    public mutating func learn(closing ticks: UInt32) {
        let seen = Float(ticks)
        if seen >= closingTicks * 0.5 && seen <= closingTicks * 2 {
            closingTicks += (seen - closingTicks) / 8
        }
    }
}
