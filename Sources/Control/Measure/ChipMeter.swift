import Quantities

/// What a metering chip (ADE7953, ATM90E32 and the like) says, already in units.
public struct ChipReading: Equatable, Sendable, BitwiseCopyable {
    /// Phase-to-neutral RMS. One phase: `voltageA` and `currentA` alone are looked at.
    public var voltageA = Volts(.nan)
    public var voltageB = Volts(.nan)
    public var voltageC = Volts(.nan)
    public var currentA = Amperes(.nan)
    public var currentB = Amperes(.nan)
    public var currentC = Amperes(.nan)
    public var frequency = Hertz(.nan)
    /// All phases together, positive into the site's bus.
    public var active = Watts(.nan)
    public var reactive = Vars(.nan)
    public init() {}
}

/// Makes an `ACMeasured` of the readings of a metering chip, one call a tick.
///
/// A chip knows no phase angle and no sequences: `phase` stays zero, `positive` is the mean of the
/// phases and `negative` zero, so such a meter can serve protection and power, never a synchronism
/// check. `rocof` is the change between the newest frequency and the one a window earlier.
///
/// A reading is sound when every figure it needs is finite and possible. Below 5 % of nominal the
/// circuit is dead: the chip's frequency is then noise, and reads 0. `isSettled` asks for two sound
/// readings, the newest no older than `staleAfter`.
public struct ChipMeter: Sendable, BitwiseCopyable {
    private let isThreePhase: Bool
    private let nominal_Hz: Float
    private let nominal_V: Float
    private let tick_s: Float
    private let windowTicks: Int
    private let spacing: Int
    private let staleTicks: Int
    private var age = 0
    private var sound = 0
    private var latest = ACMeasured()
    /// Readings that were not sound.
    public private(set) var refused: UInt64 = 0
    /// Frequencies of the past, `spacing` ticks apart, 0 where there was none.
    private var past = InlineArray<64, Float>(repeating: 0)
    private var sinceKept = 0
    private var kept = 0

    /// `phases` is 1 or 3; `tick`, the time between two calls of `take`, 10 µs ... 1 s; `rocofWindow`
    /// one tick ... 60 s.
    public init(
        nominalFrequency: Hertz, nominalVoltage: Volts, phases: Int, tick: Seconds,
        rocofWindow: Seconds = Seconds(0.5), staleAfter: Seconds = Seconds(0.2)
    ) {
        precondition(nominalFrequency.value > 0 && nominalVoltage.value > 0)
        precondition(phases == 1 || phases == 3)
        precondition(tick.value >= 0.99e-5 && tick.value <= 1)
        precondition(rocofWindow.value >= tick.value && rocofWindow.value <= 60)
        isThreePhase = phases == 3
        nominal_Hz = nominalFrequency.value
        nominal_V = nominalVoltage.value
        tick_s = tick.value
        let ticks = Int((rocofWindow.value / tick.value).rounded())
        // At most 62 kept frequencies in a window.
        spacing = (ticks + 61) / 62
        windowTicks = (ticks + spacing - 1) / spacing * spacing
        staleTicks = max(1, Int((staleAfter.value / tick.value).rounded()))
    }

    /// One tick: the chip's newest reading, or nil when nothing newer came than the last.
    @_noLocks
    public mutating func take(_ reading: ChipReading?) {
        age = min(age + 1, 1 << 20)
        if let reading {
            if isSound(reading) { accept(reading) } else { refused &+= 1 }
        }
        if age > staleTicks { sound = 0 }
        keep()
        latest.isSettled = sound >= 2
    }

    @_noLocks
    public mutating func read() -> ACMeasured { latest }

    @_noLocks
    private mutating func isSound(_ r: ChipReading) -> Bool {
        guard possible(r.voltageA), r.currentA.magnitude.value < 1e6 else { return false }
        guard r.active.magnitude.value < 1e9, r.reactive.magnitude.value < 1e9 else { return false }
        if isThreePhase {
            guard possible(r.voltageB), possible(r.voltageC) else { return false }
            guard r.currentB.magnitude.value < 1e6, r.currentC.magnitude.value < 1e6 else {
                return false
            }
        }
        // A frequency is asked for only where there is voltage.
        let f = r.frequency.value
        return isDead(r) || (f > 0.5 * nominal_Hz && f < 1.5 * nominal_Hz)
    }

    @_noLocks
    private mutating func possible(_ v: Volts) -> Bool { v.value >= 0 && v.value < 50 * nominal_V }

    @_noLocks
    private mutating func level(_ r: ChipReading) -> Float {
        isThreePhase
            ? (r.voltageA.value + r.voltageB.value + r.voltageC.value) * (1 / 3) : r.voltageA.value
    }

    @_noLocks
    private mutating func isDead(_ r: ChipReading) -> Bool { !(level(r) >= 0.05 * nominal_V) }

    @_noLocks
    private mutating func accept(_ r: ChipReading) {
        age = 0
        sound = min(sound + 1, 2)
        latest.phaseA = r.voltageA
        latest.phaseB = isThreePhase ? r.voltageB : r.voltageA
        latest.phaseC = isThreePhase ? r.voltageC : r.voltageA
        latest.positive = Volts(level(r))
        latest.currentA = r.currentA
        latest.currentB = isThreePhase ? r.currentB : Amperes(0)
        latest.currentC = isThreePhase ? r.currentC : Amperes(0)
        latest.frequency = isDead(r) ? Hertz(0) : r.frequency
        latest.active = r.active
        latest.reactive = r.reactive
        let p = r.active.value
        let q = r.reactive.value
        let s = root(p * p + q * q)
        latest.apparent = VoltAmperes(s)
        latest.powerFactor = s > 0 ? p / s : 0
    }

    @_noLocks
    private mutating func keep() {
        sinceKept += 1
        guard sinceKept >= spacing else { return }
        sinceKept = 0
        kept = (kept &+ 1) & 63
        let now = sound > 0 ? latest.frequency.value : 0
        past[kept] = now
        let then = past[(kept &- windowTicks / spacing) & 63]
        latest.rocof = HertzPerSecond(
            now > 0 && then > 0 ? (now - then) / (Float(windowTicks) * tick_s) : 0)
    }
}
