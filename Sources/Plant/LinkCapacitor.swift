/// The DC link of an inverter between a battery and a bridge: charged through a resistor or the
/// main contactor, drained by the bridge and by its own bleeder.
public struct LinkCapacitor: Sendable, BitwiseCopyable {
    public var capacitance_F: Double
    public var precharge_ohm: Double
    /// Contactor, cable and battery.
    public var main_ohm: Double
    public var bleeder_ohm: Double
    public private(set) var voltage_V: Double
    /// Mean current from the source over the last step, A.
    public private(set) var current_A = 0.0
    /// Largest current ever seen at the start of a step: what a missing pre-charge costs.
    public private(set) var inrush_A = 0.0

    public init(
        capacitance_F: Double = 5e-3, precharge_ohm: Double = 47, main_ohm: Double = 0.05,
        bleeder_ohm: Double = 10_000, start_V: Double = 0
    ) {
        self.capacitance_F = capacitance_F
        self.precharge_ohm = precharge_ohm
        self.main_ohm = main_ohm
        self.bleeder_ohm = bleeder_ohm
        voltage_V = start_V
    }

    /// `source_V` behind `path` while the bridge draws `bridge_W` (negative: feeds back). Exact for
    /// a power held as a current through the step; below 5 V the bridge draws nothing.
    public mutating func step(source_V: Double, path: DCPath, bridge_W: Double, dt_s: Double) {
        let drawn = voltage_V > 5 ? bridge_W / voltage_V : 0
        let feed: Double
        switch path {
        case .open: feed = 0
        case .precharge: feed = 1 / (precharge_ohm + main_ohm)
        case .closed: feed = 1 / main_ohm
        }
        inrush_A = max(inrush_A, (source_V - voltage_V) * feed)
        let g = feed + 1 / bleeder_ohm
        let rest = (feed * source_V - drawn) / g
        let before = voltage_V
        voltage_V = max(0, rest + (before - rest) * exponential(-dt_s * g / capacitance_F))
        // From the charge balance: C·Δv/dt = i − drawn − mean(v)/bleeder.
        let tau = capacitance_F / g
        let mean =
            dt_s > 0 ? rest + (before - rest) * (1 - exponential(-dt_s / tau)) * tau / dt_s : before
        current_A = feed * (source_V - mean)
    }
}
