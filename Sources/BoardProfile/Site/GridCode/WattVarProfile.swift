/// Reactive power by active power: IEEE 1547-2018, 5.3.4; cos φ(P) of EN 50549-1, 4.7.2.3.4, as the
/// reactive powers that make it.
public struct WattVarProfile: Sendable, Equatable {
    public var clause: String?
    /// Corners while generating, per unit of rated active power, and their reactive powers, per unit
    /// of the rated apparent power; injected is positive.
    public var P1_pu: Adjustable?
    public var P2_pu: Adjustable?
    public var P3_pu: Adjustable?
    public var Q1_pu: Adjustable?
    public var Q2_pu: Adjustable?
    public var Q3_pu: Adjustable?
    /// The same while absorbing, from the least power to the most; the powers are negative.
    public var chargeP1_pu: Adjustable?
    public var chargeP2_pu: Adjustable?
    public var chargeP3_pu: Adjustable?
    public var chargeQ1_pu: Adjustable?
    public var chargeQ2_pu: Adjustable?
    public var chargeQ3_pu: Adjustable?
    /// Open loop, to 90 % of a step.
    public var response_s: Adjustable?
    /// The standard's least distance between corners.
    public var leastStep_pu: Double?
    public init() {}

    static var standard: WattVarProfile {
        var watt = WattVarProfile()
        watt.Q1_pu = Adjustable(0)
        watt.Q2_pu = Adjustable(0)
        watt.chargeP1_pu = Adjustable(-0.2)
        watt.chargeP2_pu = Adjustable(-0.5)
        watt.chargeP3_pu = Adjustable(-1)
        watt.chargeQ1_pu = Adjustable(0)
        watt.chargeQ2_pu = Adjustable(0)
        watt.chargeQ3_pu = Adjustable(0)
        return watt
    }

    static func section(in writer: Writer) -> Section<WattVarProfile> {
        Section(
            "Watt-var", of: writer == .code ? .standard : WattVarProfile(),
            "Reactive power by active power; on where reactive.mode says so."
        ) { s in
            s.clause(\.clause, in: writer)
            let powers: [(String, Path<WattVarProfile, Adjustable?>, Double)] = [
                ("P1_pu", \.P1_pu, 0.2), ("P2_pu", \.P2_pu, 0.5), ("P3_pu", \.P3_pu, 1),
            ]
            for (name, path, example) in powers {
                s.adjustable(
                    name, path, 0...1, "Active power of a corner, from little to much.",
                    .required, in: writer, example: example)
            }
            s.adjustable(
                "Q1_pu", \.Q1_pu, -1...1, "Reactive power at and below P1; injected is positive.",
                in: writer)
            s.adjustable("Q2_pu", \.Q2_pu, -1...1, "Reactive power at P2.", in: writer)
            s.adjustable(
                "Q3_pu", \.Q3_pu, -1...1, "Reactive power at and above P3.", .required,
                in: writer, example: -0.44)
            let charging: [(String, Path<WattVarProfile, Adjustable?>)] = [
                ("charge_P1_pu", \.chargeP1_pu), ("charge_P2_pu", \.chargeP2_pu),
                ("charge_P3_pu", \.chargeP3_pu),
            ]
            for (name, path) in charging {
                s.adjustable(
                    name, path, -1...0, "The same corner while absorbing; negative.", in: writer)
            }
            let reactive: [(String, Path<WattVarProfile, Adjustable?>)] = [
                ("charge_Q1_pu", \.chargeQ1_pu), ("charge_Q2_pu", \.chargeQ2_pu),
                ("charge_Q3_pu", \.chargeQ3_pu),
            ]
            for (name, path) in reactive {
                s.adjustable(
                    name, path, -1...1, "Reactive power at the same corner while absorbing.",
                    in: writer)
            }
            s.adjustable(
                "response_s", \.response_s, 0.01...300, "Open loop, to 90 % of a step.",
                .required, in: writer, example: 10)
            if writer == .code {
                s.number(
                    "least_step_pu", \.leastStep_pu, 0...0.5, "Least distance between corners.",
                    .alternative)
            }
        }
    }

    var fault: ChoiceFault? {
        let least = leastStep_pu ?? 1e-6
        return firstFall([
            ("P1_pu", "P2_pu", P1_pu?.value, P2_pu?.value, least),
            ("P2_pu", "P3_pu", P2_pu?.value, P3_pu?.value, least),
            ("charge_P2_pu", "charge_P1_pu", chargeP2_pu?.value, chargeP1_pu?.value, least),
            ("charge_P3_pu", "charge_P2_pu", chargeP3_pu?.value, chargeP2_pu?.value, least),
        ])
    }
}
