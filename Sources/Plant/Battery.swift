/// A lithium iron phosphate pack: open-circuit curve, R0 and one R‖C, coulombs, heat. Current is
/// positive while discharging. For steps of 1 ms to 1 s.
public struct Battery: Sendable, BitwiseCopyable {
    public var cells: Int
    public var capacity_Ah: Double
    /// Of the pack, at 25 °C. Below, the resistance rises by 1.5 % per kelvin; above it falls by 0.5 %.
    public var R0_ohm: Double
    public var R1_ohm: Double
    public var C1_F: Double
    public var heatCapacity_J_K: Double
    public var heatResistance_K_W: Double
    public var ambient_C: Double
    /// Continuous limits of the cells.
    public var mostCharge_A: Double
    public var mostDischarge_A: Double

    /// State of charge, 0 ... 1.
    public private(set) var charge: Double
    public private(set) var temperature_C: Double
    /// Voltage across R1‖C1.
    public private(set) var relaxation_V = 0.0
    /// Last current, A.
    public private(set) var current_A = 0.0
    /// Coulombs out and in since the start.
    public private(set) var discharged_C = 0.0
    public private(set) var charged_C = 0.0

    /// Rested voltage of an LFP cell at 25 °C over state of charge in steps of 5 %: rounded from
    /// published curves of 26650 and prismatic cells; makers differ by ±15 mV.
    static func rested_V(_ i: Int) -> Double {
        switch i {
        case 0: 2.700
        case 1: 3.060
        case 2: 3.190
        case 3: 3.215
        case 4: 3.235
        case 5: 3.252
        case 6: 3.266
        case 7: 3.278
        case 8: 3.286
        case 9: 3.290
        case 10: 3.293
        case 11: 3.296
        case 12: 3.301
        case 13: 3.315
        case 14: 3.328
        case 15: 3.331
        case 16: 3.333
        case 17: 3.335
        case 18: 3.338
        case 19: 3.350
        default: 3.450
        }
    }

    public init(
        cells: Int = 16, capacity_Ah: Double = 100, charge: Double = 0.5, R0_ohm: Double = 0.02,
        R1_ohm: Double = 0.015, C1_F: Double = 2000, heatCapacity_J_K: Double = 40_000,
        heatResistance_K_W: Double = 0.4, ambient_C: Double = 25, mostCharge_A: Double = 50,
        mostDischarge_A: Double = 100
    ) {
        self.cells = cells
        self.capacity_Ah = capacity_Ah
        self.charge = charge
        self.R0_ohm = R0_ohm
        self.R1_ohm = R1_ohm
        self.C1_F = C1_F
        self.heatCapacity_J_K = heatCapacity_J_K
        self.heatResistance_K_W = heatResistance_K_W
        self.ambient_C = ambient_C
        self.mostCharge_A = mostCharge_A
        self.mostDischarge_A = mostDischarge_A
        temperature_C = ambient_C
    }

    public var openCircuit_V: Double {
        let place = max(0, min(1, charge)) * 20
        let i = min(19, Int(place))
        let low = Battery.rested_V(i)
        return Double(cells) * (low + (place - Double(i)) * (Battery.rested_V(i + 1) - low))
    }
    /// R0 at the present temperature.
    public var resistance_ohm: Double {
        let t = temperature_C - 25
        return R0_ohm * (t < 0 ? 1 - 0.015 * t : max(0.7, 1 - 0.005 * t))
    }
    public var terminalVoltage_V: Double {
        openCircuit_V - relaxation_V - resistance_ohm * current_A
    }
    /// What the cells allow now. Nothing in below 0 °C or when full; nothing out when empty; a
    /// straight line over the last 5 % of charge and the first 10 K above freezing.
    public var chargeLimit_A: Double {
        if temperature_C >= 55 { return 0 }
        let cold = max(0, min(1, temperature_C / 10))
        return mostCharge_A * cold * max(0, min(1, (1 - charge) / 0.05))
    }
    public var dischargeLimit_A: Double {
        if temperature_C <= -20 || temperature_C >= 60 { return 0 }
        return mostDischarge_A * max(0, min(1, charge / 0.05))
    }

    /// `current_A` (positive out) held for `dt_s`. Counts coulombs even beyond the limits: keeping
    /// inside them is the converter's task.
    public mutating func step(current_A i: Double, dt_s: Double) {
        current_A = i
        let moved = i * dt_s
        if moved > 0 { discharged_C += moved } else { charged_C -= moved }
        charge -= moved / (3600 * capacity_Ah)
        relaxation_V += (R1_ohm * i - relaxation_V) * (1 - exponential(-dt_s / (R1_ohm * C1_F)))
        let heat = i * i * resistance_ohm + relaxation_V * relaxation_V / R1_ohm
        let rise = heat * heatResistance_K_W + ambient_C - temperature_C
        temperature_C +=
            rise * (1 - exponential(-dt_s / (heatCapacity_J_K * heatResistance_K_W)))
    }
}
