/// Reactive power by voltage: IEEE 1547-2018, 5.3.3; Q(U) of EN 50549-1, 4.7.2.3.3.
public struct VoltVarProfile: Sendable, Equatable {
    public var clause: String?
    /// Voltages of the four corners, per unit of nominal at a reference of 1.
    public var V1_pu: Adjustable?
    public var V2_pu: Adjustable?
    public var V3_pu: Adjustable?
    public var V4_pu: Adjustable?
    /// Their reactive powers, per unit of the rated apparent power; injected is positive.
    public var Q1_pu: Adjustable?
    public var Q2_pu: Adjustable?
    public var Q3_pu: Adjustable?
    public var Q4_pu: Adjustable?
    /// The voltage at the middle of the curve, and whether it follows the grid's own mean.
    public var reference_pu: Adjustable?
    public var isReferenceAdjusting: Bool?
    /// Time constant of that, and its bounds.
    public var referenceTime_s: Adjustable?
    public var referenceLow_pu: Adjustable?
    public var referenceHigh_pu: Adjustable?
    /// Open loop, to 90 % of a step.
    public var response_s: Adjustable?
    /// The standard's least distance between V1 and V2, and between V3 and V4.
    public var leastStep_pu: Double?
    public init() {}

    static var standard: VoltVarProfile {
        var volt = VoltVarProfile()
        volt.Q2_pu = Adjustable(0)
        volt.Q3_pu = Adjustable(0)
        volt.reference_pu = Adjustable(1)
        volt.isReferenceAdjusting = false
        volt.referenceTime_s = Adjustable(300)
        volt.referenceLow_pu = Adjustable(0.95)
        volt.referenceHigh_pu = Adjustable(1.05)
        return volt
    }

    static func section(in writer: Writer) -> Section<VoltVarProfile> {
        Section(
            "Volt-var", of: writer == .code ? .standard : VoltVarProfile(),
            "Reactive power by voltage; on where reactive.mode says so."
        ) { s in
            s.clause(\.clause, in: writer)
            let volts: [(String, Path<VoltVarProfile, Adjustable?>, Double)] = [
                ("V1_pu", \.V1_pu, 0.92), ("V2_pu", \.V2_pu, 0.98), ("V3_pu", \.V3_pu, 1.02),
                ("V4_pu", \.V4_pu, 1.08),
            ]
            for (name, path, example) in volts {
                s.adjustable(
                    name, path, 0.5...1.5, "Voltage of a corner, from low to high.", .required,
                    in: writer, example: example)
            }
            s.adjustable(
                "Q1_pu", \.Q1_pu, -1...1, "Reactive power at and below V1; injected is positive.",
                .required, in: writer, example: 0.44)
            s.adjustable("Q2_pu", \.Q2_pu, -1...1, "Reactive power at V2.", in: writer)
            s.adjustable("Q3_pu", \.Q3_pu, -1...1, "Reactive power at V3.", in: writer)
            s.adjustable(
                "Q4_pu", \.Q4_pu, -1...1, "Reactive power at and above V4.", .required,
                in: writer, example: -0.44)
            s.adjustable(
                "reference_pu", \.reference_pu, 0.8...1.2,
                "The curve is moved to have its middle here.", in: writer)
            s.adjustable(
                "reference_adjusts", \.isReferenceAdjusting,
                "The reference follows the mean of the voltage.", in: writer)
            s.adjustable(
                "reference_time_s", \.referenceTime_s, 1...10_000, "Time constant of that mean.",
                in: writer)
            s.adjustable(
                "reference_low_pu", \.referenceLow_pu, 0.8...1.2, "It goes no lower.", in: writer)
            s.adjustable(
                "reference_high_pu", \.referenceHigh_pu, 0.8...1.2, "It goes no higher.",
                in: writer)
            s.adjustable(
                "response_s", \.response_s, 0.01...300, "Open loop, to 90 % of a step.",
                .required, in: writer, example: 5)
            if writer == .code {
                s.number(
                    "least_step_pu", \.leastStep_pu, 0...0.5,
                    "Least distance of V1 from V2, and of V3 from V4.", .alternative)
            }
        }
    }

    /// What of the curve cannot be: the key to change, what is wrong and what to write.
    var fault: ChoiceFault? {
        let least = leastStep_pu ?? 0
        let steps: [(String, String, Double?, Double?, Double)] = [
            ("V1_pu", "V2_pu", V1_pu?.value, V2_pu?.value, least),
            ("V2_pu", "V3_pu", V2_pu?.value, V3_pu?.value, 0),
            ("V3_pu", "V4_pu", V3_pu?.value, V4_pu?.value, least),
            ("Q2_pu", "Q1_pu", Q2_pu?.value, Q1_pu?.value, 0),
            ("Q3_pu", "Q2_pu", Q3_pu?.value, Q2_pu?.value, 0),
            ("Q4_pu", "Q3_pu", Q4_pu?.value, Q3_pu?.value, 0),
        ]
        return firstFall(steps)
    }
}

/// The first pair that does not rise by its least step, blamed on the lower of the two.
func firstFall(_ steps: [(String, String, Double?, Double?, Double)]) -> ChoiceFault? {
    for (low, high, a, b, least) in steps {
        guard let a, let b else { continue }
        // A step of 0.02 between 0.96 and 0.98 is 0.020000000000000018.
        if b - a >= least - 1e-9 { continue }
        let most = plain(scaled(b - least, by: 1, over: 1))
        return ChoiceFault(
            key: low,
            message: "is not \(least > 0 ? plain(least) + " pu " : "")below \(high) (\(plain(b)))",
            remedy: "make it at most \(most)")
    }
    return nil
}
